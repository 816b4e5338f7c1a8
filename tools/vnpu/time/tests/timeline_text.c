/* SPDX-License-Identifier: MIT */
/*
 * Runs devices that are described on standard input and prints when their nodes end, for
 * tests/fidelity. The words of the input:
 *
 *   device CLASS DMA-ENGINES              begins a device
 *   gang FIRST G0 G1 RING                 binds tiles; gangs are named by FIRST
 *   node GANG PREFETCH TIME STREAMS       a node, queued at TIME or, if that is -1, by the core
 *   core COST FIRST-COST                  how long the core takes for a node and for the first one
 *   copy ENGINE TIME FILLS FROM TO WALKS  a copy
 *   run                                   runs the device until nothing is left
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "time/network.h"
#include "time/timeline.h"

#define NODES_MAX	1024
#define QUEUE_DEPTH	8

/* A node or a copy. */
struct entry {
	bool is_copy;
	int gang;		/* or engine */
	bool prefetch;
	int64_t time;
	struct stream *streams;
	struct copy copy;
	bool queued;
	bool refused;
	uint64_t end;
	struct amounts amounts;
};

static struct timeline *timeline;
static struct entry entries[NODES_MAX];
static unsigned int count;
static unsigned int tiles_of[64];

/* The core: nodes with time -1 are queued one after another, as places in the queue allow. */
static struct {
	uint64_t cost;
	uint64_t first_cost;
	uint64_t free;
	bool used;
	unsigned int walked;
	unsigned int queued;
} core;

/* Takes nodes from the program while their engine has a place; each is queued @cost later. */
static void walk(uint64_t now)
{
	while (core.walked < count && entries[core.walked].time >= 0)
		core.walked++;
	if (core.walked == count || core.queued >= QUEUE_DEPTH)
		return;
	core.free = (core.free > now ? core.free : now) + (core.used ? core.cost : core.first_cost);
	core.used = true;
	entries[core.walked++].time = (int64_t)core.free;
}

static void node_ended(void *context, void *cookie, const struct amounts *amounts)
{
	struct entry *entry = cookie;

	(void)context;
	entry->end = timeline_now(timeline);
	entry->amounts = *amounts;
	core.queued--;
	if (core.cost)
		walk(entry->end);
}

static void read_class(struct time_class *class)
{
	uint32_t *const members[] = {
		&class->array_rows, &class->array_columns, &class->array_ports,
		&class->weight_path, &class->vector_operations, &class->port_bytes,
		&class->memory_mb_s, &class->link_mb_s, &class->khz, &class->load_latency,
		&class->block_cycles_log2, &class->tiles,
	};

	for (unsigned int i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		*members[i] = (uint32_t)text_number();
}

static void read_device(void)
{
	struct time_class class;
	struct timeline_config config = { .class = &class, .ended = node_ended };

	read_class(&class);
	config.dma_engines = (unsigned int)text_number();
	timeline = timeline_create(&config);
	if (!timeline)
		exit(1);
	count = 0;
	memset(&core, 0, sizeof(core));
}

static void read_gang(void)
{
	unsigned int first = (unsigned int)text_number();
	unsigned int grid[2];
	uint64_t ring;

	grid[0] = (unsigned int)text_number();
	grid[1] = (unsigned int)text_number();
	ring = (uint64_t)text_number();
	tiles_of[first] = grid[0] * grid[1];
	if (timeline_bind(timeline, first, grid, ring) < 0)
		exit(1);
}

static struct entry *add_entry(void)
{
	if (count == NODES_MAX) {
		fprintf(stderr, "too many nodes\n");
		exit(1);
	}
	entries[count] = (struct entry){ 0 };
	return &entries[count++];
}

static void read_stream(struct stream *stream)
{
	struct command *commands;

	stream->count = (unsigned int)text_number();
	commands = calloc(stream->count, sizeof(*commands));
	if (!commands)
		exit(1);
	for (unsigned int i = 0; i < stream->count; i++)
		text_command(&commands[i]);
	stream->commands = commands;
}

static void read_node(void)
{
	struct entry *entry = add_entry();

	entry->gang = (int)text_number();
	entry->prefetch = text_number();
	entry->time = text_number();
	entry->streams = calloc(tiles_of[entry->gang], sizeof(*entry->streams));
	if (!entry->streams)
		exit(1);
	for (unsigned int i = 0; i < tiles_of[entry->gang]; i++)
		read_stream(&entry->streams[i]);
}

static void read_core(void)
{
	core.cost = (uint64_t)text_number();
	core.first_cost = (uint64_t)text_number();
}

static void read_walk(struct walk *walk_)
{
	walk_->bursts = (uint64_t)text_number();
	walk_->jumps = (uint64_t)text_number();
	walk_->pages = (uint64_t)text_number();
}

static void read_copy(void)
{
	struct entry *entry = add_entry();

	entry->is_copy = true;
	entry->gang = (int)text_number();
	entry->time = text_number();
	entry->copy.fills = text_number();
	entry->copy.from = (enum memory)text_number();
	entry->copy.to = (enum memory)text_number();
	read_walk(&entry->copy.source);
	read_walk(&entry->copy.destination);
}

static uint64_t next_time(void)
{
	uint64_t next = timeline_next(timeline);

	for (unsigned int i = 0; i < count; i++)
		if (!entries[i].queued && entries[i].time >= 0 && (uint64_t)entries[i].time < next)
			next = (uint64_t)entries[i].time;
	return next;
}

static void queue(struct entry *entry)
{
	int error;

	entry->queued = true;
	core.queued++;
	if (entry->is_copy)
		error = timeline_copy(timeline, (unsigned int)entry->gang, &entry->copy, entry);
	else
		error = timeline_queue(timeline, entry->gang, entry->streams, entry->prefetch,
				       entry);
	entry->refused = error;
	if (core.cost)
		walk(timeline_now(timeline));
}

static void print_entry(const struct entry *entry)
{
	const struct amounts *a = &entry->amounts;

	if (entry->refused) {
		printf("refused\n");
		return;
	}
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
	       "\n", entry->end, a->products, a->vector, a->scratchpad, a->memory, a->link,
	       a->steps);
}

static void run(void)
{
	uint64_t now;

	if (core.cost)
		walk(0);
	while ((now = next_time()) != NEVER) {
		timeline_advance(timeline, now);
		for (unsigned int i = 0; i < count; i++)
			if (!entries[i].queued && entries[i].time >= 0 &&
			    (uint64_t)entries[i].time == now)
				queue(&entries[i]);
	}
	for (unsigned int i = 0; i < count; i++)
		print_entry(&entries[i]);
	printf("moved %" PRIu64 " %" PRIu64 "\n", timeline_moved(timeline, RESOURCE_MEMORY),
	       timeline_moved(timeline, RESOURCE_LINK));
	fflush(stdout);
	timeline_destroy(timeline);
}

int main(void)
{
	static const struct {
		const char *word;
		void (*read)(void);
	} words[] = {
		{ "device", read_device }, { "gang", read_gang }, { "node", read_node },
		{ "core", read_core }, { "copy", read_copy }, { "run", run },
	};
	char word[32];

	while (text_word(word))
		for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (!strcmp(word, words[i].word))
				words[i].read();
	return 0;
}
