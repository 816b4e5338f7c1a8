/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <errno.h>
#include <stdlib.h>

#include <tsr_hw/command.h>
#include <tsr_hw/core.h>

#include "measure/class.h"
#include "measure/measure.h"
#include "tile/sku.h"
#include "tile/tile.h"
#include "time/timeline.h"
#include "time/walk.h"

/* What is told at the ends of a node's parts. */
struct watch {
	struct timeline *timeline;
	struct node_time *time;
};

static void part_ended(void *context, void *cookie, const struct amounts *amounts)
{
	const struct watch *watch = context;

	(void)cookie;
	watch->time->cycles = timeline_now(watch->timeline);
	amounts_add(&watch->time->amounts, amounts);
}

static int queue_commands(const struct measure_source *source, struct timeline *timeline,
			  struct measured *measured)
{
	const unsigned int one[2] = { 1, 1 };
	uint64_t ring = source->request->ring ? source->request->ring : sku_ring(source->fuses);
	struct stream stream;
	int error = measure_stream(source, measured);

	if (error)
		return error;
	stream = (struct stream){ measured->commands, measured->count, NULL };
	error = timeline_bind(timeline, 0, one, ring);
	return error < 0 ? error : timeline_queue(timeline, error, &stream, true, NULL);
}

static int queue_each(const struct measure_source *source, struct timeline *timeline,
		      struct walks *walks, struct copy *copies, unsigned int most)
{
	unsigned int count = measure_copies(source, walks, copies, most);
	int error = 0;

	for (unsigned int i = 0; !error && i < count; i++)
		error = timeline_copy(timeline, 0, &copies[i], NULL);
	return error;
}

static int queue_copies(const struct measure_source *source, struct timeline *timeline)
{
	unsigned int most = source->request->stream_size / sizeof(struct tsr_hw_command);
	struct copy *copies = calloc(most + 1, sizeof(*copies));
	struct walks *walks = walks_create();
	int error = -ENOMEM;

	if (copies && walks)
		error = queue_each(source, timeline, walks, copies, most);
	walks_destroy(walks);
	free(copies);
	return error;
}

int node_time(const struct measure_source *source, struct node_time *time)
{
	const struct energy_constants constants = class_energy(source->energy);
	struct time_class class = class_of(source->fuses);
	struct watch watch = { .time = time };
	const struct timeline_config config = {
		.class = &class, .dma_engines = 1, .ended = part_ended, .context = &watch,
	};
	struct measured measured = { 0 };
	uint64_t now;
	int error;

	*time = (struct node_time){ 0 };
	watch.timeline = timeline_create(&config);
	if (!watch.timeline)
		return -ENOMEM;
	error = source->request->kind == TSR_HW_ENGINE_DMA ?
			queue_copies(source, watch.timeline) :
			queue_commands(source, watch.timeline, &measured);
	while (!error && (now = timeline_next(watch.timeline)) != NEVER)
		timeline_advance(watch.timeline, now);
	time->energy = energy_of_node(&time->amounts, time->cycles, &constants, 1, 1);
	timeline_destroy(watch.timeline);
	measure_free(&measured);
	return error;
}
