/* SPDX-License-Identifier: MIT */
/* The host's side of rings: a driver small enough to see through. */
#ifndef VNPU_TESTS_DRIVER_H
#define VNPU_TESTS_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/queue.h>

struct harness;

/**
 * struct driver - what a driver keeps per device
 * @harness: the device
 * @block: boot block
 * @admin: admin ring
 * @admin_done: admin completion page
 * @events: event ring
 * @seq: last admin sequence
 */
struct driver {
	struct harness *harness;
	struct tsr_hw_boot_block *block;
	struct tsr_hw_ring *admin;
	struct tsr_hw_completion_page *admin_done;
	struct tsr_hw_event_ring *events;
	uint32_t seq;
};

/**
 * struct driver_queue - one job queue
 * @driver: its device
 * @number: device-wide number
 * @asid: address space and doorbell page
 * @index: doorbell index
 * @ring: ring pages
 * @done: completion page
 * @seq: last sequence submitted
 */
struct driver_queue {
	struct driver *driver;
	unsigned int number;
	unsigned int asid;
	unsigned int index;
	struct tsr_hw_ring *ring;
	volatile struct tsr_hw_completion_page *done;
	uint32_t seq;
};

/** driver_boot() - boot this build's firmware; false when it does not get READY */
bool driver_boot(struct driver *driver, struct harness *harness);

/** driver_admin() - run an admin command; TSR_HW_ERR_* or -1 when no answer comes */
int driver_admin(struct driver *driver, struct tsr_hw_admin *command);

/** driver_queue_create() - a queue of address space @asid; TSR_HW_ERR_* or -1 */
int driver_queue_create(struct driver_queue *queue, struct driver *driver, unsigned int number,
			unsigned int asid, unsigned int index);

/** driver_queue_create_limited() - the same; its jobs take at most @budget cycles, 0: any number */
int driver_queue_create_limited(struct driver_queue *queue, struct driver *driver,
				unsigned int number, unsigned int asid, unsigned int index,
				uint64_t budget);

/** driver_queue_destroy() - TSR_HW_ERR_* or -1 */
int driver_queue_destroy(struct driver_queue *queue);

/** driver_post() - put a job into the ring without ringing; its sequence number */
uint32_t driver_post(struct driver_queue *queue, const struct tsr_hw_job *job);

/** driver_ring() - ring the queue's bell */
void driver_ring(struct driver_queue *queue);

/** driver_wait() - wait for a sequence; its completion slot, NULL when it never comes */
const struct tsr_hw_completion *driver_wait(struct driver_queue *queue, uint32_t seq);

/** driver_run() - post, ring, wait; TSR_HW_ERR_* or -1 */
int driver_run(struct driver_queue *queue, const struct tsr_hw_job *job);

#endif
