/* SPDX-License-Identifier: MIT */
/* Operands of commands: what of a tensor concerns time. */
#ifndef VNPU_TIME_OPERAND_H
#define VNPU_TIME_OPERAND_H

#include <stdbool.h>
#include <stdint.h>

#include "walk.h"

/* Where an operand lies: MEMORY_TILE: the resident part of a tile of the gang; GANG: of all. */
enum memory {
	MEMORY_SYSTEM,
	MEMORY_LOCAL,
	MEMORY_SCRATCHPAD,
	MEMORY_TILE,
	MEMORY_GANG,
};

/**
 * struct operand - a tensor
 * @bits: of an element; 0: there is no such operand
 * @rank: dimensions
 * @memory: where it lies
 * @tile: number in the gang, of MEMORY_TILE
 * @is_static: may be read from the moment the node is queued
 * @multicast: bits of the gang's coordinates along which one flow serves all tiles
 * @address: of the first element, in bytes
 * @extent: elements of each dimension
 * @stride: in elements
 */
struct operand {
	uint8_t bits;
	uint8_t rank;
	uint8_t memory;
	uint8_t tile;
	bool is_static;
	uint8_t multicast;
	uint64_t address;
	uint64_t extent[WALK_RANK_MAX];
	int64_t stride[WALK_RANK_MAX];
};

/**
 * struct region - some elements of an operand
 * @start: first index of each dimension
 * @size: elements of each dimension
 */
struct region {
	uint64_t start[WALK_RANK_MAX];
	uint64_t size[WALK_RANK_MAX];
};

/** operand_loads() - whether it exists and lies outside of the own scratchpad */
static inline bool operand_loads(const struct operand *operand)
{
	return operand->bits && operand->memory != MEMORY_SCRATCHPAD;
}

/** operand_is_empty() - whether it has no elements */
bool operand_is_empty(const struct operand *operand);

/** operand_whole() - all of it */
struct region operand_whole(const struct operand *operand);

/** operand_box() - the box of a region; its strides and address in bits */
struct box operand_box(const struct operand *operand, const struct region *region);

/** operand_volume() - bits of a region's elements; dimensions of stride 0 count once */
uint64_t operand_volume(const struct operand *operand, const struct region *region);

/** operand_same() - whether two regions are equal in all dimensions of a stride that is not 0 */
bool operand_same(const struct operand *operand, const struct region *a, const struct region *b);

/** bytes_held() - room that so many bits take in the ring */
static inline uint64_t bytes_held(uint64_t bits)
{
	return (bits + 511) / 512 * 64;
}

#endif
