/* SPDX-License-Identifier: MIT */
#include "products.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <number/store.h>

#include "half_tensors.h"
#include "stored.h"

#define E4M3	TSR_HW_TYPE_FP8_E4M3
#define E5M2	TSR_HW_TYPE_FP8_E5M2
#define E2M1	TSR_HW_TYPE_FP4_E2M1
#define T(type)	TSR_HW_TYPE_##type

static const struct products_pair pairs[PRODUCTS_PAIRS] = {
	{ T(FP32), T(FP32), false },	{ T(FP16), T(FP16), false },	{ T(BF16), T(BF16), false },
	{ E4M3, E4M3, false },		{ E4M3, E5M2, false },		{ E5M2, E4M3, false },
	{ E5M2, E5M2, false },
	{ T(INT8), T(INT8), false },	{ T(INT8), T(UINT8), false },
	{ T(UINT8), T(INT8), false },	{ T(UINT8), T(UINT8), false },
	{ T(INT8), T(INT4), false },	{ T(INT8), T(UINT4), false },
	{ T(UINT8), T(INT4), false },	{ T(UINT8), T(UINT4), false },
	{ T(INT16), T(INT8), false },	{ T(INT16), T(UINT8), false },
	{ T(INT16), T(INT16), false },
	{ T(INT4), T(INT4), false },	{ T(INT4), T(UINT4), false },
	{ T(UINT4), T(INT4), false },	{ T(UINT4), T(UINT4), false },
	{ T(FP32), T(INT8), true },	{ T(FP32), T(UINT8), true },	{ T(FP32), T(INT4), true },
	{ T(FP32), T(UINT4), true },	{ T(FP32), E4M3, true },	{ T(FP32), E5M2, true },
	{ T(FP32), E2M1, true },
	{ T(FP16), T(INT8), true },	{ T(FP16), T(UINT8), true },	{ T(FP16), T(INT4), true },
	{ T(FP16), T(UINT4), true },	{ T(FP16), E4M3, true },	{ T(FP16), E5M2, true },
	{ T(FP16), E2M1, true },
	{ T(BF16), T(INT8), true },	{ T(BF16), T(UINT8), true },	{ T(BF16), T(INT4), true },
	{ T(BF16), T(UINT4), true },	{ T(BF16), E4M3, true },	{ T(BF16), E5M2, true },
	{ T(BF16), E2M1, true },
};

struct products_pair products_pair(unsigned int number)
{
	return pairs[number];
}

struct products_pair products_any_pair(struct bench *bench)
{
	return pairs[bench_below(bench, PRODUCTS_PAIRS)];
}

unsigned int products_accumulator(const struct products_pair *pair)
{
	if (pair->a == T(INT16))
		return T(INT64);
	return stored_is_float(pair->a) ? T(FP32) : T(INT32);
}

/* ---- floating-point elements with small values ------------------------------------- */

static uint64_t small_bits(unsigned int type, double value)
{
	float real = (float)value;
	uint64_t bits = 0;

	number_store(NUMBER_F32, &real, type, 0, &bits, 1);
	return bits;
}

/* Values of e2m1, by its code without the sign. */
static const double e2m1_values[] = { 0, 0.5, 1, 1.5, 2, 3, 4, 6 };

static uint64_t random_bits(struct bench *bench, unsigned int type)
{
	double value = (double)bench_below(bench, 9) - 4;

	switch (type) {
	case T(FP32):
		return bench_bits((float)value / 2);
	case T(BF16):
		return bench_bits((float)value / 2) >> 16;
	case T(FP16):
	case E4M3:
	case E5M2:
		return small_bits(type, value);
	case T(INT32):
		return bench_below(bench, 600) - 300u;
	default:
		return bench_random(bench);
	}
}

/* ---- tensors ---------------------------------------------------------------------- */

static uint64_t half_of(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			const uint64_t *at)
{
	uint64_t half = 2 * (bench->slot[tensor->slot].address + tensor->offset);

	for (unsigned int i = 0; i < tensor->rank; i++)
		half += at[i] * tensor->stride[i];
	return half;
}

/* Any dimension of extent above 1 is the one with neighbours in a byte. */
static void place_halves(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
			 unsigned int rank, const uint32_t *dim)
{
	unsigned int packed = bench_below(bench, rank);
	uint64_t step;
	uint32_t bytes;

	for (unsigned int i = 0; i < rank && dim[packed] == 1; i++)
		packed = (packed + 1) % rank;
	*tensor = (struct tsr_hw_tensor){ .type = (uint8_t)type, .rank = (uint8_t)rank };
	tensor->stride[packed] = 1;
	step = 2 * ((dim[packed] + 1ull) / 2 + bench_below(bench, 2));
	for (unsigned int n = 0; n < rank; n++) {
		unsigned int i = (packed + n) % rank;

		tensor->dim[i] = dim[i];
		if (!n || (dim[i] > 1 && !bench_below(bench, 6)))
			continue;
		tensor->stride[i] = step;
		step *= dim[i] ? dim[i] : 1;
	}
	bytes = (uint32_t)(step / 2 + 9);
	bench_plain(bench, &(struct tsr_hw_tensor){ 0 }, T(UINT8), 1, &bytes, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	tensor->slot = (uint16_t)(bench->slots - 1);
	tensor->offset = bench_below(bench, 9);
}

void products_tensor(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		     unsigned int rank, const uint32_t *dim, unsigned int layout)
{
	if (half_is(type)) {
		place_halves(bench, tensor, type, rank, dim);
		return;
	}
	bench_plain(bench, tensor, type, rank, dim, layout, TSR_HW_SLOT_READ);
	for (uint64_t i = 0; i < bench_plain_elements(tensor); i++) {
		uint64_t bits = random_bits(bench, type);

		fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, i), &bits,
				 bench_size(type));
	}
}

static double half_value(unsigned int type, unsigned int code)
{
	if (type == T(UINT4))
		return code;
	if (type == T(INT4))
		return code < 8 ? code : (double)code - 16;
	return code < 8 ? e2m1_values[code] : -e2m1_values[code - 8];
}

double products_value(const struct bench *bench, const struct tsr_hw_tensor *tensor,
		      const uint64_t *at)
{
	uint64_t bits = 0;

	if (half_is(tensor->type)) {
		uint64_t half = half_of(bench, tensor, at);

		fake_memory_peek(bench->memory, half / 2, &bits, 1);
		return half_value(tensor->type, half % 2 ? bits >> 4 : bits & 0xf);
	}
	fake_memory_peek(bench->memory, bench_plain_at(bench, tensor, at), &bits,
			 bench_size(tensor->type));
	if (stored_is_float(tensor->type))
		return (double)stored_float(tensor->type, bits);
	return (double)stored_integer(tensor->type, bits);
}

/* ---- zero points and scales --------------------------------------------------------- */

void products_no_quant(struct tsr_hw_quant *quant)
{
	memset(quant, 0, sizeof(*quant));
	bench_absent(&quant->scale);
	bench_absent(&quant->zeros);
}

static void fill_scales(struct bench *bench, const struct tsr_hw_tensor *scale)
{
	for (uint64_t i = 0; i < bench_plain_elements(scale); i++) {
		int exponent = (int)bench_below(bench, 3) - 1;
		uint64_t bits = scale->type == TSR_HW_TYPE_E8M0 ? 127 + (uint64_t)exponent :
				scale->type == T(FP16) ? small_bits(T(FP16), ldexp(1, exponent)) :
				bench_bits(ldexpf(1, exponent));

		fake_memory_poke(bench->memory, bench_plain_address(bench, scale, i), &bits,
				 bench_size(scale->type));
	}
}

/* [batch.., others, blocks] or [batch.., blocks, others]; some batch extents are 1. */
static void place(struct bench *bench, const struct tsr_hw_tensor *operand, bool blocks_last,
		  uint32_t blocks, unsigned int type, struct tsr_hw_tensor *tensor)
{
	unsigned int batch = operand->rank - 2u;
	uint32_t dim[TSR_HW_MAX_RANK];

	for (unsigned int i = 0; i < batch; i++)
		dim[i] = bench_below(bench, 3) ? operand->dim[i] : 1;
	dim[batch] = blocks_last ? operand->dim[batch] : blocks;
	dim[batch + 1] = blocks_last ? blocks : operand->dim[batch + 1];
	products_tensor(bench, tensor, type, operand->rank, dim,
			bench_any_layout(bench) | LAYOUT_REPEAT);
}

static unsigned int zeros_type(struct bench *bench, const struct tsr_hw_tensor *operand)
{
	return bench_below(bench, 2) ? operand->type : (unsigned int)TSR_HW_TYPE_INT32;
}

static void block_scales(struct bench *bench, const struct tsr_hw_tensor *operand,
			 bool blocks_last, struct tsr_hw_quant *quant)
{
	static const uint8_t types[] = { T(FP32), T(FP16), T(E8M0) };
	static const uint32_t blocks[] = { 32, 64, 128 };
	uint32_t depth = operand->dim[operand->rank - (blocks_last ? 1u : 2u)];
	uint32_t count;

	quant->kind = TSR_HW_QUANT_BLOCKS;
	quant->block = depth && !bench_below(bench, 4) ? depth : blocks[bench_below(bench, 3)];
	count = (depth + quant->block - 1) / quant->block;
	place(bench, operand, blocks_last, count, types[bench_below(bench, 3)], &quant->scale);
	fill_scales(bench, &quant->scale);
	if (!stored_is_float(operand->type) && operand->type != E2M1 && bench_below(bench, 2))
		place(bench, operand, blocks_last, count, zeros_type(bench, operand),
		      &quant->zeros);
}

void products_quant(struct bench *bench, const struct tsr_hw_tensor *operand, bool scaled,
		    bool blocks_last, struct tsr_hw_quant *quant)
{
	products_no_quant(quant);
	if (scaled) {
		block_scales(bench, operand, blocks_last, quant);
		return;
	}
	if (stored_is_float(operand->type))
		return;
	quant->kind = (uint8_t)bench_below(bench, 3);
	if (quant->kind == TSR_HW_QUANT_ZERO)
		quant->zero = bench_below(bench, 8) ? bench_below(bench, 400) - 200ull :
			      (uint64_t)(int64_t)(int32_t)bench_random(bench);
	if (quant->kind == TSR_HW_QUANT_ZEROS)
		place(bench, operand, blocks_last, 1, zeros_type(bench, operand), &quant->zeros);
}

/* The element of scales or zero points for one of the operand. */
static double beside(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t block,
		     bool blocks_last, const uint64_t *at)
{
	uint64_t place[TSR_HW_MAX_RANK];

	memcpy(place, at, sizeof(place));
	place[tensor->rank - (blocks_last ? 1u : 2u)] /= block;
	for (unsigned int i = 0; i < tensor->rank; i++)
		if (tensor->dim[i] == 1)
			place[i] = 0;
	return products_value(bench, tensor, place);
}

/* What the operand's @value at these coordinates means. */
static double meant(const struct bench *bench, double value, const struct tsr_hw_quant *quant,
		    unsigned int round, bool blocks_last, const uint64_t *at)
{
	uint64_t block = quant->kind == TSR_HW_QUANT_BLOCKS ? quant->block : UINT64_MAX;
	float scale;

	value -= (double)(int64_t)quant->zero;
	if (quant->zeros.slot != TSR_HW_SLOT_NONE)
		value -= beside(bench, &quant->zeros, block, blocks_last, at);
	if (quant->kind != TSR_HW_QUANT_BLOCKS)
		return value;
	scale = (float)beside(bench, &quant->scale, block, blocks_last, at);
	return stored_round(round, (double)((float)value * scale));
}

double products_element(const struct bench *bench, const struct tsr_hw_tensor *operand,
			const struct tsr_hw_quant *quant, unsigned int round, bool blocks_last,
			const uint64_t *at)
{
	return meant(bench, products_value(bench, operand, at), quant, round, blocks_last, at);
}

double products_weight(const struct bench *bench, const struct tsr_hw_tensor *w,
		       const struct tsr_hw_quant *quant, unsigned int round, const uint64_t *at,
		       uint64_t k)
{
	const uint64_t in_matrix[TSR_HW_MAX_RANK] = { at[0], k };

	return meant(bench, products_value(bench, w, at), quant, round, true, in_matrix);
}
