// SPDX-License-Identifier: MIT
#include "program_check.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>
#include <tessera.h>

#include "tile/tile.h"

struct check {
	const struct tsr_program *program;
	const uint8_t *base;
	const struct tsr_hw_program *header;
	const struct tsr_hw_node *nodes;
	const uint16_t *edges;
	char *error;
	size_t error_size;
};

__attribute__((format(printf, 2, 3)))
static bool fail(struct check *c, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(c->error, c->error_size, format, arguments);
	va_end(arguments);
	return false;
}

static bool is_zero(const void *data, size_t size)
{
	const uint8_t *bytes = data;

	while (size--)
		if (*bytes++)
			return false;
	return true;
}

/* CRC-32 of IEEE 802.3, bit by bit. */
static uint32_t crc(uint32_t value, const uint8_t *data, size_t size)
{
	int bit;

	while (size--) {
		value ^= *data++;
		for (bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
	}
	return value;
}

static bool check_sum(struct check *c)
{
	struct tsr_hw_program header = *c->header;
	uint32_t value;

	header.checksum = 0;
	value = crc(~0u, (const uint8_t *)&header, sizeof(header));
	value = crc(value, (const uint8_t *)c->nodes, header.node_count * sizeof(*c->nodes));
	value = crc(value, (const uint8_t *)c->edges, header.edge_count * sizeof(*c->edges));
	return ~value == c->header->checksum || fail(c, "the checksum is wrong");
}

static bool table(struct check *c, const char *what, uint64_t offset, uint64_t size,
		  uint64_t align)
{
	if (!size && !offset)
		return true;
	if (offset < sizeof(*c->header) || offset % align || offset + size > c->header->size)
		return fail(c, "%s are at %llu, %llu bytes of them", what,
			    (unsigned long long)offset, (unsigned long long)size);
	return true;
}

static bool check_header(struct check *c, size_t size)
{
	const struct tsr_hw_program *h = c->header;
	size_t arguments = tsr_program_inputs(c->program) + tsr_program_outputs(c->program);

	if (size < sizeof(*h) || h->magic != TSR_HW_PROGRAM_MAGIC ||
	    h->version != TSR_HW_PROGRAM_VERSION || h->header_size != sizeof(*h) || h->size != size)
		return fail(c, "magic, version or size");
	if (h->features || h->engines != 1u << TSR_HW_ENGINE_TENSOR ||
	    !is_zero(h->mbz, sizeof(h->mbz)))
		return fail(c, "features, engines or a reserved field");
	if (!h->node_count || h->node_count > TSR_HW_MAX_NODES ||
	    h->edge_count > TSR_HW_MAX_EDGES ||
	    h->node_count != tsr_program_nodes(c->program))
		return fail(c, "%u nodes, %u edges", h->node_count, h->edge_count);
	if (h->slot_count != arguments + (tsr_program_scratch(c->program) ? 1 : 0) ||
	    h->slot_count > TSR_HW_MAX_SLOTS)
		return fail(c, "%u slots", h->slot_count);
	return table(c, "nodes", h->nodes, h->node_count * sizeof(struct tsr_hw_node), 8) &&
	       table(c, "edges", h->edges, h->edge_count * 2ull, 2) &&
	       table(c, "streams", h->streams, h->streams_size, 8) &&
	       table(c, "constants", h->constants, h->constants_size, 1);
}

static bool check_node(struct check *c, uint32_t i, uint32_t *preds)
{
	const struct tsr_hw_node *n = &c->nodes[i];
	uint32_t k;

	if (n->engine != TSR_HW_ENGINE_TENSOR || n->mbz0 || n->flags || n->group ||
	    n->word_slot || n->mbz1 || n->ring || n->word_offset || n->index ||
	    n->body_count || n->mbz2)
		return fail(c, "node %u: engine or a field that must be zero", i);
	if (n->stream % 8 || n->stream_size % 8 || !n->stream_size ||
	    n->stream_size > TSR_HW_MAX_STREAM ||
	    (uint64_t)n->stream + n->stream_size > c->header->streams_size)
		return fail(c, "node %u: stream of %u bytes at %u", i, n->stream_size, n->stream);
	if ((uint64_t)n->succ_first + n->succ_count > c->header->edge_count)
		return fail(c, "node %u: successors outside the table", i);
	for (k = 0; k < n->succ_count; k++) {
		uint16_t next = c->edges[n->succ_first + k];

		if (next <= i || next >= c->header->node_count)
			return fail(c, "node %u: successor %u", i, next);
		preds[next]++;
	}
	return true;
}

static bool check_nodes(struct check *c)
{
	uint32_t preds[TSR_HW_MAX_NODES] = { 0 }, i;

	for (i = 0; i < c->header->node_count; i++)
		if (!check_node(c, i, preds))
			return false;
	for (i = 0; i < c->header->node_count; i++)
		if (preds[i] != c->nodes[i].pred_count)
			return fail(c, "node %u: %u edges arrive, it waits for %u", i, preds[i],
				    c->nodes[i].pred_count);
	return true;
}

static void make_slots(const struct check *c, struct tsr_hw_slot *slots)
{
	size_t inputs = tsr_program_inputs(c->program), outputs = tsr_program_outputs(c->program);
	size_t i;

	for (i = 0; i < c->header->slot_count; i++) {
		slots[i] = (struct tsr_hw_slot){
			.address = (i + 1) << 40, .flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
			.size = tsr_program_scratch(c->program),
		};
		if (i < inputs) {
			slots[i].size = tsr_program_input(c->program, i)->size;
			slots[i].flags = TSR_HW_SLOT_READ;
		} else if (i < inputs + outputs) {
			slots[i].size = tsr_program_output(c->program, i - inputs)->size;
		}
	}
}

/* Modelled operations: two for a multiply-accumulate, else one for an element of the result. */
static bool check_ops(struct check *c)
{
	uint64_t sum = 0, macs;
	uint32_t i;

	for (i = 0; i < c->header->node_count; i++) {
		macs = tsr_program_node(c->program, i)->macs;
		if (!c->nodes[i].ops || (macs && c->nodes[i].ops != 2 * macs))
			return fail(c, "node %u: %llu operations of %llu MACs", i,
				    (unsigned long long)c->nodes[i].ops,
				    (unsigned long long)macs);
		sum += c->nodes[i].ops;
	}
	return c->header->ops == sum || fail(c, "operations of nodes and header differ");
}

static bool check_commands(struct check *c, const struct sku *sku)
{
	struct tsr_hw_slot slots[TSR_HW_MAX_SLOTS];
	struct tile_request request = {
		.slots = slots, .slot_count = c->header->slot_count, .program = 1ull << 39,
		.program_size = c->header->size,
	};
	struct tile_result result;
	struct tile_size size;
	struct tile_job *job;
	uint32_t i;
	int error;

	make_slots(c, slots);
	for (i = 0; i < c->header->node_count; i++) {
		request.kind = c->nodes[i].engine;
		request.stream = c->base + c->header->streams + c->nodes[i].stream;
		request.stream_size = c->nodes[i].stream_size;
		error = tile_prepare(sku, &request, &job, &size, &result);
		tile_free(job);
		if (error && error != TSR_HW_ERR_UNSUPPORTED)
			return fail(c, "node %u (%s): the tile says %d", i,
				    tsr_program_node(c->program, i)->op, error);
		if (!error && size.macs != tsr_program_node(c->program, i)->macs)
			return fail(c, "node %u (%s): the tile counts %llu MACs, the compiler %llu",
				    i, tsr_program_node(c->program, i)->op,
				    (unsigned long long)size.macs,
				    (unsigned long long)tsr_program_node(c->program, i)->macs);
	}
	return true;
}

int program_check(const struct tsr_program *program, const struct sku *sku, char *error,
		  size_t error_size)
{
	size_t size;
	const void *data = tsr_program_data(program, &size);
	struct check c = {
		.program = program, .base = data, .header = data, .error = error,
		.error_size = error_size,
	};

	if (!check_header(&c, size))
		return -1;
	c.nodes = (const void *)(c.base + c.header->nodes);
	c.edges = (const void *)(c.base + c.header->edges);
	return check_sum(&c) && check_nodes(&c) && check_ops(&c) && check_commands(&c, sku) ?
	       0 : -1;
}
