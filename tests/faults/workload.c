// SPDX-License-Identifier: MIT
#include "workload.h"

#include <tsr_hw/command.h>
#include <tsr_hw/vector.h>

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

static struct tsr_hw_tensor tensor(uint16_t slot, uint64_t offset, uint8_t type,
				   const struct shape *shape)
{
	uint64_t stride = 1;
	struct tsr_hw_tensor tensor = {
		.slot = slot,
		.type = type,
		.rank = 4,
		.offset = offset,
	};

	for (int i = 3; i >= 0; i--) {
		tensor.dim[i] = shape->dim[i];
		tensor.stride[i] = stride;
		stride *= shape->dim[i];
	}
	return tensor;
}

static struct tsr_hw_tensor data(uint64_t offset, uint8_t type, const struct shape *shape)
{
	return tensor(DATA, offset, type, shape);
}

static void add_conv(struct tsr_program *program)
{
	static const struct tsr_hw_tensor none = { .slot = TSR_HW_SLOT_NONE };
	static const struct tsr_hw_window around = { .kernel = 3, .stride = 1, .dilation = 1,
						     .input_dilation = 1, .before = 1, .after = 1 };
	struct tsr_hw_conv conv = {
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(conv) },
		.x = data(IMAGE, TSR_HW_TYPE_FP32, &image),
		.w = tensor(WEIGHTS, 0, TSR_HW_TYPE_FP32, &kernel),
		.d = data(FEATURES, TSR_HW_TYPE_FP32, &features),
		.qx = { .scale = none, .zeros = none },
		.qw = { .scale = none, .zeros = none },
		.blocks = { .bm = 1, .bn = 4, .bk = 18, .bg = 1 },
		.groups = 1,
		.dims = 2,
		.window = { around, around },
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &conv, sizeof(conv));
}

static void add_pool(struct tsr_program *program)
{
	static const struct tsr_hw_window half = { .kernel = 2, .stride = 2, .dilation = 1,
						   .input_dilation = 1 };
	struct tsr_hw_pool pool = {
		.head = { .op = TSR_HW_OP_POOL, .size = sizeof(pool) },
		.x = data(FEATURES, TSR_HW_TYPE_FP32, &features),
		.d = data(POOLED, TSR_HW_TYPE_FP32, &pooled),
		.index = { .slot = TSR_HW_SLOT_NONE },
		.mode = TSR_HW_POOLING_SUM,
		.dims = 2,
		.w = { half, half },
		.step.block = { 1, 4, 4, 4 },
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &pool, sizeof(pool));
}

/* What lies behind the body of a VECTOR command is its program, and in that its inputs. */
static void add_sum(struct tsr_program *program)
{
	const struct {
		struct tsr_hw_vector_command body;
		struct tsr_hw_vector post;
		struct tsr_hw_tensor in[2];
		struct tsr_hw_insn code[1];
	} sum = {
		.body = {
			.head = {
				.op = TSR_HW_OP_VECTOR,
				.size = sizeof(sum),
				.post = sizeof(sum.body),
			},
			.d = data(SUM, TSR_HW_TYPE_FP32, &pooled),
			.step.block = { 1, 4, 4, 4 },
		},
		.post = { .insns = 1, .inputs = 2, .result = 5 },
		.in = {
			data(POOLED, TSR_HW_TYPE_FP32, &pooled),
			data(POOLED, TSR_HW_TYPE_FP32, &pooled),
		},
		.code = {
			{ .op = TSR_HW_VECTOR_ADD, .type = TSR_HW_VECTOR_TYPE_F32, .dst = 5,
			  .b = 1 },
		},
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &sum, sizeof(sum));
}

/* A program without instructions: the input is stored in another type. */
static void add_conversion(struct tsr_program *program)
{
	const struct {
		struct tsr_hw_vector_command body;
		struct tsr_hw_vector post;
		struct tsr_hw_tensor in[1];
	} conversion = {
		.body = {
			.head = {
				.op = TSR_HW_OP_VECTOR,
				.size = sizeof(conversion),
				.post = sizeof(conversion.body),
			},
			.d = data(CODES, TSR_HW_TYPE_INT8, &pooled),
			.step.block = { 1, 4, 4, 4 },
		},
		.post = { .inputs = 1 },
		.in = { data(SUM, TSR_HW_TYPE_FP32, &pooled) },
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &conversion, sizeof(conversion));
}

/* A mean is a sum whose epilogue divides it by the number of its elements, 16. */
static void add_mean(struct tsr_program *program)
{
	struct {
		struct tsr_hw_reduce reduce;
		struct tsr_hw_vector post;
		uint64_t constant;
		struct tsr_hw_insn code[2];
	} mean = {
		.reduce = {
			.head = { .op = TSR_HW_OP_REDUCE, .size = sizeof(mean),
				  .post = sizeof(mean.reduce) },
			.x = data(SUM, TSR_HW_TYPE_FP32, &pooled),
			.d = data(MEANS, TSR_HW_TYPE_FP32, &means),
			.axes = 1u << 2 | 1u << 3,
			.function = TSR_HW_REDUCTION_SUM,
			.step.block = { 1, 4, 4, 4 },
		},
		.post = { .insns = 2, .consts = 1, .result = TSR_HW_VECTOR_VALUE },
		.constant = 0x3d800000,
		.code = {
			{ .op = TSR_HW_VECTOR_CONSTANT, .type = TSR_HW_VECTOR_TYPE_F32, .dst = 5 },
			{ .op = TSR_HW_VECTOR_MUL, .type = TSR_HW_VECTOR_TYPE_F32,
			  .dst = TSR_HW_VECTOR_VALUE, .a = TSR_HW_VECTOR_VALUE, .b = 5 },
		},
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &mean, sizeof(mean));
}

static void add_softmax(struct tsr_program *program)
{
	struct tsr_hw_normalize softmax = {
		.head = { .op = TSR_HW_OP_NORMALIZE, .size = sizeof(softmax) },
		.x = data(MEANS, TSR_HW_TYPE_FP32, &means),
		.d = data(SHARES, TSR_HW_TYPE_FP32, &means),
		.axes = 1u << 1,
		.mode = TSR_HW_NORMALIZE_SOFTMAX,
		.step.block = { 1, 4, 1, 1 },
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &softmax, sizeof(softmax));
}

static void add_move(struct tsr_program *program)
{
	struct tsr_hw_move move = {
		.head = { .op = TSR_HW_OP_MOVE, .size = sizeof(move) },
		.x = data(SUM, TSR_HW_TYPE_FP32, &pooled),
		.d = data(TURNED, TSR_HW_TYPE_FP32, &pooled),
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
	program->node[node].word_slot = FLAGS;
	program->node[node].word_offset = 16;
}

/* A small network. */
static void network(struct tsr_program *program)
{
	add_conv(program);
	add_pool(program);
	add_sum(program);
	add_conversion(program);
	add_mean(program);
	add_softmax(program);
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
