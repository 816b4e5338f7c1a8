/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <string.h>

#include "bench.h"

static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16,
				 TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT32 };

static void start(struct tsr_hw_move *move)
{
	memset(move, 0, sizeof(*move));
	move->head.op = TSR_HW_OP_MOVE;
	move->head.size = sizeof(*move);
}

/* Movement looks at bits only. */
static void bits_only(struct tsr_hw_scaled_tensor *tensor)
{
	tensor->scale = 0;
	tensor->zero_point = 0;
}

static uint32_t size_of(unsigned int type)
{
	return type >= TSR_HW_TYPE_INT8 && type <= TSR_HW_TYPE_UINT8 ? 1 :
	       type == TSR_HW_TYPE_FP16 || type == TSR_HW_TYPE_BF16 ? 2 : 4;
}

static uint32_t bits_at(const struct bench *bench, const struct tsr_hw_scaled_tensor *tensor,
			uint64_t index)
{
	uint32_t bits = 0;

	fake_memory_peek(bench->memory, bench_address(bench, tensor, index), &bits,
			 size_of(tensor->type));
	return bits;
}

static void move_keeps_every_bit(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 80);
	for (int i = 0; i < 3 * CASES; i++) {
		unsigned int rank = bench_below(&bench, TSR_HW_MAX_RANK + 1);
		unsigned int type = types[bench_below(&bench, 6)];
		struct tsr_hw_move move;
		struct outcome outcome;
		uint32_t dim[TSR_HW_MAX_RANK];

		bench_reset(&bench);
		start(&move);
		for (unsigned int n = 0; n < rank; n++)
			dim[n] = bench_extent(&bench, n < 2 ? 70 : rank < 6 ? 4 : 2);
		bench_tensor(&bench, &move.x, type, rank, dim,
			     bench_any_layout(&bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
		bench_tensor(&bench, &move.d, type, rank, dim, bench_any_layout(&bench),
			     TSR_HW_SLOT_WRITE);
		bits_only(&move.x);
		bits_only(&move.d);
		bench_run(&bench, &move, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.cost.blocks);
		for (uint64_t n = 0; n < bench_elements(&move.d); n++)
			assert_int_equal(bits_at(&bench, &move.d, n), bits_at(&bench, &move.x, n));
	}
	bench_close(&bench);
}

/* Both sides of a transpose go through many blocks. */
static void large_transposes_keep_every_bit(void **state)
{
	const uint32_t dim[] = { 300, 500 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 91);
	for (unsigned int i = 0; i < 12; i++) {
		struct tsr_hw_move move;
		struct outcome outcome;
		struct tsr_hw_scaled_tensor *turned = i & 1 ? &move.x : &move.d;

		bench_reset(&bench);
		start(&move);
		bench_tensor(&bench, &move.x, types[i / 2], 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
		bench_tensor(&bench, &move.d, types[i / 2], 2, dim, LAYOUT_DENSE,
			     TSR_HW_SLOT_WRITE);
		bits_only(&move.x);
		bits_only(&move.d);
		turned->stride[0] = 1;
		turned->stride[1] = 300;
		bench_run(&bench, &move, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		for (uint64_t n = 0; n < bench_elements(&move.d); n++)
			assert_int_equal(bits_at(&bench, &move.d, n), bits_at(&bench, &move.x, n));
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(move_keeps_every_bit),
		cmocka_unit_test(large_transposes_keep_every_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
