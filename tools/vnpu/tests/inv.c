// SPDX-License-Identifier: MIT
#include "inv.h"

#include <unistd.h>

#include <tsr_hw/registers.h>

#include "fixture.h"
#include "harness.h"

#define POLL_US 20

struct inv inv_make(struct fixture *f)
{
	uint64_t bus = harness_alloc(f->harness, sizeof(struct tsr_hw_inv_ring));

	harness_write64(f->harness, TSR_HW_REG_INV_RING_LO, bus);
	return (struct inv){ .f = f, .ring = harness_at(f->harness, bus) };
}

void inv_post(struct inv *inv, struct tsr_hw_inv_cmd cmd)
{
	cmd.seq = ++inv->seq;
	inv->ring->cmd[inv->seq % TSR_HW_INV_RING_ENTRIES] = cmd;
	__atomic_store_n(&inv->ring->tail, inv->seq, __ATOMIC_RELEASE);
}

bool inv_done(const struct inv *inv, uint32_t seq)
{
	for (int i = 0; i < HARNESS_HANG_MS * (1000 / POLL_US); i++) {
		if (__atomic_load_n(&inv->ring->done, __ATOMIC_ACQUIRE) == seq)
			return true;
		usleep(POLL_US);
	}
	return false;
}

bool inv_wait(struct inv *inv)
{
	harness_write32(inv->f->harness, TSR_HW_REG_INV_DOORBELL, 1);
	return inv_done(inv, inv->seq);
}
