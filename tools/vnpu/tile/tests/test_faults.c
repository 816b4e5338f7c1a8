/* SPDX-License-Identifier: MIT */
/* Faults, aborts, progress and injected bit errors. */
#include "suite.h"

#include <string.h>

#include "convs.h"
#include "gemms.h"

static void open_gemm(struct bench *bench, struct tsr_hw_gemm *gemm, unsigned int type,
		      unsigned int out)
{
	bench_open(bench, "edge", MEMORY_BYTES, 200);
	gemm_plain(bench, gemm, type, type, out, 300, 200, 100);
}

/* Protect the page of element @index of @tensor, run, and expect the fault there. */
static void assert_fault(struct bench *bench, const void *command,
			 const struct tsr_hw_tensor *tensor, uint64_t index, bool write)
{
	uint64_t va = bench_plain_address(bench, tensor, index);
	uint64_t page = va / FAKE_PAGE * FAKE_PAGE;
	uint64_t start = bench_plain_address(bench, tensor, 0);
	struct outcome outcome;

	fake_memory_protect(bench->memory, va, write, !write);
	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error,
			 write ? TSR_HW_ERR_FAULT_WRITE : TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault, page < start ? start : page);
	fake_memory_protect(bench->memory, va, true, true);
	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
}

static void a_fault_tells_its_first_address(void **state)
{
	struct tsr_hw_gemm gemm;
	struct bench bench;

	(void)state;
	open_gemm(&bench, &gemm, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32);
	for (uint64_t index = 0; index < 20000; index += 1777) {
		assert_fault(&bench, &gemm, &gemm.a, index, false);
		assert_fault(&bench, &gemm, &gemm.b, index, false);
		assert_fault(&bench, &gemm, &gemm.d, index, true);
	}
	bench_close(&bench);
}

/* Whichever thread was faster. */
static void of_several_faults_the_lowest_is_told(void **state)
{
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;
	uint64_t start;

	(void)state;
	open_gemm(&bench, &gemm, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32);
	start = bench_plain_address(&bench, &gemm.a, 0);
	for (uint64_t page = 3; page < 25; page++)
		fake_memory_protect(bench.memory, start + page * FAKE_PAGE, false, false);
	for (int i = 0; i < 50; i++) {
		bench_run(&bench, &gemm, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
		assert_int_equal(outcome.result.fault,
				 (start + 3 * FAKE_PAGE) / FAKE_PAGE * FAKE_PAGE);
	}
	bench_close(&bench);
}

static void operands_of_a_convolution_fault_too(void **state)
{
	struct tsr_hw_conv conv;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 201);
	conv_random(&bench, &conv, true);
	assert_fault(&bench, &conv, &conv.w, 0, false);
	assert_fault(&bench, &conv, &conv.x, 0, false);
	bench_close(&bench);
}

static void nothing_is_written_when_an_operand_faults(void **state)
{
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	open_gemm(&bench, &gemm, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16);
	fake_memory_written(bench.memory);
	fake_memory_protect(bench.memory, bench_plain_address(&bench, &gemm.b, 19999), false, true);
	bench_run(&bench, &gemm, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(fake_memory_written(bench.memory), 0);
	bench_close(&bench);
}

/* Batch items are separate products, so there are places to stop between them. */
static void an_abort_stops_between_chunks(void **state)
{
	const uint32_t a[] = { 40, 8, 8 };
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;
	uint64_t written;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 202);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 8, 8, 8);
	bench_plain(&bench, &gemm.a, TSR_HW_TYPE_FP32, 3, a, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(&bench, &gemm.b, TSR_HW_TYPE_FP32, 3, a, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(&bench, &gemm.d, TSR_HW_TYPE_FP32, 3, a, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	fake_memory_written(bench.memory);
	fake_memory_abort_after(bench.memory, 41);
	bench_run(&bench, &gemm, &outcome);
	written = fake_memory_written(bench.memory);
	assert_in_range(written, 8 * 8 * 4, 39 * 8 * 8 * 4);
	assert_int_equal(written % (8 * 8 * 4), 0);
	assert_int_equal(outcome.progress, outcome.steps * (written / (8 * 8 * 4)) / 40);
	bench_close(&bench);
}

static void progress_adds_up_over_a_stream(void **state)
{
	struct { struct tsr_hw_gemm first; struct tsr_hw_gemm second; } stream;
	struct tile_memory memory;
	struct outcome outcome;
	struct tile_job *job;
	struct bench bench;

	(void)state;
	open_gemm(&bench, &stream.first, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32);
	gemm_plain(&bench, &stream.second, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8,
		   9, 70, 80);
	memory = fake_memory_accessors(bench.memory);
	job = bench_prepare(&bench, TSR_HW_ENGINE_TENSOR, &stream, sizeof(stream), &outcome);
	assert_non_null(job);
	fake_memory_progress(bench.memory);
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(fake_memory_progress(bench.memory), outcome.steps);
	assert_true(gemm_matches(&bench, &stream.first));
	assert_true(gemm_matches(&bench, &stream.second));
	bench_close(&bench);
}

static void a_no_op_reports_its_block(void **state)
{
	struct tile_memory memory;
	struct outcome outcome;
	struct tile_job *job;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 203);
	memory = fake_memory_accessors(bench.memory);
	job = bench_prepare(&bench, TSR_HW_ENGINE_TENSOR, NULL, 0, &outcome);
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(fake_memory_progress(bench.memory), 1);
	bench_close(&bench);
}

/* Number of output bytes that differ from a run without the error. */
static unsigned int changed(struct bench *bench, const void *command, uint64_t d, uint32_t bytes,
			    struct tile_flip *flip, uint8_t *difference)
{
	static uint8_t before[65536];
	static uint8_t after[65536];
	struct outcome outcome;
	unsigned int count = 0;

	assert_true(bytes <= sizeof(before));
	bench_run(bench, command, &outcome);
	fake_memory_peek(bench->memory, d, before, bytes);
	bench_run_flipped(bench, command, flip, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	fake_memory_peek(bench->memory, d, after, bytes);
	for (uint32_t i = 0; i < bytes; i++) {
		if (before[i] != after[i]) {
			*difference = before[i] ^ after[i];
			count++;
		}
	}
	return count;
}

static void a_flipped_result_bit_changes_one_bit(void **state)
{
	struct tsr_hw_gemm gemm;
	struct bench bench;
	uint8_t difference = 0;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 204);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, 30, 40, 50);
	for (uint64_t bit = 0; bit < 100000; bit += 4567) {
		struct tile_flip flip = { TILE_FLIP_NONE, bit };

		assert_int_equal(changed(&bench, &gemm, bench_plain_address(&bench, &gemm.d, 0),
					 30 * 40 * 2, &flip, &difference), 1);
		assert_int_equal(difference, 1u << bit % 8);
		assert_true(flip.result_bit == TILE_FLIP_NONE);
	}
	bench_close(&bench);
}

/* A weight reaches every row of its column: here the sign of a whole column changes. */
static void a_flipped_weight_bit_changes_its_column(void **state)
{
	struct tsr_hw_gemm gemm;
	struct tile_flip flip = { (50 - 1) * 40 * 8 + 7, TILE_FLIP_NONE };
	struct bench bench;
	uint8_t difference;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 205);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT32,
		   1, 40, 50);
	gemm.qa.kind = TSR_HW_QUANT_ZERO;
	gemm.qa.zero = 255;
	assert_in_range(changed(&bench, &gemm, bench_plain_address(&bench, &gemm.d, 0), 40 * 4,
				&flip, &difference), 1, 4);
	assert_true(flip.weight_bit == TILE_FLIP_NONE);
	bench_close(&bench);
}

/* Weights are loaded in pieces, of which this is in none of the first ones. */
static void a_flipped_weight_bit_is_that_of_its_element(void **state)
{
	enum { COLUMNS = 20000, FLIPPED = 15001 };
	struct tile_flip flip = { 32 * FLIPPED + 31, TILE_FLIP_NONE };	/* the sign */
	static float before[COLUMNS], after[COLUMNS];
	const float one = 1;
	struct tsr_hw_gemm gemm;
	struct outcome outcome;
	struct bench bench;
	uint64_t d;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 207);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, 1, COLUMNS,
		   1);
	d = bench_plain_address(&bench, &gemm.d, 0);
	fake_memory_poke(bench.memory, bench_plain_address(&bench, &gemm.a, 0), &one, sizeof(one));
	fake_memory_poke(bench.memory, bench_plain_address(&bench, &gemm.b, FLIPPED), &one,
			 sizeof(one));
	bench_run(&bench, &gemm, &outcome);
	fake_memory_peek(bench.memory, d, before, sizeof(before));
	bench_run_flipped(&bench, &gemm, &flip, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	fake_memory_peek(bench.memory, d, after, sizeof(after));
	assert_true(before[FLIPPED] == 1 && after[FLIPPED] == -1);
	after[FLIPPED] = 1;
	assert_memory_equal(before, after, sizeof(before));
	bench_close(&bench);
}

static void a_flipped_weight_bit_changes_a_convolution(void **state)
{
	const struct tsr_hw_window windows[] = { { 0, 1, 1, 1, 0, 0 }, { 0, 1, 1, 1, 0, 0 } };
	const uint32_t x[] = { 1, 3, 9, 9 }, w[] = { 4, 3, 3, 3 };
	const unsigned int types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32 };
	struct tile_flip flip = { 30, TILE_FLIP_NONE };	/* exponent of the first weight */
	struct tsr_hw_conv conv;
	struct bench bench;
	uint8_t difference;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 206);
	conv_make(&bench, &conv, types, x, w, windows, 1);
	assert_in_range(changed(&bench, &conv, bench_plain_address(&bench, &conv.d, 0), 4 * 49 * 4,
				&flip, &difference),
			49, 49 * 4);
	assert_true(flip.weight_bit == TILE_FLIP_NONE);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_tells_its_first_address),
		cmocka_unit_test(of_several_faults_the_lowest_is_told),
		cmocka_unit_test(operands_of_a_convolution_fault_too),
		cmocka_unit_test(nothing_is_written_when_an_operand_faults),
		cmocka_unit_test(an_abort_stops_between_chunks),
		cmocka_unit_test(progress_adds_up_over_a_stream),
		cmocka_unit_test(a_no_op_reports_its_block),
		cmocka_unit_test(a_flipped_result_bit_changes_one_bit),
		cmocka_unit_test(a_flipped_weight_bit_changes_its_column),
		cmocka_unit_test(a_flipped_weight_bit_is_that_of_its_element),
		cmocka_unit_test(a_flipped_weight_bit_changes_a_convolution),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
