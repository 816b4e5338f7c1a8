/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Builds programs and the jobs that run them. */
#ifndef TESTS_GRAPH_H
#define TESTS_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/program.h>
#include <tsr_hw/queue.h>

#define GRAPH_LOOPS 64u

/* Of groups and of nodes of none. */
#define GRAPH_RING 0x1000u

/* A graph under construction. Streams are opaque bytes here. */
struct graph {
	uint32_t node_count;
	uint32_t edge_count;
	uint32_t slot_count;
	struct tsr_hw_node node[TSR_HW_MAX_NODES];
	struct {
		uint16_t from;
		uint16_t to;
	} edge[TSR_HW_MAX_EDGES];
	struct tsr_hw_slot slot[TSR_HW_MAX_SLOTS];
	uint32_t loop_count;
	struct tsr_hw_loop loop[GRAPH_LOOPS];
	uint32_t group_count;
	struct tsr_hw_group group[TSR_HW_MAX_GROUPS];
};

/* Where a placed job keeps its things, the same in every address space. */
#define GRAPH_PROGRAM 0x100000u
#define GRAPH_SLOTS 0x400000u
#define GRAPH_PROFILE 0x500000u
#define GRAPH_DATA 0x600000u
#define GRAPH_DATA_SIZE 0x10000u

void graph_clear(struct graph *graph);

/* Add a node of an engine kind; returns its number. */
uint32_t graph_node(struct graph *graph, uint32_t engine);
void graph_edge(struct graph *graph, uint32_t from, uint32_t to);

/* Add a readable and writable slot; returns its number. */
uint32_t graph_slot(struct graph *graph, uint64_t address, uint64_t size);

/* The node is skipped when the word at @offset of @slot is not zero. */
void graph_skip(struct graph *graph, uint32_t node, uint32_t slot, uint64_t offset);

/* Add a LOOP of @count turns, over the next @body nodes that are added; returns its number. */
uint32_t graph_loop(struct graph *graph, uint32_t count, uint32_t body);

/* Add a residency group of one tile, whose ring is GRAPH_RING; returns its number, from 1. */
uint32_t graph_group(struct graph *graph, uint32_t resident);

/* Add a TENSOR node of a group, or of none beside groups; returns its number. */
uint32_t graph_node_of(struct graph *graph, uint32_t group);

/* Add a node that reads the word at @offset of @slot into a parameter; returns its number. */
uint32_t graph_parameter(struct graph *graph, uint32_t parameter, uint32_t slot, uint64_t offset);

/* Write the program with tables, counts and checksum; returns its bytes. */
uint32_t graph_write(const struct graph *graph, uint8_t *to);

/* Set the checksum of a program that was changed. */
void graph_checksum(uint8_t *program);

/*
 * Put program and slots into host memory and map them, with profile and data space, for
 * an address space. Returns the job that runs it once.
 */
struct tsr_hw_job graph_place(const struct graph *graph, uint32_t asid);

/* The pieces of it in host memory. */
uint8_t *graph_program(uint32_t asid);
struct tsr_hw_slot *graph_slots(uint32_t asid);
struct tsr_hw_profile *graph_profile(uint32_t asid);
uint32_t *graph_data(uint32_t asid);

/* Common shapes; NOP nodes. */
void graph_single(struct graph *graph, uint32_t engine);
void graph_chain(struct graph *graph, uint32_t nodes);
void graph_wide(struct graph *graph, uint32_t nodes);
void graph_diamond(struct graph *graph);
void graph_random(struct graph *graph, uint32_t nodes, uint32_t *seed);

/* A small generator: the same numbers everywhere. */
uint32_t random_next(uint32_t *seed);

#endif
