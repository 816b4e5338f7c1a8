// SPDX-License-Identifier: MIT
/* The members' own rules are the contract's, tsr_hw_check(); here are those between members. */
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <tsr_hw/command.h>
#include <tsr_hw/decode.h>
#include <tsr_hw/program.h>

#include "checksum.h"
#include "graph.h"
#include "layout.h"
#include "scope.h"
#include "slots.h"
#include "stream.h"

#define ALIGN_STREAM	8	/* of nodes, streams, and the size of a stream */
#define ALIGN_EDGES	2
#define ALIGN_WORD	4
#define WHERE_SIZE	96
#define RULE_SIZE	160
#define PATH_SIZE	256

/* Where a structure lies while its members are checked; @prefix: of their paths. */
struct place {
	struct defects *defects;
	size_t offset;
	const char *where;
	const char *prefix;
};

static void add_member(void *context, size_t offset, const char *path, const char *rule)
{
	const struct place *place = context;
	char full[PATH_SIZE];

	snprintf(full, sizeof(full), "%s%s%s", place->prefix, place->prefix[0] ? "." : "", path);
	defects_add(place->defects, place->offset + offset, place->where, full, "%s", rule);
}

static void check_members(const char *name, const uint8_t *bytes, size_t offset, const char *where,
			  struct defects *defects)
{
	struct place place = { defects, offset, where, "" };

	tsr_hw_check(tsr_hw_find(name), bytes + offset, add_member, &place);
}

static void check_parts(const uint8_t *bytes, const struct command *command, const char *where,
			struct defects *defects)
{
	const uint8_t *start = bytes + command->offset;
	struct tsr_hw_part part;

	for (size_t i = 0; tsr_hw_command_part(command->body, start, i, &part); i++) {
		struct place place = { defects, command->offset + part.offset, where, part.path };

		tsr_hw_check(part.structure, start + part.offset, add_member, &place);
	}
}

static void check_command_engine(const uint8_t *bytes, const struct command *command,
				 uint8_t engine, const char *where, struct defects *defects)
{
	uint8_t wanted;

	if (engine != CHECK_ANY_ENGINE && tsr_hw_find_engine(bytes[command->offset], &wanted) &&
	    !tsr_hw_runs_on(bytes[command->offset], engine))
		defects_add(defects, command->offset, where, "head.op",
			    "is for an engine of kind %u, the node has %u", wanted, engine);
}

void check_stream(const uint8_t *bytes, size_t at, size_t end, uint8_t engine, const char *where,
		  struct defects *defects)
{
	char place[WHERE_SIZE], rule[RULE_SIZE];
	struct command command;
	const char *path;
	unsigned int i = 0;

	for (; stream_next(bytes, &at, end, &command); i++) {
		snprintf(place, sizeof(place), "%s%scommand %u, %s", where, where[0] ? ": " : "", i,
			 command.name);
		check_command_engine(bytes, &command, engine, place, defects);
		check_parts(bytes, &command, place, defects);
	}
	if (at == end)
		return;
	snprintf(place, sizeof(place), "%s%scommand %u", where, where[0] ? ": " : "", i);
	stream_defect(bytes, at, end, &path, rule, sizeof(rule));
	defects_add(defects, at, place, path, "%s", rule);
}

/* ---- header ---------------------------------------------------------------------- */

#define HEADER_DEFECT(member, ...) \
	defects_add(defects, offsetof(struct tsr_hw_program, member), "program", #member, \
		    __VA_ARGS__)

/* A table: its member in the header, and where it says it is. */
struct table {
	const char *name;
	size_t member;
	uint32_t offset;
	uint64_t size;
	uint32_t align;
};

#define TABLE(header, name, size, align) \
	{ #name, offsetof(struct tsr_hw_program, name), (header)->name, size, align }

/* A table lies behind the header, aligned, inside of the program. */
static void check_table(const struct layout *layout, const struct table *table,
			struct defects *defects)
{
	if (!table->size && !table->offset)
		return;
	if (table->offset < sizeof(layout->header))
		defects_add(defects, table->member, "program", table->name,
			    "is %u, inside of the header", table->offset);
	else if (table->offset % table->align)
		defects_add(defects, table->member, "program", table->name,
			    "is %u, must be a multiple of %u", table->offset, table->align);
	else if (!layout_inside(layout, table->offset, table->size))
		defects_add(defects, table->member, "program", table->name,
			    "is %u, and with %" PRIu64 " bytes ends behind the file's %zu",
			    table->offset, table->size, layout->size);
}

static void check_tables(const struct layout *layout, struct defects *defects)
{
	const struct tsr_hw_program *h = &layout->header;
	const struct table tables[] = {
		TABLE(h, nodes, sizeof(struct tsr_hw_node) * (uint64_t)h->node_count, ALIGN_STREAM),
		TABLE(h, edges, sizeof(uint16_t) * (uint64_t)h->edge_count, ALIGN_EDGES),
		TABLE(h, loops, sizeof(struct tsr_hw_loop) * (uint64_t)h->loop_count, ALIGN_STREAM),
		TABLE(h, groups, sizeof(struct tsr_hw_group) * (uint64_t)h->group_count,
		      ALIGN_STREAM),
		TABLE(h, streams, h->streams_size, ALIGN_STREAM),
		TABLE(h, constants, h->constants_size, 1),
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		check_table(layout, &tables[i], defects);
}

static void check_counts(const struct tsr_hw_program *h, struct defects *defects)
{
	if (!h->node_count || h->node_count > TSR_HW_MAX_NODES)
		HEADER_DEFECT(node_count, "is %u, must be 1 to %u", h->node_count,
			      TSR_HW_MAX_NODES);
	if (h->edge_count > TSR_HW_MAX_EDGES)
		HEADER_DEFECT(edge_count, "is %u, must be at most %u", h->edge_count,
			      TSR_HW_MAX_EDGES);
	if (h->loop_count > TSR_HW_MAX_NODES)
		HEADER_DEFECT(loop_count, "is %u, must be at most %u", h->loop_count,
			      TSR_HW_MAX_NODES);
	if (h->group_count > TSR_HW_MAX_GROUPS)
		HEADER_DEFECT(group_count, "is %u, must be at most %u", h->group_count,
			      TSR_HW_MAX_GROUPS);
	if (h->slot_count > TSR_HW_MAX_SLOTS)
		HEADER_DEFECT(slot_count, "is %u, must be at most %u", h->slot_count,
			      TSR_HW_MAX_SLOTS);
	if (h->engines >> TSR_HW_ENGINE_KINDS)
		HEADER_DEFECT(engines, "is 0x%x, has bits of no engine kind", h->engines);
}

static void check_header(const struct layout *layout, struct defects *defects)
{
	const struct tsr_hw_program *h = &layout->header;

	check_members("program", layout->bytes, 0, "program", defects);
	if (h->header_size != sizeof(*h))
		HEADER_DEFECT(header_size, "is %u, must be %zu", h->header_size, sizeof(*h));
	if (h->size != layout->size)
		HEADER_DEFECT(size, "is %u, the file has %zu bytes", h->size, layout->size);
	check_counts(h, defects);
	check_tables(layout, defects);
	if (checksum_covers(layout) && h->checksum != checksum_of(layout))
		HEADER_DEFECT(checksum, "is 0x%x, must be 0x%x", h->checksum, checksum_of(layout));
}

/* ---- nodes ----------------------------------------------------------------------- */

/* A node that is being checked. */
struct subject {
	const struct layout *layout;
	const struct scopes *scopes;
	struct tsr_hw_node node;
	size_t offset;
	char where[WHERE_SIZE];
	struct defects *defects;
};

#define NODE_DEFECT(subject, member, ...) \
	defects_add((subject)->defects, \
		    (subject)->offset + offsetof(struct tsr_hw_node, member), (subject)->where, \
		    #member, __VA_ARGS__)

static bool is_own(const struct tsr_hw_node *n)
{
	return n->engine == TSR_HW_ENGINE_PARAMETER || n->engine == TSR_HW_ENGINE_LOOP;
}

static void check_stream_place(const struct subject *s)
{
	const struct tsr_hw_node *n = &s->node;
	uint64_t end = (uint64_t)n->stream + n->stream_size;

	if (n->engine == TSR_HW_ENGINE_NOP || is_own(n)) {
		if (n->stream || n->stream_size)
			NODE_DEFECT(s, stream_size, "is %u at %u, only engines have streams",
				    n->stream_size, n->stream);
		return;
	}
	if (!n->stream_size || n->stream_size % ALIGN_STREAM || n->stream_size > TSR_HW_MAX_STREAM)
		NODE_DEFECT(s, stream_size, "is %u, must be a multiple of %u from %u to %u",
			    n->stream_size, ALIGN_STREAM, ALIGN_STREAM, TSR_HW_MAX_STREAM);
	if (n->stream % ALIGN_STREAM)
		NODE_DEFECT(s, stream, "is %u, must be a multiple of %u", n->stream, ALIGN_STREAM);
	if (end > s->layout->header.streams_size)
		NODE_DEFECT(s, stream, "is %u, and with %u bytes ends behind the streams' %u",
			    n->stream, n->stream_size, s->layout->header.streams_size);
}

/* The word that is read before the node starts. */
static void check_word(const struct subject *s)
{
	const struct tsr_hw_node *n = &s->node;
	bool parameter = n->engine == TSR_HW_ENGINE_PARAMETER;
	uint32_t align = parameter && n->flags & TSR_HW_NODE_WIDE ? 2 * ALIGN_WORD : ALIGN_WORD;

	if (n->flags & (parameter ? TSR_HW_NODE_SKIP : TSR_HW_NODE_WIDE))
		NODE_DEFECT(s, flags, "is 0x%x, %s", n->flags,
			    parameter ? "a PARAMETER node cannot have SKIP" :
					"only a PARAMETER node has WIDE");
	if (parameter || n->flags & TSR_HW_NODE_SKIP) {
		if (n->word_offset % align)
			NODE_DEFECT(s, word_offset, "is %" PRIu64 ", must be a multiple of %u",
				    (uint64_t)n->word_offset, align);
		return;
	}
	if (n->word_slot)
		NODE_DEFECT(s, word_slot, "is %u, must be zero without SKIP", n->word_slot);
	if (n->word_offset)
		NODE_DEFECT(s, word_offset, "is %" PRIu64 ", must be zero without SKIP",
			    (uint64_t)n->word_offset);
}

static void check_body(const struct subject *s, uint32_t number)
{
	const struct tsr_hw_node *n = &s->node;
	uint32_t most = s->scopes->end[number] - number - 1;

	if (s->scopes->depth[number] == TSR_HW_MAX_LOOP_DEPTH)
		NODE_DEFECT(s, engine, "is LOOP inside of %u others", TSR_HW_MAX_LOOP_DEPTH);
	if (!n->body_count || n->body_count > most)
		NODE_DEFECT(s, body_count, "is %u, must be 1 to %u", n->body_count, most);
	if (n->index >= s->layout->header.loop_count)
		NODE_DEFECT(s, index, "is %u, there are %u loops", n->index,
			    s->layout->header.loop_count);
}

/* What only nodes have that the core does itself. */
static void check_own(const struct subject *s, uint32_t number)
{
	const struct tsr_hw_node *n = &s->node;

	if (n->engine == TSR_HW_ENGINE_LOOP) {
		check_body(s, number);
		return;
	}
	if (n->body_count)
		NODE_DEFECT(s, body_count, "is %u, only a LOOP has a body", n->body_count);
	if (n->engine == TSR_HW_ENGINE_PARAMETER ? n->index >= TSR_HW_MAX_PARAMETERS : n->index)
		NODE_DEFECT(s, index, "is %u, names no parameter and no loop", n->index);
}

/* What only TENSOR nodes have, and of a group it is the group's. */
static void check_ring(const struct subject *s)
{
	const struct tsr_hw_node *n = &s->node;

	if (n->engine != TSR_HW_ENGINE_TENSOR && n->group)
		NODE_DEFECT(s, group, "is %u, only TENSOR nodes are in groups", n->group);
	if (n->engine != TSR_HW_ENGINE_TENSOR && n->ring)
		NODE_DEFECT(s, ring, "is %u, only TENSOR nodes have one", n->ring);
	else if (n->group && n->ring)
		NODE_DEFECT(s, ring, "is %u, the group says it", n->ring);
	else if (n->ring % TSR_HW_SCRATCHPAD_ALIGN)
		NODE_DEFECT(s, ring, "is %u, must be a multiple of %u", n->ring,
			    TSR_HW_SCRATCHPAD_ALIGN);
	if (n->group > s->layout->header.group_count)
		NODE_DEFECT(s, group, "is %u, there are %u groups", n->group,
			    s->layout->header.group_count);
}

static void check_successors(const struct subject *s, uint32_t number)
{
	const struct tsr_hw_node *n = &s->node;
	const struct layout *layout = s->layout;

	if (!graph_successors_inside(layout, n)) {
		NODE_DEFECT(s, succ_first, "is %u, and with %u entries ends behind the table's %u",
			    n->succ_first, n->succ_count, layout->edge_count);
		return;
	}
	for (uint32_t i = n->succ_first; i < n->succ_first + n->succ_count; i++) {
		uint16_t next = layout_edge(layout, i);

		if (next <= number || next >= layout->node_count)
			defects_add(s->defects, layout->header.edges + sizeof(next) * i, s->where,
				    "successor", "is %u, must be above %u and below %u", next,
				    number, layout->node_count);
		else if (s->scopes->loop[next] != s->scopes->loop[number])
			defects_add(s->defects, layout->header.edges + sizeof(next) * i, s->where,
				    "successor", "is %u, which another loop repeats", next);
	}
}

static void check_engine(const struct subject *s)
{
	const struct tsr_hw_node *n = &s->node;

	if (n->engine != TSR_HW_ENGINE_NOP && n->engine < TSR_HW_ENGINE_KINDS &&
	    !(s->layout->header.engines >> n->engine & 1))
		NODE_DEFECT(s, engine, "is %u, which is not among the program's engines 0x%x",
			    n->engine, s->layout->header.engines);
}

static void check_node(const struct layout *layout, const struct scopes *scopes, uint32_t number,
		       struct defects *defects)
{
	struct subject s = { .layout = layout, .scopes = scopes,
			     .node = layout_node(layout, number),
			     .offset = layout_node_offset(layout, number), .defects = defects };
	size_t at;

	snprintf(s.where, sizeof(s.where), "node %u", number);
	check_members("node", layout->bytes, s.offset, s.where, defects);
	check_engine(&s);
	check_stream_place(&s);
	check_word(&s);
	check_own(&s, number);
	check_ring(&s);
	check_successors(&s, number);
	if (layout_stream(layout, &s.node, &at))
		check_stream(layout->bytes, at, at + s.node.stream_size, s.node.engine, s.where,
			     defects);
}

/* Every edge is used once, and each node knows how many lead to it. */
static void check_edges(const struct layout *layout, struct defects *defects)
{
	struct graph graph;
	uint32_t used = 0;

	for (uint32_t i = 0; i < layout->node_count; i++)
		used += layout_node(layout, i).succ_count;
	if (used != layout->header.edge_count)
		HEADER_DEFECT(edge_count, "is %u, the nodes have %u successors",
			      layout->header.edge_count, used);
	if (!graph_make(layout, &graph))
		return;
	for (uint32_t i = 0; i < layout->node_count; i++) {
		struct subject s = { .node = layout_node(layout, i), .defects = defects,
				     .offset = layout_node_offset(layout, i) };
		uint32_t arriving = graph.first[i + 1] - graph.first[i];

		snprintf(s.where, sizeof(s.where), "node %u", i);
		if (s.node.pred_count != arriving)
			NODE_DEFECT(&s, pred_count, "is %u, %u edges lead there",
				    s.node.pred_count, arriving);
	}
}

/* ---- loops ----------------------------------------------------------------------- */

static void check_step(const struct tsr_hw_loop_step *step, size_t offset, const char *where,
		       struct defects *defects)
{
	if (step->parameter >= TSR_HW_MAX_PARAMETERS)
		defects_add(defects, offset, where, "parameter", "is %u, must be below %u",
			    step->parameter, TSR_HW_MAX_PARAMETERS);
	else if (!step->amount && step->parameter)
		defects_add(defects, offset, where, "parameter",
			    "is %u, must be zero where nothing is added", step->parameter);
}

static void check_loop(const struct layout *layout, uint32_t number, struct defects *defects)
{
	const struct tsr_hw_loop loop = layout_loop(layout, number);
	size_t offset = layout_loop_offset(layout, number);
	char where[WHERE_SIZE];

	snprintf(where, sizeof(where), "loop %u", number);
	check_members("loop", layout->bytes, offset, where, defects);
	if (loop.count >= TSR_HW_PARAMETER_32 + TSR_HW_MAX_PARAMETERS)
		defects_add(defects, offset, where, "count", "is 0x%x, must be below 2^31 or name "
			    "one of %u parameters", loop.count, TSR_HW_MAX_PARAMETERS);
	for (unsigned int i = 0; i < TSR_HW_MAX_LOOP_STEPS; i++) {
		size_t at = offset + offsetof(struct tsr_hw_loop, step) + i * sizeof(loop.step[0]);

		snprintf(where, sizeof(where), "loop %u, step %u", number, i);
		check_members("loop_step", layout->bytes, at, where, defects);
		check_step(&loop.step[i], at, where, defects);
	}
}

/* ---- groups ---------------------------------------------------------------------- */

static void check_group(const struct layout *layout, uint32_t i, struct defects *defects)
{
	const struct tsr_hw_group group = layout_group(layout, i);
	size_t offset = layout_group_offset(layout, i);
	char where[WHERE_SIZE];

	snprintf(where, sizeof(where), "group %u", i + 1);
	check_members("group", layout->bytes, offset, where, defects);
	if (!group.grid[0] || !group.grid[1])
		defects_add(defects, offset, where, "grid", "is %u x %u, must be at least 1 x 1",
			    group.grid[0], group.grid[1]);
	if (group.resident % TSR_HW_SCRATCHPAD_ALIGN)
		defects_add(defects, offset + offsetof(struct tsr_hw_group, resident), where,
			    "resident", "is %u, must be a multiple of %u", group.resident,
			    TSR_HW_SCRATCHPAD_ALIGN);
	if (!group.ring || group.ring % TSR_HW_SCRATCHPAD_ALIGN)
		defects_add(defects, offset + offsetof(struct tsr_hw_group, ring), where, "ring",
			    "is %u, must be a multiple of %u and not 0", group.ring,
			    TSR_HW_SCRATCHPAD_ALIGN);
}

/* Where a group's nodes are repeated, and which number the next new one has. */
struct members {
	uint16_t loop[TSR_HW_MAX_GROUPS];
	uint32_t seen;
};

static void check_member(const struct layout *layout, const struct scopes *scopes, uint32_t number,
			 struct members *members, struct defects *defects)
{
	struct subject s = { .node = layout_node(layout, number), .defects = defects,
			     .offset = layout_node_offset(layout, number) };
	uint32_t group = s.node.group;

	snprintf(s.where, sizeof(s.where), "node %u", number);
	if (!group || group > layout->group_count)
		return;
	if (group > members->seen + 1)
		NODE_DEFECT(&s, group, "is %u, and no node before is of group %u", group,
			    group - 1);
	else if (group > members->seen)
		members->loop[members->seen++] = scopes->loop[number];
	else if (members->loop[group - 1] != scopes->loop[number])
		NODE_DEFECT(&s, group, "is %u, whose first node another loop repeats", group);
}

static void check_groups(const struct layout *layout, const struct scopes *scopes,
			 struct defects *defects)
{
	struct members members = { .seen = 0 };

	for (uint32_t i = 0; i < layout->group_count; i++)
		check_group(layout, i, defects);
	for (uint32_t i = 0; i < layout->node_count; i++)
		check_member(layout, scopes, i, &members, defects);
}

/* ---- slots ----------------------------------------------------------------------- */

/* Slot numbers are indices into a table of slot_count, but for those that have a name. */
static void check_slots(const struct layout *layout, struct defects *defects)
{
	struct slot_use *uses = slots_used(layout);

	for (uint32_t i = layout->header.slot_count; uses && i < SLOT_NUMBERS; i++) {
		if (uses[i].references && !slots_name(i))
			HEADER_DEFECT(slot_count, "is %u, node %u names slot %u",
				      layout->header.slot_count, uses[i].first_node, i);
	}
	free(uses);
}

void check_program(const void *bytes, size_t size, struct defects *defects)
{
	struct layout layout;
	struct scopes scopes;

	if (!layout_read(bytes, size, &layout)) {
		defects_add(defects, 0, "", "program",
			    "is cut off: %zu bytes are there, a header has %zu", size,
			    sizeof(layout.header));
		return;
	}
	check_header(&layout, defects);
	scopes_make(&layout, &scopes);
	for (uint32_t i = 0; i < layout.node_count; i++)
		check_node(&layout, &scopes, i, defects);
	for (uint32_t i = 0; i < layout.loop_count; i++)
		check_loop(&layout, i, defects);
	check_groups(&layout, &scopes, defects);
	check_edges(&layout, defects);
	check_slots(&layout, defects);
}
