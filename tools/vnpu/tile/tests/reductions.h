/* SPDX-License-Identifier: MIT */
/* The plain rule of SCAN and REDUCE_AXES, and an epilogue for them. */
#ifndef TEST_REDUCTIONS_H
#define TEST_REDUCTIONS_H

#include <stdint.h>

#include <tsr_hw/command.h>
#include <tsr_hw/vector.h>

#include "bench.h"
#include "number/types.h"
#include "vector/tests/reference.h"

/** struct epilogue_bytes - a program of one input and one instruction, as it lies in a command */
struct epilogue_bytes {
	struct tsr_hw_vector head;
	struct tsr_hw_tensor input;
	struct tsr_hw_insn insn;
};

/** reductions_class() - register that elements of @type are combined in; bools are i64 here */
enum number_class reductions_class(unsigned int type);

/** reductions_any() - a random sum, product or extreme that @type has */
uint8_t reductions_any(struct bench *bench, unsigned int type);

/** reductions_none() - what no elements are combined to */
union value reductions_none(unsigned int function, unsigned int type);

/** reductions_combine() - what two are combined to */
union value reductions_combine(unsigned int function, unsigned int type, union value a,
			       union value b);

/** reductions_element() - element of a tensor, at an address */
union value reductions_element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			       uint64_t va);

/**
 * reductions_epilogue() - add an input to the command's value; bools are combined by XOR
 * @bench: holds the input
 * @class: of the value
 * @d: output
 * @bytes: result
 */
void reductions_epilogue(struct bench *bench, enum number_class class,
			 const struct tsr_hw_tensor *d, struct epilogue_bytes *bytes);

/**
 * reductions_expect() - compare an element of the output
 * @bench: memory
 * @class: of the value
 * @bytes: of reductions_epilogue(), or NULL
 * @d: output
 * @at: coordinates
 * @value: the command's value
 */
void reductions_expect(const struct bench *bench, enum number_class class,
		       const struct epilogue_bytes *bytes, const struct tsr_hw_tensor *d,
		       const uint64_t *at, union value value);

#endif
