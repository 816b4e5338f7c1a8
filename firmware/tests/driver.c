// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/version.h>

#include "boot.h"
#include "crc.h"
#include "engine.h"
#include "job.h"
#include "machine.h"
#include "queue.h"
#include "service.h"

/* Physical layout; tests use memory from 1 MiB on (program.h). */
#define BOOT_BLOCK 0x1000u
#define ADMIN_RING 0x2000u
#define ADMIN_DONE 0x4000u
#define QUEUES 0x10000u
#define QUEUE_SIZE (sizeof(struct tsr_hw_ring) + sizeof(struct tsr_hw_completion_page))

static struct {
	uint32_t admin_submitted;
	bool booted;
} driver;

static struct boot agreed;

static struct tsr_hw_boot_block *write_boot_block(void)
{
	struct tsr_hw_boot_block *block = machine_memory(BOOT_BLOCK);

	*block = (struct tsr_hw_boot_block){
		.magic = TSR_HW_BOOT_BLOCK_MAGIC,
		.size = sizeof(*block),
		.abi_min = TSR_HW_ABI_VERSION_MIN,
		.abi_max = TSR_HW_ABI_VERSION_MAX,
		.features = TSR_HW_FEATURES,
		.admin_ring = ADMIN_RING,
		.admin_done = ADMIN_DONE,
		.event_ring = EVENT_RING,
		.control_vector = CONTROL_VECTOR,
		.event_vector = EVENT_VECTOR,
	};
	machine_set_boot_block(BOOT_BLOCK);
	return block;
}

static void boot(void)
{
	crc_prepare();
	engine_prepare();
	driver.admin_submitted = 0;
	driver.booted = boot_negotiate(&agreed);
	if (driver.booted)
		service_start(&agreed);
}

void driver_start_with(uint32_t tensor, uint32_t dma, uint64_t features)
{
	machine_reset(tensor, dma);
	write_boot_block()->features = features;
	boot();
	assert_true(driver.booted);
	assert_int_equal(machine_state(), TSR_HW_STATE_READY);
}

void driver_start(void)
{
	driver_start_with(1, 1, TSR_HW_FEATURES);
}

uint32_t driver_boot(void (*change)(struct tsr_hw_boot_block *block))
{
	struct tsr_hw_boot_block *block;

	machine_reset(1, 1);
	block = write_boot_block();
	if (change)
		change(block);
	boot();
	assert_int_equal(machine_state(),
			 driver.booted ? TSR_HW_STATE_READY : TSR_HW_STATE_BOOT_FAILED);
	return machine_boot_status();
}

const struct tsr_hw_boot_block *driver_boot_block(void)
{
	return machine_memory(BOOT_BLOCK);
}

void driver_stop(void)
{
	machine_on_start(NULL);
	machine_on_copy(NULL);
	if (driver.booted) {
		for (uint32_t i = 1; i < QUEUE_COUNT; i++) {
			if (queue_at(i)->state != QUEUE_FREE)
				assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, i),
						 TSR_HW_ERR_NONE);
		}
		for (uint32_t i = 1; i < MACHINE_SPACES; i++)
			(void)driver_unseal(i, 0);
		assert_int_equal(driver_admin_op(TSR_HW_ADMIN_NOP, 0), TSR_HW_ERR_NONE);
	}
	for (uint32_t i = 0; i < JOB_CONTEXTS; i++)
		assert_int_equal(job_at(i)->phase, JOB_FREE);
	for (uint32_t i = 0; i < MACHINE_ENGINES; i++)
		assert_false(machine_busy(i));
}

uint32_t driver_admin(struct tsr_hw_admin *command)
{
	struct tsr_hw_ring *ring = machine_memory(ADMIN_RING);
	const struct tsr_hw_completion_page *page = machine_memory(ADMIN_DONE);
	uint32_t seq = ++driver.admin_submitted;

	command->seq = seq;
	ring->admin[seq % TSR_HW_RING_ENTRIES] = *command;
	ring->tail = seq;
	machine_ring(TSR_HW_DOORBELL_KERNEL_PAGE, TSR_HW_DOORBELL_ADMIN);
	machine_settle();
	assert_int_equal(page->completed, seq);
	assert_int_equal(driver_admin_completion()->seq, seq);
	return driver_admin_completion()->error;
}

uint32_t driver_admin_op(uint32_t op, uint32_t queue)
{
	struct tsr_hw_admin command = { .op = (uint16_t)op, .queue = (uint16_t)queue };

	return driver_admin(&command);
}

const struct tsr_hw_completion *driver_admin_completion(void)
{
	const struct tsr_hw_completion_page *page = machine_memory(ADMIN_DONE);

	return &page->slot[driver.admin_submitted % TSR_HW_RING_ENTRIES];
}

uint32_t driver_seal(uint32_t asid, struct tsr_hw_job *job)
{
	struct tsr_hw_admin command = {
		.op = TSR_HW_ADMIN_SEAL,
		.seal = {
			.program = job->program,
			.size = job->program_size,
			.asid = (uint16_t)asid,
		},
	};
	uint32_t error = driver_admin(&command);

	if (error != TSR_HW_ERR_NONE)
		return error;
	job->flags |= TSR_HW_JOB_SEALED;
	job->program = driver_admin_completion()->blocks;
	return error;
}

uint32_t driver_unseal(uint32_t asid, uint64_t handle)
{
	struct tsr_hw_admin command = {
		.op = TSR_HW_ADMIN_UNSEAL,
		.unseal = { .handle = handle, .asid = (uint16_t)asid },
	};

	return driver_admin(&command);
}

struct tsr_hw_admin driver_create_command(const struct driver_queue *queue)
{
	return (struct tsr_hw_admin){
		.op = TSR_HW_ADMIN_QUEUE_CREATE,
		.queue = (uint16_t)queue->number,
		.create = {
			.ring = queue->ring,
			.done = queue->done,
			.asid = (uint16_t)queue->asid,
			.index = (uint16_t)queue->index,
			.priority = TSR_HW_PRIORITY_NORMAL,
			.weight = 1,
			.client = 7,
		},
	};
}

struct driver_queue driver_queue(uint32_t number, uint32_t priority, uint32_t weight,
				 uint64_t budget)
{
	return driver_queue_of(100u + number, number, priority, weight, budget);
}

struct driver_queue driver_queue_of(uint64_t client, uint32_t number, uint32_t priority,
				    uint32_t weight, uint64_t budget)
{
	struct driver_queue queue = {
		.number = number,
		.asid = 1 + number % 7,
		.index = number,
		.ring = QUEUES + (number - 1) * QUEUE_SIZE,
		.done = QUEUES + (number - 1) * QUEUE_SIZE + sizeof(struct tsr_hw_ring),
	};
	struct tsr_hw_admin command = driver_create_command(&queue);

	assert_true(number >= 1 && number <= 20);
	memset(machine_memory(queue.ring), 0, QUEUE_SIZE);
	command.create.priority = (uint8_t)priority;
	command.create.weight = (uint8_t)weight;
	command.create.budget = budget;
	command.create.client = client;
	assert_int_equal(driver_admin(&command), TSR_HW_ERR_NONE);
	return queue;
}

uint32_t driver_write(struct driver_queue *queue, const struct tsr_hw_job *job)
{
	struct tsr_hw_ring *ring = machine_memory(queue->ring);
	uint32_t seq = ++queue->submitted;

	ring->job[seq % TSR_HW_RING_ENTRIES] = *job;
	ring->job[seq % TSR_HW_RING_ENTRIES].seq = seq;
	ring->tail = seq;
	return seq;
}

void driver_ring(const struct driver_queue *queue)
{
	machine_ring(queue->asid, queue->index);
}

uint32_t driver_submit(struct driver_queue *queue, const struct tsr_hw_job *job)
{
	uint32_t seq = driver_write(queue, job);

	driver_ring(queue);
	machine_settle();
	return seq;
}

static const struct tsr_hw_completion_page *page_of(const struct driver_queue *queue)
{
	return machine_memory(queue->done);
}

uint32_t driver_completed(const struct driver_queue *queue)
{
	return page_of(queue)->completed;
}

uint32_t driver_started_word(const struct driver_queue *queue)
{
	return page_of(queue)->started;
}

const struct tsr_hw_completion *driver_completion(const struct driver_queue *queue, uint32_t seq)
{
	return &page_of(queue)->slot[seq % TSR_HW_RING_ENTRIES];
}

void driver_expect(const struct driver_queue *queue, uint32_t seq, uint32_t error)
{
	assert_true((int32_t)(driver_completed(queue) - seq) >= 0);
	assert_int_equal(driver_completion(queue, seq)->seq, seq);
	assert_int_equal(driver_completion(queue, seq)->error, error);
}

void driver_run_all(void)
{
	bool any = true;

	while (any) {
		any = false;
		for (uint32_t i = 0; i < MACHINE_ENGINES; i++) {
			if (machine_busy(i)) {
				machine_end(i, NULL);
				any = true;
			}
		}
		machine_settle();
	}
}

struct tsr_hw_event_ring *driver_events(void)
{
	return machine_memory(EVENT_RING);
}
