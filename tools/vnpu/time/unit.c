// SPDX-License-Identifier: MIT
#include "unit.h"

static uint64_t bit(unsigned int resource)
{
	return (uint64_t)1 << resource;
}

/* The ports of all tiles of the gang but the own one. */
static uint64_t other_ports(const struct tile *tile)
{
	unsigned int tiles = tile->grid[0] * tile->grid[1];
	uint64_t ports = (bit(tiles) - 1) << (RESOURCE_PORT + tile->first);

	return ports & ~bit(RESOURCE_PORT + tile->number);
}

uint64_t unit_uses(const struct tile *tile, uint8_t memory, uint8_t number)
{
	switch ((enum memory)memory) {
	case MEMORY_SYSTEM:
		return bit(tile->class->link_mb_s ? RESOURCE_LINK : RESOURCE_MEMORY);
	case MEMORY_LOCAL:
		return bit(RESOURCE_MEMORY);
	case MEMORY_SCRATCHPAD:
		return 0;
	case MEMORY_TILE:
		return bit(RESOURCE_PORT + tile->first + number);
	case MEMORY_GANG:
		return other_ports(tile);
	}
	return 0;
}

/* A store to the own scratchpad: its width follows from the path of weights, its rows from P. */
static uint64_t scratchpad_cycles(const struct time_class *class, const struct walk *walk)
{
	uint64_t wide = divide_up(walk_bytes(walk), 4ull * class->weight_path);
	uint64_t rows = divide_up(walk->jumps, class->array_ports);

	return wide > rows ? wide : rows;
}

/* Resident parts have no pages. */
static uint64_t issue_of(const struct walk *walk, uint64_t uses)
{
	return uses >> RESOURCE_PORT ? walk->jumps : walk_issue(walk);
}

void unit_move(struct tile *tile, struct unit *unit, const struct walk *walk, uint64_t uses,
	       uint64_t now)
{
	if (!uses) {
		unit_count(unit, now + scratchpad_cycles(tile->class, walk));
		return;
	}
	flow_set(&unit->flow, walk_bytes(walk), uses, issue_of(walk, uses),
		 tile->class->port_bytes);
	unit->state = UNIT_MOVES;
	unit->follows = &unit->flow;
	network_begin(tile->network, &unit->flow);
}

void unit_count(struct unit *unit, uint64_t until)
{
	unit->state = UNIT_COUNTS;
	unit->until = until;
}

bool unit_done(const struct unit *unit, uint64_t now)
{
	return unit->state == UNIT_COUNTS && unit->until <= now;
}

void unit_end(struct unit *unit, uint64_t now)
{
	unit->state = UNIT_IDLE;
	unit->end = now;
}
