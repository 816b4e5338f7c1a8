// SPDX-License-Identifier: MIT
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>

#include "checksum.h"
#include "graph.h"
#include "layout.h"
#include "listing.h"
#include "slots.h"
#include "stream.h"
#include "value.h"

#define INDENT		2
#define START_SIZE	32

/* The parts of VECTOR programs. A head is said even if it is zero: it tells that there is one. */
static void show_programs_of(struct listing *listing, const struct command *command)
{
	const uint8_t *start = listing->bytes + command->offset;
	struct tsr_hw_part part;

	for (size_t i = 1; tsr_hw_command_part(command->body, start, i, &part); i++) {
		if (!strchr(part.path, '.') &&
		    value_is_zero(start + part.offset, part.structure->size))
			fprintf(listing->out, "%*s%s\n", 2 * INDENT, "", part.path);
		listing_fields(listing, part.structure, command->offset + part.offset, part.path,
			       2 * INDENT, false);
	}
}

static void show_commands(struct listing *listing, size_t at, size_t end)
{
	struct command command;

	while (stream_next(listing->bytes, &at, end, &command)) {
		fprintf(listing->out, "%*s%s  # at 0x%zx\n", INDENT, "", command.name,
			command.offset);
		listing_fields(listing, command.body, command.offset, NULL, 2 * INDENT, false);
		listing_inner(listing, command.body, command.offset, "", 2 * INDENT);
		show_programs_of(listing, &command);
	}
}

/* ---- parts of a program ---------------------------------------------------------- */

static void show_slots(struct listing *listing, const struct layout *layout)
{
	struct slot_use *uses = slots_used(layout);

	for (uint32_t i = 0; uses && i < SLOT_NUMBERS; i++) {
		if (!uses[i].references)
			continue;
		fputs("# slot ", listing->out);
		if (slots_name(i))
			fputs(slots_name(i), listing->out);
		else
			value_number(listing->out, i);
		fprintf(listing->out, ": %u references, nodes %u to %u\n", uses[i].references,
			uses[i].first_node, uses[i].last_node);
	}
	free(uses);
}

static void show_edges(struct listing *listing, const struct layout *layout)
{
	if (!layout->edge_count)
		return;
	fputs("edges", listing->out);
	for (uint32_t i = 0; i < layout->edge_count; i++)
		fprintf(listing->out, " %u", layout_edge(layout, i));
	fputc('\n', listing->out);
	listing_show(listing, layout->header.edges, sizeof(uint16_t) * layout->edge_count);
}

/* "# after 0 1, before 3" */
static void show_neighbours(struct listing *listing, const struct layout *layout,
			    const struct graph *graph, uint32_t number)
{
	const struct tsr_hw_node node = layout_node(layout, number);

	fprintf(listing->out, "%*s# after", INDENT, "");
	for (uint32_t i = graph->first[number]; i < graph->first[number + 1]; i++)
		fprintf(listing->out, " %u", graph->pred[i]);
	fputs(graph->first[number] == graph->first[number + 1] ? " none, before" : ", before",
	      listing->out);
	for (uint32_t i = 0; i < node.succ_count; i++)
		fprintf(listing->out, " %u", layout_edge(layout, node.succ_first + i));
	fputs(node.succ_count ? "\n" : " none\n", listing->out);
}

static void show_node(struct listing *listing, const struct layout *layout,
		      const struct graph *graph, uint32_t number)
{
	const struct tsr_hw_node node = layout_node(layout, number);
	char start[START_SIZE];
	size_t at;

	snprintf(start, sizeof(start), "node %u", number);
	listing_fields(listing, tsr_hw_find("node"), layout_node_offset(layout, number), start, 0,
		       true);
	if (graph)
		show_neighbours(listing, layout, graph, number);
	if (layout_stream(layout, &node, &at))
		show_commands(listing, at, at + node.stream_size);
}

static void show_nodes(struct listing *listing, const struct layout *layout, uint32_t only)
{
	struct graph graph;
	bool known = graph_make(layout, &graph);

	for (uint32_t i = 0; i < layout->node_count; i++) {
		if (only == TEXT_ALL_NODES || only == i)
			show_node(listing, layout, known ? &graph : NULL, i);
	}
}

static void show_loops(struct listing *listing, const struct layout *layout)
{
	char start[START_SIZE];

	for (uint32_t i = 0; i < layout->loop_count; i++) {
		snprintf(start, sizeof(start), "loop %u", i);
		listing_fields(listing, tsr_hw_find("loop"), layout_loop_offset(layout, i), start,
			       0, true);
	}
}

static void show_groups(struct listing *listing, const struct layout *layout)
{
	char start[START_SIZE];

	for (uint32_t i = 0; i < layout->group_count; i++) {
		snprintf(start, sizeof(start), "group %u", i + 1);
		listing_fields(listing, tsr_hw_find("group"), layout_group_offset(layout, i), start,
			       0, true);
	}
}

static size_t count_zeros(const uint8_t *bytes, size_t size)
{
	size_t zeros = 0;

	for (size_t i = 0; i < size; i++)
		zeros += !bytes[i];
	return zeros;
}

static void show_constants(struct listing *listing, const struct layout *layout, bool hex)
{
	const struct tsr_hw_program *h = &layout->header;
	const uint8_t *constants = layout->bytes + h->constants;

	if (!h->constants_size || !layout_inside(layout, h->constants, h->constants_size))
		return;
	fprintf(listing->out, "%sconstants %u bytes at 0x%x, %zu of them zero, CRC-32 0x%08x\n",
		hex ? "# " : "", h->constants_size, h->constants,
		count_zeros(constants, h->constants_size),
		checksum_bytes(constants, h->constants_size));
	if (!hex)
		listing_show(listing, h->constants, h->constants_size);
	else
		listing_hex(listing, h->constants, (size_t)h->constants + h->constants_size,
			    INDENT);
}

/* What no part has shown, and the file's size where the parts do not say it. */
static void show_rest(struct listing *listing, size_t expected)
{
	listing_hex(listing, 0, listing->size, 0);
	if (listing->size != expected)
		fprintf(listing->out, "length 0x%zx\n", listing->size);
}

/* ---- whole texts ----------------------------------------------------------------- */

static void show_program(struct listing *listing, const struct layout *layout,
			 const struct text_options *options)
{
	listing_fields(listing, tsr_hw_find("program"), 0, "program", 0, true);
	if (options->node != TEXT_ALL_NODES) {
		fprintf(listing->out, "partial  # only node %u\n", options->node);
		show_nodes(listing, layout, options->node);
		return;
	}
	show_slots(listing, layout);
	show_edges(listing, layout);
	show_loops(listing, layout);
	show_groups(listing, layout);
	show_nodes(listing, layout, options->node);
	show_constants(listing, layout, options->hex);
	show_rest(listing, layout->header.size);
}

bool text_program(FILE *out, const void *bytes, size_t size, const struct text_options *options)
{
	struct listing listing;
	struct layout layout;

	if (!listing_open(&listing, out, bytes, size))
		return false;
	if (layout_read(bytes, size, &layout))
		show_program(&listing, &layout, options);
	else
		show_rest(&listing, 0);
	listing_close(&listing);
	return true;
}

/* Where the commands of a stream by itself end. */
static size_t end_of_commands(const uint8_t *bytes, size_t size)
{
	struct command command;
	size_t at = 0;

	while (stream_next(bytes, &at, size, &command))
		;
	return at;
}

bool text_stream(FILE *out, const void *bytes, size_t size)
{
	struct listing listing;

	if (!listing_open(&listing, out, bytes, size))
		return false;
	fputs("stream\n", out);
	show_commands(&listing, 0, size);
	show_rest(&listing, end_of_commands(bytes, size));
	listing_close(&listing);
	return true;
}

bool text_slots(FILE *out, const void *bytes, size_t size)
{
	const struct tsr_hw_structure *slot = tsr_hw_find("slot");
	struct listing listing;
	char start[START_SIZE];

	if (!listing_open(&listing, out, bytes, size))
		return false;
	for (size_t at = 0; size - at >= slot->size; at += slot->size) {
		snprintf(start, sizeof(start), "# slot %zu:", at / slot->size);
		listing_fields(&listing, slot, at, start, 0, true);
	}
	listing_close(&listing);
	return true;
}
