/* SPDX-License-Identifier: MIT */
/* The store unit of a tile: one store at a time, in the order of the steps. */
#ifndef VNPU_TIME_STORE_UNIT_H
#define VNPU_TIME_STORE_UNIT_H

#include "tile.h"

/** store_unit_run() - end what has moved, begin what comes next; true if there was any */
bool store_unit_run(struct tile *tile, uint64_t now);

/** store_unit_next() - when it begins or ends something, flows aside */
uint64_t store_unit_next(const struct tile *tile);

#endif
