/* SPDX-License-Identifier: MIT */
/* SUPPRESS against the plain rule: each box in turn against all that were selected. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "indices.h"
#include "stored.h"

static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16 };

static uint64_t element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			uint64_t number)
{
	return indices_bits(bench, tensor, bench_plain_address(bench, tensor, number));
}

static float value(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t number)
{
	return stored_float(tensor->type, element(bench, tensor, number));
}

/* Whether the first score is above the second; not-a-number is above all others. */
static bool above(float a, float b)
{
	return isnan(a) ? !isnan(b) : a > b;
}

static void order_boxes(const struct bench *bench, const struct tsr_hw_suppress *suppress,
			uint64_t n, uint64_t *order)
{
	for (uint64_t i = 0; i < n; i++) {
		float score = value(bench, &suppress->scores, i);
		uint64_t at = i;

		for (; at && above(score, value(bench, &suppress->scores, order[at - 1])); at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

static float lesser(float a, float b)
{
	return isnan(a) || isnan(b) ? NAN : fminf(a, b);
}

static float greater(float a, float b)
{
	return isnan(a) || isnan(b) ? NAN : fmaxf(a, b);
}

/* Low and high side of a box in one direction. */
struct side {
	float low;
	float high;
};

static struct side side_of(const struct bench *bench, const struct tsr_hw_tensor *boxes,
			   uint64_t box, unsigned int direction)
{
	float a = value(bench, boxes, 4 * box + direction);
	float b = value(bench, boxes, 4 * box + 2 + direction);

	return (struct side){ lesser(a, b), greater(a, b) };
}

static bool overlap(const struct bench *bench, const struct tsr_hw_suppress *suppress, uint64_t a,
		    uint64_t b)
{
	float threshold = bench_float(suppress->threshold);
	float area_a = 1;
	float area_b = 1;
	float common = 1;

	for (unsigned int direction = 0; direction < 2; direction++) {
		struct side x = side_of(bench, &suppress->boxes, a, direction);
		struct side y = side_of(bench, &suppress->boxes, b, direction);
		float both = lesser(x.high, y.high) - greater(x.low, y.low);

		area_a *= x.high - x.low;
		area_b *= y.high - y.low;
		common *= greater(both, 0);
	}
	return common / (area_a + area_b - common) > threshold;
}

static uint64_t select_boxes(const struct bench *bench, const struct tsr_hw_suppress *suppress,
			     uint64_t n, uint64_t *selected)
{
	uint64_t *order = calloc(n + 1, sizeof(*order));
	uint64_t count = 0;

	assert_non_null(order);
	order_boxes(bench, suppress, n, order);
	for (uint64_t i = 0; i < n && count < suppress->max; i++) {
		bool out = false;

		for (uint64_t k = 0; k < count; k++)
			out = out || overlap(bench, suppress, selected[k], order[i]);
		if (!out)
			selected[count++] = order[i];
	}
	free(order);
	return count;
}

static void make(struct bench *bench, struct tsr_hw_suppress *suppress, uint32_t n, uint32_t max,
		 float threshold)
{
	const uint32_t boxes[] = { n, 4 };
	const uint32_t room = max + bench_below(bench, 3);

	memset(suppress, 0, sizeof(*suppress));
	suppress->head.op = TSR_HW_OP_SUPPRESS;
	suppress->head.size = sizeof(*suppress);
	suppress->threshold = bench_bits(threshold);
	suppress->max = max;
	bench_plain(bench, &suppress->boxes, types[bench_below(bench, 3)], 2, boxes,
		    bench_any_layout(bench), TSR_HW_SLOT_READ);
	bench_plain(bench, &suppress->scores, types[bench_below(bench, 3)], 1, boxes,
		    bench_any_layout(bench), TSR_HW_SLOT_READ);
	bench_plain(bench, &suppress->indices, TSR_HW_TYPE_INT64, 1, &room,
		    bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	bench_plain(bench, &suppress->count, TSR_HW_TYPE_INT64, 0, NULL, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
}

/* Equal scores and boxes, zeros, infinity, not-a-number. */
static void put_special(struct bench *bench, const struct tsr_hw_tensor *tensor)
{
	static const float some[] = { 0, -0.0f, 1, 2, INFINITY, -INFINITY, NAN, 0.5f };
	uint64_t n = bench_plain_elements(tensor);

	for (uint64_t i = 0; i < n; i++) {
		float x = some[bench_below(bench, 8)];
		_Float16 half = (_Float16)x;
		uint16_t top = (uint16_t)(bench_bits(x) >> 16);
		const void *from = tensor->type == TSR_HW_TYPE_FP32 ? (const void *)&x :
				   tensor->type == TSR_HW_TYPE_FP16 ? (const void *)&half : &top;

		if (!bench_below(bench, 3))
			fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, i),
					 from, bench_size(tensor->type));
	}
}

static void run_one(struct bench *bench, const struct tsr_hw_suppress *suppress)
{
	uint64_t n = suppress->boxes.dim[0];
	uint64_t *want = calloc(n + 1, sizeof(*want));
	uint64_t count = select_boxes(bench, suppress, n, want);
	struct outcome outcome;

	fake_memory_written(bench->memory);
	bench_run(bench, suppress, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	assert_int_equal(element(bench, &suppress->count, 0), count);
	for (uint64_t i = 0; i < count; i++)
		assert_int_equal(element(bench, &suppress->indices, i), want[i]);
	assert_int_equal(fake_memory_written(bench->memory), 8 * (count + 1));
	free(want);
}

static void run_random(bool special)
{
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, 560 + special);
	for (int i = 0; i < 3 * CASES; i++) {
		struct tsr_hw_suppress suppress;
		uint32_t n = bench_extent(&bench, 60);

		bench_reset(&bench);
		make(&bench, &suppress, n, bench_below(&bench, n + 3),
		     bench_uniform(&bench, -0.1f, i & 1 ? 0.3f : 1));
		if (special) {
			put_special(&bench, &suppress.boxes);
			put_special(&bench, &suppress.scores);
		}
		run_one(&bench, &suppress);
	}
	bench_close(&bench);
}

static void boxes_that_overlap_are_left_out(void **state)
{
	(void)state;
	run_random(false);
}

static void special_values_have_a_rule(void **state)
{
	(void)state;
	run_random(true);
}

/* More than one thread compares at a time. */
static void many_boxes(void **state)
{
	struct tsr_hw_suppress suppress;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 562);
	make(&bench, &suppress, 9000, 60, 0.3f);
	run_one(&bench, &suppress);
	bench_close(&bench);
}

static void expect_fault(struct bench *bench, const struct tsr_hw_suppress *suppress,
			 const struct tsr_hw_tensor *tensor, int error)
{
	uint64_t va = bench_plain_address(bench, tensor, 0);
	struct outcome outcome;

	fake_memory_protect(bench->memory, va, error != TSR_HW_ERR_FAULT_READ,
			    error != TSR_HW_ERR_FAULT_WRITE);
	bench_run(bench, suppress, &outcome);
	assert_int_equal(outcome.result.error, error);
	assert_int_equal(outcome.result.fault, va);
	fake_memory_protect(bench->memory, va, true, true);
}

static void a_fault_tells_its_address(void **state)
{
	struct tsr_hw_suppress suppress;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 563);
	make(&bench, &suppress, 10, 10, 0.5f);
	expect_fault(&bench, &suppress, &suppress.boxes, TSR_HW_ERR_FAULT_READ);
	expect_fault(&bench, &suppress, &suppress.scores, TSR_HW_ERR_FAULT_READ);
	expect_fault(&bench, &suppress, &suppress.indices, TSR_HW_ERR_FAULT_WRITE);
	expect_fault(&bench, &suppress, &suppress.count, TSR_HW_ERR_FAULT_WRITE);
	bench_close(&bench);
}

static void an_abort_is_obeyed_before_the_first_store(void **state)
{
	struct tsr_hw_suppress suppress;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 564);
	make(&bench, &suppress, 3000, 3000, 0.5f);
	for (unsigned int polls = 1; polls < 40; polls += 7) {
		fake_memory_written(bench.memory);
		fake_memory_abort_after(bench.memory, polls);
		bench_run(&bench, &suppress, &outcome);
		assert_int_equal(fake_memory_written(bench.memory), 0);
		assert_true(outcome.progress < outcome.steps);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boxes_that_overlap_are_left_out),
		cmocka_unit_test(special_values_have_a_rule),
		cmocka_unit_test(many_boxes),
		cmocka_unit_test(a_fault_tells_its_address),
		cmocka_unit_test(an_abort_is_obeyed_before_the_first_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
