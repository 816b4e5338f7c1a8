// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "ring.h"

#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "copy.h"
#include "trace.h"

static uint32_t read_host(uint64_t address, void *local, uint32_t size)
{
	uint32_t error = copy_read(COPY_PHYSICAL, address, local, size);

	if (error != TSR_HW_ERR_NONE)
		trace_add(TSR_HW_TRACE_BUS_FAULT, 0, error, (uint32_t)address);
	return error;
}

uint32_t ring_read_tail(uint64_t ring, uint32_t *tail)
{
	static uint32_t word;
	uint32_t error = read_host(ring + offsetof(struct tsr_hw_ring, tail), &word, sizeof(word));

	*tail = word;
	return error;
}

uint32_t ring_read_job(uint64_t ring, uint32_t seq, struct tsr_hw_job *job)
{
	uint32_t slot = seq % TSR_HW_RING_ENTRIES;

	return read_host(ring + slot * sizeof(*job), job, sizeof(*job));
}

uint32_t ring_read_admin(uint64_t ring, uint32_t seq, struct tsr_hw_admin *admin)
{
	uint32_t slot = seq % TSR_HW_RING_ENTRIES;

	return read_host(ring + slot * sizeof(*admin), admin, sizeof(*admin));
}
