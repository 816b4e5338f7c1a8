/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_WORK_H
#define VNPU_TILE_WORK_H

#include <stdint.h>

/** enum work_unit - which part of an engine a command keeps busy */
enum work_unit {
	WORK_ARRAY,	/* multiply-accumulate array */
	WORK_VECTOR,	/* vector unit */
	WORK_MOVE,	/* the tile's data movement */
	WORK_SERIAL,	/* the vector unit, one element a cycle */
	WORK_DMA,	/* DMA engine */
};

/**
 * struct work - what the cycle model needs to know of a command
 * @unit: who does it
 * @type: ARRAY: TSR_HW_TYPE_* whose rate and energy hold
 * @block_types: ARRAY: bits of what is in the fuses' block_types only, of operands and scales
 * @batch: ARRAY: independent products
 * @m: ARRAY: rows of one product
 * @n: ARRAY: columns
 * @k: ARRAY: depth
 * @elements: others: elements worked on
 * @row: VECTOR: elements that share strips of the unit, 0: all of them
 * @places: MOVE: places that are not one behind the other, where indices lead
 * @factor: VECTOR: passes over every element
 * @pre_elements: VECTOR: elements of a prologue
 * @pre_row: VECTOR: of them sharing strips, 0: all of them
 * @pre_weight: VECTOR: passes over each of them
 * @post_elements: ARRAY, VECTOR: elements of an epilogue
 * @post_row: ARRAY, VECTOR: of them sharing strips, 0: all of them
 * @post_weight: ARRAY, VECTOR: passes over each of them
 * @bytes_read: distinct bytes of the inputs
 * @bytes_written: bytes of the output
 * @held: bytes of the tile's memory that it holds, at most half of it
 * @staging: bytes of host memory that its execution takes at once, at most
 */
struct work {
	enum work_unit unit;
	unsigned int type;
	uint32_t block_types;
	uint64_t batch;
	uint64_t m;
	uint64_t n;
	uint64_t k;
	uint64_t elements;
	uint64_t row;
	uint64_t places;
	uint32_t factor;
	uint64_t pre_elements;
	uint64_t pre_row;
	uint32_t pre_weight;
	uint64_t post_elements;
	uint64_t post_row;
	uint32_t post_weight;
	uint64_t bytes_read;
	uint64_t bytes_written;
	uint64_t held;
	uint64_t staging;
};

#endif
