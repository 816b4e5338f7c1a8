/* SPDX-License-Identifier: MIT */
/*
 * Chains of i32 that lanes of 16 bits are enough for: operands are integers of up to 16 bits, and
 * the result is stored as 8. Elements are converted on the way, without a pass of their own.
 */
#ifndef VNPU_VECTOR_CHAIN16_H
#define VNPU_VECTOR_CHAIN16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain.h"

/**
 * struct chain16_ends - what memory holds
 * @type: TSR_HW_TYPE_* of the places that the command fills; TSR_HW_TYPE_NONE: not in memory
 * @result: TSR_HW_TYPE_* that the result is stored as
 * @wraps: it keeps the low bits, else it saturates
 */
struct chain16_ends {
	uint8_t type[CHAIN_GIVEN];
	uint8_t result;
	uint8_t wraps;
};

/**
 * struct chain16 - such a chain
 * @ends: what memory holds
 * @saturates: of each link, whether its lanes end at the limits of 16 bits, else it needs none
 */
struct chain16 {
	struct chain16_ends ends;
	bool saturates[TSR_HW_VECTOR_MAX_INSNS];
};

/**
 * chain16_plan() - whether a chain is one
 * @chain: the program
 * @ends: what memory holds
 * @place: where places are; those that the command does not fill are the same in all elements
 * @plan: result
 *
 * Return: false if it is none.
 */
bool chain16_plan(const struct chain *chain, const struct chain16_ends *ends,
		  const void *const *place, struct chain16 *plan);

/**
 * chain16_run() - execute it
 * @chain: the program
 * @plan: of chain16_plan()
 * @place: where places are, those of the command as memory holds them
 * @to: results as memory holds them, on none of the places
 * @n: elements, a multiple of CHAIN_BLOCK
 */
void chain16_run(const struct chain *chain, const struct chain16 *plan, const void *const *place,
		 void *to, size_t n);

#endif
