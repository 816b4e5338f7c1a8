/* SPDX-License-Identifier: MIT */
/* Random programs that break no rule, and random elements for them. */
#ifndef TEST_PROGRAMS_H
#define TEST_PROGRAMS_H

#include <stdint.h>

#include "reference.h"
#include "vector/check.h"
#include "vector/operation.h"

#define PROGRAM_PARAMETERS	4

/**
 * struct random_program - a program and what it is given
 * @program: checked
 * @given: types of what it is given
 * @setting: for it
 * @parameters: of the job
 * @elements: of the output
 */
struct random_program {
	struct vector_program program;
	struct vector_given given;
	struct vector_setting setting;
	uint64_t parameters[PROGRAM_PARAMETERS];
	uint64_t elements;
};

/* What there is beside inputs. */
#define RANDOM_VALUE		(1u << 0)	/* the command can have a value of its own */
#define RANDOM_PARAMETERS	(1u << 1)	/* the job has parameters */

/**
 * random_program() - a program, and what it is executed for
 * @state: of random_next() (random.h)
 * @insns: instructions
 * @use: RANDOM_*
 * @random: result; its address stays the same while it is used
 */
void random_program(uint64_t *state, unsigned int insns, unsigned int use,
		    struct random_program *random);

/** random_value() - of a type: often small, a limit, or what is no number */
union value random_value(uint64_t *state, enum number_class class);

#endif
