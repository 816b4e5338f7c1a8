// SPDX-License-Identifier: MIT
#include "hostile_host.h"

#include <string.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/decode.h>
#include <tsr_hw/mutate.h>
#include <tsr_hw/queue.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/version.h>

#include "aspace.h"
#include "harness.h"
#include "hostile_firmware.h"
#include "program.h"

#define QUEUES		3
#define JOBS		8
#define OPERAND_BYTES	0x10000u

/* Where the program of all jobs is, and its slot table. */
#define PROGRAM_VA	0x20000000u

static unsigned int below(uint64_t *random, unsigned int n)
{
	return (unsigned int)((tsr_hw_draw(random) >> 16) % n);
}

/* One in four has a number spoilt. */
static void spoil(const char *structure, void *bytes, uint64_t *random)
{
	if (!below(random, 4))
		tsr_hw_mutate(tsr_hw_find(structure), bytes, random);
}

static void *shared(struct harness *h, size_t size, __le64 *bus)
{
	*bus = harness_alloc(h, size);
	return harness_at(h, *bus);
}

/* Products and copies one after another. */
static struct tsr_hw_job make_job(struct aspace *as, uint64_t *random)
{
	static struct test_program program;
	struct tsr_hw_slot slots[3];

	program_begin(&program);
	for (unsigned int i = 0; i < 4; i++) {
		struct tsr_hw_gemm gemm = gemm_make(1 + below(random, 48), 1 + below(random, 48),
						    1 + below(random, 48));
		struct tsr_hw_copy copy = copy_make(1 + below(random, 4096));

		if (i % 2)
			program_node(&program, TSR_HW_ENGINE_DMA, &copy, sizeof(copy));
		else
			program_node(&program, TSR_HW_ENGINE_TENSOR, &gemm, sizeof(gemm));
	}
	program_chain(&program);
	spoil("node", &program.nodes[below(random, program.node_count)], random);
	for (unsigned int i = 0; i < 3; i++)
		slots[i] = (struct tsr_hw_slot){
			.address = HOSTILE_VA + OPERAND_BYTES * (i + 1),
			.size = OPERAND_BYTES,
			.flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
		};
	return program_place(&program, as, PROGRAM_VA, slots, 3);
}

static void make_queue(struct aspace *as, struct tsr_hw_admin *command, unsigned int number,
		       const struct tsr_hw_job *job, uint64_t *random)
{
	struct tsr_hw_ring *ring;

	*command = (struct tsr_hw_admin){
		.op = TSR_HW_ADMIN_QUEUE_CREATE,
		.queue = (__le16)number,
		.create = {
			.asid = (__le16)as->asid,
			.index = (__le16)(number - 1),
			.priority = TSR_HW_PRIORITY_NORMAL,
			.weight = 1,
			.client = number,
		},
	};
	ring = shared(as->harness, sizeof(*ring), &command->create.ring);
	shared(as->harness, sizeof(struct tsr_hw_completion_page), &command->create.done);
	for (unsigned int seq = 1; seq <= JOBS; seq++) {
		ring->job[seq] = *job;
		ring->job[seq].seq = seq;
		spoil("job", &ring->job[seq], random);
	}
	ring->tail = JOBS;
}

uint64_t hostile_host_make(struct aspace *as, uint64_t *random)
{
	const struct tsr_hw_job job = make_job(as, random);
	struct tsr_hw_boot_block *block;
	struct tsr_hw_ring *admin;
	__le64 bus;

	block = shared(as->harness, sizeof(*block), &bus);
	*block = (struct tsr_hw_boot_block){
		.magic = TSR_HW_BOOT_BLOCK_MAGIC,
		.size = sizeof(*block),
		.abi_min = TSR_HW_ABI_VERSION_MIN,
		.abi_max = TSR_HW_ABI_VERSION_MAX,
		.features = TSR_HW_FEATURES,
	};
	admin = shared(as->harness, sizeof(*admin), &block->admin_ring);
	shared(as->harness, sizeof(struct tsr_hw_completion_page), &block->admin_done);
	shared(as->harness, sizeof(struct tsr_hw_event_ring), &block->event_ring);
	for (unsigned int i = 1; i <= QUEUES; i++) {
		make_queue(as, &admin->admin[i], i, &job, random);
		admin->admin[i].seq = i;
		spoil("admin", &admin->admin[i], random);
	}
	admin->tail = QUEUES;
	if (!below(random, 16))
		spoil("boot_block", block, random);
	return bus;
}

void hostile_host_ring(struct aspace *as)
{
	harness_doorbell(as->harness, TSR_HW_DOORBELL_KERNEL_PAGE, TSR_HW_DOORBELL_ADMIN);
	for (unsigned int i = 0; i < QUEUES; i++)
		harness_doorbell(as->harness, as->asid, i);
}
