/* SPDX-License-Identifier: MIT */
/*
 * The time of a device: tiles in gangs, DMA engines, and what they share. Whoever drives it asks
 * for the next time at which something happens and advances to it.
 *
 * At one time first all ends come, then all begins, then the rates are computed once; advancing to
 * the same time again, after something was queued, changes nothing of that.
 */
#ifndef VNPU_TIME_TIMELINE_H
#define VNPU_TIME_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "amounts.h"
#include "class.h"
#include "dma.h"
#include "gang.h"

struct timeline;

/**
 * struct timeline_config - a device
 * @class: its class; copied
 * @dma_engines: DMA engines
 * @ended: called at the end of a node or copy; it may queue others
 * @context: argument of @ended
 */
struct timeline_config {
	const struct time_class *class;
	unsigned int dma_engines;
	void (*ended)(void *context, void *cookie, const struct amounts *amounts);
	void *context;
};

/**
 * timeline_create() - a device at time 0
 * @config: copied
 *
 * Return: NULL without memory, or with a class beyond what is built (tiles, latency).
 */
struct timeline *timeline_create(const struct timeline_config *config);

/** timeline_destroy() - free all, whatever runs; NULL is allowed */
void timeline_destroy(struct timeline *timeline);

/**
 * timeline_bind() - make tiles a gang
 * @timeline: device
 * @first: the first of its tiles, which stand side by side and are in no gang
 * @grid: its grid
 * @ring: bytes of the ring of each
 *
 * Return: the gang's number, or -ENOMEM.
 */
int timeline_bind(struct timeline *timeline, unsigned int first, const unsigned int grid[2],
		  uint64_t ring);

/**
 * timeline_bind_one() - make tile 0 the only one of a gang that does something
 * @timeline: device
 * @grid: of the gang
 * @place: of the tile in it
 * @ring: bytes of its ring
 *
 * Return: 0, the gang's number, or -ENOMEM.
 */
int timeline_bind_one(struct timeline *timeline, const unsigned int grid[2],
		      const unsigned int place[2], uint64_t ring);

/** timeline_unbind() - release the tiles of @gang, whose nodes have ended */
void timeline_unbind(struct timeline *timeline, int gang);

/**
 * timeline_stop() - drop all nodes of a gang at once, as a reset of its engines does
 * @timeline: device
 * @gang: gang; it stays bound, its tiles are idle
 *
 * What has moved of its flows is not counted; no callback comes for its nodes. Not from a callback
 * of the same gang.
 */
void timeline_stop(struct timeline *timeline, int gang);

/** timeline_stop_copies() - the same of a DMA engine's copies */
void timeline_stop_copies(struct timeline *timeline, unsigned int engine);

/**
 * timeline_queue() - queue a node; it starts when those before it on the gang have ended
 * @timeline: device
 * @gang: gang
 * @streams: of each tile
 * @prefetch: STATIC operands may be read from now on
 * @cookie: argument of the callback
 *
 * Return: 0, -ENOMEM, -EINVAL for the error COMMAND, -EOPNOTSUPP for UNSUPPORTED.
 */
int timeline_queue(struct timeline *timeline, int gang, const struct stream *streams,
		   bool prefetch, void *cookie);

/**
 * timeline_copy() - queue a copy on a DMA engine
 * @timeline: device
 * @engine: its number
 * @copy: what it moves; something
 * @cookie: argument of the callback
 *
 * Return: 0 or -ENOMEM.
 */
int timeline_copy(struct timeline *timeline, unsigned int engine, const struct copy *copy,
		  void *cookie);

/** timeline_next() - when something happens next; NEVER: nothing before something is queued */
uint64_t timeline_next(const struct timeline *timeline);

/** timeline_advance() - let time pass until @now, which is not beyond timeline_next() */
void timeline_advance(struct timeline *timeline, uint64_t now);

/** timeline_idle() - whether a gang has no node */
bool timeline_idle(const struct timeline *timeline, int gang);

/** timeline_steps() - steps that have ended on a tile since it was bound: progress */
uint64_t timeline_steps(const struct timeline *timeline, unsigned int tile);

/** timeline_work() - walks_work() of all that were queued */
uint64_t timeline_work(const struct timeline *timeline);

/** timeline_now() - the time that it was advanced to */
uint64_t timeline_now(const struct timeline *timeline);

/** timeline_moved() - bytes of flows that ended, through a resource of network.h */
uint64_t timeline_moved(const struct timeline *timeline, unsigned int resource);

/** timeline_clock() - another clock step: memory and link keep their bytes a second */
void timeline_clock(struct timeline *timeline, uint32_t khz);

#endif
