// SPDX-License-Identifier: MIT
#include "timeline.h"

#include <errno.h>
#include <stdlib.h>

#include "tile.h"

#define TILES_MAX	31
#define DMA_MAX		31

_Static_assert(2 * TILES_MAX + DMA_MAX + 1 <= FLOWS_MAX, "too many requesters");
_Static_assert(RESOURCE_PORT + TILES_MAX <= RESOURCES_MAX, "too many resources");

struct timeline {
	struct time_class class;
	unsigned int dma_engines;
	void (*ended)(void *context, void *cookie, const struct amounts *amounts);
	void *context;
	struct walks *walks;
	struct network network;
	struct tile *tiles;
	uint64_t next[TILES_MAX];	/* of each tile, flows aside */
	struct gang *gangs[TILES_MAX];
	struct dma dma[DMA_MAX];
	uint64_t now;
	bool touched;			/* something was queued since the last advance */
};

static void set_capacities(struct timeline *timeline, uint32_t khz)
{
	const struct time_class *class = &timeline->class;
	struct network *network = &timeline->network;

	network_resize(network, RESOURCE_MEMORY, network_capacity(class->memory_mb_s, khz));
	network_resize(network, RESOURCE_LINK, network_capacity(class->link_mb_s, khz));
	for (unsigned int i = 0; i < class->tiles; i++)
		network_resize(network, RESOURCE_PORT + i, (uint64_t)class->port_bytes << 32);
}

struct timeline *timeline_create(const struct timeline_config *config)
{
	const struct time_class *class = config->class;
	struct timeline *timeline = calloc(1, sizeof(*timeline));

	if (!timeline)
		return NULL;
	timeline->class = *class;
	timeline->dma_engines = config->dma_engines;
	timeline->ended = config->ended;
	timeline->context = config->context;
	timeline->walks = walks_create();
	timeline->tiles = calloc(class->tiles, sizeof(*timeline->tiles));
	if (!timeline->walks || !timeline->tiles || class->tiles > TILES_MAX ||
	    config->dma_engines > DMA_MAX || class->load_latency > LATENCY_MAX) {
		timeline_destroy(timeline);
		return NULL;
	}
	set_capacities(timeline, class->khz);
	for (unsigned int i = 0; i < class->tiles; i++)
		timeline->next[i] = NEVER;
	return timeline;
}

static void drop_nodes(struct gang *gang)
{
	while (gang->head) {
		struct node *node = gang->head;

		gang->head = node->next;
		node_destroy(node);
	}
	gang->tail = NULL;
}

static void destroy_gang(struct gang *gang)
{
	if (gang)
		drop_nodes(gang);
	free(gang);
}

void timeline_destroy(struct timeline *timeline)
{
	if (!timeline)
		return;
	for (unsigned int i = 0; i < TILES_MAX; i++)
		destroy_gang(timeline->gangs[i]);
	for (unsigned int i = 0; i < DMA_MAX; i++)
		dma_drop(&timeline->dma[i], &timeline->network);
	walks_destroy(timeline->walks);
	free(timeline->tiles);
	free(timeline);
}

static void bind_tile(struct timeline *timeline, struct gang *gang, unsigned int place,
		      const unsigned int grid[2])
{
	struct tile *tile = &gang->tiles[place];

	*tile = (struct tile){
		.class = &timeline->class,
		.network = &timeline->network,
		.number = gang->first + place,
		.place = { place / grid[1], place % grid[1] },
		.grid = { grid[0], grid[1] },
		.first = gang->first,
		.wake = NEVER,
	};
}

int timeline_bind(struct timeline *timeline, unsigned int first, const unsigned int grid[2],
		  uint64_t ring)
{
	struct gang *gang = calloc(1, sizeof(*gang));

	if (!gang)
		return -ENOMEM;
	gang->tiles = &timeline->tiles[first];
	gang->first = first;
	gang->count = grid[0] * grid[1];
	gang->ring = ring;
	for (unsigned int i = 0; i < gang->count; i++)
		bind_tile(timeline, gang, i, grid);
	timeline->gangs[first] = gang;
	return (int)first;
}

int timeline_bind_one(struct timeline *timeline, const unsigned int grid[2],
		      const unsigned int place[2], uint64_t ring)
{
	int ret = timeline_bind(timeline, 0, (const unsigned int[]){ 1, 1 }, ring);
	struct tile *tile = &timeline->tiles[0];

	if (ret < 0)
		return ret;
	for (unsigned int i = 0; i < 2; i++) {
		tile->grid[i] = grid[i];
		tile->place[i] = place[i];
	}
	tile->number = place[0] * grid[1] + place[1];
	return ret;
}

static void stop_unit(struct network *network, struct unit *unit)
{
	if (unit->flow.moving)
		network_remove(network, &unit->flow);
}

void timeline_stop(struct timeline *timeline, int number)
{
	struct gang *gang = timeline->gangs[number];

	for (unsigned int i = 0; i < gang->count; i++) {
		struct tile *tile = &gang->tiles[i];
		const unsigned int grid[] = { tile->grid[0], tile->grid[1] };

		stop_unit(&timeline->network, &tile->load);
		stop_unit(&timeline->network, &tile->store);
		bind_tile(timeline, gang, i, grid);
		timeline->next[gang->first + i] = NEVER;
	}
	drop_nodes(gang);
	timeline->touched = true;
}

void timeline_stop_copies(struct timeline *timeline, unsigned int engine)
{
	dma_drop(&timeline->dma[engine], &timeline->network);
	timeline->touched = true;
}

void timeline_unbind(struct timeline *timeline, int gang)
{
	destroy_gang(timeline->gangs[gang]);
	timeline->gangs[gang] = NULL;
}

/* Tiles look again at the next advance. */
static void touch(struct timeline *timeline, const struct gang *gang)
{
	for (unsigned int i = 0; i < gang->count; i++)
		timeline->next[gang->first + i] = timeline->now;
	timeline->touched = true;
}

int timeline_queue(struct timeline *timeline, int number, const struct stream *streams,
		   bool prefetch, void *cookie)
{
	struct gang *gang = timeline->gangs[number];
	struct node *node;
	int error = node_create(gang, streams, &timeline->class, timeline->walks, &node);

	if (error)
		return error;
	node->prefetch = prefetch;
	node->cookie = cookie;
	gang_queue(gang, node);
	touch(timeline, gang);
	return 0;
}

int timeline_copy(struct timeline *timeline, unsigned int engine, const struct copy *copy,
		  void *cookie)
{
	timeline->touched = true;
	return dma_queue(&timeline->dma[engine], &timeline->class, copy, cookie);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t timeline_next(const struct timeline *timeline)
{
	uint64_t next = network_next(&timeline->network);

	if (timeline->touched)
		return timeline->now;
	for (unsigned int i = 0; i < timeline->class.tiles; i++) {
		next = earlier(next, timeline->next[i]);
		if (timeline->gangs[i])
			next = earlier(next, gang_next(timeline->gangs[i]));
	}
	for (unsigned int i = 0; i < timeline->dma_engines; i++)
		next = earlier(next, dma_next(&timeline->dma[i]));
	return next;
}

/* All ends of flows, before any tile continues. */
static void collect(struct timeline *timeline)
{
	for (unsigned int i = 0; i < timeline->class.tiles; i++)
		if (tile_collect(&timeline->tiles[i], timeline->now))
			timeline->next[i] = timeline->now;
}

static bool run_tiles(struct timeline *timeline)
{
	bool any = false;

	for (unsigned int i = 0; i < timeline->class.tiles; i++) {
		if (timeline->next[i] > timeline->now)
			continue;
		any |= tile_run(&timeline->tiles[i], timeline->now);
		timeline->next[i] = tile_next(&timeline->tiles[i]);
	}
	return any;
}

static bool run_gang(struct timeline *timeline, struct gang *gang)
{
	struct node *ended;

	if (!gang_run(gang, timeline->now, &ended))
		return false;
	touch(timeline, gang);
	if (ended) {
		timeline->ended(timeline->context, ended->cookie, &ended->amounts);
		node_destroy(ended);
	}
	return true;
}

static bool run_gangs(struct timeline *timeline)
{
	bool any = false;

	for (unsigned int i = 0; i < timeline->class.tiles; i++)
		if (timeline->gangs[i])
			any |= run_gang(timeline, timeline->gangs[i]);
	return any;
}

static bool run_dma(struct timeline *timeline)
{
	bool any = false;

	for (unsigned int i = 0; i < timeline->dma_engines; i++) {
		struct transfer *ended;

		any |= dma_run(&timeline->dma[i], &timeline->network, timeline->now, &ended);
		if (ended)
			timeline->ended(timeline->context, ended->cookie, &ended->amounts);
		free(ended);
	}
	return any;
}

void timeline_advance(struct timeline *timeline, uint64_t now)
{
	bool more = true;

	timeline->now = now;
	network_advance(&timeline->network, now);
	collect(timeline);
	while (more) {
		more = run_tiles(timeline);
		more |= run_gangs(timeline);
		more |= run_dma(timeline);
	}
	timeline->touched = false;
	network_settle(&timeline->network);
}

bool timeline_idle(const struct timeline *timeline, int gang)
{
	return !timeline->gangs[gang]->head;
}

uint64_t timeline_steps(const struct timeline *timeline, unsigned int tile)
{
	return timeline->tiles[tile].ended;
}

uint64_t timeline_work(const struct timeline *timeline)
{
	return walks_work(timeline->walks);
}

uint64_t timeline_now(const struct timeline *timeline)
{
	return timeline->now;
}

uint64_t timeline_moved(const struct timeline *timeline, unsigned int resource)
{
	return timeline->network.moved[resource];
}

void timeline_clock(struct timeline *timeline, uint32_t khz)
{
	set_capacities(timeline, khz);
	timeline->touched = true;
}
