/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdatomic.h>
#include <string.h>

#include "bench.h"
#include "moves.h"

#define ROUNDS		40000
#define ROWS		300u	/* of a picture of many blocks */
#define COLUMNS		500u

static void expect(struct bench *bench, const struct tsr_hw_move *move)
{
	struct outcome outcome;

	fake_memory_written(bench->memory);
	bench_run(bench, move, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	assert_int_equal(fake_memory_written(bench->memory), move_bytes(move));
	assert_true(move_is_right(bench, move));
}

static void any_move_is_what_the_rule_makes_of_it(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 80);
	for (int i = 0; i < ROUNDS; i++) {
		struct tsr_hw_move move;

		bench_reset(&bench);
		move_random(&bench, &move);
		expect(&bench, &move);
	}
	bench_close(&bench);
}

static void picture(struct bench *bench, struct tsr_hw_move *move, unsigned int type)
{
	const uint32_t dim[] = { ROWS, COLUMNS };

	bench_reset(bench);
	move_make(bench, move, type, 2, dim);
}

/* Both sides of a transpose go through many blocks. */
static void large_transposes_keep_every_bit(void **state)
{
	static const uint8_t types[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP32,
					 TSR_HW_TYPE_INT64 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 91);
	for (unsigned int i = 0; i < 8; i++) {
		const uint32_t dim[] = { ROWS, COLUMNS };
		struct tsr_hw_move move;
		struct tsr_hw_tensor *turned = i & 1 ? &move.x : &move.d;

		picture(&bench, &move, types[i / 2]);
		bench_plain(&bench, &move.x, types[i / 2], 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
		bench_plain(&bench, &move.d, types[i / 2], 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
		move.step.block[0] = 4;
		move.step.block[1] = 1024;
		turned->stride[0] = 1;
		turned->stride[1] = ROWS;
		expect(&bench, &move);
	}
	bench_close(&bench);
}

/* Every pair of modes; rows are longer than a block in the last ones. */
static void large_pads_of_every_mode_are_right(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 92);
	for (unsigned int i = 0; i < 4 * TSR_HW_PAD_COUNT * TSR_HW_PAD_COUNT; i++) {
		unsigned int pair = i % (TSR_HW_PAD_COUNT * TSR_HW_PAD_COUNT);
		bool wide = i / (TSR_HW_PAD_COUNT * TSR_HW_PAD_COUNT) % 2;
		struct tsr_hw_move move;

		picture(&bench, &move, i < 2 * TSR_HW_PAD_COUNT * TSR_HW_PAD_COUNT ?
				       TSR_HW_TYPE_INT16 : TSR_HW_TYPE_INT4);
		move.mode[0] = (uint8_t)(pair / TSR_HW_PAD_COUNT);
		move.mode[1] = (uint8_t)(pair % TSR_HW_PAD_COUNT);
		move.before[0] = wide ? -(uint64_t)295 : 7;
		move.after[0] = wide ? 1 : 400;
		move.before[1] = wide ? 40000 : 11;
		move.after[1] = wide ? 3 : -(uint64_t)100;
		move_place(&bench, &move);
		expect(&bench, &move);
	}
	bench_close(&bench);
}

/* Its page may even be away. */
static void what_is_cut_is_not_read(void **state)
{
	const uint32_t dim[] = { 64, FAKE_PAGE };
	struct tsr_hw_move move;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 93);
	move_make(&bench, &move, TSR_HW_TYPE_UINT8, 2, dim);
	bench_reset(&bench);
	bench_plain(&bench, &move.x, TSR_HW_TYPE_UINT8, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	fake_memory_protect(bench.memory, bench_plain_address(&bench, &move.x, 0), false, true);
	fake_memory_protect(bench.memory,
			    bench_plain_address(&bench, &move.x, 63 * FAKE_PAGE + 64), false, true);
	move.before[0] = -(uint64_t)2;
	move.after[0] = -(uint64_t)2;
	for (unsigned int after = 0; after < 2; after++) {
		move.after[1] = after;
		move_place(&bench, &move);
		expect(&bench, &move);
	}
	bench_close(&bench);
}

/* Take a right from the page of an element, and expect the fault there. */
static void lose_page(struct bench *bench, const struct tsr_hw_move *move,
		      const struct tsr_hw_tensor *tensor, uint64_t index, bool write)
{
	uint64_t page = bench_plain_address(bench, tensor, index) / FAKE_PAGE;
	struct outcome outcome;

	fake_memory_protect(bench->memory, page * FAKE_PAGE, write, !write);
	bench_run(bench, move, &outcome);
	assert_int_equal(outcome.result.error,
			 write ? TSR_HW_ERR_FAULT_WRITE : TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault / FAKE_PAGE, page);
	fake_memory_protect(bench->memory, page * FAKE_PAGE, true, true);
}

static void padded(struct bench *bench, struct tsr_hw_move *move, unsigned int mode)
{
	const uint32_t dim[] = { ROWS, COLUMNS };

	picture(bench, move, TSR_HW_TYPE_FP32);
	bench_reset(bench);
	bench_plain(bench, &move->x, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	for (unsigned int i = 0; i < 2; i++) {
		move->mode[i] = (uint8_t)mode;
		move->before[i] = 3;
		move->after[i] = 5;
	}
	move_place(bench, move);
}

static void a_fault_in_the_middle_tells_its_address(void **state)
{
	struct tsr_hw_move move;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 94);
	for (unsigned int mode = 0; mode < TSR_HW_PAD_COUNT; mode++) {
		padded(&bench, &move, mode);
		for (uint64_t index = 3000; index < ROWS * COLUMNS; index += 29999) {
			lose_page(&bench, &move, &move.x, index, false);
			lose_page(&bench, &move, &move.d, index, true);
		}
		expect(&bench, &move);
	}
	bench_close(&bench);
}

/* Accessors that count what is asked of others. */
struct counter {
	struct tile_memory memory;
	atomic_uint reads;
};

static int counted_read_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			     void *dst, size_t dst_stride, uint64_t *fault)
{
	struct counter *counter = ctx;
	const struct tile_memory *memory = &counter->memory;

	atomic_fetch_add(&counter->reads, 1);
	return memory->read_rows(memory->ctx, va, stride, rows, n, dst, dst_stride, fault);
}

static int counted_write_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			      const void *src, size_t src_stride, uint64_t *fault)
{
	const struct tile_memory *memory = &((struct counter *)ctx)->memory;

	return memory->write_rows(memory->ctx, va, stride, rows, n, src, src_stride, fault);
}

static void counted_progress(void *ctx, uint64_t blocks)
{
	(void)ctx;
	(void)blocks;
}

static bool counted_aborted(void *ctx)
{
	(void)ctx;
	return false;
}

/* Of a block: the rest of a row, whole rows, the start of one; and each of them in three parts. */
static void whole_rows_are_read_at_once(void **state)
{
	struct counter counter = { .reads = 0 };
	const struct tile_memory memory = {
		.ctx = &counter,
		.read_rows = counted_read_rows,
		.write_rows = counted_write_rows,
		.progress = counted_progress,
		.aborted = counted_aborted,
	};
	struct tsr_hw_move move;
	struct outcome outcome;
	struct tile_job *job;
	struct bench bench;
	uint64_t blocks;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 97);
	counter.memory = fake_memory_accessors(bench.memory);
	padded(&bench, &move, TSR_HW_PAD_CONSTANT);
	move.mode[1] = TSR_HW_PAD_EDGE;
	job = bench_prepare(&bench, TSR_HW_ENGINE_TENSOR, &move, sizeof(move), &outcome);
	assert_non_null(job);
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_true(move_is_right(&bench, &move));
	blocks = bench_plain_elements(&move.d) * sizeof(float) / 65536 + 1;
	assert_in_range(atomic_load(&counter.reads), 1, 9 * blocks);
	bench_close(&bench);
}

static void an_abort_stops_between_blocks(void **state)
{
	struct tsr_hw_move move;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 95);
	padded(&bench, &move, TSR_HW_PAD_REFLECT);
	fake_memory_written(bench.memory);
	fake_memory_abort_after(bench.memory, 3);
	bench_run(&bench, &move, &outcome);
	assert_in_range(fake_memory_written(bench.memory), 1, 3 * 65536);
	assert_int_equal(outcome.progress, 0);
	bench_close(&bench);
}

static void a_dma_engine_moves_too(void **state)
{
	struct tile_memory memory;
	struct tsr_hw_move move;
	struct outcome outcome;
	struct tile_job *job;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 96);
	memory = fake_memory_accessors(bench.memory);
	padded(&bench, &move, TSR_HW_PAD_EDGE);
	job = bench_prepare(&bench, TSR_HW_ENGINE_DMA, &move, sizeof(move), &outcome);
	assert_non_null(job);
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_true(move_is_right(&bench, &move));
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_move_is_what_the_rule_makes_of_it),
		cmocka_unit_test(large_transposes_keep_every_bit),
		cmocka_unit_test(large_pads_of_every_mode_are_right),
		cmocka_unit_test(what_is_cut_is_not_read),
		cmocka_unit_test(a_fault_in_the_middle_tells_its_address),
		cmocka_unit_test(whole_rows_are_read_at_once),
		cmocka_unit_test(an_abort_stops_between_blocks),
		cmocka_unit_test(a_dma_engine_moves_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
