/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_AMOUNTS_H
#define VNPU_TIME_AMOUNTS_H

#include <stdint.h>

/**
 * struct amounts - what a node does, as far as energy is concerned
 * @products: products, padding included
 * @product_energy: what they take, whose types may differ, in femtojoules; below 2^90
 * @vector: operations of the vector unit
 * @scratchpad: bytes that loads hold and that stores write to scratchpads
 * @memory: bytes of the device's memory
 * @link: bytes of the host link
 * @written: of the bytes of both, those of stores
 * @steps: steps that have ended: progress
 */
struct amounts {
	uint64_t products;
	unsigned __int128 product_energy;
	uint64_t vector;
	uint64_t scratchpad;
	uint64_t memory;
	uint64_t link;
	uint64_t written;
	uint64_t steps;
};

/** amounts_add() - what a part did is also what the whole did */
static inline void amounts_add(struct amounts *sum, const struct amounts *part)
{
	sum->products += part->products;
	sum->product_energy += part->product_energy;
	sum->vector += part->vector;
	sum->scratchpad += part->scratchpad;
	sum->memory += part->memory;
	sum->link += part->link;
	sum->written += part->written;
	sum->steps += part->steps;
}

#endif
