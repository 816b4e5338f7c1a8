// SPDX-License-Identifier: MIT
#include "json.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/decode.h>

#include "checksum.h"
#include "defects.h"
#include "graph.h"
#include "layout.h"
#include "slots.h"
#include "stream.h"
#include "value.h"

static void put(struct json_object *object, const char *name, uint64_t number)
{
	json_object_object_add(object, name, json_object_new_uint64(number));
}

static void put_text(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

static struct json_object *put_array(struct json_object *object, const char *name)
{
	struct json_object *array = json_object_new_array();

	json_object_object_add(object, name, array);
	return array;
}

/* ---- structures ------------------------------------------------------------------ */

/* Names of the bits that are set; fields of several bits and bits without a name as texts too. */
static struct json_object *bits_of(const struct tsr_hw_meaning *meaning, uint64_t value)
{
	struct json_object *array = json_object_new_array();
	char *text = NULL, *word, *rest;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return array;
	value_print(out, meaning, value);
	fclose(out);
	for (word = strtok_r(text, "|", &rest); value && word; word = strtok_r(NULL, "|", &rest))
		json_object_array_add(array, json_object_new_string(word));
	free(text);
	return array;
}

static struct json_object *number_of(const struct tsr_hw_member *member, const uint8_t *bytes)
{
	uint64_t value = tsr_hw_load(bytes, member->size);
	const char *name = value_name(member->meaning, value);
	char parameter[24];
	uint64_t number;

	if (value_names_parameter(member, value, &number)) {
		snprintf(parameter, sizeof(parameter), "$%" PRIu64, number);
		return json_object_new_string(parameter);
	}
	if (member->meaning && member->meaning->kind == TSR_HW_FIELDS)
		return bits_of(member->meaning, value);
	return name ? json_object_new_string(name) : json_object_new_uint64(value);
}

static struct json_object *structure_of(const struct tsr_hw_structure *structure,
					const uint8_t *bytes);

static struct json_object *element_of(const struct tsr_hw_member *member, const uint8_t *bytes)
{
	return member->structure ? structure_of(member->structure, bytes) :
	       number_of(member, bytes);
}

static struct json_object *member_of(const struct tsr_hw_member *member, const uint8_t *bytes)
{
	struct json_object *array;

	if (!member->count)
		return element_of(member, bytes);
	array = json_object_new_array();
	for (size_t i = 0; i < member->count; i++)
		json_object_array_add(array, element_of(member, bytes + i * member->size));
	return array;
}

/* All members but bytes that must be zero and are. */
static struct json_object *structure_of(const struct tsr_hw_structure *structure,
					const uint8_t *bytes)
{
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; i < structure->member_count; i++) {
		const struct tsr_hw_member *member = &structure->members[i];
		const uint8_t *at = bytes + member->offset;

		if (tsr_hw_is_there(member, bytes) &&
		    !(member->mbz && value_is_zero(at, value_size(member))))
			json_object_object_add(object, member->name, member_of(member, at));
	}
	return object;
}

/* The parts of a VECTOR program, by their paths. */
static void put_program_of(struct json_object *entry, const uint8_t *bytes,
			   const struct command *command)
{
	struct json_object *program = NULL;
	struct tsr_hw_part part;

	for (size_t i = 1; tsr_hw_command_part(command->body, bytes, i, &part); i++) {
		if (!program)
			program = json_object_new_object();
		json_object_object_add(program, part.path,
				       structure_of(part.structure, bytes + part.offset));
	}
	if (program)
		json_object_object_add(entry, "program", program);
}

static void put_commands(struct json_object *object, const uint8_t *bytes, size_t at, size_t end)
{
	struct json_object *array = put_array(object, "commands");
	struct command command;

	while (stream_next(bytes, &at, end, &command)) {
		struct json_object *entry = json_object_new_object();

		put_text(entry, "op", command.name);
		put(entry, "offset", command.offset);
		json_object_object_add(entry, "fields",
				       structure_of(command.body, bytes + command.offset));
		put_program_of(entry, bytes + command.offset, &command);
		json_object_array_add(array, entry);
	}
}

/* ---- parts of a program ---------------------------------------------------------- */

static void put_uses(struct json_object *object, const struct layout *layout)
{
	struct json_object *array = put_array(object, "slots");
	struct slot_use *uses = slots_used(layout);

	for (uint32_t i = 0; uses && i < SLOT_NUMBERS; i++) {
		struct json_object *entry;

		if (!uses[i].references)
			continue;
		entry = json_object_new_object();
		json_object_object_add(entry, "slot", slots_name(i) ?
				       json_object_new_string(slots_name(i)) :
				       json_object_new_uint64(i));
		put(entry, "references", uses[i].references);
		put(entry, "first_node", uses[i].first_node);
		put(entry, "last_node", uses[i].last_node);
		json_object_array_add(array, entry);
	}
	free(uses);
}

static void put_neighbours(struct json_object *object, const struct layout *layout,
			   const struct graph *graph, uint32_t number)
{
	const struct tsr_hw_node node = layout_node(layout, number);
	struct json_object *before = put_array(object, "predecessors");
	struct json_object *after = put_array(object, "successors");

	for (uint32_t i = graph->first[number]; i < graph->first[number + 1]; i++)
		json_object_array_add(before, json_object_new_uint64(graph->pred[i]));
	for (uint32_t i = 0; i < node.succ_count; i++)
		json_object_array_add(after, json_object_new_uint64(
			layout_edge(layout, node.succ_first + i)));
}

static struct json_object *node_of(const struct layout *layout, const struct graph *graph,
				   uint32_t number)
{
	const struct tsr_hw_node node = layout_node(layout, number);
	struct json_object *object = json_object_new_object();
	size_t offset = layout_node_offset(layout, number), at;

	put(object, "node", number);
	put(object, "offset", offset);
	json_object_object_add(object, "fields",
			       structure_of(tsr_hw_find("node"), layout->bytes + offset));
	if (graph)
		put_neighbours(object, layout, graph, number);
	if (layout_stream(layout, &node, &at))
		put_commands(object, layout->bytes, at, at + node.stream_size);
	return object;
}

static void put_nodes(struct json_object *object, const struct layout *layout, uint32_t only)
{
	struct json_object *array = put_array(object, "nodes");
	struct graph graph;
	bool known = graph_make(layout, &graph);

	for (uint32_t i = 0; i < layout->node_count; i++) {
		if (only == TEXT_ALL_NODES || only == i)
			json_object_array_add(array, node_of(layout, known ? &graph : NULL, i));
	}
}

static void put_loops(struct json_object *object, const struct layout *layout)
{
	struct json_object *array = put_array(object, "loops");

	for (uint32_t i = 0; i < layout->loop_count; i++)
		json_object_array_add(array, structure_of(tsr_hw_find("loop"), layout->bytes +
							  layout_loop_offset(layout, i)));
}

static void put_groups(struct json_object *object, const struct layout *layout)
{
	struct json_object *array = put_array(object, "groups");

	for (uint32_t i = 0; i < layout->group_count; i++)
		json_object_array_add(array, structure_of(tsr_hw_find("group"), layout->bytes +
							  layout_group_offset(layout, i)));
}

static void put_hex(struct json_object *object, const uint8_t *bytes, size_t size)
{
	char *text = malloc(2 * size + 1);

	if (!text)
		return;
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	put_text(object, "hex", text);
	free(text);
}

static void put_constants(struct json_object *object, const struct layout *layout, bool hex)
{
	const struct tsr_hw_program *h = &layout->header;
	struct json_object *entry;

	if (!h->constants_size || !layout_inside(layout, h->constants, h->constants_size))
		return;
	entry = json_object_new_object();
	put(entry, "offset", h->constants);
	put(entry, "size", h->constants_size);
	put(entry, "crc32", checksum_bytes(layout->bytes + h->constants, h->constants_size));
	if (hex)
		put_hex(entry, layout->bytes + h->constants, h->constants_size);
	json_object_object_add(object, "constants", entry);
}

/* ---- whole objects --------------------------------------------------------------- */

void json_program(struct json_object *object, const void *bytes, size_t size,
		  const struct text_options *options)
{
	struct json_object *edges;
	struct layout layout;

	put_text(object, "kind", "program");
	put(object, "size", size);
	if (!layout_read(bytes, size, &layout))
		return;
	json_object_object_add(object, "header", structure_of(tsr_hw_find("program"), bytes));
	put_uses(object, &layout);
	edges = put_array(object, "edges");
	for (uint32_t i = 0; i < layout.edge_count; i++)
		json_object_array_add(edges, json_object_new_uint64(layout_edge(&layout, i)));
	put_loops(object, &layout);
	put_groups(object, &layout);
	put_nodes(object, &layout, options->node);
	put_constants(object, &layout, options->hex);
}

void json_stream(struct json_object *object, const void *bytes, size_t size)
{
	put_text(object, "kind", "stream");
	put(object, "size", size);
	put_commands(object, bytes, 0, size);
}

void json_slots(struct json_object *object, const void *bytes, size_t size)
{
	const struct tsr_hw_structure *slot = tsr_hw_find("slot");
	struct json_object *array = put_array(object, "slot_table");

	for (size_t at = 0; size - at >= slot->size; at += slot->size)
		json_object_array_add(array, structure_of(slot, (const uint8_t *)bytes + at));
}

void json_defects(struct json_object *object, const struct defects *defects)
{
	size_t kept = defects->count < DEFECTS_KEPT ? defects->count : DEFECTS_KEPT;
	struct json_object *array = put_array(object, "defects");

	put(object, "defect_count", defects->count);
	for (size_t i = 0; i < kept; i++) {
		struct json_object *entry = json_object_new_object();

		put(entry, "offset", defects->kept[i].offset);
		put_text(entry, "path", defects->kept[i].path);
		put_text(entry, "rule", defects->kept[i].rule);
		json_object_array_add(array, entry);
	}
}
