/* SPDX-License-Identifier: MIT */
/*
 * The time of a stream alone: from idle units, with no other flow (docs/hardware.md, "Steps").
 * Budgets and idle energy are counted in it, step by step.
 */
#ifndef VNPU_TIME_ALONE_H
#define VNPU_TIME_ALONE_H

#include <stdbool.h>
#include <stdint.h>

#include "class.h"
#include "dma.h"
#include "gang.h"

struct alone;

/** alone_create() - a device of @class without anything else; NULL as of timeline_create() */
struct alone *alone_create(const struct time_class *class);

/** alone_destroy() - free; NULL is allowed */
void alone_destroy(struct alone *alone);

/**
 * alone_begin() - begin a stream; what it ran before is dropped
 * @alone: the device
 * @grid: of the stream's gang
 * @place: of its tile in it
 * @ring: bytes of the ring
 * @stream: the stream; its commands stay where they are
 *
 * Other tiles of the gang do nothing: a barrier waits for none, a multicast serves one.
 *
 * Return: as of timeline_queue().
 */
int alone_begin(struct alone *alone, const unsigned int grid[2], const unsigned int place[2],
		uint64_t ring, const struct stream *stream);

/** alone_end() - drop what it runs, if that has not ended */
void alone_end(struct alone *alone);

/** alone_ended() - whether what it was begun with has ended; so it has when there is no step */
bool alone_ended(const struct alone *alone);

/**
 * alone_step() - go on to the end of the next step
 * @alone: the device
 * @cycles: from the end of the step before
 *
 * Return: false if there is none.
 */
bool alone_step(struct alone *alone, uint64_t *cycles);

/**
 * alone_copies() - the time of flows, one after another on a DMA engine
 * @alone: the device; what it ran before is dropped
 * @copies: the flows
 * @count: how many
 * @cycles: result
 *
 * Return: 0 or -ENOMEM.
 */
int alone_copies(struct alone *alone, const struct copy *copies, unsigned int count,
		 uint64_t *cycles);

#endif
