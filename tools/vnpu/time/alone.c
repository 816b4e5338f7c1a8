// SPDX-License-Identifier: MIT
#include "alone.h"

#include <stdlib.h>

#include "timeline.h"

struct alone {
	struct timeline *timeline;
	bool bound;
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
	const struct timeline_config config = { .class = class, .ended = node_ended };
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

int alone_begin(struct alone *alone, const unsigned int grid[2], const unsigned int place[2],
		uint64_t ring, const struct stream *stream)
{
	int ret;

	unbind(alone);
	ret = timeline_bind_one(alone->timeline, grid, place, ring);
	if (ret < 0)
		return ret;
	alone->bound = true;
	alone->steps = 0;
	alone->end = timeline_now(alone->timeline);
	return timeline_queue(alone->timeline, 0, stream, true, NULL);
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
