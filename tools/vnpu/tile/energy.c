/* SPDX-License-Identifier: MIT */
#include "energy.h"

#include "cost.h"
#include "sku.h"
#include "tile.h"
#include "work.h"

uint64_t energy_of(const struct sku *sku, const struct work *work,
		   const struct tile_cost *cost)
{
	const struct sku_energy *constants = sku_energy(sku);
	uint64_t bytes = saturating_add(cost->bytes_read, cost->bytes_written);
	uint64_t energy = saturating_mul(bytes, constants->byte);

	energy = saturating_add(energy, saturating_mul(cost->cycles, constants->cycle));
	return saturating_add(energy, saturating_mul(cost->macs, constants->mac[work->type]));
}

uint64_t energy_picojoules(uint64_t femtojoules)
{
	return femtojoules / 1000 + (femtojoules % 1000 != 0);
}
