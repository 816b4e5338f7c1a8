/* SPDX-License-Identifier: MIT */
/*
 * What streams took before, alone on their device: a program runs again and again, and counting
 * its steps takes the host longer than many a node is computed. The caller locks.
 */
#ifndef VNPU_ENGINE_KNOWN_H
#define VNPU_ENGINE_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "time/amounts.h"
#include "time/gang.h"

struct known;

/**
 * struct known_time - what a stream took
 * @cycles: from begin to end
 * @amounts: what it did
 */
struct known_time {
	uint64_t cycles;
	struct amounts amounts;
};

/** known_create() - nothing is known; NULL without memory */
struct known *known_create(void);

/** known_clear() - nothing is known */
void known_clear(struct known *known);

/** known_destroy() - free; NULL is allowed */
void known_destroy(struct known *known);

/**
 * known_find() - look for a stream
 * @known: the table
 * @stream: with the same commands, field by field; its steps, unless NULL, become those it took
 * @ring: bytes of the ring
 * @time: result
 *
 * Return: whether it is known.
 */
bool known_find(struct known *known, const struct stream *stream, uint64_t ring,
		struct known_time *time);

/**
 * known_keep() - remember a stream; those not asked for the longest are dropped
 * @known: the table
 * @stream: with its steps, or NULL
 * @ring: bytes of the ring
 * @time: what it took
 *
 * Streams with control data, which are not in the commands, and those of more than 64
 * commands are not kept, and not more than 2,048 commands of all.
 */
void known_keep(struct known *known, const struct stream *stream, uint64_t ring,
		const struct known_time *time);

#endif
