/* SPDX-License-Identifier: MIT */
/* MOVE, COPY and FILL. */
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include <number/types.h>

#include "breadth.h"
#include "moves.h"

/* ---- MOVE ------------------------------------------------------------------------ */

static void make_move(struct bench *bench, const struct breadth_case *one,
		      struct tsr_hw_move *move)
{
	unsigned int type = breadth_types[one->kind];
	uint32_t dim[TSR_HW_MAX_RANK];

	breadth_shape(bench, one->rank, dim);
	*move = (struct tsr_hw_move){
		.head = { .op = TSR_HW_OP_MOVE, .size = sizeof(*move) },
		.value = (uint64_t)bench_random(bench) << 32 | bench_random(bench),
	};
	if (number_bits(type) < 64)
		move->value &= (1ull << number_bits(type)) - 1;
	breadth_input(bench, &move->x, type, one->rank, dim, one->layout);
	for (unsigned int i = 0; i < one->rank; i++) {
		move_random_pads(bench, move, i);
		dim[i] += (uint32_t)move->before[i] + (uint32_t)move->after[i];
	}
	breadth_output(bench, &move->d, type, one->rank, dim, one->layout);
	breadth_step(bench, &move->step, &move->d);
	/* Steps cut no byte. */
	for (unsigned int i = 0; number_bits(type) < 8 && i < one->rank; i++)
		move->step.block[i] = 2;
}

static bool run_move(struct bench *bench, const struct breadth_case *one)
{
	struct tsr_hw_move move;

	make_move(bench, one, &move);
	return breadth_execute(bench, &move) && move_is_right(bench, &move);
}

const struct breadth_command breadth_move = {
	"MOVE", BREADTH_ALL_TYPES, 0, TSR_HW_MAX_RANK, run_move,
};

/* ---- COPY and FILL: bytes, whatever the rank -------------------------------------- */

#define MOST_BYTES	20000u

static bool run_copy(struct bench *bench, const struct breadth_case *one)
{
	const uint32_t n = bench_extent(bench, MOST_BYTES);
	static uint8_t from[MOST_BYTES], to[MOST_BYTES];
	struct tsr_hw_tensor src, dst, word;
	struct tsr_hw_copy copy = { .head = { .op = TSR_HW_OP_COPY, .size = sizeof(copy) } };
	bool has_crc = one->kind;

	bench_plain(bench, &src, TSR_HW_TYPE_UINT8, 1, &n, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &dst, TSR_HW_TYPE_UINT8, 1, &n, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	bench_plain(bench, &word, TSR_HW_TYPE_UINT32, 0, NULL, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	copy.src = (struct tsr_hw_place){ .slot = src.slot, .offset = src.offset };
	copy.dst = (struct tsr_hw_place){ .slot = dst.slot, .offset = dst.offset };
	copy.crc = (struct tsr_hw_place){ .slot = TSR_HW_SLOT_NONE };
	if (has_crc)
		copy.crc = (struct tsr_hw_place){ .slot = word.slot, .offset = word.offset };
	copy.size = n;
	if (!breadth_execute(bench, &copy))
		return false;
	if (n) {
		fake_memory_peek(bench->memory, bench_plain_address(bench, &src, 0), from, n);
		fake_memory_peek(bench->memory, bench_plain_address(bench, &dst, 0), to, n);
	}
	if (memcmp(from, to, n)) {
		fprintf(stderr, "copied bytes differ\n");
		return false;
	}
	return !has_crc || breadth_same(bench, &word, 0, crc32(0, from, n));
}

const struct breadth_command breadth_copy = { "COPY", 2, 1, 1, run_copy };

static bool run_fill(struct bench *bench, const struct breadth_case *one)
{
	static const uint8_t types[] = { TSR_HW_TYPE_UINT8, TSR_HW_TYPE_UINT16, TSR_HW_TYPE_UINT32,
					 TSR_HW_TYPE_UINT64 };
	const uint32_t n = bench_extent(bench, 5000);
	struct tsr_hw_fill fill = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) },
		.value = (uint64_t)bench_random(bench) << 32 | bench_random(bench),
		.width = (uint8_t)(1u << one->kind),
	};
	struct tsr_hw_tensor dst;
	bool good;

	if (fill.width < 8)
		fill.value &= (1ull << 8 * fill.width) - 1;
	bench_plain(bench, &dst, types[one->kind], 1, &n, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	fill.dst = (struct tsr_hw_place){ .slot = dst.slot, .offset = dst.offset };
	fill.size = (uint64_t)n * fill.width;
	good = breadth_execute(bench, &fill);
	for (uint64_t i = 0; good && i < n; i++)
		good = breadth_same(bench, &dst, i, fill.value);
	return good;
}

const struct breadth_command breadth_fill = { "FILL", 4, 1, 1, run_fill };
