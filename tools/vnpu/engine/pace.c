// SPDX-License-Identifier: MIT
#include "pace.h"

#include <stdlib.h>

#include <tsr_hw/core.h>
#include <tsr_hw/fuse.h>

#include "clock.h"
#include "known.h"
#include "measure/class.h"
#include "tile/sku.h"
#include "time/timeline.h"

/*
 * Of a node that is skipped: something may begin beside it, and then its steps pass at once. The
 * bound is work, which is the same on every host, and not time.
 */
#define SKIPPED_WORK	(1u << 18)

/* What a step takes beside the walks of its loads and stores. */
#define STEP_WORK	32u

/* What an engine does. */
struct work {
	unsigned int instance;
	uint64_t steps;		/* of a tile, in its life, when the node began */
	unsigned int copies;	/* of a DMA engine, that have not ended */
	struct amounts amounts;	/* of those that have */
};

/* A stream that began while nothing moved, for as long as nothing else begins. */
struct single {
	bool runs;
	unsigned int tile;
	struct stream stream;
	uint64_t ring;
	uint64_t begin;		/* on the timeline */
	uint64_t work;		/* of the timeline, then */
};

/* A tile on the timeline: a gang of its own. */
struct tile_gang {
	int number;
	uint64_t ring;
};

struct pace {
	struct timeline *timeline;
	struct known *known;
	struct single counted;		/* step by step, to be known */
	struct single skipped;		/* known, and not on the timeline */
	struct known_time skipped_time;
	uint64_t origin;	/* of the device clock, on the timeline */
	unsigned int tiles;
	unsigned int count;
	void (*ended)(void *ctx, const struct pace_end *end);
	void *ctx;
	struct work work[TSR_HW_ENGINE_MAX];
	struct tile_gang gang[TSR_HW_ENGINE_MAX];	/* of tiles */
};

/* Remembers the stream that was counted and has ended. */
static void keep_counted(struct pace *pace, const struct amounts *amounts)
{
	const struct single *counted = &pace->counted;
	const struct known_time time = {
		timeline_now(pace->timeline) - counted->begin, *amounts,
	};
	uint64_t work = timeline_work(pace->timeline) - counted->work + STEP_WORK * amounts->steps;

	if (work <= SKIPPED_WORK)
		known_keep(pace->known, &counted->stream, counted->ring, &time);
	pace->counted.runs = false;
}

static void part_ended(void *context, void *cookie, const struct amounts *amounts)
{
	struct pace *pace = context;
	struct work *work = cookie;
	struct pace_end end = { .instance = work->instance };

	amounts_add(&work->amounts, amounts);
	if (work->copies && --work->copies)
		return;
	end.time = timeline_now(pace->timeline) - pace->origin;
	end.amounts = work->amounts;
	if (pace->counted.runs)
		keep_counted(pace, &end.amounts);
	pace->ended(pace->ctx, &end);
}

static int bind_tile(struct pace *pace, unsigned int tile, uint64_t ring)
{
	static const unsigned int one[2] = { 1, 1 };
	int gang = timeline_bind(pace->timeline, tile, one, ring);

	if (gang < 0)
		return gang;
	pace->gang[tile] = (struct tile_gang){ gang, ring };
	return 0;
}

static int bind_tiles(struct pace *pace, uint64_t ring)
{
	int error = 0;

	for (unsigned int i = 0; i < pace->tiles && !error; i++)
		error = bind_tile(pace, i, ring);
	return error;
}

/* The timeline knows rings by gangs: for another one the tile, which is idle, is bound again. */
static int set_ring(struct pace *pace, unsigned int tile, uint64_t ring)
{
	struct tile_gang *now = &pace->gang[tile];

	if (now->ring == ring)
		return 0;
	if (now->number >= 0)
		timeline_unbind(pace->timeline, now->number);
	*now = (struct tile_gang){ .number = -1 };
	return bind_tile(pace, tile, ring);
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
	pace->known = known_create();
	pace->timeline = timeline_create(&config);
	if (!pace->known || !pace->timeline || bind_tiles(pace, sku_ring(fuses))) {
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
	known_destroy(pace->known);
	free(pace);
}

static struct work *begin(struct pace *pace, unsigned int instance)
{
	struct work *work = &pace->work[instance];

	*work = (struct work){ .instance = instance };
	return work;
}

static bool is_idle(const struct pace *pace)
{
	return !pace->skipped.runs && timeline_next(pace->timeline) == NEVER;
}

static int queue(struct pace *pace, const struct single *single)
{
	unsigned int tile = single->tile;
	int error = set_ring(pace, tile, single->ring);

	if (error)
		return error;
	pace->work[tile].steps = timeline_steps(pace->timeline, tile);
	return timeline_queue(pace->timeline, pace->gang[tile].number, &single->stream, true,
			      &pace->work[tile]);
}

/*
 * Something else begins or ends beside a stream that was alone: from here on it has to move step
 * by step. The timeline still stands where it began. Without memory it keeps the end it would have
 * alone.
 */
static void end_single(struct pace *pace)
{
	struct single *skipped = &pace->skipped;

	pace->counted.runs = false;
	if (skipped->runs && !queue(pace, skipped))
		skipped->runs = false;
}

static bool may_skip(const struct pace *pace, const struct single *single, uint64_t budget,
		     struct known_time *time)
{
	return known_find(pace->known, &single->stream, single->ring, time) && time->cycles &&
	       time->cycles <= budget;
}

int pace_stream(struct pace *pace, unsigned int tile, uint64_t ring, const struct stream *stream,
		uint64_t budget)
{
	const struct single single = {
		true, tile, *stream, ring,
		timeline_now(pace->timeline), timeline_work(pace->timeline),
	};
	bool alone = is_idle(pace);
	int error;

	begin(pace, tile)->steps = timeline_steps(pace->timeline, tile);
	if (alone && may_skip(pace, &single, budget, &pace->skipped_time)) {
		pace->skipped = single;
		return 0;
	}
	end_single(pace);
	error = queue(pace, &single);
	if (!error && alone)
		pace->counted = single;
	return error;
}

int pace_copies(struct pace *pace, unsigned int instance, const struct copy *copies,
		unsigned int count)
{
	struct work *work = begin(pace, instance);
	int error = 0;

	end_single(pace);
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
	if (pace->skipped.runs && pace->skipped.tile == instance)
		pace->skipped.runs = false;
	end_single(pace);
	if (instance >= pace->tiles)
		timeline_stop_copies(pace->timeline, instance - pace->tiles);
	else if (pace->gang[instance].number >= 0)
		timeline_stop(pace->timeline, pace->gang[instance].number);
}

static uint64_t end_of_skipped(const struct pace *pace)
{
	return pace->skipped.begin + pace->skipped_time.cycles;
}

uint64_t pace_next(const struct pace *pace)
{
	uint64_t next = timeline_next(pace->timeline);

	if (pace->skipped.runs && end_of_skipped(pace) < next)
		next = end_of_skipped(pace);
	return next == NEVER ? CLOCK_NEVER : next - pace->origin;
}

/* The events that were skipped. */
static void catch_up(struct pace *pace, uint64_t now)
{
	uint64_t next;

	while ((next = timeline_next(pace->timeline)) < now)
		timeline_advance(pace->timeline, next);
}

void pace_advance(struct pace *pace, uint64_t time)
{
	uint64_t now = time + pace->origin;

	if (pace->skipped.runs && now > pace->skipped.begin && now < end_of_skipped(pace)) {
		end_single(pace);
		catch_up(pace, now);
	}
	timeline_advance(pace->timeline, now);
	if (pace->skipped.runs && now >= end_of_skipped(pace)) {
		pace->skipped.runs = false;
		part_ended(pace, &pace->work[pace->skipped.tile], &pace->skipped_time.amounts);
	}
}

uint64_t pace_steps(const struct pace *pace, unsigned int tile)
{
	return timeline_steps(pace->timeline, tile) - pace->work[tile].steps;
}

void pace_reset(struct pace *pace)
{
	known_clear(pace->known);
	for (unsigned int i = 0; i < pace->count; i++)
		pace_stop(pace, i);
	pace->origin = timeline_now(pace->timeline);
	timeline_advance(pace->timeline, pace->origin);
}
