// SPDX-License-Identifier: MIT
#include "pace.h"

#include <stdlib.h>

#include <tsr_hw/core.h>
#include <tsr_hw/fuse.h>

#include "clock.h"
#include "measure/class.h"
#include "time/timeline.h"

/* What an engine does. */
struct work {
	unsigned int instance;
	uint64_t steps;		/* of a tile, in its life, when the node began */
	unsigned int copies;	/* of a DMA engine, that have not ended */
	struct amounts amounts;	/* of those that have */
};

struct pace {
	struct timeline *timeline;
	uint64_t origin;	/* of the device clock, on the timeline */
	unsigned int tiles;
	unsigned int count;
	void (*ended)(void *ctx, const struct pace_end *end);
	void *ctx;
	struct work work[TSR_HW_ENGINE_MAX];
};

static void add(struct amounts *sum, const struct amounts *amounts)
{
	sum->products += amounts->products;
	sum->product_energy += amounts->product_energy;
	sum->vector += amounts->vector;
	sum->scratchpad += amounts->scratchpad;
	sum->memory += amounts->memory;
	sum->link += amounts->link;
	sum->written += amounts->written;
	sum->steps += amounts->steps;
}

static void part_ended(void *context, void *cookie, const struct amounts *amounts)
{
	struct pace *pace = context;
	struct work *work = cookie;
	struct pace_end end = { .instance = work->instance };

	add(&work->amounts, amounts);
	if (work->copies && --work->copies)
		return;
	end.time = timeline_now(pace->timeline) - pace->origin;
	end.amounts = work->amounts;
	pace->ended(pace->ctx, &end);
}

static int bind_tiles(struct pace *pace, uint64_t ring)
{
	static const unsigned int one[2] = { 1, 1 };

	for (unsigned int i = 0; i < pace->tiles; i++)
		if (timeline_bind(pace->timeline, i, one, ring) < 0)
			return -1;
	return 0;
}

struct pace *pace_create(const struct tsr_hw_fuses *fuses,
			 void (*ended)(void *ctx, const struct pace_end *end), void *ctx)
{
	const struct time_class class = class_of(fuses);
	struct pace *pace = calloc(1, sizeof(*pace));
	struct timeline_config config = {
		.class = &class, .dma_engines = fuses->dma_engines,
		.ended = part_ended, .context = pace,
	};

	if (!pace)
		return NULL;
	pace->tiles = fuses->tensor_tiles;
	pace->count = fuses->tensor_tiles + fuses->dma_engines;
	pace->ended = ended;
	pace->ctx = ctx;
	for (unsigned int i = 0; i < pace->count; i++)
		pace->work[i].instance = i;
	pace->timeline = timeline_create(&config);
	if (!pace->timeline || bind_tiles(pace, class_ring(fuses))) {
		pace_destroy(pace);
		return NULL;
	}
	return pace;
}

void pace_destroy(struct pace *pace)
{
	if (!pace)
		return;
	timeline_destroy(pace->timeline);
	free(pace);
}

static struct work *begin(struct pace *pace, unsigned int instance)
{
	struct work *work = &pace->work[instance];

	*work = (struct work){ .instance = instance };
	return work;
}

int pace_stream(struct pace *pace, unsigned int tile, const struct stream *stream)
{
	struct work *work = begin(pace, tile);

	work->steps = timeline_steps(pace->timeline, tile);
	return timeline_queue(pace->timeline, (int)tile, stream, true, work);
}

int pace_copies(struct pace *pace, unsigned int instance, const struct copy *copies,
		unsigned int count)
{
	struct work *work = begin(pace, instance);
	int error = 0;

	for (unsigned int i = 0; i < count && !error; i++) {
		error = timeline_copy(pace->timeline, instance - pace->tiles, &copies[i], work);
		work->copies += !error;
	}
	if (error)
		pace_stop(pace, instance);
	return error;
}

void pace_stop(struct pace *pace, unsigned int instance)
{
	if (instance < pace->tiles)
		timeline_stop(pace->timeline, (int)instance);
	else
		timeline_stop_copies(pace->timeline, instance - pace->tiles);
}

uint64_t pace_next(const struct pace *pace)
{
	uint64_t next = timeline_next(pace->timeline);

	return next == NEVER ? CLOCK_NEVER : next - pace->origin;
}

void pace_advance(struct pace *pace, uint64_t time)
{
	timeline_advance(pace->timeline, time + pace->origin);
}

uint64_t pace_steps(const struct pace *pace, unsigned int tile)
{
	return timeline_steps(pace->timeline, tile) - pace->work[tile].steps;
}

void pace_reset(struct pace *pace)
{
	for (unsigned int i = 0; i < pace->count; i++)
		pace_stop(pace, i);
	pace->origin = timeline_now(pace->timeline);
	timeline_advance(pace->timeline, pace->origin);
}
