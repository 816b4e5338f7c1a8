// SPDX-License-Identifier: MIT
#include "store_unit.h"

#include <stddef.h>

#include "load_unit.h"
#include "unit.h"

static struct flight *oldest(struct tile *tile)
{
	return &tile->flights[tile->ended % STEPS_IN_FLIGHT];
}

/* The command of the last step has ended; those behind it may use its fixed part of the ring. */
static void end_run(struct tile *tile, struct run *run, uint64_t now)
{
	run->end = now;
	tile->oldest = run->next;
	if (!tile->oldest)
		tile->newest = NULL;
	if (run->steps.fixed == tile->fixed)
		load_unit_fixed(tile);
}

static void end_step(struct tile *tile, uint64_t now)
{
	struct flight *flight = oldest(tile);

	load_unit_release(tile, now);
	unit_end(&tile->store, now);
	flight->run->node->amounts.steps++;
	tile->ended++;
	if (flight->run->counted)
		++*flight->run->counted;
	if (flight->last)
		end_run(tile, flight->run, now);
}

static uint64_t begin_time(const struct tile *tile)
{
	uint64_t ready = tile->flights[tile->ended % STEPS_IN_FLIGHT].vector_end;

	return ready > tile->store.end ? ready : tile->store.end;
}

/* The next store of the step, or its end if there is none. */
static void go_on(struct tile *tile, uint64_t now)
{
	struct flight *flight = oldest(tile);
	const struct store *store = &flight->store[flight->stored];

	if (flight->stored == flight->stores) {
		end_step(tile, now);
		return;
	}
	flight->stored++;
	unit_move(tile, &tile->store, &store->walk, unit_uses(tile, store->memory, 0), now);
}

static bool begin_step(struct tile *tile, uint64_t now)
{
	if (tile->store.state != UNIT_IDLE || tile->ended == tile->computed ||
	    begin_time(tile) > now)
		return false;
	go_on(tile, now);
	return true;
}

bool store_unit_run(struct tile *tile, uint64_t now)
{
	bool any = false;

	for (;;) {
		if (unit_done(&tile->store, now))
			go_on(tile, now);
		else if (!begin_step(tile, now))
			return any;
		any = true;
	}
}

uint64_t store_unit_next(const struct tile *tile)
{
	if (tile->store.state == UNIT_COUNTS)
		return tile->store.until;
	if (tile->store.state == UNIT_IDLE && tile->ended < tile->computed)
		return begin_time(tile);
	return NEVER;
}
