/* SPDX-License-Identifier: MIT */
/* Instructions of a management core that has lost its way. */
#ifndef VNPU_TESTS_HOSTILE_CODE_H
#define VNPU_TESTS_HOSTILE_CODE_H

#include <stddef.h>
#include <stdint.h>

/**
 * hostile_instruction() - any instruction, most of them good ones
 * @random: state of the generator
 *
 * Jumps are short, so they lead into code; bases of accesses are whatever registers have.
 */
uint32_t hostile_instruction(uint64_t *random);

/** hostile_core_state() - an instruction that changes how the core takes traps and interrupts */
uint32_t hostile_core_state(uint64_t *random);

/** hostile_change() - change some words of code: bits, instructions, places */
void hostile_change(uint32_t *words, size_t count, uint64_t *random);

#endif
