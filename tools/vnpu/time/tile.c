// SPDX-License-Identifier: MIT
#include "tile.h"

#include "load_unit.h"
#include "run.h"
#include "store_unit.h"
#include "unit.h"

void tile_queue(struct tile *tile, struct run *runs, unsigned int count)
{
	struct run **link = tile->newest ? &tile->newest->next : &tile->oldest;

	*link = runs;
	for (unsigned int i = 0; i + 1 < count; i++)
		runs[i].next = &runs[i + 1];
	tile->newest = &runs[count - 1];
	if (!tile->requesting)
		tile->requesting = runs;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Array and vector part of a step whose command has started. */
static void compute(struct tile *tile, struct flight *flight, uint64_t start)
{
	uint64_t begin = later(later(tile->array_end, flight->loaded), later(tile->drain, start));
	uint64_t end = begin + flight->array;

	if (flight->first && flight->on_array)
		end = later(end, tile->block_end);
	begin = later(later(tile->vector_end, end), start);
	tile->array_end = end;
	tile->vector_end = begin + flight->vector;
	flight->array_end = tile->array_end;
	flight->vector_end = tile->vector_end;
	if (flight->drains)
		tile->drain = begin;
	if (flight->closes)
		tile->block_end = tile->vector_end;
}

static bool compute_all(struct tile *tile)
{
	bool any = false;

	while (tile->computed < tile->loaded) {
		struct flight *flight = &tile->flights[tile->computed % STEPS_IN_FLIGHT];
		uint64_t start = run_start(flight->run);

		if (start == NEVER)
			break;
		compute(tile, flight, start);
		tile->computed++;
		any = true;
	}
	return any;
}

bool tile_run(struct tile *tile, uint64_t now)
{
	bool any = false, more = true;

	while (more) {
		more = load_unit_move(tile, now);
		more |= compute_all(tile);
		more |= store_unit_run(tile, now);
		more |= load_unit_request(tile, now);
		any |= more;
	}
	return any;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t tile_next(const struct tile *tile)
{
	return earlier(tile->wake, earlier(load_unit_next(tile), store_unit_next(tile)));
}

static bool collect(struct unit *unit, uint64_t now)
{
	if (unit->state != UNIT_MOVES || unit->follows->moving)
		return false;
	unit_count(unit, now);
	return true;
}

bool tile_collect(struct tile *tile, uint64_t now)
{
	bool load = collect(&tile->load, now);
	bool store = collect(&tile->store, now);

	return load || store;
}
