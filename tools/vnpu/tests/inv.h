/* SPDX-License-Identifier: MIT */
/* The invalidation ring as a driver uses it. */
#ifndef VNPU_TESTS_INV_H
#define VNPU_TESTS_INV_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/mmu.h>

struct fixture;

/**
 * struct inv - a ring
 * @f: whose device has it
 * @ring: the ring in guest memory
 * @seq: of the last command
 */
struct inv {
	struct fixture *f;
	struct tsr_hw_inv_ring *ring;
	uint32_t seq;
};

/** inv_make() - give the device a fresh ring */
struct inv inv_make(struct fixture *f);

/** inv_post() - write a command and the tail; its number is the next */
void inv_post(struct inv *inv, struct tsr_hw_inv_cmd cmd);

/** inv_done() - wait until the device has done command @seq; false when it hangs */
bool inv_done(const struct inv *inv, uint32_t seq);

/** inv_wait() - ring the doorbell and wait for all of them */
bool inv_wait(struct inv *inv);

#endif
