// SPDX-License-Identifier: MIT
#include "alone.h"

#include <stdlib.h>

#include "timeline.h"

struct alone {
	struct timeline *timeline;
	bool bound;
	uint64_t ring;	/* of the tile that is bound */
	bool only;	/* it is all of its gang */
	uint64_t steps;	/* that have ended and been told */
	uint64_t end;	/* of the last one of them */
};

static void node_ended(void *context, void *cookie, const struct amounts *amounts)
{
	(void)context;
	(void)cookie;
	(void)amounts;
}

struct alone *alone_create(const struct time_class *class)
{
	const struct timeline_config config = {
		.class = class, .dma_engines = 1, .ended = node_ended,
	};
	struct alone *alone = calloc(1, sizeof(*alone));

	if (!alone)
		return NULL;
	alone->timeline = timeline_create(&config);
	if (!alone->timeline) {
		free(alone);
		return NULL;
	}
	return alone;
}

void alone_destroy(struct alone *alone)
{
	if (!alone)
		return;
	timeline_destroy(alone->timeline);
	free(alone);
}

static void unbind(struct alone *alone)
{
	if (!alone->bound)
		return;
	timeline_stop(alone->timeline, 0);
	timeline_unbind(alone->timeline, 0);
	alone->bound = false;
}

bool alone_ended(const struct alone *alone)
{
	return !alone->bound || timeline_idle(alone->timeline, 0);
}

static bool is_idle(const struct alone *alone)
{
	return alone_ended(alone) && timeline_next(alone->timeline) == NEVER;
}

/* Whether the tile is idle, and as @ring and @grid want it. */
static bool reusable(const struct alone *alone, const unsigned int grid[2], uint64_t ring)
{
	return alone->bound && alone->only && grid[0] * grid[1] == 1 && alone->ring == ring &&
	       is_idle(alone);
}

static int bind(struct alone *alone, const unsigned int grid[2], const unsigned int place[2],
		uint64_t ring)
{
	int ret;

	if (reusable(alone, grid, ring))
		return 0;
	unbind(alone);
	ret = timeline_bind_one(alone->timeline, grid, place, ring);
	alone->bound = ret >= 0;
	alone->only = grid[0] * grid[1] == 1;
	alone->ring = ring;
	return ret;
}

int alone_begin(struct alone *alone, const unsigned int grid[2], const unsigned int place[2],
		uint64_t ring, const struct stream *stream)
{
	int ret = bind(alone, grid, place, ring);

	if (ret < 0)
		return ret;
	alone->steps = timeline_steps(alone->timeline, 0);
	alone->end = timeline_now(alone->timeline);
	return timeline_queue(alone->timeline, 0, stream, true, NULL);
}

void alone_end(struct alone *alone)
{
	if (is_idle(alone))
		return;
	timeline_stop_copies(alone->timeline, 0);
	unbind(alone);
}

bool alone_step(struct alone *alone, uint64_t *cycles)
{
	uint64_t now = alone->end;

	while (timeline_steps(alone->timeline, 0) == alone->steps) {
		now = timeline_next(alone->timeline);
		if (now == NEVER)
			return false;
		timeline_advance(alone->timeline, now);
	}
	alone->steps++;
	*cycles = now - alone->end;
	alone->end = now;
	return true;
}

int alone_copies(struct alone *alone, const struct copy *copies, unsigned int count,
		 uint64_t *cycles)
{
	uint64_t begin, now;
	int error = 0;

	alone_end(alone);
	begin = timeline_now(alone->timeline);
	for (unsigned int i = 0; i < count && !error; i++)
		error = timeline_copy(alone->timeline, 0, &copies[i], NULL);
	while (!error && (now = timeline_next(alone->timeline)) != NEVER)
		timeline_advance(alone->timeline, now);
	*cycles = timeline_now(alone->timeline) - begin;
	return error;
}
