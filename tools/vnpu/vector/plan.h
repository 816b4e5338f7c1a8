/* SPDX-License-Identifier: MIT */
/* Where the registers of a program lie while it is executed. */
#ifndef VNPU_VECTOR_PLAN_H
#define VNPU_VECTOR_PLAN_H

#include <stdint.h>

#include <tsr_hw/vector.h>

#include "chain.h"

struct vector_program;

/* Places that the command fills. */
#define PLAN_GIVEN	CHAIN_GIVEN

/* Beside those, each instruction needs at most one. */
#define PLAN_PLACES	(PLAN_GIVEN + TSR_HW_VECTOR_MAX_INSNS)

/**
 * struct plan_step - an instruction with places for registers
 * @insn: number of the instruction
 * @d: place of the result, of no operand
 * @a: place of the first operand
 * @b: place of the second
 * @c: place of the third
 */
struct plan_step {
	uint8_t insn;
	uint8_t d;
	uint8_t a;
	uint8_t b;
	uint8_t c;
};

/**
 * struct vector_plan - a program with places for registers
 * @once: instructions whose results are the same in every strip
 * @once_count: how many
 * @each: all others, to be executed for each strip
 * @each_count: how many
 * @places: how many there are
 * @result: place of the result
 * @chain: what @each does, if it is one
 */
struct vector_plan {
	struct plan_step once[TSR_HW_VECTOR_MAX_INSNS];
	unsigned int once_count;
	struct plan_step each[TSR_HW_VECTOR_MAX_INSNS];
	unsigned int each_count;
	unsigned int places;
	unsigned int result;
	struct chain chain;
};

/** vector_plan() - of a checked program */
void vector_plan(const struct vector_program *program, struct vector_plan *plan);

#endif
