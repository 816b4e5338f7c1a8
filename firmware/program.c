// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "program.h"

#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>
#include <tsr_hw/version.h>

#include "boot.h"
#include "copy.h"
#include "crc.h"
#include "engine.h"
#include "group.h"
#include "job.h"
#include "loop.h"
#include "queue.h"
#include "slot.h"
#include "table.h"

/* Bound the time one program can keep the core from everything else. */
#define NODES_PER_CHECK 32u
#define EDGES_PER_CHECK 512u
#define NODES_PER_CLEAR 2048u
#define NODES_PER_COUNT 256u
#define PARTS_PER_CHECK 4u
#define LOOPS_PER_CHECK 16u
#define GROUPS_PER_CHECK 16u

#define KNOWN_ENGINES ((1u << TSR_HW_ENGINE_KINDS) - 1u)

static bool table_inside(const struct tsr_hw_program *header, uint32_t offset, uint32_t bytes,
			 uint32_t align)
{
	return offset % align == 0u && offset >= sizeof(*header) && offset <= header->size &&
	       bytes <= header->size - offset;
}

static bool mbz_zero(const struct tsr_hw_program *header)
{
	uint8_t any = 0;

	for (uint32_t i = 0; i < sizeof(header->mbz); i++)
		any |= header->mbz[i];
	return any == 0u;
}

static bool identity_valid(const struct tsr_hw_program *header, uint32_t size)
{
	return header->magic == TSR_HW_PROGRAM_MAGIC &&
	       header->version == TSR_HW_PROGRAM_VERSION &&
	       header->header_size == sizeof(*header) && header->size == size && mbz_zero(header);
}

static bool counts_valid(const struct tsr_hw_program *header)
{
	return header->node_count != 0u && header->node_count <= TSR_HW_MAX_NODES &&
	       header->edge_count <= TSR_HW_MAX_EDGES &&
	       header->slot_count <= TSR_HW_MAX_SLOTS &&
	       header->loop_count <= TSR_HW_MAX_NODES &&
	       header->group_count <= TSR_HW_MAX_GROUPS &&
	       (header->engines & ~KNOWN_ENGINES) == 0u;
}

/* An empty table may say 0 for "nowhere". */
static bool tables_valid(const struct tsr_hw_program *header)
{
	uint32_t node_bytes = header->node_count * (uint32_t)sizeof(struct tsr_hw_node);
	uint32_t edge_bytes = header->edge_count * (uint32_t)sizeof(uint16_t);
	uint32_t loop_bytes = header->loop_count * (uint32_t)sizeof(struct tsr_hw_loop);
	uint32_t group_bytes = header->group_count * (uint32_t)sizeof(struct tsr_hw_group);

	return table_inside(header, header->nodes, node_bytes, 8) &&
	       (edge_bytes == 0u || table_inside(header, header->edges, edge_bytes, 2)) &&
	       (loop_bytes == 0u || table_inside(header, header->loops, loop_bytes, 8)) &&
	       (group_bytes == 0u || table_inside(header, header->groups, group_bytes, 8)) &&
	       (header->streams_size == 0u ||
		table_inside(header, header->streams, header->streams_size, 8)) &&
	       (header->constants_size == 0u ||
		table_inside(header, header->constants, header->constants_size, 1));
}

/* Those that it names, and those that it has. */
static uint64_t features_used(const struct tsr_hw_program *header)
{
	return header->features | (header->group_count != 0u ? TSR_HW_FEATURE_GROUPS : 0u);
}

static uint32_t check_header(const struct tsr_hw_program *header, uint32_t size)
{
	if (!identity_valid(header, size) || !counts_valid(header) || !tables_valid(header))
		return TSR_HW_ERR_PROGRAM;
	if (!boot_agreed(features_used(header)) || (header->engines & ~engine_kinds() & ~1u) != 0u)
		return TSR_HW_ERR_UNSUPPORTED;
	return TSR_HW_ERR_NONE;
}

bool program_read(struct program_header *header, uint32_t asid, uint64_t address, uint32_t size,
		  struct job_error *error)
{
	error->error = copy_fetch(asid, address, &header->copy, sizeof(header->copy));
	if (error->error != TSR_HW_ERR_NONE) {
		error->address = copy_fault_address();
		return false;
	}
	error->error = check_header(&header->copy, size);
	header->checksum = header->copy.checksum;
	header->copy.checksum = 0;
	return error->error == TSR_HW_ERR_NONE;
}

static void take_header(struct job *job, const struct tsr_hw_program *header)
{
	job->nodes = job->program + header->nodes;
	job->edges = job->program + header->edges;
	job->loops = job->program + header->loops;
	job->groups = job->program + header->groups;
	job->streams = job->program + header->streams;
	job->streams_size = header->streams_size;
	job->engines = header->engines;
	job->node_count = header->node_count;
	job->edge_count = header->edge_count;
	job->loop_count = header->loop_count;
	job->group_count = header->group_count;
}

/* Nodes' predecessors are counted still. */
static void begin_count(struct job *job, bool counted)
{
	job->checked = counted ? job->node_count : 0u;
	job->edges_summed = job->edge_count;
	job->loops_summed = job->loop_count;
	job->groups_summed = job->group_count;
	job->groups_seen = 0;
	job->leads = TSR_HW_ENGINE_KINDS;
	job->level = 0;
	loop_place(job, 0, 0, job->node_count);
}

static void begin_check(struct job *job, const struct program_header *header)
{
	job->cleared = 0;
	job->checked = 0;
	job->node_edges = 0;
	job->leads = TSR_HW_ENGINE_KINDS;
	job->edges_checked = 0;
	job->edges_summed = 0;
	job->loops_summed = 0;
	job->groups_summed = 0;
	job->groups_seen = 0;
	job->widest = 0;
	job->level = 0;
	loop_place(job, 0, 0, job->node_count);
	job->expected = header->checksum;
	job->checksum = crc_update(CRC_START, &header->copy, sizeof(header->copy));
}

bool program_adopt(struct job *job, const struct program_header *header,
		   enum program_state state, struct job_error *error)
{
	if (header->copy.slot_count > job->slot_count) {
		error->error = TSR_HW_ERR_SLOT;
		return false;
	}
	take_header(job, &header->copy);
	/* Behind the last node none follows. */
	job->tables->waits_for[job->node_count] = 0;
	job->trusted = state != PROGRAM_NEW;
	job->kept = 0;
	if (job->trusted)
		begin_count(job, state == PROGRAM_KEPT);
	else
		begin_check(job, header);
	if (state != PROGRAM_KEPT) {
		table_clear(job);
		group_clear(job);
	}
	return true;
}

bool program_load(struct job *job, struct job_error *error)
{
	static struct program_header header;

	return program_read(&header, job->queue->asid, job->program, job->program_size, error) &&
	       program_adopt(job, &header, PROGRAM_NEW, error);
}

static bool reserved_zero(const struct tsr_hw_node *node)
{
	uint32_t flags = node->engine == TSR_HW_ENGINE_PARAMETER ? TSR_HW_NODE_WIDE :
								  TSR_HW_NODE_SKIP;

	return (node->mbz0 | node->mbz1 | node->mbz2) == 0u &&
	       (node->flags & ~flags) == 0u;
}

static bool stream_valid(const struct job *job, const struct tsr_hw_node *node)
{
	uint32_t size = node->stream_size;

	if (node->engine != TSR_HW_ENGINE_TENSOR && node->engine != TSR_HW_ENGINE_DMA)
		return node->stream == 0u && size == 0u;
	return size != 0u && size <= TSR_HW_MAX_STREAM && ((node->stream | size) % 8u) == 0u &&
	       size <= job->streams_size && node->stream <= job->streams_size - size;
}

static bool edges_valid(const struct job *job, const struct tsr_hw_node *node)
{
	return node->succ_first <= job->edge_count &&
	       node->succ_count <= job->edge_count - node->succ_first;
}

/* Bytes of the word that is read before the node starts, or 0. */
static uint32_t word_size(const struct tsr_hw_node *node)
{
	if (node->engine != TSR_HW_ENGINE_PARAMETER)
		return (node->flags & TSR_HW_NODE_SKIP) != 0u ? sizeof(uint32_t) : 0u;
	return (node->flags & TSR_HW_NODE_WIDE) != 0u ? sizeof(uint64_t) : sizeof(uint32_t);
}

static uint32_t check_word(const struct job *job, const struct tsr_hw_node *node)
{
	uint32_t size = word_size(node);

	if (size == 0u)
		return (node->word_slot | node->word_offset) == 0u ? TSR_HW_ERR_NONE :
								    TSR_HW_ERR_PROGRAM;
	if ((node->word_offset & (size - 1u)) != 0u)
		return TSR_HW_ERR_PROGRAM;
	return slot_has(job, node->word_slot, node->word_offset, size) ? TSR_HW_ERR_NONE :
									 TSR_HW_ERR_SLOT;
}

/* The body lies in the innermost loop around it. */
static uint32_t check_body(struct job *job, const struct tsr_hw_node *node,
			   struct job_error *error)
{
	const struct scope *scope = &job->scope[job->level];
	uint32_t behind = scope->first + scope->size - job->checked - 1u;

	if (job->level == TSR_HW_MAX_LOOP_DEPTH || node->body_count == 0u ||
	    node->body_count > behind)
		return TSR_HW_ERR_PROGRAM;
	(void)loop_fetch(job, node->index, error);
	return error->error;
}

/* What only some kinds of nodes have. */
static uint32_t check_kind(struct job *job, const struct tsr_hw_node *node,
			   struct job_error *error)
{
	if (node->engine == TSR_HW_ENGINE_LOOP)
		return check_body(job, node, error);
	if (node->body_count != 0u)
		return TSR_HW_ERR_PROGRAM;
	if (node->engine != TSR_HW_ENGINE_PARAMETER)
		return node->index == 0u ? TSR_HW_ERR_NONE : TSR_HW_ERR_PROGRAM;
	if (node->index >= TSR_HW_MAX_PARAMETERS)
		return TSR_HW_ERR_PROGRAM;
	return node->index < job->parameter_count ? TSR_HW_ERR_NONE : TSR_HW_ERR_PARAMETER;
}

/* Which group has the node, and if none, how large its ring is: only a tile has one. */
static bool check_place(struct job *job, const struct tsr_hw_node *node)
{
	uint32_t ring = node->ring != 0u ? node->ring : engine_scratchpad();

	if (node->engine != TSR_HW_ENGINE_TENSOR || node->group != 0u)
		return node->ring == 0u && group_count(job, node);
	if (ring > job->widest)
		job->widest = ring;
	return node->ring % TSR_HW_SCRATCHPAD_ALIGN == 0u;
}

static uint32_t check_engine(const struct job *job, const struct tsr_hw_node *node)
{
	if (node->engine >= TSR_HW_ENGINE_KINDS)
		return TSR_HW_ERR_PROGRAM;
	/* A no-op needs no engine of its own, so the header need not name it. */
	if (node->engine != TSR_HW_ENGINE_NOP && (job->engines & (1u << node->engine)) == 0u)
		return TSR_HW_ERR_PROGRAM;
	return (engine_kinds() & (1u << node->engine)) != 0u ? TSR_HW_ERR_NONE :
							       TSR_HW_ERR_UNSUPPORTED;
}

static uint32_t check_node(struct job *job, const struct tsr_hw_node *node,
			   struct job_error *reason)
{
	uint32_t error;

	if (!reserved_zero(node) || !edges_valid(job, node))
		return TSR_HW_ERR_PROGRAM;
	error = check_engine(job, node);
	if (error != TSR_HW_ERR_NONE)
		return error;
	if (!stream_valid(job, node) || !check_place(job, node))
		return TSR_HW_ERR_PROGRAM;
	error = check_word(job, node);
	return error == TSR_HW_ERR_NONE ? check_kind(job, node, reason) : error;
}

/* What waits_for counts to is all zero before the first edge is counted. */
static bool clear(struct job *job)
{
	uint32_t end = job->cleared + NODES_PER_CLEAR;

	if (end > job->node_count)
		end = job->node_count;
	for (uint32_t i = job->cleared; i < end; i++)
		job->tables->waits_for[i] = 0;
	job->cleared = end;
	return end == job->node_count;
}

static bool refuse(const struct job *job, uint32_t reason, struct job_error *error)
{
	error->error = reason;
	error->node = job->checked;
	return false;
}

/*
 * Successors have higher numbers, so a program is acyclic, and are in the node's own scope:
 * behind the body of a LOOP, before the scope's end, and not in the body of a later loop,
 * whose nodes see it by their first predecessor.
 */
static bool count_edge(struct job *job, const struct tsr_hw_node *node, uint32_t to)
{
	const struct scope *scope = &job->scope[job->level];

	if (to <= job->checked || to - job->checked <= node->body_count ||
	    to >= scope->first + scope->size)
		return false;
	if (job->tables->waits_for[to] == 0u)
		job->tables->next[to] = (uint16_t)job->checked;
	job->tables->waits_for[to]++;
	return true;
}

/* On what a node runs that needs no more of the core than to be entered, or TSR_HW_ENGINE_KINDS. */
static uint32_t entered_on(const struct tsr_hw_node *node)
{
	if (node->flags != 0u || node->group != 0u || node->engine > TSR_HW_ENGINE_DMA)
		return TSR_HW_ENGINE_KINDS;
	return node->engine == TSR_HW_ENGINE_TENSOR ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
}

/* What may be entered behind it, as its only successor. No count is FOLLOWS where marks are. */
static uint32_t leads(const struct job *job, const struct tsr_hw_node *node)
{
	return node->succ_count == 1u && job->edge_count < FOLLOWS ? entered_on(node) :
								     TSR_HW_ENGINE_KINDS;
}

/* The node before it leads to it alone; it has no other predecessor. */
static void mark(struct job *job, const struct tsr_hw_node *node)
{
	uint32_t kind = entered_on(node);

	if (kind != TSR_HW_ENGINE_KINDS && kind == job->leads)
		job->tables->waits_for[job->checked] = FOLLOWS;
}

/* All edges that lead to a node come from lower ones, so they have been counted. */
static bool begin_node(struct job *job, const struct tsr_hw_node *node, struct job_error *error)
{
	uint32_t number = job->checked;
	uint32_t reason, waits_for = job->tables->waits_for[number];

	job->level = loop_level(job, number);
	reason = check_node(job, node, error);
	if (reason != TSR_HW_ERR_NONE)
		return refuse(job, reason, error);
	job->checksum = crc_update(job->checksum, node, sizeof(*node));
	if (node->pred_count != waits_for ||
	    (waits_for != 0u && job->tables->next[number] < job->scope[job->level].first) ||
	    node->succ_count > job->edge_count - job->edges_checked)
		return refuse(job, TSR_HW_ERR_PROGRAM, error);
	job->edges_checked += node->succ_count;
	if (waits_for == 0u)
		job->roots_end = number + 1u;
	if (waits_for == 1u && job->tables->next[number] + 1u == number)
		mark(job, node);
	job->leads = leads(job, node);
	return true;
}

/* The nodes behind a LOOP are in its scope. */
static void enter_body(struct job *job, const struct tsr_hw_node *node)
{
	if (node->engine != TSR_HW_ENGINE_LOOP)
		return;
	job->level++;
	loop_place(job, job->level, job->checked, node->body_count);
}

static void end_node(struct job *job, const struct tsr_hw_node *node)
{
	job->checked++;
	job->node_edges = 0;
	enter_body(job, node);
}

/* The node that is next, or what is left of its successors; *@left is the work to be done. */
static bool check_next(struct job *job, uint32_t *left, struct job_error *error)
{
	const struct tsr_hw_node *node = table_node(job, job->checked, error);

	if (node == NULL || (job->node_edges == 0u && !begin_node(job, node, error)))
		return false;
	for (; job->node_edges < node->succ_count && *left != 0u; job->node_edges++, (*left)--) {
		const uint16_t *edge = table_edge(job, node->succ_first + job->node_edges, error);

		if (edge == NULL)
			return false;
		if (!count_edge(job, node, *edge))
			return refuse(job, TSR_HW_ERR_PROGRAM, error);
	}
	if (job->node_edges == node->succ_count)
		end_node(job, node);
	return true;
}

static bool check_nodes(struct job *job, struct job_error *error)
{
	uint32_t edges = EDGES_PER_CHECK;

	for (uint32_t i = 0; i < NODES_PER_CHECK && edges != 0u; i++) {
		if (job->checked == job->node_count)
			break;
		if (!check_next(job, &edges, error))
			return false;
	}
	return true;
}

static bool sum_edges(struct job *job, struct job_error *error)
{
	for (uint32_t i = 0; i < PARTS_PER_CHECK && job->edges_summed < job->edge_count; i++) {
		const uint16_t *edge = table_edge(job, job->edges_summed, error);
		uint32_t count = job->edge_count - job->edges_summed;

		if (edge == NULL)
			return false;
		if (count > TABLE_EDGES)
			count = TABLE_EDGES;
		job->checksum = crc_update(job->checksum, edge,
					   count * (uint32_t)sizeof(*edge));
		job->edges_summed += count;
	}
	return true;
}

static bool sum_loops(struct job *job, struct job_error *error)
{
	for (uint32_t i = 0; i < LOOPS_PER_CHECK && job->loops_summed < job->loop_count; i++) {
		const struct tsr_hw_loop *loop = loop_fetch(job, job->loops_summed, error);

		if (loop == NULL)
			return false;
		job->checksum = crc_update(job->checksum, loop, sizeof(*loop));
		job->loops_summed++;
	}
	return true;
}

/* The job runs its nodes of no group beside each of them, so it never waits for itself. */
static bool sum_groups(struct job *job, struct job_error *error)
{
	for (uint32_t i = 0; i < GROUPS_PER_CHECK && job->groups_summed < job->group_count; i++) {
		const struct tsr_hw_group *group = group_fetch(job, job->groups_summed, error);

		if (group == NULL)
			return false;
		if (job->widest != 0u && !group_fits(group->resident, job->widest)) {
			error->error = TSR_HW_ERR_RESOURCES;
			return false;
		}
		job->checksum = crc_update(job->checksum, group, sizeof(*group));
		job->groups_summed++;
	}
	return true;
}

static bool whole_valid(const struct job *job)
{
	return job->edges_checked == job->edge_count && ~job->checksum == job->expected;
}

/* It was checked, so it is good, unless the host has changed it. */
static bool count_group(struct job *job, const struct tsr_hw_node *node)
{
	job->level = loop_level(job, job->checked);
	if (!group_count(job, node) || (node->engine == TSR_HW_ENGINE_LOOP &&
					job->level == TSR_HW_MAX_LOOP_DEPTH))
		return false;
	job->checked++;
	enter_body(job, node);
	return true;
}

/* What begin_node() finds out of all edges, of one. */
static bool count_lead(struct job *job, const struct tsr_hw_node *node, struct job_error *error)
{
	uint32_t kind = leads(job, node);
	const uint16_t *edge;

	if (node->pred_count == 1u)
		mark(job, node);
	job->leads = TSR_HW_ENGINE_KINDS;
	if (kind == TSR_HW_ENGINE_KINDS || node->succ_first >= job->edge_count)
		return true;
	edge = table_edge(job, node->succ_first, error);
	if (edge != NULL && *edge == job->checked + 1u)
		job->leads = kind;
	return edge != NULL;
}

/* Of a program that was checked all that a walk needs beforehand. */
static bool count_nodes(struct job *job, struct job_error *error)
{
	for (uint32_t i = 0; i < NODES_PER_COUNT && job->checked < job->node_count; i++) {
		const struct tsr_hw_node *node = table_node(job, job->checked, error);

		if (node == NULL)
			return false;
		job->tables->waits_for[job->checked] = node->pred_count;
		if (node->pred_count == 0u)
			job->roots_end = job->checked + 1u;
		if (!count_lead(job, node, error))
			return false;
		if (!count_group(job, node)) {
			error->error = TSR_HW_ERR_PROGRAM;
			return false;
		}
	}
	return true;
}

bool program_check(struct job *job, struct job_error *error)
{
	if (job->trusted)
		return count_nodes(job, error);
	if (!clear(job))
		return true;
	if (!check_nodes(job, error))
		return false;
	if (job->checked < job->node_count)
		return true;
	if (!sum_edges(job, error))
		return false;
	if (job->edges_summed < job->edge_count)
		return true;
	if (!sum_loops(job, error))
		return false;
	if (job->loops_summed < job->loop_count)
		return true;
	if (!sum_groups(job, error))
		return false;
	if (program_checked(job) && !whole_valid(job)) {
		error->error = TSR_HW_ERR_PROGRAM;
		return false;
	}
	return true;
}

bool program_checked(const struct job *job)
{
	return job->checked == job->node_count && job->edges_summed == job->edge_count &&
	       job->loops_summed == job->loop_count && job->groups_summed == job->group_count;
}
