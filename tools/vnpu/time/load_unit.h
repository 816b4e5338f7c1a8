/* SPDX-License-Identifier: MIT */
/*
 * The load unit of a tile: requests in order, room in the ring, latency, decoding. Requests are
 * made as early as room, their command's start and decoding allow; one of them moves at a time.
 */
#ifndef VNPU_TIME_LOAD_UNIT_H
#define VNPU_TIME_LOAD_UNIT_H

#include "tile.h"

/** load_unit_request() - make the requests that can be made; sets @wake; true if there were any */
bool load_unit_request(struct tile *tile, uint64_t now);

/** load_unit_move() - end what has moved, begin what comes next; true if there was any */
bool load_unit_move(struct tile *tile, uint64_t now);

/** load_unit_next() - when it begins or ends something, requests and flows aside */
uint64_t load_unit_next(const struct tile *tile);

/** load_unit_release() - give back room that is free at @now */
void load_unit_release(struct tile *tile, uint64_t now);

/** load_unit_fixed() - the commands in flight have changed */
void load_unit_fixed(struct tile *tile);

#endif
