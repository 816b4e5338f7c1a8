/* SPDX-License-Identifier: MIT */
#include "moves.h"

#include <stdio.h>
#include <string.h>

#include <number/types.h>

#include "half_tensors.h"

static const uint8_t types[] = {
	TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16, TSR_HW_TYPE_FP8_E4M3,
	TSR_HW_TYPE_FP8_E5M2, TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT16,
	TSR_HW_TYPE_UINT16, TSR_HW_TYPE_INT32, TSR_HW_TYPE_UINT32, TSR_HW_TYPE_INT64,
	TSR_HW_TYPE_UINT64, TSR_HW_TYPE_BOOL, TSR_HW_TYPE_E8M0, TSR_HW_TYPE_INT4,
	TSR_HW_TYPE_UINT4, TSR_HW_TYPE_FP4_E2M1,
};

/* Extents by rank, so that there are some hundred elements. */
static const uint8_t most[TSR_HW_MAX_RANK + 1] = { 1, 60, 18, 7, 5, 4, 3, 3, 2 };

static void place(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		  unsigned int rank, const uint32_t *dim, unsigned int layout, uint32_t flags)
{
	if (half_is(type))
		half_tensor(bench, tensor, type, rank, dim, layout, flags);
	else
		bench_plain(bench, tensor, type, rank, dim, layout, flags);
}

void move_make(struct bench *bench, struct tsr_hw_move *move, unsigned int type,
	       unsigned int rank, const uint32_t *dim)
{
	memset(move, 0, sizeof(*move));
	move->head.op = TSR_HW_OP_MOVE;
	move->head.size = sizeof(*move);
	place(bench, &move->x, type, rank, dim, bench_any_layout(bench) | LAYOUT_REPEAT,
	      TSR_HW_SLOT_READ);
	move->value = (uint64_t)bench_random(bench) << 32 | bench_random(bench);
	if (number_bits(type) < 64)
		move->value &= (1ull << number_bits(type)) - 1;
}

void move_place(struct bench *bench, struct tsr_hw_move *move)
{
	unsigned int rank = move->x.rank;
	uint32_t dim[TSR_HW_MAX_RANK];

	for (unsigned int i = 0; i < rank; i++) {
		dim[i] = (uint32_t)(move->x.dim[i] + move->before[i] + move->after[i]);
		move->step.block[i] = half_is(move->x.type) ? 2 : i + 1 == rank ? 4096 : 1;
	}
	place(bench, &move->d, move->x.type, rank, dim, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
}

/* From the end of x and beyond to as much in front of it. */
void move_random_pads(struct bench *bench, struct tsr_hw_move *move, unsigned int i)
{
	int64_t inside = move->x.dim[i];
	int64_t extent = bench_below(bench, most[move->x.rank] + 3u);
	int64_t before = (int64_t)bench_below(bench, (uint32_t)(2 * inside + 7)) - inside - 3;

	if (bench_below(bench, 3) == 0)
		return;
	move->before[i] = (uint64_t)before;
	move->after[i] = (uint64_t)(extent - inside - before);
	move->mode[i] = (uint8_t)bench_below(bench, TSR_HW_PAD_COUNT);
	if (!inside && extent)
		move->mode[i] = TSR_HW_PAD_CONSTANT;
}

void move_random(struct bench *bench, struct tsr_hw_move *move)
{
	unsigned int rank = bench_below(bench, TSR_HW_MAX_RANK + 1);
	uint32_t dim[TSR_HW_MAX_RANK];

	for (unsigned int i = 0; i < rank; i++)
		dim[i] = bench_extent(bench, most[rank]);
	move_make(bench, move, types[bench_below(bench, sizeof(types))], rank, dim);
	for (unsigned int i = 0; i < rank; i++)
		move_random_pads(bench, move, i);
	move_place(bench, move);
}

/* Where element @at of a dimension comes from, step by step; -1: from nowhere. */
static int64_t source(const struct tsr_hw_move *move, unsigned int i, uint64_t at)
{
	int64_t n = move->x.dim[i];
	int64_t from = (int64_t)(at - move->before[i]);

	while (from < 0 || from >= n) {
		if (move->mode[i] == TSR_HW_PAD_CONSTANT)
			return -1;
		if (move->mode[i] == TSR_HW_PAD_EDGE)
			from = from < 0 ? 0 : n - 1;
		else if (move->mode[i] == TSR_HW_PAD_WRAP)
			from += from < 0 ? n : -n;
		else if (n == 1)
			from = 0;
		else
			from = from < 0 ? -from : 2 * (n - 1) - from;
	}
	return from;
}

static uint64_t element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			const uint64_t *at)
{
	uint64_t bits = 0, index = 0;

	for (unsigned int i = 0; i < tensor->rank; i++)
		index = index * tensor->dim[i] + at[i];
	if (half_is(tensor->type))
		return half_element(bench, tensor, index);
	fake_memory_peek(bench->memory, bench_plain_at(bench, tensor, at), &bits,
			 bench_size(tensor->type));
	return bits;
}

static uint64_t wanted(const struct bench *bench, const struct tsr_hw_move *move,
		       const uint64_t *at)
{
	uint64_t from[TSR_HW_MAX_RANK];

	for (unsigned int i = 0; i < move->x.rank; i++) {
		int64_t index = source(move, i, at[i]);

		if (index < 0)
			return move->value;
		from[i] = (uint64_t)index;
	}
	return element(bench, &move->x, from);
}

bool move_is_right(const struct bench *bench, const struct tsr_hw_move *move)
{
	uint64_t elements = bench_plain_elements(&move->d);

	for (uint64_t n = 0; n < elements; n++) {
		uint64_t at[TSR_HW_MAX_RANK];
		uint64_t rest = n;
		uint64_t got;

		for (unsigned int i = move->d.rank; i-- > 0; rest /= move->d.dim[i])
			at[i] = rest % move->d.dim[i];
		got = element(bench, &move->d, at);
		if (got != wanted(bench, move, at)) {
			fprintf(stderr, "MOVE: element %llu is %#llx, not %#llx\n",
				(unsigned long long)n, (unsigned long long)got,
				(unsigned long long)wanted(bench, move, at));
			return false;
		}
	}
	return !half_is(move->d.type) || half_padding(bench, &move->d);
}

uint64_t move_bytes(const struct tsr_hw_move *move)
{
	uint64_t bytes = bench_plain_elements(&move->d);

	if (!half_is(move->d.type))
		return bytes * bench_size(move->d.type);
	for (unsigned int i = 0; i < move->d.rank; i++)
		if (move->d.dim[i] > 1 && move->d.stride[i] == 1)
			bytes = bytes / move->d.dim[i] * ((move->d.dim[i] + 1) / 2);
	return bytes;
}
