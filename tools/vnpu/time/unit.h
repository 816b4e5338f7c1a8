/* SPDX-License-Identifier: MIT */
/* What load and store unit have in common: a transfer of what a walk touches. */
#ifndef VNPU_TIME_UNIT_H
#define VNPU_TIME_UNIT_H

#include <stdint.h>

#include "tile.h"

/** unit_uses() - the resources of a transfer; none: it is one in the own scratchpad */
uint64_t unit_uses(const struct tile *tile, uint8_t memory, uint8_t number);

/**
 * unit_move() - begin a transfer at @now
 * @tile: whose unit it is
 * @unit: the unit
 * @walk: what is touched; it has bursts
 * @uses: resources
 * @now: time
 */
void unit_move(struct tile *tile, struct unit *unit, const struct walk *walk, uint64_t uses,
	       uint64_t now);

/** unit_count() - be at work until @until without moving anything */
void unit_count(struct unit *unit, uint64_t until);

/** unit_done() - whether what a unit does has ended at @now; of a flow, see tile_collect() */
bool unit_done(const struct unit *unit, uint64_t now);

/** unit_end() - make a unit idle */
void unit_end(struct unit *unit, uint64_t now);

#endif
