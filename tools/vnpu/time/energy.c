// SPDX-License-Identifier: MIT
#include "energy.h"

#define FEMTOJOULES 1000

typedef unsigned __int128 wide;

static wide part(uint64_t amount, uint32_t constant)
{
	return (wide)amount * constant;
}

/* Energy of products fits 90 bits, constants and voltages 32 and 16: all fits 128. */
uint64_t energy_of_node(const struct amounts *amounts, uint64_t cycles,
			const struct energy_constants *constants, uint32_t millivolts,
			uint32_t highest)
{
	wide work = amounts->product_energy +
		    part(amounts->vector, constants->vector) +
		    part(amounts->scratchpad, constants->scratchpad) +
		    part(amounts->memory, constants->memory) +
		    part(amounts->link, constants->link);
	wide scaled = work * millivolts * millivolts +
		      part(cycles, constants->idle) * millivolts * highest;
	wide unit = (wide)FEMTOJOULES * highest * highest;
	wide result = (scaled + unit - 1) / unit;

	return result > UINT64_MAX ? UINT64_MAX : (uint64_t)result;
}
