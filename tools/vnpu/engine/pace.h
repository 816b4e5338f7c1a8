/* SPDX-License-Identifier: MIT */
/*
 * Device time of the nodes at work: tiles and DMA engines on one timeline, whose origin follows
 * the device clock's. Simulation thread only.
 */
#ifndef VNPU_ENGINE_PACE_H
#define VNPU_ENGINE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "time/amounts.h"
#include "time/gang.h"

struct copy;
struct pace;
struct tsr_hw_fuses;

/**
 * struct pace_end - how a node ended
 * @instance: engine
 * @time: device clock
 * @amounts: what it did
 */
struct pace_end {
	unsigned int instance;
	uint64_t time;
	struct amounts amounts;
};

/**
 * pace_create() - no node is at work
 * @fuses: of the device
 * @ended: called for each node that ends
 * @ctx: its argument
 *
 * Return: NULL without memory, or with fuses beyond what is built.
 */
struct pace *pace_create(const struct tsr_hw_fuses *fuses,
			 void (*ended)(void *ctx, const struct pace_end *end), void *ctx);

/** pace_destroy() - free; NULL is allowed */
void pace_destroy(struct pace *pace);

/**
 * pace_stream() - a node begins on a tensor tile, at the time that was advanced to
 * @pace: the device
 * @tile: its instance, which is idle
 * @ring: bytes of scratchpad that its loads go through
 * @stream: commands; they stay where they are until the node has ended or is stopped
 * @budget: cycles; a node that takes more alone moves step by step
 *
 * While nothing else moves, a stream that ran so before has its end at once, without its steps.
 *
 * Return: as of timeline_queue().
 */
int pace_stream(struct pace *pace, unsigned int tile, uint64_t ring, const struct stream *stream,
		uint64_t budget);

/**
 * pace_copies() - a node begins on a DMA engine
 * @pace: the device
 * @instance: engine, which is idle
 * @copies: flows, one after another
 * @count: how many, at least one
 *
 * Return: 0 or -ENOMEM.
 */
int pace_copies(struct pace *pace, unsigned int instance, const struct copy *copies,
		unsigned int count);

/** pace_stop() - the node of an engine ends here and now; no callback comes for it */
void pace_stop(struct pace *pace, unsigned int instance);

/** pace_next() - the device clock when something happens next; CLOCK_NEVER: nothing does */
uint64_t pace_next(const struct pace *pace);

/** pace_advance() - let time pass until @time, which is not beyond pace_next() */
void pace_advance(struct pace *pace, uint64_t time);

/** pace_steps() - steps that have ended on a tile since its node began */
uint64_t pace_steps(const struct pace *pace, unsigned int tile);

/** pace_reset() - no node is at work, and the device clock begins at 0 */
void pace_reset(struct pace *pace);

#endif
