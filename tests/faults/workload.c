// SPDX-License-Identifier: MIT
#include "workload.h"

#include <string.h>

#include <tsr_hw/command.h>

#include "gemm.h"

/* Slots. */
#define DATA		0
#define WEIGHTS		1
#define FLAGS		2

/* Offsets in the data. */
#define IMAGE		0x0000	/* fp32 [1, 2, 8, 8] */
#define FEATURES	0x1000	/* fp32 [1, 4, 8, 8] */
#define POOLED		0x2000	/* fp32 [1, 4, 4, 4] */
#define SUM		0x3000	/* fp32 [1, 4, 4, 4] */
#define CODES		0x4000	/* int8 [1, 4, 4, 4] */
#define MEANS		0x5000	/* fp32 [1, 4, 1, 1] */
#define SHARES		0x6000	/* fp32 [1, 4, 1, 1] */
#define TURNED		0x7000	/* fp32 [1, 4, 4, 4] */
#define PRODUCT		0x8000	/* struct gemm */
#define COPY		0xa000
#define CONSTANT	0xb000

struct shape {
	uint32_t dim[4];
};

static const struct shape image = { { 1, 2, 8, 8 } };
static const struct shape kernel = { { 4, 2, 3, 3 } };
static const struct shape features = { { 1, 4, 8, 8 } };
static const struct shape pooled = { { 1, 4, 4, 4 } };
static const struct shape means = { { 1, 4, 1, 1 } };

static struct tsr_hw_scaled_tensor tensor(uint16_t slot, uint64_t offset, uint8_t type,
				    const struct shape *shape)
{
	uint64_t stride = 1;
	struct tsr_hw_scaled_tensor tensor = {
		.slot = slot,
		.type = type,
		.rank = 4,
		.offset = offset,
		.scale = type == TSR_HW_TYPE_INT8 ? 0x3f800000 : 0,
		.scale_slot = TSR_HW_SLOT_NONE,
	};

	for (int i = 3; i >= 0; i--) {
		tensor.dim[i] = shape->dim[i];
		tensor.stride[i] = stride;
		stride *= shape->dim[i];
	}
	return tensor;
}

static struct tsr_hw_scaled_tensor data(uint64_t offset, const struct shape *shape)
{
	return tensor(DATA, offset, TSR_HW_TYPE_FP32, shape);
}

static struct tsr_hw_scaled_tensor none(void)
{
	return (struct tsr_hw_scaled_tensor){ .slot = TSR_HW_SLOT_NONE };
}

static void add_conv(struct tsr_program *program)
{
	struct tsr_hw_conv conv = {
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(conv) },
		.x = data(IMAGE, &image),
		.w = tensor(WEIGHTS, 0, TSR_HW_TYPE_FP32, &kernel),
		.d = data(FEATURES, &features),
		.epilogue = { .bias = none(), .residual = none(), .activation = TSR_HW_ACT_RELU },
		.stride_h = 1, .stride_w = 1, .dilation_h = 1, .dilation_w = 1,
		.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1,
		.groups = 1,
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &conv, sizeof(conv));
}

static void add_pool(struct tsr_program *program)
{
	struct tsr_hw_pool pool = {
		.head = { .op = TSR_HW_OP_POOL, .size = sizeof(pool) },
		.x = data(FEATURES, &features),
		.d = data(POOLED, &pooled),
		.mode = TSR_HW_POOL_AVERAGE,
		.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2,
		.dilation_h = 1, .dilation_w = 1,
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &pool, sizeof(pool));
}

static void add_elementwise(struct tsr_program *program)
{
	struct tsr_hw_elementwise add = {
		.head = { .op = TSR_HW_OP_ELEMENTWISE, .size = sizeof(add) },
		.a = data(POOLED, &pooled),
		.b = data(POOLED, &pooled),
		.d = data(SUM, &pooled),
		.function = TSR_HW_EW_ADD,
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &add, sizeof(add));
}

static void add_convert(struct tsr_program *program)
{
	struct tsr_hw_elementwise convert = {
		.head = { .op = TSR_HW_OP_CONVERT, .size = sizeof(convert) },
		.a = data(SUM, &pooled),
		.b = none(),
		.d = tensor(DATA, CODES, TSR_HW_TYPE_INT8, &pooled),
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &convert, sizeof(convert));
}

static void add_reduce(struct tsr_program *program, uint8_t op, uint64_t from,
		       const struct shape *shape, uint64_t to, uint32_t axes)
{
	struct tsr_hw_reduce reduce = {
		.head = { .op = op, .size = sizeof(reduce) },
		.x = data(from, shape),
		.d = data(to, &means),
		.axes = axes,
		.function = op == TSR_HW_OP_REDUCE ? TSR_HW_REDUCE_MEAN : 0,
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &reduce, sizeof(reduce));
}

static struct tsr_hw_tensor bits(uint64_t offset, const struct shape *shape)
{
	struct tsr_hw_scaled_tensor scaled = data(offset, shape);
	struct tsr_hw_tensor tensor;

	memcpy(&tensor, &scaled, sizeof(tensor));
	return tensor;
}

static void add_move(struct tsr_program *program)
{
	struct tsr_hw_move move = {
		.head = { .op = TSR_HW_OP_MOVE, .size = sizeof(move) },
		.x = bits(SUM, &pooled),
		.d = bits(TURNED, &pooled),
		.step.block = { 1, 4, 4, 4 },
	};
	uint64_t stride = move.x.stride[2];

	move.x.stride[2] = move.x.stride[3];
	move.x.stride[3] = stride;
	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &move, sizeof(move));
}

static void add_skip(struct tsr_program *program, uint32_t node)
{
	program->node[node].flags = TSR_HW_NODE_SKIP;
	program->node[node].skip_slot = FLAGS;
	program->node[node].skip_offset = 16;
}

/* A small network. */
static void network(struct tsr_program *program)
{
	add_conv(program);
	add_pool(program);
	add_elementwise(program);
	add_convert(program);
	add_reduce(program, TSR_HW_OP_REDUCE, SUM, &pooled, MEANS, 1u << 2 | 1u << 3);
	add_reduce(program, TSR_HW_OP_SOFTMAX, MEANS, &means, SHARES, 1u << 1);
}

/* A diamond over both engines with a node that may be skipped. */
static void diamond(struct tsr_program *program)
{
	tsr_program_nop(program);
	gemm_node(program, DATA, PRODUCT);
	tsr_program_copy(program, WEIGHTS, DATA, 512);
	tsr_program_fill(program, DATA, CONSTANT, 256, 7);
	add_skip(program, 3);
	add_move(program);
	tsr_program_edge(program, 0, 1);
	tsr_program_edge(program, 0, 2);
	tsr_program_edge(program, 0, 3);
	tsr_program_edge(program, 1, 4);
	tsr_program_edge(program, 2, 4);
	tsr_program_edge(program, 3, 4);
}

/* Nodes that depend on nothing. */
static void crowd(struct tsr_program *program)
{
	gemm_node(program, DATA, PRODUCT);
	tsr_program_fill(program, DATA, CONSTANT, 128, 3);
	add_conv(program);
	tsr_program_fill(program, DATA, COPY, 64, 9);
	tsr_program_nop(program);
	tsr_program_edge(program, 0, 4);
}

static void chain(struct tsr_program *program)
{
	for (unsigned int i = 0; i < 24; i++) {
		if (i % 3)
			tsr_program_nop(program);
		else
			tsr_program_fill(program, DATA, COPY + 64 * i, 64, (uint8_t)i);
	}
}

struct tsr_program *workload(unsigned int which)
{
	static void (*const build[WORKLOADS])(struct tsr_program *) = {
		network, diamond, crowd, chain,
	};
	struct tsr_program *program = tsr_program_begin();

	build[which](program);
	return program;
}
