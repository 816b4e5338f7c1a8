// SPDX-License-Identifier: MIT
#include "program.h"

#include <string.h>

#include "aspace.h"
#include "harness.h"

void program_begin(struct test_program *program)
{
	memset(program, 0, sizeof(*program));
}

unsigned int program_node(struct test_program *program, unsigned int engine,
			  const void *command, size_t size)
{
	struct tsr_hw_node *node = &program->nodes[program->node_count];

	node->engine = (__u8)engine;
	node->stream = size ? program->streams_size : 0;
	node->stream_size = (__le32)size;
	if (size)
		memcpy(program->streams + program->streams_size, command, size);
	program->streams_size += (uint32_t)size;
	return program->node_count++;
}

unsigned int program_group(struct test_program *program, uint32_t resident, uint32_t ring)
{
	program->groups[program->group_count] = (struct tsr_hw_group){
		.grid = { 1, 1 }, .resident = resident, .ring = ring,
	};
	return ++program->group_count;
}

void program_chain(struct test_program *program)
{
	for (unsigned int i = 0; i + 1 < program->node_count; i++) {
		program->nodes[i].succ_first = program->edge_count;
		program->nodes[i].succ_count = 1;
		program->edges[program->edge_count++] = (__le16)(i + 1);
		program->nodes[i + 1].pred_count++;
	}
}

static uint32_t crc(uint32_t state, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	for (; n; n--) {
		state ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			state = state >> 1 ^ (state & 1 ? 0xedb88320u : 0);
	}
	return state;
}

static uint32_t align(uint32_t at, uint32_t to)
{
	return (at + to - 1) & ~(to - 1);
}

static void finish(struct test_program *program, unsigned int slot_count)
{
	struct tsr_hw_program *header = &program->header;
	uint32_t nodes = program->node_count * sizeof(program->nodes[0]);
	uint32_t edges = program->edge_count * sizeof(program->edges[0]);
	uint32_t groups = program->group_count * sizeof(program->groups[0]);
	uint32_t sum = ~0u;

	memset(header, 0, sizeof(*header));
	header->magic = TSR_HW_PROGRAM_MAGIC;
	header->version = TSR_HW_PROGRAM_VERSION;
	header->header_size = sizeof(*header);
	for (unsigned int i = 0; i < program->node_count; i++) {
		/* A test may want a node of no kind that there is. */
		if (program->nodes[i].engine < 32)
			header->engines |= 1u << program->nodes[i].engine;
	}
	header->slot_count = slot_count;
	header->node_count = program->node_count;
	header->edge_count = program->edge_count;
	header->nodes = sizeof(*header);
	header->edges = header->nodes + nodes;
	header->groups = align(header->edges + edges, 8);
	header->group_count = program->group_count;
	header->streams = align(header->groups + groups, TSR_HW_PROGRAM_ALIGN);
	header->streams_size = program->streams_size;
	header->constants = align(header->streams + header->streams_size, TSR_HW_PROGRAM_ALIGN);
	header->size = header->constants;
	sum = crc(sum, header, sizeof(*header));
	sum = crc(sum, program->nodes, nodes);
	sum = crc(sum, program->edges, edges);
	sum = crc(sum, program->groups, groups);
	header->checksum = ~sum;
}

struct tsr_hw_job program_place(struct test_program *program, struct aspace *as, uint64_t va,
				 const struct tsr_hw_slot *slots, unsigned int slot_count)
{
	const struct tsr_hw_program *header = &program->header;
	uint64_t slots_va;
	uint64_t bus;
	char *at;

	finish(program, slot_count);
	bus = aspace_alloc(as, va, header->size, TSR_HW_PTE_READ | TSR_HW_PTE_FETCH);
	at = harness_at(as->harness, bus);
	memcpy(at, header, sizeof(*header));
	memcpy(at + header->nodes, program->nodes,
	       program->node_count * sizeof(program->nodes[0]));
	memcpy(at + header->edges, program->edges,
	       program->edge_count * sizeof(program->edges[0]));
	memcpy(at + header->groups, program->groups,
	       program->group_count * sizeof(program->groups[0]));
	memcpy(at + header->streams, program->streams, program->streams_size);
	slots_va = va + align(header->size, TSR_HW_PAGE_SIZE);
	bus = aspace_alloc(as, slots_va, slot_count * sizeof(*slots) + 1, TSR_HW_PTE_READ);
	if (slot_count)
		memcpy(harness_at(as->harness, bus), slots, slot_count * sizeof(*slots));
	return (struct tsr_hw_job){
		.program = va,
		.program_size = header->size,
		.slot_count = slot_count,
		.slots = slots_va,
		.repeat = 1,
	};
}

struct tsr_hw_tensor matrix_make(unsigned int slot, unsigned int rows, unsigned int columns)
{
	return (struct tsr_hw_tensor){
		.slot = (__le16)slot,
		.type = TSR_HW_TYPE_FP32,
		.rank = 2,
		.dim = { rows, columns },
		.stride = { columns, 1 },
	};
}

struct tsr_hw_gemm gemm_make(unsigned int m, unsigned int n, unsigned int k)
{
	const struct tsr_hw_tensor none = { .slot = TSR_HW_SLOT_NONE };

	return (struct tsr_hw_gemm){
		.head = { .op = TSR_HW_OP_GEMM, .size = sizeof(struct tsr_hw_gemm) },
		.a = matrix_make(0, m, k),
		.b = matrix_make(1, k, n),
		.d = matrix_make(2, m, n),
		.rows = none,
		.qa = { .scale = none, .zeros = none },
		.qb = { .scale = none, .zeros = none },
		.blocks = { .bm = 16, .bn = 128, .bk = 8, .bg = 1 },
	};
}

struct tsr_hw_copy copy_make(unsigned int bytes)
{
	return (struct tsr_hw_copy){
		.head = { .op = TSR_HW_OP_COPY, .size = sizeof(struct tsr_hw_copy) },
		.dst = { .slot = 1 },
		.crc = { .slot = TSR_HW_SLOT_NONE },
		.size = bytes,
	};
}

static struct tsr_hw_tensor bytes_make(unsigned int slot, unsigned int rows, unsigned int columns)
{
	return (struct tsr_hw_tensor){
		.slot = (__le16)slot,
		.type = TSR_HW_TYPE_UINT8,
		.rank = 2,
		.dim = { rows, columns },
		.stride = { columns, 1 },
	};
}

struct tsr_hw_move move_make(unsigned int rows, unsigned int columns)
{
	return (struct tsr_hw_move){
		.head = { .op = TSR_HW_OP_MOVE, .size = sizeof(struct tsr_hw_move) },
		.x = bytes_make(0, rows, columns),
		.d = bytes_make(1, rows, columns),
		.step.block = { 1, 4096 },
	};
}
