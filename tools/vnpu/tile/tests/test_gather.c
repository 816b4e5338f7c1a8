/* SPDX-License-Identifier: MIT */
/* GATHER against the plain rule, and what must not be touched when an index is wrong. */
#include "suite.h"

#include <string.h>

#include "bench.h"
#include "indices.h"

static void start(struct tsr_hw_gather *gather, unsigned int kind)
{
	memset(gather, 0, sizeof(*gather));
	gather->head.op = TSR_HW_OP_GATHER;
	gather->head.size = sizeof(*gather);
	gather->kind = (uint8_t)kind;
}

/* Whether every index is inside of its dimension. */
static bool is_inside(const struct bench *bench, const struct tsr_hw_gather *gather)
{
	uint64_t parts[TSR_HW_MAX_RANK] = { 0 };
	uint64_t at[TSR_HW_MAX_RANK];

	for (uint64_t i = 0; i < bench_plain_elements(&gather->d); i++) {
		indices_coordinates(&gather->d, i, parts);
		if (!indices_select(bench, gather, &gather->x, parts, at))
			return false;
	}
	return true;
}

static void expect_selected(const struct bench *bench, const struct tsr_hw_gather *gather)
{
	uint64_t parts[TSR_HW_MAX_RANK] = { 0 };
	uint64_t at[TSR_HW_MAX_RANK];

	for (uint64_t i = 0; i < bench_plain_elements(&gather->d); i++) {
		indices_coordinates(&gather->d, i, parts);
		assert_true(indices_select(bench, gather, &gather->x, parts, at));
		assert_int_equal(indices_bits(bench, &gather->d,
					      bench_plain_address(bench, &gather->d, i)),
				 indices_bits(bench, &gather->x,
					      bench_plain_at(bench, &gather->x, at)));
	}
}

static void run_random(unsigned int kind)
{
	unsigned int selected = 0;
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 500 + kind);
	for (int i = 0; i < 3 * CASES; i++) {
		struct tsr_hw_gather gather;
		struct outcome outcome;
		bool inside;

		bench_reset(&bench);
		start(&gather, kind);
		indices_random(&bench, &gather, indices_types[bench_below(&bench, INDICES_TYPES)],
			       false);
		inside = is_inside(&bench, &gather);
		bench_run(&bench, &gather, &outcome);
		assert_int_equal(outcome.result.error,
				 inside ? TSR_HW_ERR_NONE : TSR_HW_ERR_INDEX);
		if (!inside)
			continue;
		assert_int_equal(outcome.progress, outcome.steps);
		expect_selected(&bench, &gather);
		selected += bench_plain_elements(&gather.d) > 1;
	}
	assert_true(selected > CASES);
	bench_close(&bench);
}

static void along_an_axis(void **state)
{
	(void)state;
	run_random(TSR_HW_GATHER_AXIS);
}

static void by_element(void **state)
{
	(void)state;
	run_random(TSR_HW_GATHER_ELEMENT);
}

static void by_coordinates(void **state)
{
	(void)state;
	run_random(TSR_HW_GATHER_ND);
}

/* Rows of a table, many blocks of them. */
static void make_table(struct bench *bench, struct tsr_hw_gather *gather, unsigned int index_type,
		       uint32_t rows, uint32_t width, uint32_t picks)
{
	start(gather, TSR_HW_GATHER_AXIS);
	bench_reset(bench);
	bench_plain(bench, &gather->x, TSR_HW_TYPE_FP32, 2, (const uint32_t[]){ rows, width },
		    LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &gather->index, index_type, 1, &picks, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &gather->d, TSR_HW_TYPE_FP32, 2, (const uint32_t[]){ picks, width },
		    LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	for (uint32_t i = 0; i < picks; i++)
		indices_put(bench, &gather->index, i,
			    (int64_t)bench_below(bench, 2 * rows) - rows);
	indices_step(&gather->step, &gather->d);
}

static void rows_of_a_large_table(void **state)
{
	static const uint32_t widths[] = { 1, 3, 200, 5000 };
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", 4 * MEMORY_BYTES, 510);
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct tsr_hw_gather gather;
		struct outcome outcome;

		make_table(&bench, &gather, i & 1 ? TSR_HW_TYPE_INT32 : TSR_HW_TYPE_INT64, 1000,
			   widths[i], 600000 / (100 + widths[i]));
		bench_run(&bench, &gather, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		expect_selected(&bench, &gather);
	}
	bench_close(&bench);
}

static void an_index_outside_stores_nothing(void **state)
{
	static const int64_t wrong[] = { 50, -51, 1 << 20, INT32_MAX, INT32_MIN,
					 INT64_MAX, INT64_MIN, 1ll << 32, 0x100000000 - 50 };
	struct tsr_hw_gather gather;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 511);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		bool wide = wrong[i] > INT32_MAX || wrong[i] < INT32_MIN || i & 1;

		make_table(&bench, &gather, wide ? TSR_HW_TYPE_INT64 : TSR_HW_TYPE_INT32, 50, 10,
			   30000);
		for (uint64_t at = 0; at < 30000; at += 29999) {
			indices_put(&bench, &gather.index, at, wrong[i]);
			fake_memory_written(bench.memory);
			bench_run(&bench, &gather, &outcome);
			assert_int_equal(outcome.result.error, TSR_HW_ERR_INDEX);
			assert_int_equal(outcome.result.fault, 0);
			assert_int_equal(fake_memory_written(bench.memory), 0);
			assert_int_equal(outcome.progress, 0);
			indices_put(&bench, &gather.index, at, 49);
		}
		bench_run(&bench, &gather, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	}
	bench_close(&bench);
}

static void a_dimension_without_elements_has_no_index(void **state)
{
	struct tsr_hw_gather gather;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 512);
	make_table(&bench, &gather, TSR_HW_TYPE_INT32, 4, 10, 3);
	gather.x.dim[0] = 0;
	indices_put(&bench, &gather.index, 0, 0);
	bench_run(&bench, &gather, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_INDEX);
	/* Nothing is selected, so no index is looked at. */
	gather.x.dim[1] = 0;
	gather.d.dim[1] = 0;
	fake_memory_protect(bench.memory, bench_plain_address(&bench, &gather.index, 0), false,
			    false);
	bench_run(&bench, &gather, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	bench_close(&bench);
}

static void a_fault_tells_its_address(void **state)
{
	struct tsr_hw_gather gather;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 513);
	make_table(&bench, &gather, TSR_HW_TYPE_INT64, 100, 1024, 2000);
	for (uint64_t i = 0; i < 2000; i++)
		indices_put(&bench, &gather.index, i, (int64_t)(i % 50));
	/* Rows that no index selects are not touched. */
	va = bench_plain_address(&bench, &gather.x, 51 * 1024);
	fake_memory_protect(bench.memory, va, false, false);
	bench_run(&bench, &gather, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	indices_put(&bench, &gather.index, 1500, 51);
	bench_run(&bench, &gather, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_in_range(outcome.result.fault, va / FAKE_PAGE * FAKE_PAGE, va);
	va = bench_plain_address(&bench, &gather.index, 1999);
	fake_memory_protect(bench.memory, va, false, false);
	fake_memory_written(bench.memory);
	bench_run(&bench, &gather, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_in_range(outcome.result.fault, va / FAKE_PAGE * FAKE_PAGE, va);
	assert_int_equal(fake_memory_written(bench.memory), 0);
	bench_close(&bench);
}

static void an_output_that_is_not_mapped_faults(void **state)
{
	struct tsr_hw_gather gather;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 514);
	make_table(&bench, &gather, TSR_HW_TYPE_INT32, 100, 64, 2000);
	va = bench_plain_address(&bench, &gather.d, 90000);
	fake_memory_protect(bench.memory, va, true, false);
	bench_run(&bench, &gather, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_WRITE);
	assert_int_equal(outcome.result.fault, va / FAKE_PAGE * FAKE_PAGE);
	bench_close(&bench);
}

/* Memory whose indices change once they were read. */
struct changing {
	struct tile_memory plain;
	struct bench *bench;
	const struct tsr_hw_gather *gather;
	bool read;
};

static int read_and_change(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			   void *dst, size_t dst_stride, uint64_t *fault)
{
	struct changing *changing = ctx;
	const struct tsr_hw_tensor *index = &changing->gather->index;
	int error = changing->plain.read_rows(changing->plain.ctx, va, stride, rows, n, dst,
					      dst_stride, fault);

	if (va != bench_plain_address(changing->bench, index, 0))
		return error;
	assert_false(changing->read);
	changing->read = true;
	for (uint64_t i = 0; i < bench_plain_elements(index); i++)
		indices_put(changing->bench, index, i, 1000000);
	return error;
}

static int read_one(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault)
{
	return read_and_change(ctx, va, 0, 1, n, dst, n, fault);
}

static int write_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
		      const void *src, size_t src_stride, uint64_t *fault)
{
	const struct changing *changing = ctx;

	return changing->plain.write_rows(changing->plain.ctx, va, stride, rows, n, src,
					  src_stride, fault);
}

static void progress(void *ctx, uint64_t blocks)
{
	const struct changing *changing = ctx;

	changing->plain.progress(changing->plain.ctx, blocks);
}

static bool aborted(void *ctx)
{
	const struct changing *changing = ctx;

	return changing->plain.aborted(changing->plain.ctx);
}

static void indices_are_read_once(void **state)
{
	struct tsr_hw_gather gather;
	struct changing changing = { .gather = &gather };
	struct tile_memory memory = {
		.ctx = &changing,
		.read = read_one,
		.read_rows = read_and_change,
		.write_rows = write_rows,
		.progress = progress,
		.aborted = aborted,
	};
	struct outcome outcome;
	struct tile_job *job;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 515);
	make_table(&bench, &gather, TSR_HW_TYPE_INT32, 9, 1, 9);
	for (uint64_t i = 0; i < 9; i++)
		indices_put(&bench, &gather.index, i, -(int64_t)i - 1);
	changing.bench = &bench;
	changing.plain = fake_memory_accessors(bench.memory);
	job = bench_prepare(&bench, TSR_HW_ENGINE_TENSOR, &gather, sizeof(gather), &outcome);
	assert_non_null(job);
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	assert_true(changing.read);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint64_t i = 0; i < 9; i++)
		assert_int_equal(indices_bits(&bench, &gather.d,
					      bench_plain_address(&bench, &gather.d, i)),
				 indices_bits(&bench, &gather.x,
					      bench_plain_address(&bench, &gather.x, 8 - i)));
	bench_close(&bench);
}

static void an_abort_is_obeyed_before_the_first_store(void **state)
{
	struct tsr_hw_gather gather;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 516);
	make_table(&bench, &gather, TSR_HW_TYPE_INT32, 9, 100, 3000);
	fake_memory_written(bench.memory);
	fake_memory_abort_after(bench.memory, 1);
	bench_run(&bench, &gather, &outcome);
	assert_int_equal(fake_memory_written(bench.memory), 0);
	assert_int_equal(outcome.progress, 0);
	bench_close(&bench);
}

static void a_flipped_result_bit_changes_one_element(void **state)
{
	struct tile_flip flip = { TILE_FLIP_NONE, 32 * 777 + 5 };
	struct tsr_hw_gather gather;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 517);
	make_table(&bench, &gather, TSR_HW_TYPE_INT32, 9, 100, 30);
	bench_run_flipped(&bench, &gather, &flip, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint64_t i = 0; i < 3000; i++) {
		uint64_t parts[] = { i / 100, i % 100 };
		uint64_t at[TSR_HW_MAX_RANK];

		assert_true(indices_select(&bench, &gather, &gather.x, parts, at));
		assert_int_equal(indices_bits(&bench, &gather.d,
					      bench_plain_at(&bench, &gather.d, parts)) ^
				 indices_bits(&bench, &gather.x,
					      bench_plain_at(&bench, &gather.x, at)),
				 i == 777 ? 1 << 5 : 0);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(along_an_axis),
		cmocka_unit_test(by_element),
		cmocka_unit_test(by_coordinates),
		cmocka_unit_test(rows_of_a_large_table),
		cmocka_unit_test(an_index_outside_stores_nothing),
		cmocka_unit_test(a_dimension_without_elements_has_no_index),
		cmocka_unit_test(a_fault_tells_its_address),
		cmocka_unit_test(an_output_that_is_not_mapped_faults),
		cmocka_unit_test(indices_are_read_once),
		cmocka_unit_test(an_abort_is_obeyed_before_the_first_store),
		cmocka_unit_test(a_flipped_result_bit_changes_one_element),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
