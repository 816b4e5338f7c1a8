/* SPDX-License-Identifier: MIT */
/* Changes to a program that was valid. */
#ifndef FAULTS_MUTATOR_H
#define FAULTS_MUTATOR_H

#include <stdint.h>

#include "kselftest/tsr_kselftest.h"

#define MUTANT_MAX	0x6000u

/**
 * struct mutant - a program and its slot table
 * @program: bytes
 * @size: of the program
 * @slots: slot table
 * @slot_count: entries
 */
struct mutant {
	uint8_t program[MUTANT_MAX];
	uint32_t size;
	struct tsr_hw_slot slots[TSR_HW_MAX_SLOTS];
	uint32_t slot_count;
};

/**
 * mutate() - change it in one to four places; which and how is up to @seed
 *
 * Of eight mutants seven get the checksum that suits them: those pass the first check.
 */
void mutate(struct mutant *mutant, uint64_t seed);

#endif
