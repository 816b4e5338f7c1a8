/* SPDX-License-Identifier: MIT */
#include "hostile_commands.h"

#include <stdbool.h>
#include <string.h>

#include <tsr_hw/vector.h>

#include "../../random.h"

/* Slots begin and end far from the end of the address space. */
#define SLOT_BYTES	(1ull << 45)

static unsigned int below(uint64_t *random, unsigned int n)
{
	return (unsigned int)((random_next(random) >> 16) % n);
}

/* 1 to about 2^@bits, small ones as often as large ones; round ones and others. */
static uint32_t extent(uint64_t *random, unsigned int bits)
{
	unsigned int shift = below(random, (bits < 30 ? bits : 30) + 1);
	uint32_t high = 1u << shift;

	return below(random, 2) ? high : high + (uint32_t)(random_next(random) >> 20) % high;
}

/* The extent of a tensor: now and then there is nothing. */
static uint32_t some(uint64_t *random, unsigned int bits)
{
	return below(random, 16) ? extent(random, bits) : 0;
}

static unsigned int any_type(uint64_t *random)
{
	static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_INT8 };

	return types[below(random, 3)];
}

static void tensor(struct tsr_hw_tensor *tensor, unsigned int slot, unsigned int type,
		   unsigned int rank, const uint32_t *dim)
{
	uint64_t step = 1;

	memset(tensor, 0, sizeof(*tensor));
	tensor->slot = (uint16_t)slot;
	tensor->type = (uint8_t)type;
	tensor->rank = (uint8_t)rank;
	for (unsigned int i = rank; i-- > 0;) {
		tensor->dim[i] = dim[i];
		tensor->stride[i] = step;
		step *= dim[i];
	}
}

/* Bytes for elements: dimensions by stride 0, some or all; or far apart, or backwards. */
static void shrink(struct tsr_hw_tensor *tensor, uint64_t *random)
{
	unsigned int how = below(random, 5);

	if (how == 4)
		tensor->offset = SLOT_BYTES / 2;
	for (unsigned int i = 0; i < tensor->rank; i++) {
		if (how == 4 && below(random, 2))
			tensor->stride[i] = -tensor->stride[i];
		else if (how == 0 || (how == 1 && below(random, 2)))
			tensor->stride[i] = 0;
		else if (how == 2 && tensor->stride[i] < 1u << 20)
			tensor->stride[i] *= 64;
	}
}

/* A window that fits; the pictures are as large as its stride makes them. */
struct window {
	uint32_t kernel;
	uint32_t stride;
	uint32_t dilation;
	uint32_t in;
	uint32_t out;
};

static void window_of(struct window *window, uint64_t *random, unsigned int bits)
{
	window->kernel = extent(random, bits / 4);
	window->dilation = below(random, 2) ? 1 : extent(random, bits / 4);
	window->stride = extent(random, bits / 4);
	window->in = window->dilation * (window->kernel - 1) + 1 +
		     (below(random, 2) ? 0 : extent(random, bits / 2));
	window->out = (window->in - window->dilation * (window->kernel - 1) - 1) /
		      window->stride + 1;
}

static void make_copy(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_copy *copy = &hostile->command.copy;

	copy->head.op = TSR_HW_OP_COPY;
	copy->head.size = sizeof(*copy);
	copy->dst.slot = 3;
	copy->crc.slot = below(random, 2) ? 2 : TSR_HW_SLOT_NONE;
	copy->size = (uint64_t)some(random, bits / 2) * some(random, bits / 2);
	hostile->kind = TSR_HW_ENGINE_DMA;
}

static void make_fill(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_fill *fill = &hostile->command.fill;
	unsigned int width = 1u << below(random, 4);

	fill->head.op = TSR_HW_OP_FILL;
	fill->head.size = sizeof(*fill);
	fill->dst.slot = 3;
	fill->size = (uint64_t)some(random, bits / 2) * some(random, bits / 2) * width;
	fill->value = random_next(random) & 0xff;
	fill->width = (uint8_t)width;
	hostile->kind = TSR_HW_ENGINE_DMA;
}

static void plain(struct tsr_hw_tensor *place, unsigned int slot, unsigned int type,
		  unsigned int rank, const uint32_t *dim, uint64_t *random)
{
	tensor(place, slot, type, rank, dim);
	if (random)
		shrink(place, random);
}

/* One instruction, or none: what a conversion is. */
struct one_insn {
	struct tsr_hw_insn insn;
	uint8_t inputs;
	uint8_t type;
};

#define INSN(name, kind)								\
	{ .op = TSR_HW_VECTOR_##name, .type = TSR_HW_VECTOR_TYPE_##kind, .dst = 5, .b = 1 }

static void make_vector(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	static const struct one_insn some_insns[] = {
		{ INSN(ADD, F32), 2, TSR_HW_TYPE_FP16 },
		{ INSN(DIV, F32), 2, TSR_HW_TYPE_FP32 },
		{ INSN(POW, F32), 2, TSR_HW_TYPE_FP32 },
		{ INSN(DIV, I32), 2, TSR_HW_TYPE_INT8 },
		{ .inputs = 1, .type = TSR_HW_TYPE_FP16 },
	};
	const struct one_insn *one = &some_insns[below(random, 5)];
	const uint32_t dim[] = { some(random, bits / 2), some(random, bits / 2) };
	struct vector_command command = {
		.block = { 1, 4096 },
		.head = {
			.insns = one->insn.dst ? 1 : 0,
			.inputs = one->inputs,
			.result = one->insn.dst,
		},
		.code = { one->insn },
	};

	for (unsigned int i = 0; i < one->inputs; i++)
		plain(&command.input[i], i, one->type, 2, dim, random);
	plain(&command.d, 3, any_type(random), 2, dim, NULL);
	vector_command_pack(&command, hostile->command.vector);
}

/* From some extent to another one, by any pads. */
static void make_move(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_move *move = &hostile->command.move;
	const uint32_t x[] = { some(random, bits / 2), some(random, bits / 2) };
	const uint32_t d[] = { some(random, bits / 2), some(random, bits / 2) };
	unsigned int type = any_type(random);

	move->head.op = TSR_HW_OP_MOVE;
	move->head.size = sizeof(*move);
	plain(&move->x, 0, type, 2, x, random);
	plain(&move->d, 3, type, 2, d, NULL);
	for (unsigned int i = 0; i < 2; i++) {
		uint64_t before = below(random, 2) ? extent(random, bits / 2) : 0;

		move->before[i] = below(random, 2) ? before : -before;
		move->after[i] = d[i] - (uint64_t)x[i] - move->before[i];
		move->mode[i] = x[i] ? (uint8_t)below(random, TSR_HW_PAD_COUNT) : 0;
		move->step.block[i] = 1;
	}
	/* Columns first, the least handy of all layouts. */
	if (below(random, 2)) {
		move->d.stride[0] = 1;
		move->d.stride[1] = d[0];
	}
}

/* All indices are 0, so the dimension that is indexed must have an element. */
static void make_scatter(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_gather *scatter = &hostile->command.gather;
	unsigned int type = any_type(random);
	const uint32_t d[] = { extent(random, bits / 3), some(random, bits / 3) };
	const uint32_t updates = some(random, bits / 3);
	const uint32_t x[] = { updates, d[1] };

	scatter->head.op = TSR_HW_OP_SCATTER;
	scatter->head.size = sizeof(*scatter);
	scatter->reduction = (uint8_t)below(random, TSR_HW_SCATTER_MAX + 1);
	plain(&scatter->x, 0, type, 2, x, random);
	plain(&scatter->index, 1, TSR_HW_TYPE_INT64, 1, &updates, random);
	plain(&scatter->d, 3, type, 2, d, NULL);
	scatter->step.block[0] = 1;
	scatter->step.block[1] = 4096;
}

/* All indices are 0, so the dimension that is indexed must have an element. */
static void make_gather(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_gather *gather = &hostile->command.gather;
	unsigned int type = any_type(random);
	const uint32_t x[] = { some(random, bits / 3), extent(random, bits / 3),
			       some(random, bits / 3) };
	const uint32_t picks = some(random, bits / 3);
	const uint32_t d[] = { x[0], picks, x[2] };

	gather->head.op = TSR_HW_OP_GATHER;
	gather->head.size = sizeof(*gather);
	gather->axis = 1;
	plain(&gather->x, 0, type, 3, x, random);
	plain(&gather->index, 1, TSR_HW_TYPE_INT32, 1, &picks, random);
	plain(&gather->d, 3, type, 3, d, NULL);
	for (unsigned int i = 0; i < 3; i++)
		gather->step.block[i] = 1;
}

static void make_sort(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_sort *sort = &hostile->command.sort;
	unsigned int type = any_type(random);
	const uint32_t x[] = { some(random, bits / 2), some(random, bits / 2) };
	uint32_t d[] = { x[0], below(random, 2) ? x[1] : below(random, x[1] + 1) };

	sort->head.op = TSR_HW_OP_SORT;
	sort->head.size = sizeof(*sort);
	sort->k = d[1];
	sort->descending = (uint8_t)below(random, 2);
	plain(&sort->x, 0, type, 2, x, random);
	plain(&sort->values, 3, type, 2, d, NULL);
	plain(&sort->indices, 2, TSR_HW_TYPE_INT64, 2, d, NULL);
	sort->step.block[0] = 1;
	sort->step.block[1] = 4096;
}

struct prologue {
	struct tsr_hw_vector head;
	struct tsr_hw_insn insn[3];
};

/* Of any type of elements: random numbers instead of them, which take long. */
static void add_prologue(struct hostile *hostile, uint64_t *random)
{
	struct tsr_hw_command *head = &hostile->command.head;
	struct prologue *pre = (void *)&hostile->command.longest[head->size];

	if (below(random, 2))
		return;
	head->pre = head->size;
	head->size += sizeof(*pre);
	pre->head = (struct tsr_hw_vector){ .insns = 3, .result = 5 };
	pre->insn[0] = (struct tsr_hw_insn){ .op = TSR_HW_VECTOR_INDEX, .dst = 5,
					     .type = TSR_HW_VECTOR_TYPE_I64, .imm = 1 };
	for (unsigned int i = 1; i < 3; i++)
		pre->insn[i] = (struct tsr_hw_insn){ .op = TSR_HW_VECTOR_PHILOX, .dst = 5, .a = 5,
						     .b = 5, .type = TSR_HW_VECTOR_TYPE_I64 };
}

static void make_scan(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_scan *scan = &hostile->command.scan;
	unsigned int type = any_type(random);
	const uint32_t x[] = { some(random, bits / 2), some(random, bits / 2) };

	scan->head.op = TSR_HW_OP_SCAN;
	scan->head.size = sizeof(*scan);
	scan->axis = (uint8_t)below(random, 2);
	scan->function = (uint8_t)below(random, 4);
	scan->exclusive = (uint8_t)below(random, 2);
	scan->reverse = (uint8_t)below(random, 2);
	plain(&scan->x, 0, type, 2, x, random);
	plain(&scan->d, 2, type, 2, x, NULL);
	scan->step.block[0] = 1;
	scan->step.block[1] = 4096;
	add_prologue(hostile, random);
}

static void make_reduce(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_reduce *reduce = &hostile->command.reduce;
	unsigned int type = any_type(random);
	const uint32_t x[] = { some(random, bits / 2), some(random, bits / 2) };
	unsigned int axes = 1 + below(random, 3);
	const uint32_t d[] = { axes & 1 ? 1 : x[0], axes & 2 ? 1 : x[1] };

	reduce->head.op = TSR_HW_OP_REDUCE;
	reduce->head.size = sizeof(*reduce);
	reduce->axes = axes;
	/* Nothing has no least element. */
	reduce->function = (uint8_t)below(random, x[0] && x[1] ? 6 : 4);
	plain(&reduce->x, 0, type, 2, x, random);
	plain(&reduce->d, 2, type, 2, d, NULL);
	reduce->step.block[0] = 1;
	reduce->step.block[1] = 4096;
	add_prologue(hostile, random);
}

static void make_normalize(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_normalize *normalize = &hostile->command.normalize;
	const uint32_t x[] = { some(random, bits / 2), some(random, bits / 2) };

	normalize->head.op = TSR_HW_OP_NORMALIZE;
	normalize->head.size = sizeof(*normalize);
	normalize->axes = 1 + below(random, 3);
	normalize->mode = (uint8_t)below(random, TSR_HW_NORMALIZE_RMS + 1);
	plain(&normalize->x, 0, any_type(random), 2, x, random);
	plain(&normalize->d, 2, any_type(random), 2, x, NULL);
	normalize->step.block[0] = 1;
	normalize->step.block[1] = 4096;
	add_prologue(hostile, random);
}

/* All elements are 0, so no room is needed, however much there is. */
static void make_compact(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_compact *compact = &hostile->command.compact;
	const uint32_t x[] = { some(random, bits / 2), some(random, bits / 2) };
	const uint32_t coords[] = { some(random, bits / 2), 2 };

	compact->head.op = TSR_HW_OP_COMPACT;
	compact->head.size = sizeof(*compact);
	plain(&compact->x, 0, any_type(random), 2, x, random);
	plain(&compact->coords, 3, TSR_HW_TYPE_INT64, 2, coords, NULL);
	plain(&compact->count, 2, TSR_HW_TYPE_INT64, 0, NULL, NULL);
	compact->step.block[0] = 1;
	compact->step.block[1] = 4096;
}

/* Boxes without area overlap no other: all are selected. */
static void make_suppress(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_suppress *suppress = &hostile->command.suppress;
	const uint32_t n = some(random, bits < 13 ? bits : 13);
	const uint32_t boxes[] = { n, 4 };

	suppress->head.op = TSR_HW_OP_SUPPRESS;
	suppress->head.size = sizeof(*suppress);
	plain(&suppress->boxes, 0, TSR_HW_TYPE_FP16, 2, boxes, random);
	plain(&suppress->scores, 1, TSR_HW_TYPE_FP32, 1, boxes, random);
	plain(&suppress->indices, 3, TSR_HW_TYPE_INT64, 1, boxes, NULL);
	plain(&suppress->count, 2, TSR_HW_TYPE_INT64, 0, NULL, NULL);
	suppress->max = n;
}

/* All elements of first are 0, so all outputs have the same taps. */
static void make_resample(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_resample *resample = &hostile->command.resample;
	const uint32_t x[] = { some(random, bits / 3), extent(random, bits / 3),
			       some(random, bits / 3) };
	const uint32_t d[] = { x[0], some(random, bits / 3), x[2] };
	const uint32_t weight[] = { d[1], extent(random, 7) };

	resample->head.op = TSR_HW_OP_RESAMPLE;
	resample->head.size = sizeof(*resample);
	resample->axis = 1;
	resample->taps = (uint16_t)weight[1];
	plain(&resample->x, 0, any_type(random), 3, x, random);
	plain(&resample->first, 1, TSR_HW_TYPE_INT32, 1, &d[1], random);
	plain(&resample->weight, 2, TSR_HW_TYPE_FP32, 2, weight, random);
	plain(&resample->d, 3, any_type(random), 3, d, NULL);
	for (unsigned int i = 0; i < 3; i++)
		resample->step.block[i] = 1;
}

/* All coordinates are 0, so all outputs have the same corners, but for the weights. */
static void make_sample(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_sample *sample = &hostile->command.sample;
	unsigned int dims = 2 + below(random, 2);
	uint32_t x[5] = { extent(random, bits / 4), some(random, bits / 4) };
	uint32_t d[5] = { extent(random, bits / 4), x[1] };
	uint32_t coords[5] = { d[0] };

	for (unsigned int i = 0; i < dims; i++) {
		x[2 + i] = extent(random, bits / 3);
		coords[1 + i] = d[2 + i] = some(random, bits / 4);
		sample->step.block[2 + i] = 1;
	}
	coords[1 + dims] = dims;
	sample->head.op = TSR_HW_OP_SAMPLE;
	sample->head.size = sizeof(*sample);
	sample->mode = (uint8_t)below(random, TSR_HW_SAMPLE_COUNT);
	sample->outside = (uint8_t)below(random, TSR_HW_OUTSIDE_COUNT);
	sample->dims = (uint8_t)dims;
	plain(&sample->x, 0, any_type(random), dims + 2, x, random);
	plain(&sample->coords, 1, TSR_HW_TYPE_FP32, dims + 2, coords, random);
	plain(&sample->batch, 2, TSR_HW_TYPE_INT32, 1, d, random);
	plain(&sample->d, 3, any_type(random), dims + 2, d, NULL);
	sample->step.block[0] = sample->step.block[1] = 1;
}

static void no_quant(struct tsr_hw_quant *quant)
{
	quant->scale.slot = TSR_HW_SLOT_NONE;
	quant->zeros.slot = TSR_HW_SLOT_NONE;
}

/*
 * Blocks that suit every class, in an order that keeps none for all k. Row counts would be 0, and
 * leave out the work that is judged. All scales are 0.
 */
static void make_gemm(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_gemm *gemm = &hostile->command.gemm;
	unsigned int type = any_type(random);
	bool scaled = type != TSR_HW_TYPE_INT8 && below(random, 2);
	const uint32_t batch = below(random, 3) ? 1 : some(random, bits / 3);
	const uint32_t m = some(random, bits / 2), n = some(random, bits / 2);
	const uint32_t k = extent(random, bits / 2);
	const uint32_t a[] = { batch, m, k }, b[] = { batch, k, n }, d[] = { batch, m, n };
	const uint32_t scales[] = { batch, (k + 31) / 32, n };

	gemm->head.op = TSR_HW_OP_GEMM;
	gemm->head.size = sizeof(*gemm);
	plain(&gemm->a, 0, type, 3, a, random);
	plain(&gemm->b, 1, scaled ? (unsigned int)TSR_HW_TYPE_UINT8 : type, 3, b, random);
	plain(&gemm->d, 2, any_type(random), 3, d, NULL);
	gemm->rows.slot = TSR_HW_SLOT_NONE;
	no_quant(&gemm->qa);
	no_quant(&gemm->qb);
	if (scaled) {
		gemm->qb.kind = TSR_HW_QUANT_BLOCKS;
		gemm->qb.block = 32;
		plain(&gemm->qb.scale, 3, TSR_HW_TYPE_FP32, 3, scales, random);
		if (below(random, 2))
			plain(&gemm->qb.zeros, 3, TSR_HW_TYPE_INT32, 3, scales, random);
	}
	gemm->blocks.bm = 1;
	gemm->blocks.bn = 128;
	gemm->blocks.bk = 128;
	gemm->blocks.bg = 1;
	gemm->blocks.order = (uint8_t)below(random, 2);
}

/* A window of a dimension: elements far apart, taps far apart, pads on both sides. */
static void slide(struct tsr_hw_window *window, uint32_t *in, uint32_t *out, uint64_t *random,
		  unsigned int bits)
{
	struct window some;
	uint64_t pads;

	window_of(&some, random, bits);
	window->kernel = some.kernel;
	window->stride = some.stride;
	window->dilation = some.dilation;
	window->input_dilation = below(random, 2) ? 1 : extent(random, bits / 4);
	*out = some.out;
	*in = (some.in - 1) / window->input_dilation + 1;
	pads = some.in - ((uint64_t)(*in - 1) * window->input_dilation + 1);
	if (below(random, 2) && *in > 1) {
		(*in)--;
		pads += window->input_dilation;
	}
	window->before = below(random, 2) ? 0 : pads;
	window->after = pads - window->before;
}

static void make_pool(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_pool *pool = &hostile->command.pool;
	uint32_t x[5] = { some(random, bits / 4), some(random, bits / 3) };
	uint32_t d[5] = { x[0], x[1] };

	pool->head.op = TSR_HW_OP_POOL;
	pool->head.size = sizeof(*pool);
	pool->mode = (uint8_t)below(random, 2);
	pool->dims = (uint8_t)(1 + below(random, TSR_HW_MAX_SPATIAL));
	for (unsigned int i = 0; i < pool->dims; i++)
		slide(&pool->w[i], &x[2 + i], &d[2 + i], random, bits);
	plain(&pool->x, 0, any_type(random), pool->dims + 2u, x, random);
	plain(&pool->d, 3, any_type(random), pool->dims + 2u, d, NULL);
	pool->index.slot = TSR_HW_SLOT_NONE;
	if (pool->mode == TSR_HW_POOLING_MAX && below(random, 2))
		plain(&pool->index, 2, TSR_HW_TYPE_INT64, pool->dims + 2u, d, NULL);
	for (unsigned int i = 0; i < pool->dims + 2u; i++)
		pool->step.block[i] = 1;
}

/*
 * All lengths are 0, so few commands have some; all pages are the first one. Two blocks of keys and
 * values, and the pages, fit the smallest scratchpad.
 */
static void make_attention(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_attention *attention = &hostile->command.attention;
	const unsigned int type = below(random, 2) ? TSR_HW_TYPE_FP32 : TSR_HW_TYPE_FP16;
	const bool scaled = below(random, 3) == 0, paged = below(random, 3) == 0;
	const uint32_t batch = extent(random, bits / 4), heads = extent(random, bits / 5);
	const unsigned int few = bits / 3 < 5 ? bits / 3 : 5;
	const uint32_t depth = some(random, few), width = extent(random, few);
	/* The list of pages is held while the command runs: it must fit the smallest scratchpad. */
	const uint32_t keys = some(random, bits / 2);
	const uint32_t pages[] = { batch, extent(random, bits / 10) };
	const uint32_t q[] = { batch, heads * extent(random, 3), some(random, bits / 2), depth };
	const uint32_t k[] = { batch, heads, paged ? 64 : keys, depth };
	const uint32_t v[] = { batch, heads, k[2], width };
	const uint32_t d[] = { batch, q[1], q[2], width };
	const uint32_t mask[] = { batch, q[1], q[2], paged ? 64 * pages[1] : keys };
	const uint32_t scales[] = { batch, heads, k[2], (depth + 31) / 32 };

	attention->head.op = TSR_HW_OP_ATTENTION;
	attention->head.size = sizeof(*attention);
	plain(&attention->q, 0, type, 4, q, random);
	plain(&attention->k, 1, scaled ? (unsigned int)TSR_HW_TYPE_INT8 : type, 4, k, random);
	plain(&attention->v, 1, type, 4, v, random);
	plain(&attention->d, 2, any_type(random), 4, d, NULL);
	attention->mask.slot = attention->lengths.slot = attention->pages.slot = TSR_HW_SLOT_NONE;
	attention->mask_kind = (uint8_t)below(random, TSR_HW_MASK_COUNT);
	if (attention->mask_kind == TSR_HW_MASK_BITS)
		plain(&attention->mask, 3, TSR_HW_TYPE_BOOL, 4, mask, random);
	if (!below(random, 8))
		plain(&attention->lengths, 3, TSR_HW_TYPE_INT32, 1, &batch, random);
	if (paged)
		plain(&attention->pages, 3, TSR_HW_TYPE_INT32, 2, pages, random);
	attention->page_log2 = paged ? 6 : 0;
	no_quant(&attention->qk);
	no_quant(&attention->qv);
	if (scaled) {
		attention->qk.kind = TSR_HW_QUANT_BLOCKS;
		attention->qk.block = 32;
		plain(&attention->qk.scale, 3, TSR_HW_TYPE_FP32, 4, scales, random);
	}
	attention->scale = 0x3f800000;
	attention->blocks.bm = 1;
	attention->blocks.bn = 128;
	attention->blocks.bk = attention->blocks.bg = 1;
}

/* A line of outputs and a whole sum are no more than a block of any class may be. */
static void make_conv(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	struct tsr_hw_conv *conv = &hostile->command.conv;
	uint32_t groups = below(random, 3) ? 1 : extent(random, bits / 4);
	uint32_t w[5] = { some(random, 3) * groups, some(random, 3) };
	uint32_t x[5] = { some(random, bits / 2), w[1] * groups };
	uint32_t d[5] = { x[0], w[0] };
	unsigned int type = any_type(random);

	conv->head.op = TSR_HW_OP_CONV;
	conv->head.size = sizeof(*conv);
	conv->groups = groups;
	conv->dims = (uint8_t)(1 + below(random, TSR_HW_MAX_SPATIAL));
	conv->blocks = (struct tsr_hw_blocks){ 1, 16, w[1] ? w[1] : 1, 1, 0, { 0 } };
	for (unsigned int i = 0; i < conv->dims; i++) {
		slide(&conv->window[i], &x[2 + i], &d[2 + i], random, 4);
		w[2 + i] = conv->window[i].kernel;
		conv->blocks.bk *= w[2 + i];
	}
	if (!conv->blocks.bk)
		conv->blocks.bk = 1;
	plain(&conv->x, 0, type, conv->dims + 2u, x, random);
	plain(&conv->w, 1, type, conv->dims + 2u, w, random);
	plain(&conv->d, 3, any_type(random), conv->dims + 2u, d, NULL);
	no_quant(&conv->qx);
	no_quant(&conv->qw);
}

static void (*const makers[])(struct hostile *hostile, uint64_t *random, unsigned int bits) = {
	make_gemm,
	make_attention,
	make_conv,
	make_pool,
	make_vector,
	make_scan,
	make_reduce,
	make_normalize,
	make_move,
	make_gather,
	make_scatter,
	make_resample,
	make_sample,
	make_sort,
	make_compact,
	make_suppress,
	make_copy,
	make_fill,
};

void hostile_make(struct hostile *hostile, uint64_t *random, unsigned int bits)
{
	memset(hostile, 0, sizeof(*hostile));
	hostile->kind = TSR_HW_ENGINE_TENSOR;
	for (unsigned int i = 0; i < HOSTILE_SLOTS; i++)
		hostile->slot[i] = (struct tsr_hw_slot){
			.address = SLOT_BYTES * (i + 1),
			.size = SLOT_BYTES,
			.flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
		};
	makers[below(random, sizeof(makers) / sizeof(makers[0]))](hostile, random, bits);
	hostile->size = hostile->command.head.size;
}
