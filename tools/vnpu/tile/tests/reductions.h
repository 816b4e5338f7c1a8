/* SPDX-License-Identifier: MIT */
/* The plain rule of SCAN and REDUCE, and programs for them. */
#ifndef TEST_REDUCTIONS_H
#define TEST_REDUCTIONS_H

#include <stdbool.h>
#include <stddef.h>
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

/** struct prologue_bytes - a program of one input that knows an index, as it lies in a command */
struct prologue_bytes {
	struct tsr_hw_vector head;
	struct tsr_hw_tensor input;
	struct tsr_hw_insn insn[4];
};

/**
 * struct programs - those of a command
 * @bytes: as they lie behind its body
 * @has_post: there is an epilogue
 * @has_pre: there is a prologue
 * @post: the epilogue
 * @pre: the prologue
 */
struct programs {
	unsigned char bytes[sizeof(struct epilogue_bytes) + sizeof(struct prologue_bytes)];
	bool has_post;
	bool has_pre;
	struct epilogue_bytes post;
	struct prologue_bytes pre;
};

/**
 * programs_place() - write those that are there behind a body of @size bytes, which @head begins
 */
void programs_place(struct programs *programs, struct tsr_hw_command *head, size_t size);

/**
 * reductions_prologue() - add an index and an input to the elements of @x, or combine them by XOR
 */
void reductions_prologue(struct bench *bench, const struct tsr_hw_tensor *x,
			 struct programs *programs);

/** reductions_type() - type that has what a command gets of @x, with its prologue if it has one */
unsigned int reductions_type(const struct programs *programs, const struct tsr_hw_tensor *x);

/** reductions_loaded() - what a command gets of the element of @x at these coordinates */
union value reductions_loaded(const struct bench *bench, const struct programs *programs,
			      const struct tsr_hw_tensor *x, const uint64_t *at);

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

/** reductions_at() - the same at coordinates; elements may have half a byte */
union value reductions_at(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			  const uint64_t *at);

/**
 * reductions_epilogue() - add an input to the command's value; bools are combined by XOR
 * @bench: holds the input
 * @class: of the value
 * @d: output
 * @programs: gets it
 */
void reductions_epilogue(struct bench *bench, enum number_class class,
			 const struct tsr_hw_tensor *d, struct programs *programs);

/**
 * reductions_expect() - compare an element of the output
 * @bench: memory
 * @class: of the value
 * @programs: of reductions_epilogue(), or without one
 * @d: output
 * @at: coordinates
 * @value: the command's value
 */
void reductions_expect(const struct bench *bench, enum number_class class,
		       const struct programs *programs, const struct tsr_hw_tensor *d,
		       const uint64_t *at, union value value);

#endif
