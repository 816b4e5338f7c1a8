/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_ENERGY_H
#define VNPU_TILE_ENERGY_H

#include <stdint.h>

struct sku;
struct tile_cost;
struct work;

/**
 * energy_of() - energy of one command
 * @sku: constants
 * @work: what it does
 * @cost: its cost, without energy
 *
 * Return: femtojoules; saturates.
 */
uint64_t energy_of(const struct sku *sku, const struct work *work,
		   const struct tile_cost *cost);

/**
 * energy_picojoules() - what records carry
 * @femtojoules: sum over a node
 *
 * Return: picojoules, rounded up.
 */
uint64_t energy_picojoules(uint64_t femtojoules);

#endif
