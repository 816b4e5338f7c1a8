/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_WORK_H
#define VNPU_TILE_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "saturating.h"

/**
 * struct work - what a command asks of the device's fuses and of the host
 * @multiplies: it is a product of @type, which must be in the fuses
 * @type: TSR_HW_TYPE_* that the product runs at
 * @block_types: bits of what is in the fuses' block_types only, of operands and scales
 * @macs: multiply-accumulates
 * @operations: of single elements; the host's work is proportional to them
 * @bytes: of its operands and outputs, those of repeated elements once
 * @held: bytes of the tile's memory that it holds, at most half of it
 * @staging: bytes of host memory that its execution takes at once, at most
 */
struct work {
	bool multiplies;
	unsigned int type;
	uint32_t block_types;
	uint64_t macs;
	uint64_t operations;
	uint64_t bytes;
	uint64_t held;
	uint64_t staging;
};

/** work_pass() - so many elements are each worked on @times */
static inline void work_pass(struct work *work, uint64_t elements, uint64_t times)
{
	work->operations = saturating_add(work->operations, saturating_mul(elements, times));
}

/** work_multiply() - each of @outputs is a sum of @depth products; without depth it is stored */
static inline void work_multiply(struct work *work, uint64_t outputs, uint64_t depth)
{
	work->macs = saturating_mul(outputs, depth);
	work_pass(work, outputs, depth ? depth : 1);
}

#endif
