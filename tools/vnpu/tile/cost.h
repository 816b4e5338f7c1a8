/* SPDX-License-Identifier: MIT */
/* Cycle model, version 1 (docs/hardware.md, "Cycle model"). */
#ifndef VNPU_TILE_COST_H
#define VNPU_TILE_COST_H

#include <stdint.h>

struct sku;
struct tile_cost;
struct work;

/* Cycles of a node without a stream. */
#define COST_NOP_CYCLES		16
#define COST_NOP_BLOCKS		1

/**
 * cost_of() - cost of one command
 * @sku: rates
 * @work: what it does
 * @cost: result, without energy
 *
 * Saturates instead of wrapping: an absurd command costs more than any budget.
 */
void cost_of(const struct sku *sku, const struct work *work, struct tile_cost *cost);

/** saturating_add() - a + b, at most UINT64_MAX */
static inline uint64_t saturating_add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/** saturating_mul() - a * b, at most UINT64_MAX */
static inline uint64_t saturating_mul(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

#endif
