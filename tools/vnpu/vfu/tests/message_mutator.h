/* SPDX-License-Identifier: MIT */
/* Sequences of valid messages, and what goes wrong with them. */
#ifndef VFU_TESTS_MESSAGE_MUTATOR_H
#define VFU_TESTS_MESSAGE_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

#define MUTATOR_MAX_INPUT 65536

/**
 * struct mutator - makes inputs for LLVMFuzzerTestOneInput()
 * @random: state of the random sequence
 * @mutated: messages changed so far
 * @input: the input
 * @size: its bytes
 */
struct mutator {
	uint64_t random;
	uint64_t mutated;
	uint8_t input[MUTATOR_MAX_INPUT];
	size_t size;
};

/**
 * mutator_next() - make the next input
 * @mutator: its @random is seeded, not zero
 *
 * Starts with a version message, which is mostly left as it is so that the rest is looked
 * at, and brings the device into a state where DMA and interrupts work.
 */
void mutator_next(struct mutator *mutator);

#endif
