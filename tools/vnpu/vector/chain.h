/* SPDX-License-Identifier: MIT */
/*
 * Programs whose instructions each take the result of the one before: that stays in the
 * processor's registers instead of a place.
 */
#ifndef VNPU_VECTOR_CHAIN_H
#define VNPU_VECTOR_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/vector.h>

/* Elements that are worked on together. */
#define CHAIN_BLOCK	128u

/* Places that the command fills: one for each input, one for its own value. */
#define CHAIN_GIVEN	(TSR_HW_VECTOR_MAX_INPUTS + 1)

/* What a link does with the value x that is carried on, and its operand y. */
enum chain_operation {
	CHAIN_ADD,
	CHAIN_SUB,		/* x - y */
	CHAIN_SUB_FROM,		/* y - x */
	CHAIN_MUL,
	CHAIN_MIN,
	CHAIN_MAX,
	CHAIN_CONVERT,		/* x as the other type, without y */
};

/**
 * struct chain_link - one instruction
 * @operation: enum chain_operation
 * @type: of x, TSR_HW_VECTOR_TYPE_*
 * @place: of its operand, if it has one
 */
struct chain_link {
	uint8_t operation;
	uint8_t type;
	uint8_t place;
};

/**
 * struct chain - a program, or none
 * @links: instructions, 0 if it is none
 * @type: TSR_HW_VECTOR_TYPE_* of the result, F32 or I32, as those between are
 * @first: place of the first one's first operand
 * @link: they
 */
struct chain {
	unsigned int links;
	unsigned int type;
	uint8_t first;
	struct chain_link link[TSR_HW_VECTOR_MAX_INSNS];
};

/**
 * chain_operation_of() - the operation of a link
 * @insn: of two operands, or that converts one
 * @swapped: the value carried on is the second operand
 * @operation: result
 *
 * Return: false if no link does that.
 */
bool chain_operation_of(const struct tsr_hw_insn *insn, bool swapped, uint8_t *operation);

/**
 * chain_run() - execute it
 * @chain: the program
 * @place: where places are
 * @next: elements that are needed soon, of as many inputs, as many as of these; NULL: none
 * @d: result, on none of them
 * @n: elements, a multiple of CHAIN_BLOCK
 */
void chain_run(const struct chain *chain, const void *const *place, const void *const *next,
	       void *d, size_t n);

/**
 * chain_store() - execute it and store the results as integers of 8 bits
 * @chain: the program
 * @place: where places are
 * @low: least value that is stored
 * @high: largest one
 * @to: results, their low bits, on none of the places
 * @n: elements, a multiple of CHAIN_BLOCK
 *
 * Reals are rounded to the nearest between both, not-a-number is 0: those are limits of 8 bits.
 */
void chain_store(const struct chain *chain, const void *const *place, int32_t low, int32_t high,
		 uint8_t *to, size_t n);

#endif
