// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "machine.h"
#include "reference_crc.h"

#define STREAM_SIZE 16u

/* Physical memory of one address space: program, slots, profile, data. */
#define SPACE_BASE 0x80000u
#define SPACE_SIZE 0x1a0000u
#define PROGRAM_SIZE 0x180000u
#define SLOTS_OFFSET 0x180000u
#define SLOTS_SIZE 0x8000u
#define PROFILE_OFFSET 0x188000u
#define PROFILE_SIZE 0x5000u
#define DATA_OFFSET 0x190000u

static uint64_t space(uint32_t asid)
{
	return SPACE_BASE + (uint64_t)(asid - 1) * SPACE_SIZE;
}

void graph_clear(struct graph *graph)
{
	memset(graph, 0, sizeof(*graph));
}

uint32_t graph_node(struct graph *graph, uint32_t engine)
{
	struct tsr_hw_node *node = &graph->node[graph->node_count];

	assert_true(graph->node_count < TSR_HW_MAX_NODES);
	node->engine = (uint8_t)engine;
	node->tag = 0xabc000 + graph->node_count;
	return graph->node_count++;
}

void graph_edge(struct graph *graph, uint32_t from, uint32_t to)
{
	assert_true(graph->edge_count < TSR_HW_MAX_EDGES);
	graph->edge[graph->edge_count].from = (uint16_t)from;
	graph->edge[graph->edge_count].to = (uint16_t)to;
	graph->edge_count++;
	graph->node[from].succ_count++;
	graph->node[to].pred_count++;
}

uint32_t graph_slot(struct graph *graph, uint64_t address, uint64_t size)
{
	graph->slot[graph->slot_count] = (struct tsr_hw_slot){
		.address = address, .size = size, .flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
	};
	return graph->slot_count++;
}

void graph_skip(struct graph *graph, uint32_t node, uint32_t slot, uint64_t offset)
{
	graph->node[node].flags |= TSR_HW_NODE_SKIP;
	graph->node[node].word_slot = (uint16_t)slot;
	graph->node[node].word_offset = offset;
}

uint32_t graph_loop(struct graph *graph, uint32_t count, uint32_t body)
{
	uint32_t number = graph_node(graph, TSR_HW_ENGINE_LOOP);

	assert_true(graph->loop_count < GRAPH_LOOPS);
	graph->node[number].index = graph->loop_count;
	graph->node[number].body_count = body;
	graph->loop[graph->loop_count].count = count;
	graph->loop_count++;
	return number;
}

uint32_t graph_parameter(struct graph *graph, uint32_t parameter, uint32_t slot, uint64_t offset)
{
	uint32_t number = graph_node(graph, TSR_HW_ENGINE_PARAMETER);

	graph->node[number].index = parameter;
	graph->node[number].word_slot = (uint16_t)slot;
	graph->node[number].word_offset = offset;
	return number;
}

uint32_t graph_group(struct graph *graph, uint32_t resident)
{
	assert_true(graph->group_count < TSR_HW_MAX_GROUPS);
	graph->group[graph->group_count] = (struct tsr_hw_group){
		.grid = { 1, 1 }, .resident = resident, .ring = GRAPH_RING,
	};
	return ++graph->group_count;
}

uint32_t graph_node_of(struct graph *graph, uint32_t group)
{
	uint32_t number = graph_node(graph, TSR_HW_ENGINE_TENSOR);

	graph->node[number].group = (uint16_t)group;
	graph->node[number].ring = group ? 0 : GRAPH_RING;
	return number;
}

void graph_checksum(uint8_t *program)
{
	struct tsr_hw_program *header = (struct tsr_hw_program *)program;
	uint32_t crc;

	header->checksum = 0;
	crc = reference_crc(0, program, sizeof(*header));
	crc = reference_crc(crc, program + header->nodes,
			    header->node_count * sizeof(struct tsr_hw_node));
	crc = reference_crc(crc, program + header->edges, header->edge_count * 2);
	crc = reference_crc(crc, program + header->loops,
			    header->loop_count * sizeof(struct tsr_hw_loop));
	crc = reference_crc(crc, program + header->groups,
			    header->group_count * sizeof(struct tsr_hw_group));
	header->checksum = crc;
}

static void write_nodes(const struct graph *graph, struct tsr_hw_node *node,
			struct tsr_hw_program *header)
{
	uint32_t succ = 0;

	for (uint32_t i = 0; i < graph->node_count; i++) {
		node[i] = graph->node[i];
		node[i].succ_first = succ;
		succ += node[i].succ_count;
		if (node[i].engine == TSR_HW_ENGINE_NOP)
			continue;
		header->engines |= 1u << node[i].engine;
		if (node[i].engine != TSR_HW_ENGINE_TENSOR && node[i].engine != TSR_HW_ENGINE_DMA)
			continue;
		node[i].stream = header->streams_size;
		node[i].stream_size = STREAM_SIZE;
		header->streams_size += STREAM_SIZE;
	}
}

static void write_edges(const struct graph *graph, const struct tsr_hw_node *node, uint16_t *edge)
{
	uint16_t filled[TSR_HW_MAX_NODES] = { 0 };

	for (uint32_t i = 0; i < graph->edge_count; i++) {
		uint32_t from = graph->edge[i].from;

		edge[node[from].succ_first + filled[from]++] = graph->edge[i].to;
	}
}

uint32_t graph_write(const struct graph *graph, uint8_t *to)
{
	struct tsr_hw_program *header = (struct tsr_hw_program *)to;
	uint32_t node_bytes = graph->node_count * sizeof(struct tsr_hw_node);

	memset(header, 0, sizeof(*header));
	header->magic = TSR_HW_PROGRAM_MAGIC;
	header->version = TSR_HW_PROGRAM_VERSION;
	header->header_size = sizeof(*header);
	header->slot_count = graph->slot_count;
	header->node_count = graph->node_count;
	header->edge_count = graph->edge_count;
	header->nodes = sizeof(*header);
	header->edges = header->nodes + node_bytes;
	header->loops = (header->edges + graph->edge_count * 2 + 7) / 8 * 8;
	header->loop_count = graph->loop_count;
	memcpy(to + header->loops, graph->loop, graph->loop_count * sizeof(graph->loop[0]));
	header->groups = header->loops + graph->loop_count * (uint32_t)sizeof(graph->loop[0]);
	header->group_count = graph->group_count;
	memcpy(to + header->groups, graph->group, graph->group_count * sizeof(graph->group[0]));
	header->streams = (header->groups + graph->group_count *
			   (uint32_t)sizeof(graph->group[0]) + 63) / 64 * 64;
	write_nodes(graph, (struct tsr_hw_node *)(to + header->nodes), header);
	write_edges(graph, (struct tsr_hw_node *)(to + header->nodes),
		    (uint16_t *)(to + header->edges));
	header->size = header->streams + header->streams_size;
	graph_checksum(to);
	return header->size;
}

struct tsr_hw_job graph_place(const struct graph *graph, uint32_t asid)
{
	uint64_t base = space(asid);
	uint32_t size = graph_write(graph, machine_memory(base));

	assert_true(size <= PROGRAM_SIZE);
	memcpy(machine_memory(base + SLOTS_OFFSET), graph->slot,
	       graph->slot_count * sizeof(graph->slot[0]));
	machine_map(asid, GRAPH_PROGRAM, base, PROGRAM_SIZE, MAP_FETCH | MAP_READ);
	machine_map(asid, GRAPH_SLOTS, base + SLOTS_OFFSET, SLOTS_SIZE, MAP_READ);
	machine_map(asid, GRAPH_PROFILE, base + PROFILE_OFFSET, PROFILE_SIZE, MAP_READ | MAP_WRITE);
	machine_map(asid, GRAPH_DATA, base + DATA_OFFSET, GRAPH_DATA_SIZE, MAP_READ | MAP_WRITE);
	return (struct tsr_hw_job){
		.program = GRAPH_PROGRAM,
		.program_size = size,
		.slots = graph->slot_count ? GRAPH_SLOTS : 0,
		.slot_count = graph->slot_count,
		.repeat = 1,
	};
}

uint8_t *graph_program(uint32_t asid)
{
	return machine_memory(space(asid));
}

struct tsr_hw_slot *graph_slots(uint32_t asid)
{
	return machine_memory(space(asid) + SLOTS_OFFSET);
}

struct tsr_hw_profile *graph_profile(uint32_t asid)
{
	return machine_memory(space(asid) + PROFILE_OFFSET);
}

uint32_t *graph_data(uint32_t asid)
{
	return machine_memory(space(asid) + DATA_OFFSET);
}

void graph_single(struct graph *graph, uint32_t engine)
{
	graph_clear(graph);
	graph_node(graph, engine);
}

void graph_chain(struct graph *graph, uint32_t nodes)
{
	graph_clear(graph);
	for (uint32_t i = 0; i < nodes; i++) {
		graph_node(graph, TSR_HW_ENGINE_NOP);
		if (i)
			graph_edge(graph, i - 1, i);
	}
}

void graph_wide(struct graph *graph, uint32_t nodes)
{
	graph_clear(graph);
	for (uint32_t i = 0; i < nodes; i++)
		graph_node(graph, TSR_HW_ENGINE_NOP);
	for (uint32_t i = 1; i + 1 < nodes; i++) {
		graph_edge(graph, 0, i);
		graph_edge(graph, i, nodes - 1);
	}
}

void graph_diamond(struct graph *graph)
{
	graph_clear(graph);
	for (uint32_t i = 0; i < 4; i++)
		graph_node(graph, i == 1 ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA);
	graph_edge(graph, 0, 1);
	graph_edge(graph, 0, 2);
	graph_edge(graph, 1, 3);
	graph_edge(graph, 2, 3);
}

uint32_t random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* None, or a group of this quarter of the nodes, so that none waits for one behind it. */
static uint32_t random_group(struct graph *graph, uint32_t quarter, uint32_t *seed)
{
	if (random_next(seed) % 2)
		return 0;
	if (graph->group_count <= quarter)
		graph_group(graph, random_next(seed) % 64 * 64);
	return graph->group_count;
}

void graph_random(struct graph *graph, uint32_t nodes, uint32_t *seed)
{
	graph_clear(graph);
	for (uint32_t i = 0; i < nodes; i++) {
		uint32_t edges = random_next(seed) % 4;

		if (random_next(seed) % 3)
			graph_node(graph,
				   random_next(seed) % 2 ? TSR_HW_ENGINE_NOP : TSR_HW_ENGINE_DMA);
		else
			graph_node_of(graph, random_group(graph, i * 4 / nodes, seed));
		for (uint32_t e = 0; i && e < edges; e++)
			graph_edge(graph, random_next(seed) % i, i);
	}
}
