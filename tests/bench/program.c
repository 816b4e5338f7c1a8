// SPDX-License-Identifier: MIT
#include "program.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>

#include <zlib.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>

#define SLOTS 3

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
		   program->slots + SLOTS * sizeof(struct tsr_hw_slot),
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
	program->slot_count = 0;
}

static struct tsr_hw_tensor no_tensor(void)
{
	return (struct tsr_hw_tensor){ .slot = htole16(TSR_HW_SLOT_NONE) };
}

static struct tsr_hw_quant no_quant(void)
{
	return (struct tsr_hw_quant){ .scale = no_tensor(), .zeros = no_tensor() };
}

static struct tsr_hw_tensor square(uint16_t slot, uint32_t type, uint32_t n, uint64_t offset)
{
	return (struct tsr_hw_tensor){
		.slot = htole16(slot),
		.type = (uint8_t)type,
		.rank = 2,
		.offset = htole64(offset),
		.dim = { htole32(n), htole32(n) },
		.stride = { htole64(n), htole64(1) },
	};
}

/* Blocks suit the class "edge": 240 is a multiple of the two rows that its array has for fp32. */
static void write_gemm(struct tsr_hw_matmul *gemm, const struct products *products, uint32_t i)
{
	uint32_t n = products->n;
	bool integer = products->type == TSR_HW_TYPE_INT8;
	uint64_t row = (uint64_t)n * (integer ? 1 : 4);

	gemm->head.op = TSR_HW_OP_MATMUL;
	gemm->head.size = htole16(sizeof(*gemm));
	gemm->a = square(0, products->type, n, i * row);
	gemm->b = square(1, products->type, n, 0);
	gemm->d = square(2, integer ? TSR_HW_TYPE_INT32 : TSR_HW_TYPE_FP32, n,
			 (uint64_t)i * n * n * 4);
	gemm->rows = no_tensor();
	gemm->qa = no_quant();
	gemm->qb = no_quant();
	gemm->blocks = (struct tsr_hw_blocks){
		.bm = htole32(96), .bn = htole32(128), .bk = htole32(integer ? n : 240),
		.bg = htole32(1),
	};
}

static void write_slot(struct tsr_hw_slot *slot, const struct npu_buffer *buffer, uint32_t flags)
{
	slot->address = htole64(buffer->va);
	slot->size = htole64(buffer->size);
	slot->flags = htole32(flags);
}

void program_gemm(struct npu *npu, struct program *program, const struct products *products)
{
	uint64_t ops = 2ull * products->n * products->n * products->n;
	struct tsr_hw_program *header;
	struct tsr_hw_slot *slot;
	struct tsr_hw_node *node;
	struct tsr_hw_matmul *gemm;
	struct layout layout;

	lay_out(&layout, products->count, 0, sizeof(struct tsr_hw_matmul));
	allocate(npu, program, &layout);
	header = program->buffer.data;
	node = (void *)(header + 1);
	gemm = (void *)((char *)header + layout.streams_at);
	slot = (void *)((char *)header + program->slots);
	write_header(header, &layout, 1u << TSR_HW_ENGINE_TENSOR, SLOTS);
	header->ops = htole64(products->count * ops);
	for (uint32_t i = 0; i < products->count; i++) {
		node[i].engine = TSR_HW_ENGINE_TENSOR;
		node[i].stream = htole32(i * layout.stream_size);
		node[i].stream_size = htole32(layout.stream_size);
		node[i].ops = htole64(ops);
		write_gemm(&gemm[i], products, i);
	}
	write_checksum(header, &layout);
	write_slot(&slot[0], products->a, TSR_HW_SLOT_READ);
	write_slot(&slot[1], products->b, TSR_HW_SLOT_READ);
	write_slot(&slot[2], products->d, TSR_HW_SLOT_WRITE);
	program->slot_count = SLOTS;
}
