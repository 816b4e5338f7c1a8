/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Job contexts: the jobs the firmware walks at once. */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/core.h>
#include <tsr_hw/program.h>

#include "ready.h"

struct queue;
struct sealed;

#define JOB_CONTEXTS 8u

/* Parts of a program's tables, and how many of them are kept: powers of two. */
#define TABLE_NODES 16u
#define TABLE_NODE_PARTS 8u
#define TABLE_EDGES 128u
#define TABLE_EDGE_PARTS 8u

/* In waits_for: for the node before it alone, behind which it may be entered; see program.c. */
#define FOLLOWS 0x8000u

enum job_phase {
	JOB_FREE,
	JOB_LOADING,	/* program.c checks the copy, a few nodes at a time */
	JOB_WALKING,
};

/**
 * struct job_error - why a job ends
 * @error: TSR_HW_ERR_*
 * @node: node that failed or TSR_HW_NODE_NONE
 * @engine: instance that reported it, or 0
 * @address: faulting address or stream offset, or 0
 */
struct job_error {
	uint32_t error;
	uint32_t node;
	uint32_t engine;
	uint64_t address;
};

/**
 * struct table_parts - what is copied of a program's tables; table.c
 * @node: which part of the node table is in each place
 * @edge: which part of the successor table is in each place
 */
struct table_parts {
	uint16_t node[TABLE_NODE_PARTS];
	uint16_t edge[TABLE_EDGE_PARTS];
};

/**
 * struct table_copies - parts of a program's tables; table.c
 * @node: nodes, a part in each place
 * @edge: successors, a part in each place
 */
struct table_copies {
	struct tsr_hw_node node[TABLE_NODE_PARTS * TABLE_NODES];
	_Alignas(4) uint16_t edge[TABLE_EDGE_PARTS * TABLE_EDGES];
};

/**
 * struct group - what is known of a residency group; group.c
 * @nodes: nodes of it
 * @scope: first node of the scope that they are in
 * @before: the group of that scope that is bound before it, or 0
 * @ready: nodes that wait for nothing but the group
 */
struct group {
	uint16_t nodes;
	uint16_t scope;
	uint16_t before;
	struct ready_list ready;
};

/**
 * struct hold - the group that a job holds; group.c
 * @group: its number, 0 for none
 * @instance: tile
 * @resident: bytes of its resident part
 * @ring: bytes that its nodes' loads go through
 * @left: nodes of it that have not ended
 * @idle: since when the tile is idle, 0 while it is not
 */
struct hold {
	uint32_t group;
	uint32_t instance;
	uint32_t resident;
	uint32_t ring;
	uint32_t left;
	uint64_t idle;
};

/*
 * What the firmware keeps of a job in SRAM: slots and parameters whole, nodes and
 * successors as far as they are in use. A node that starts waits for its predecessors
 * again, so that the next run finds all counts as this one did. What is used most is first.
 */
struct job_tables {
	struct table_parts parts;
	/* Predecessors still to complete; behind those of the last node is a 0. */
	uint16_t waits_for[TSR_HW_MAX_NODES + 2u];
	struct table_copies copies;
	struct tsr_hw_slot slot[TSR_HW_MAX_SLOTS];
	uint64_t parameter[TSR_HW_MAX_PARAMETERS];
	uint64_t given[TSR_HW_MAX_PARAMETERS];	/* as the job brought them */
	uint16_t next[TSR_HW_MAX_NODES];	/* ready.c */
	struct group group[TSR_HW_MAX_GROUPS];
};

/**
 * struct scope - nodes that run as often as each other: the program, or the body of a loop
 * @first: the first of them; of a body, the LOOP is the node before
 * @size: nodes, those of loops inside included
 * @found: of those before it was looked at in this turn whether they wait for nothing
 * @done: nodes completed in this turn
 * @group: the group of it that was released last in this turn, or 0; while the program is checked,
 *	the last one seen
 * @turns: turns left, this one included
 * @step: what a turn adds to parameters
 */
struct scope {
	uint32_t first;
	uint32_t size;
	uint32_t found;
	uint32_t done;
	uint32_t group;
	uint32_t turns;
	struct tsr_hw_loop_step step[TSR_HW_MAX_LOOP_STEPS];
};

/**
 * struct job - one job context
 * @tables: its tables, always the same
 * @number: which context this is
 * @phase: see above
 * @queue: where the job came from
 * @seq: its sequence number
 * @flags: TSR_HW_JOB_*
 * @program: virtual address of the program; of a sealed one its handle until it is loaded
 * @program_size: bytes of it
 * @sealed: its entry in the table of sealed programs, or NULL; sealed.c
 * @kept: handle of the sealed program whose tables are here, or 0; outlives jobs
 * @trusted: the program was checked before; program.c
 * @nodes: virtual address of its node table
 * @edges: virtual address of its successor table
 * @loops: virtual address of its loop table
 * @groups: virtual address of its group table
 * @streams: virtual address of its streams
 * @streams_size: bytes of them
 * @engines: bit per engine kind the header declares
 * @node_count: nodes
 * @edge_count: entries of the successor table
 * @loop_count: entries of the loop table
 * @group_count: entries of the group table
 * @slot_count: slots
 * @parameter_count: parameters
 * @repeat: runs asked for
 * @repetition: the run under way, from 0
 * @profile: virtual address of the next record to write
 * @profile_left: records that still fit
 * @slots_checked: slots checked so far (loading)
 * @cleared: entries of waits_for that are zero (loading)
 * @checked: nodes checked so far (loading)
 * @node_edges: edges seen of the node that is being checked (loading)
 * @leads: kind of node that may be entered behind the one seen last, or TSR_HW_ENGINE_KINDS
 *	(loading)
 * @edges_checked: edges of the nodes seen so far (loading)
 * @edges_summed: edges in @checksum so far (loading)
 * @loops_summed: loops in @checksum so far (loading)
 * @groups_seen: groups of the nodes seen so far (loading)
 * @groups_summed: groups in @checksum so far (loading)
 * @widest: bytes of the largest ring of a node of no group seen so far (loading)
 * @roots_end: behind the last node that waits for no other; as @kept says, it outlives jobs
 * @checksum: CRC-32 so far (loading)
 * @expected: CRC-32 the header claims
 * @level: scopes inside of the program's that are in force (walking, loading)
 * @scope: the program, and the loops that run inside of each other; loop.c
 * @look_end: no node from here on, of a program without loops, waits for nothing and is still to be
 *	found; walk.c
 * @released: successors told so far of the node that ended first; walk.c
 * @told: all of them; walk.c
 * @weight: nodes that are completed with it: itself, and the body of a LOOP; walk.c
 * @hold: the group that it holds
 * @running: bit per engine instance at work for it
 * @ready: nodes that could start
 * @start: device cycle it began
 * @record: what engines know of it, and have done for its entered nodes
 * @direct: its nodes may be entered; walk.c
 * @plain: they may, marks say which FOLLOWS, and the core has no nodes of it to do, so that an
 *	end is no more than that of a node; walk.c
 * @settled: of the cycles in @record those that were charged to its client, or are not to be;
 *	walk.c
 * @blocks: blocks retired, of other nodes
 * @tile_cycles: busy cycles of tensor tiles, of other nodes
 * @dma_cycles: busy cycles of DMA engines, of other nodes
 */
struct job {
	struct job_tables *tables;
	uint32_t number;
	enum job_phase phase;
	struct queue *queue;
	uint32_t seq;
	uint32_t flags;
	uint64_t program;
	uint32_t program_size;
	struct sealed *sealed;
	uint64_t kept;
	bool trusted;
	uint64_t nodes;
	uint64_t edges;
	uint64_t loops;
	uint64_t groups;
	uint64_t streams;
	uint32_t streams_size;
	uint32_t engines;
	uint32_t node_count;
	uint32_t edge_count;
	uint32_t loop_count;
	uint32_t group_count;
	uint32_t slot_count;
	uint32_t parameter_count;
	uint32_t repeat;
	uint32_t repetition;
	uint64_t profile;
	uint32_t profile_left;
	uint32_t slots_checked;
	uint32_t cleared;
	uint32_t checked;
	uint32_t node_edges;
	uint32_t leads;
	uint32_t edges_checked;
	uint32_t edges_summed;
	uint32_t loops_summed;
	uint32_t groups_seen;
	uint32_t groups_summed;
	uint32_t widest;
	uint32_t roots_end;
	uint32_t checksum;
	uint32_t expected;
	uint32_t level;
	struct scope scope[TSR_HW_MAX_LOOP_DEPTH + 1u];
	uint32_t look_end;
	uint32_t released;
	bool told;
	uint32_t weight;
	struct hold hold;
	uint32_t running;
	struct ready ready;
	uint64_t start;
	struct tsr_hw_engine_job record;
	bool direct;
	bool plain;
	uint64_t settled;
	uint64_t blocks;
	uint64_t tile_cycles;
	uint64_t dma_cycles;
};

/* Any number from 0 to JOB_CONTEXTS - 1. */
struct job *job_at(uint32_t number);

/* Bit per job context: those whose nodes run, those for which the core has work to do. */
uint32_t job_walking(void);
uint32_t job_working(void);

/* The job whose nodes run while no other one's do, or NULL: no other job wants an engine. */
const struct job *job_only(void);

/* Begin the oldest pending job of a queue. There must be one, and a free context. */
void job_begin(struct queue *queue);

/* Do a bounded part of what the core has to do for a job of job_working(). */
void job_work(struct job *job);

/* The walk has, or no longer has, more to do than it could do at once. */
void job_want_work(struct job *job, bool wanted);

/* Cycles taken of its budget, those of nodes that the core did itself included. */
uint64_t job_used(const struct job *job);

/* Engine time of its entered nodes that have ended, or what they took of the budget if more. */
uint64_t job_worked(const struct job *job);

/* Engine cycles left of its budget. */
uint64_t job_budget(const struct job *job);

/* The job's last node of the last run has completed. */
void job_finish(struct job *job);

/* End the job with an error, its engines aborted, and fail its queue. */
void job_fail(struct job *job, const struct job_error *error);

/* The same from outside the job; a node that was running is named. */
void job_stop(struct job *job, uint32_t error);

#endif
