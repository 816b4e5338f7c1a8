// SPDX-License-Identifier: MIT
#include "program.h"

#include <endian.h>
#include <string.h>

#include <zlib.h>

#include <tsr_hw/program.h>

struct layout {
	uint32_t nodes;
	uint32_t edges;
	uint32_t stream_size;	/* of each node */
	uint32_t edges_at;
	uint32_t streams_at;
	uint32_t size;
};

static uint32_t align8(uint32_t offset)
{
	return (offset + 7) & ~7u;
}

static void lay_out(struct layout *layout, uint32_t nodes, uint32_t edges, uint32_t stream_size)
{
	layout->nodes = nodes;
	layout->edges = edges;
	layout->stream_size = stream_size;
	layout->edges_at = (uint32_t)(sizeof(struct tsr_hw_program) +
				      nodes * sizeof(struct tsr_hw_node));
	layout->streams_at = align8(layout->edges_at + edges * (uint32_t)sizeof(__le16));
	layout->size = layout->streams_at + nodes * stream_size;
}

static void allocate(struct npu *npu, struct program *program, const struct layout *layout)
{
	program->size = layout->size;
	program->slots = align8(layout->size);
	npu_buffer(npu, &program->buffer,
		   program->slots + program->slot_count * sizeof(struct tsr_hw_slot),
		   DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_FETCH);
}

static void write_header(struct tsr_hw_program *header, const struct layout *layout,
			 uint32_t engines, uint32_t slots)
{
	header->magic = htole32(TSR_HW_PROGRAM_MAGIC);
	header->version = htole16(TSR_HW_PROGRAM_VERSION);
	header->header_size = htole16(sizeof(*header));
	header->size = htole32(layout->size);
	header->engines = htole32(engines);
	header->slot_count = htole32(slots);
	header->node_count = htole32(layout->nodes);
	header->edge_count = htole32(layout->edges);
	header->nodes = htole32(sizeof(*header));
	header->edges = htole32(layout->edges ? layout->edges_at : 0);
	header->streams = htole32(layout->stream_size ? layout->streams_at : 0);
	header->streams_size = htole32(layout->nodes * layout->stream_size);
}

/* Header and nodes lie before the successors without a gap. */
static void write_checksum(struct tsr_hw_program *header, const struct layout *layout)
{
	uint32_t covered = layout->edges_at + layout->edges * (uint32_t)sizeof(__le16);

	header->checksum = htole32((uint32_t)crc32(0, (const Bytef *)header, covered));
}

void program_nop(struct npu *npu, struct program *program, uint32_t nodes)
{
	struct layout layout;
	struct tsr_hw_node *node;
	__le16 *edge;

	lay_out(&layout, nodes, nodes - 1, 0);
	program->slot_count = 0;
	allocate(npu, program, &layout);
	write_header(program->buffer.data, &layout, 0, 0);
	node = (void *)((char *)program->buffer.data + sizeof(struct tsr_hw_program));
	edge = (void *)((char *)program->buffer.data + layout.edges_at);
	for (uint32_t i = 0; i < nodes; i++) {
		node[i].engine = TSR_HW_ENGINE_NOP;
		node[i].pred_count = htole16(i > 0);
		node[i].succ_count = htole16(i + 1 < nodes);
		node[i].succ_first = htole32(i + 1 < nodes ? i : 0);
		if (i + 1 < nodes)
			edge[i] = htole16((uint16_t)(i + 1));
	}
	write_checksum(program->buffer.data, &layout);
}

static void write_slots(struct tsr_hw_slot *slot, const struct commands *commands)
{
	for (uint32_t i = 0; i < commands->buffer_count; i++) {
		const struct command_buffer *given = &commands->buffer[i];

		slot[i].address = htole64(given->buffer->va);
		slot[i].size = htole64(given->buffer->size);
		slot[i].flags = htole32(given->flags);
	}
}

void program_commands(struct npu *npu, struct program *program, const struct commands *commands)
{
	struct tsr_hw_program *header;
	struct tsr_hw_node *node;
	struct layout layout;

	lay_out(&layout, commands->count, 0, commands->size);
	program->slot_count = commands->buffer_count;
	allocate(npu, program, &layout);
	header = program->buffer.data;
	node = (void *)(header + 1);
	write_header(header, &layout, 1u << TSR_HW_ENGINE_TENSOR, commands->buffer_count);
	header->ops = htole64(commands->count * commands->ops);
	for (uint32_t i = 0; i < commands->count; i++) {
		node[i].engine = TSR_HW_ENGINE_TENSOR;
		node[i].stream = htole32(i * layout.stream_size);
		node[i].stream_size = htole32(layout.stream_size);
		node[i].ops = htole64(commands->ops);
	}
	memcpy((char *)header + layout.streams_at, commands->bytes,
	       (size_t)commands->count * commands->size);
	write_checksum(header, &layout);
	write_slots((void *)((char *)header + program->slots), commands);
}
