/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The host's side: boots the firmware, keeps queues and reads completions. */
#ifndef TESTS_DRIVER_H
#define TESTS_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/queue.h>

/* Vectors the driver gives the firmware. */
#define CONTROL_VECTOR 0u
#define EVENT_VECTOR 1u

/* Where the event ring is. */
#define EVENT_RING 0x6000u

/* A queue the driver made; number n uses address space 1 + n % 7 unless said otherwise. */
struct driver_queue {
	uint32_t number;
	uint32_t asid;
	uint32_t index;
	uint64_t ring;
	uint64_t done;
	uint32_t submitted;
};

/* Machine with one tensor tile and one DMA engine, firmware booted. */
void driver_start(void);
void driver_start_with(uint32_t tensor, uint32_t dma, uint64_t features);

/*
 * Destroy what is left, then require that nothing of it remains: engines idle, all
 * contexts free, and the firmware alive.
 */
void driver_stop(void);

/* Boot with a boot block changed by @change; returns BOOT_STATUS. */
uint32_t driver_boot(void (*change)(struct tsr_hw_boot_block *block));
const struct tsr_hw_boot_block *driver_boot_block(void);

/* Fill in an admin command and wait for it; returns its error. */
uint32_t driver_admin(struct tsr_hw_admin *command);
uint32_t driver_admin_op(uint32_t op, uint32_t queue);
const struct tsr_hw_completion *driver_admin_completion(void);

/* Seal a job's program; if it gets a handle, the job names that. Returns the error. */
uint32_t driver_seal(uint32_t asid, struct tsr_hw_job *job);
uint32_t driver_unseal(uint32_t asid, uint64_t handle);

/* The arguments of a good QUEUE_CREATE for @queue. */
struct tsr_hw_admin driver_create_command(const struct driver_queue *queue);

/* @number 1 to 20; priority and weight as given, budget 0 is none; of a client of its own. */
struct driver_queue driver_queue(uint32_t number, uint32_t priority, uint32_t weight,
				 uint64_t budget);
struct driver_queue driver_queue_of(uint64_t client, uint32_t number, uint32_t priority,
				    uint32_t weight, uint64_t budget);

/* Write a descriptor and the tail, without ringing. Returns the sequence. */
uint32_t driver_write(struct driver_queue *queue, const struct tsr_hw_job *job);
void driver_ring(const struct driver_queue *queue);

/* Both, and let the firmware go as far as it can. */
uint32_t driver_submit(struct driver_queue *queue, const struct tsr_hw_job *job);

uint32_t driver_completed(const struct driver_queue *queue);
uint32_t driver_started_word(const struct driver_queue *queue);
const struct tsr_hw_completion *driver_completion(const struct driver_queue *queue, uint32_t seq);

/* Require that @seq is completed, with this error. */
void driver_expect(const struct driver_queue *queue, uint32_t seq, uint32_t error);

/* End every busy engine until the firmware has nothing more to run. */
void driver_run_all(void);

struct tsr_hw_event_ring *driver_events(void);

#endif
