// SPDX-License-Identifier: MIT
#include "gang.h"

#include <errno.h>
#include <stdlib.h>

#include "unit.h"

void node_destroy(struct node *node)
{
	if (!node)
		return;
	for (unsigned int i = 0; node->runs && i < node->tiles; i++)
		free(node->runs[i]);
	free(node->runs);
	free(node->count);
	free(node->meeting);
	free(node->awaited);
	free(node);
}

static int create_run(struct run *run, struct node *node, const struct command *command,
		      const struct time_class *class, struct walks *walks)
{
	int error = steps_begin(&run->steps, class, walks, command);

	if (error)
		return error;
	run->node = node;
	run->barrier = -1;
	run->start = NEVER;
	run->end = NEVER;
	return run->steps.working_set > node->ring ? -EINVAL : 0;
}

/* The commands of a tile; their barriers are numbered. */
static int create_runs(struct node *node, unsigned int tile, const struct stream *stream,
		       const struct time_class *class, struct walks *walks)
{
	struct run *runs = calloc(stream->count, sizeof(*runs));
	unsigned int barriers = 0;

	if (!runs)
		return -ENOMEM;
	node->runs[tile] = runs;
	node->count[tile] = stream->count;
	for (unsigned int i = 0; i < stream->count; i++) {
		int error = create_run(&runs[i], node, &stream->commands[i], class, walks);

		if (error)
			return error;
		runs[i].before = i ? &runs[i - 1] : NULL;
		runs[i].counted = stream->steps ? &stream->steps[i] : NULL;
		if (i && stream->commands[i].barrier)
			runs[i].barrier = (int)barriers++;
	}
	if (barriers > node->meetings)
		node->meetings = barriers;
	return 0;
}

/* A tile without so many barriers is waited for until its stream has ended. */
static void await_tile(struct node *node, unsigned int tile)
{
	struct run *runs = node->runs[tile];
	unsigned int count = node->count[tile];

	for (unsigned int i = 0; i < node->meetings; i++)
		node->awaited[i * node->tiles + tile] = &runs[count - 1];
	for (unsigned int i = 1; i < count; i++)
		if (runs[i].barrier >= 0)
			node->awaited[(unsigned int)runs[i].barrier * node->tiles + tile] =
				&runs[i - 1];
}

static int create_meetings(struct node *node)
{
	if (!node->meetings)
		return 0;
	node->meeting = calloc(node->meetings, sizeof(*node->meeting));
	node->awaited = calloc((size_t)node->meetings * node->tiles, sizeof(struct run *));
	if (!node->meeting || !node->awaited)
		return -ENOMEM;
	for (unsigned int i = 0; i < node->meetings; i++)
		node->meeting[i] = NEVER;
	for (unsigned int tile = 0; tile < node->tiles; tile++)
		await_tile(node, tile);
	return 0;
}

static int fill_node(struct node *node, const struct gang *gang, const struct stream *streams,
		     const struct time_class *class, struct walks *walks)
{
	int error = 0;

	node->runs = calloc(gang->count, sizeof(*node->runs));
	node->count = calloc(gang->count, sizeof(*node->count));
	if (!node->runs || !node->count)
		return -ENOMEM;
	node->tiles = gang->count;
	node->ring = gang->ring;
	node->start = NEVER;
	node->end = NEVER;
	for (unsigned int i = 0; i < gang->count && !error; i++)
		error = create_runs(node, i, &streams[i], class, walks);
	return error ? error : create_meetings(node);
}

int node_create(const struct gang *gang, const struct stream *streams,
		const struct time_class *class, struct walks *walks, struct node **out)
{
	struct node *node = calloc(1, sizeof(*node));
	int error;

	*out = NULL;
	if (!node)
		return -ENOMEM;
	error = fill_node(node, gang, streams, class, walks);
	if (error)
		node_destroy(node);
	else
		*out = node;
	return error;
}

void gang_queue(struct gang *gang, struct node *node)
{
	if (gang->tail)
		gang->tail->next = node;
	else
		gang->head = node;
	gang->tail = node;
	for (unsigned int i = 0; i < gang->count; i++)
		tile_queue(&gang->tiles[i], node->runs[i], node->count[i]);
}

/* The last end of some commands, one of each tile; NEVER: not all have ended. */
static uint64_t last_end(const struct node *node, struct run *const *runs)
{
	uint64_t last = 0;

	for (unsigned int i = 0; i < node->tiles; i++)
		last = runs[i]->end > last ? runs[i]->end : last;
	return last;
}

static bool meet(struct node *node)
{
	bool any = false;

	while (node->met < node->meetings) {
		uint64_t end = last_end(node, node->awaited + node->met * node->tiles);

		if (end == NEVER)
			break;
		node->meeting[node->met++] = end + GANG_BARRIER_CYCLES;
		any = true;
	}
	return any;
}

static void find_end(struct node *node)
{
	uint64_t last = 0;

	for (unsigned int i = 0; i < node->tiles; i++) {
		const struct run *run = &node->runs[i][node->count[i] - 1];

		last = run->end > last ? run->end : last;
	}
	if (last != NEVER)
		node->end = last + (node->tiles > 1 ? GANG_BARRIER_CYCLES : 0);
}

static struct request *moving(struct tile *tile)
{
	return &tile->requests[tile->moved % REQUESTS];
}

/* Whether two tiles take part in the same multicast of @tile. */
static bool shares(const struct tile *tile, const struct tile *other, uint8_t multicast)
{
	return (multicast & 1 || tile->place[0] == other->place[0]) &&
	       (multicast & 2 || tile->place[1] == other->place[1]);
}

/* Whether all tiles of a multicast have come to its begin. */
static bool complete(const struct gang *gang, const struct tile *tile, uint8_t multicast)
{
	for (unsigned int i = 0; i < gang->count; i++) {
		const struct tile *other = &gang->tiles[i];

		if (shares(tile, other, multicast) &&
		    (other->load.state != UNIT_JOINS || other->multicasts != tile->multicasts))
			return false;
	}
	return true;
}

/* One flow, of the lowest tile; the others follow it. */
static void begin_multicast(struct gang *gang, struct tile *leader, uint8_t multicast,
			    uint64_t now)
{
	const struct load *load = &moving(leader)->load;

	for (unsigned int i = 0; i < gang->count; i++) {
		struct tile *tile = &gang->tiles[i];

		if (!shares(leader, tile, multicast))
			continue;
		if (moving(tile)->first)
			tile->step_begin = now;
		tile->multicasts++;
		tile->load.state = UNIT_MOVES;
		tile->load.follows = &leader->load.flow;
	}
	unit_move(leader, &leader->load, &load->walk,
		  unit_uses(leader, load->memory, load->tile), now);
}

static bool join(struct gang *gang, uint64_t now)
{
	bool any = false;

	for (unsigned int i = 0; i < gang->count; i++) {
		struct tile *tile = &gang->tiles[i];
		uint8_t multicast;

		if (tile->load.state != UNIT_JOINS)
			continue;
		multicast = moving(tile)->load.multicast;
		if (!complete(gang, tile, multicast))
			continue;
		begin_multicast(gang, tile, multicast, now);
		any = true;
	}
	return any;
}

static struct node *take_head(struct gang *gang)
{
	struct node *node = gang->head;

	gang->head = node->next;
	if (!gang->head)
		gang->tail = NULL;
	return node;
}

bool gang_run(struct gang *gang, uint64_t now, struct node **ended)
{
	struct node *node = gang->head;
	bool any = join(gang, now);

	*ended = NULL;
	if (!node)
		return any;
	if (node->start == NEVER) {
		node->start = now;
		return true;
	}
	any |= meet(node);
	if (node->end == NEVER)
		find_end(node);
	if (node->end > now)
		return any;
	*ended = take_head(gang);
	return true;
}

uint64_t gang_next(const struct gang *gang)
{
	return gang->head ? gang->head->end : NEVER;
}
