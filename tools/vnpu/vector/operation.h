/* SPDX-License-Identifier: MIT */
/* What an operation does to a strip of elements. */
#ifndef VNPU_VECTOR_OPERATION_H
#define VNPU_VECTOR_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/command.h>
#include <tsr_hw/vector.h>

#include "check.h"

/* Elements of a strip. */
#define VECTOR_STRIP	1024u

/**
 * struct vector_setting - what a program is executed for
 * @dims: extents of the output, as many as the rank it was checked for
 * @parameters: of the job, at least as many as the program names
 * @tile: number in the gang
 */
struct vector_setting {
	uint64_t dims[TSR_HW_MAX_RANK];
	const uint64_t *parameters;
	uint32_t tile;
};

/**
 * struct vector_work - one instruction for one strip
 * @d: result, on none of the operands
 * @a: first operand
 * @b: second operand
 * @c: third operand
 * @n: elements, 1 to VECTOR_STRIP
 * @imm: the immediate
 * @type: the instruction's
 * @first: number of the first element in the output's row-major order
 * @program: the program
 * @setting: what it is executed for
 * @divisions_by_zero: counted here
 */
struct vector_work {
	void *d;
	const void *a;
	const void *b;
	const void *c;
	size_t n;
	unsigned int imm;
	unsigned int type;
	uint64_t first;
	const struct vector_program *program;
	const struct vector_setting *setting;
	uint64_t *divisions_by_zero;
};

/** typedef vector_loop - executes an instruction */
typedef void vector_loop(const struct vector_work *work);

/**
 * struct vector_operation - one operation
 * @loop: by the instruction's type; NULL where the contract has no such instruction
 * @same_everywhere: the result is one value for all elements, in every strip
 */
struct vector_operation {
	vector_loop *loop[TSR_HW_VECTOR_TYPES];
	bool same_everywhere;
};

/* Each operation NAME of the contract is a structure vector_operation_NAME of one of the files. */
#define VECTOR_DECLARE(name, ...) extern const struct vector_operation vector_operation_##name;
TSR_HW_VECTOR_ROWS(VECTOR_DECLARE)
#undef VECTOR_DECLARE

/** vector_operation_of() - that of an opcode of a checked program */
const struct vector_operation *vector_operation_of(unsigned int op);

#endif
