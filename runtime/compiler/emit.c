// SPDX-License-Identifier: MIT
/* The program in memory: hardware manual, section 10. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <tsr_hw/program.h>

#include "compiler.h"
#include "../error.h"

/* Offsets of a program's parts, each aligned for its reader. */
struct sections {
	size_t nodes;
	size_t edges;
	size_t streams;
	size_t streams_size;
	size_t constants;
	size_t size;
};

static size_t align_up(size_t value, size_t align)
{
	return (value + align - 1) & ~(align - 1);
}

static struct sections measure(const struct tsr_hw_fuses *fuses, const struct tsr_steps *steps,
			       const struct tsr_layout *layout, const struct tsr_edges *edges,
			       const struct tsr_arguments *arguments)
{
	struct sections s = { .nodes = sizeof(struct tsr_hw_program) };
	uint8_t command[TSR_COMMAND_MAX];
	size_t i;

	s.edges = s.nodes + steps->count * sizeof(struct tsr_hw_node);
	s.streams = align_up(s.edges + edges->count * sizeof(__le16), TSR_HW_PROGRAM_ALIGN);
	for (i = 0; i < steps->count; i++)
		s.streams_size += tsr_lower(fuses, layout, arguments, 0, &steps->step[i],
					    command);
	s.constants = align_up(s.streams + s.streams_size, TSR_HW_PROGRAM_ALIGN);
	s.size = s.constants + layout->constants;
	return s;
}

static uint64_t modelled_ops(const struct tsr_layout *layout, const struct tsr_step *step)
{
	uint64_t macs = tsr_step_macs(layout, step);

	return macs ? 2 * macs : tsr_info_elements(&layout->view[step->out_view].info);
}

static void emit_nodes(uint8_t *base, const struct sections *s, const struct tsr_hw_fuses *fuses,
		       const struct tsr_steps *steps, const struct tsr_layout *layout,
		       const struct tsr_arguments *arguments)
{
	struct tsr_hw_node *nodes = (void *)(base + s->nodes);
	uint8_t command[TSR_COMMAND_MAX];
	size_t i, size, stream = 0;

	for (i = 0; i < steps->count; i++) {
		size = tsr_lower(fuses, layout, arguments, (uint32_t)s->constants,
				 &steps->step[i], command);
		memcpy(base + s->streams + stream, command, size);
		nodes[i] = (struct tsr_hw_node){
			.engine = TSR_HW_ENGINE_TENSOR,
			.stream = htole32((uint32_t)stream),
			.stream_size = htole32((uint32_t)size),
			.ops = htole64(modelled_ops(layout, &steps->step[i])),
			.tag = htole32((uint32_t)i),
		};
		stream += size;
	}
}

/* Edges are sorted by their start, so each node's successors are one run. */
static void emit_edges(uint8_t *base, const struct sections *s, const struct tsr_edges *edges)
{
	struct tsr_hw_node *nodes = (void *)(base + s->nodes);
	__le16 *table = (void *)(base + s->edges);
	size_t i;

	for (i = 0; i < edges->count; i++) {
		struct tsr_hw_node *from = &nodes[edges->edge[i][0]];
		struct tsr_hw_node *to = &nodes[edges->edge[i][1]];

		if (!from->succ_count)
			from->succ_first = htole32((uint32_t)i);
		from->succ_count = htole16(le16toh(from->succ_count) + 1);
		to->pred_count = htole16(le16toh(to->pred_count) + 1);
		table[i] = htole16(edges->edge[i][1]);
	}
}

static void emit_constants(uint8_t *base, const struct sections *s,
			   const struct tsr_layout *layout)
{
	size_t i;

	for (i = 0; i < layout->storage_count; i++) {
		const struct tsr_storage *storage = &layout->storage[i];

		if (storage->kind == TSR_STORAGE_CONSTANT && storage->first != SIZE_MAX)
			memcpy(base + s->constants + storage->offset, storage->data,
			       storage->size);
	}
}

/* Header and tables only: constants may be large, and are read by the tile. */
static uint32_t checksum(const uint8_t *base, const struct sections *s, size_t edges)
{
	return (uint32_t)crc32(0, base, (unsigned int)(s->edges + edges * sizeof(__le16)));
}

static void emit_header(uint8_t *base, const struct sections *s, const struct tsr_steps *steps,
			const struct tsr_layout *layout, const struct tsr_edges *edges,
			const struct tsr_arguments *arguments)
{
	struct tsr_hw_program *header = (void *)base;
	size_t i, slots = arguments->inputs + arguments->outputs + (layout->scratch ? 1 : 0);
	uint64_t ops = 0;

	for (i = 0; i < steps->count; i++)
		ops += modelled_ops(layout, &steps->step[i]);
	*header = (struct tsr_hw_program){
		.magic = htole32(TSR_HW_PROGRAM_MAGIC),
		.version = htole16(TSR_HW_PROGRAM_VERSION),
		.header_size = htole16(sizeof(*header)),
		.size = htole32((uint32_t)s->size),
		.engines = htole32(1u << TSR_HW_ENGINE_TENSOR),
		.slot_count = htole32((uint32_t)slots),
		.node_count = htole32((uint32_t)steps->count),
		.edge_count = htole32((uint32_t)edges->count),
		.nodes = htole32((uint32_t)s->nodes),
		.edges = htole32((uint32_t)s->edges),
		.streams = htole32((uint32_t)s->streams),
		.streams_size = htole32((uint32_t)s->streams_size),
		.constants = htole32((uint32_t)s->constants),
		.constants_size = htole32((uint32_t)layout->constants),
		.ops = htole64(ops),
	};
	header->checksum = htole32(checksum(base, s, edges->count));
}

static int check_steps(const struct tsr_hw_fuses *fuses, const struct tsr_steps *steps,
		       const struct tsr_layout *layout, const struct tsr_arguments *arguments)
{
	uint8_t command[TSR_COMMAND_MAX];
	size_t i;

	for (i = 0; i < steps->count; i++)
		if (!tsr_lower(fuses, layout, arguments, 0, &steps->step[i], command))
			return tsr_fail(-EOPNOTSUPP,
					"%s: lines of the picture are too long for the "
					"scratchpad of the device",
					steps->step[i].label);
	return 0;
}

int tsr_emit(const struct tsr_hw_fuses *fuses, const struct tsr_steps *steps,
	     const struct tsr_layout *layout, const struct tsr_edges *edges,
	     const struct tsr_arguments *arguments, struct tsr_image *image)
{
	struct sections s = measure(fuses, steps, layout, edges, arguments);
	int error = check_steps(fuses, steps, layout, arguments);
	uint8_t *base;

	if (error)
		return error;
	if (s.size > UINT32_MAX)
		return tsr_fail(-E2BIG, "the program would have %zu bytes, over 4 GiB", s.size);
	if (arguments->inputs + arguments->outputs + 1 > TSR_HW_MAX_SLOTS)
		return tsr_fail(-E2BIG, "%zu inputs and %zu outputs, the device takes %d together",
				arguments->inputs, arguments->outputs, TSR_HW_MAX_SLOTS - 1);
	base = calloc(1, s.size);
	if (!base)
		return tsr_fail(-ENOMEM, "no memory for a program of %zu bytes", s.size);
	emit_nodes(base, &s, fuses, steps, layout, arguments);
	emit_edges(base, &s, edges);
	emit_constants(base, &s, layout);
	emit_header(base, &s, steps, layout, edges, arguments);
	*image = (struct tsr_image){ base, s.size };
	return 0;
}
