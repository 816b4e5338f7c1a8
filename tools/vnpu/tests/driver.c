// SPDX-License-Identifier: MIT
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/version.h>

#include "harness.h"

#define WAIT_US 100
#define WAIT_ROUNDS (HARNESS_HANG_MS * (1000 / WAIT_US))
#define MAX_IMAGE 0x80000

static void *shared(struct harness *h, size_t size, __le64 *bus)
{
	*bus = harness_alloc(h, size);
	return harness_at(h, *bus);
}

static bool boot_image(struct harness *h, uint64_t block)
{
	uint8_t *image = malloc(MAX_IMAGE);
	FILE *file = fopen(VNPU_FIRMWARE, "re");
	bool booted = false;
	size_t size;

	if (image && file) {
		size = fread(image, 1, MAX_IMAGE, file);
		harness_boot(h, image, size, block);
		booted = harness_wait_state(h, TSR_HW_STATE_READY);
	}
	if (file)
		fclose(file);
	free(image);
	return booted;
}

bool driver_boot(struct driver *driver, struct harness *harness)
{
	__le64 block;

	*driver = (struct driver){ .harness = harness };
	driver->block = shared(harness, sizeof(*driver->block), &block);
	*driver->block = (struct tsr_hw_boot_block){
		.magic = TSR_HW_BOOT_BLOCK_MAGIC,
		.size = sizeof(*driver->block),
		.abi_min = TSR_HW_ABI_VERSION_MIN,
		.abi_max = TSR_HW_ABI_VERSION_MAX,
		.features = TSR_HW_FEATURES,
		.event_vector = harness_read32(harness, TSR_HW_REG_VECTORS) - 1,
	};
	driver->admin = shared(harness, sizeof(*driver->admin), &driver->block->admin_ring);
	driver->admin_done = shared(harness, sizeof(*driver->admin_done),
				    &driver->block->admin_done);
	driver->events = shared(harness, sizeof(*driver->events), &driver->block->event_ring);
	return boot_image(harness, block);
}

static bool wait_word(const volatile __le32 *word, uint32_t at_least)
{
	for (int i = 0; i < WAIT_ROUNDS; i++) {
		if ((int32_t)(__atomic_load_n(word, __ATOMIC_ACQUIRE) - at_least) >= 0)
			return true;
		usleep(WAIT_US);
	}
	return false;
}

int driver_admin(struct driver *driver, struct tsr_hw_admin *command)
{
	uint32_t seq = ++driver->seq;

	command->seq = seq;
	driver->admin->admin[seq % TSR_HW_RING_ENTRIES] = *command;
	__atomic_store_n(&driver->admin->tail, seq, __ATOMIC_RELEASE);
	harness_doorbell(driver->harness, TSR_HW_DOORBELL_KERNEL_PAGE, TSR_HW_DOORBELL_ADMIN);
	if (!wait_word(&driver->admin_done->completed, seq))
		return -1;
	return (int)driver->admin_done->slot[seq % TSR_HW_RING_ENTRIES].error;
}

int driver_queue_create(struct driver_queue *queue, struct driver *driver, unsigned int number,
			unsigned int asid, unsigned int index)
{
	return driver_queue_create_limited(queue, driver, number, asid, index, 0);
}

int driver_queue_create_limited(struct driver_queue *queue, struct driver *driver,
				unsigned int number, unsigned int asid, unsigned int index,
				uint64_t budget)
{
	struct tsr_hw_admin command = {
		.op = TSR_HW_ADMIN_QUEUE_CREATE,
		.queue = (__le16)number,
		.create = {
			.asid = (__le16)asid,
			.index = (__le16)index,
			.priority = TSR_HW_PRIORITY_NORMAL,
			.weight = 1,
			.client = number,
			.budget = budget,
		},
	};

	*queue = (struct driver_queue){
		.driver = driver, .number = number, .asid = asid, .index = index,
	};
	queue->ring = shared(driver->harness, sizeof(*queue->ring), &command.create.ring);
	queue->done = shared(driver->harness, sizeof(*queue->done), &command.create.done);
	return driver_admin(driver, &command);
}

int driver_queue_destroy(struct driver_queue *queue)
{
	struct tsr_hw_admin command = {
		.op = TSR_HW_ADMIN_QUEUE_DESTROY,
		.queue = (__le16)queue->number,
	};

	return driver_admin(queue->driver, &command);
}

uint32_t driver_post(struct driver_queue *queue, const struct tsr_hw_job *job)
{
	uint32_t seq = ++queue->seq;
	struct tsr_hw_job *slot = &queue->ring->job[seq % TSR_HW_RING_ENTRIES];

	*slot = *job;
	slot->seq = seq;
	__atomic_store_n(&queue->ring->tail, seq, __ATOMIC_RELEASE);
	return seq;
}

void driver_ring(struct driver_queue *queue)
{
	harness_doorbell(queue->driver->harness, queue->asid, queue->index);
}

const struct tsr_hw_completion *driver_wait(struct driver_queue *queue, uint32_t seq)
{
	if (!wait_word(&queue->done->completed, seq))
		return NULL;
	return (const struct tsr_hw_completion *)&queue->done->slot[seq % TSR_HW_RING_ENTRIES];
}

int driver_run(struct driver_queue *queue, const struct tsr_hw_job *job)
{
	uint32_t seq = driver_post(queue, job);
	const struct tsr_hw_completion *slot;

	driver_ring(queue);
	slot = driver_wait(queue, seq);
	return slot && slot->seq == seq ? (int)slot->error : -1;
}
