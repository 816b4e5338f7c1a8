/* SPDX-License-Identifier: MIT */
/* Commands whose input has elements of half a byte give what they give for the same values in whole ones. */
#include "suite.h"

#include <string.h>

#include "bench.h"
#include "half_tensors.h"
#include "indices.h"

static const struct { uint8_t half, whole; } pairs[] = {
	{ TSR_HW_TYPE_INT4, TSR_HW_TYPE_INT8 }, { TSR_HW_TYPE_UINT4, TSR_HW_TYPE_UINT8 },
	{ TSR_HW_TYPE_FP4_E2M1, TSR_HW_TYPE_FP32 },
};

/* One input as halves and as whole elements, and an output for each. */
struct twins {
	struct tsr_hw_tensor x[2];
	struct tsr_hw_tensor d[2];
	unsigned int rank;
	uint32_t dim[TSR_HW_MAX_RANK];
};

/* The bits of the same value in whole bytes. */
static uint32_t widened(unsigned int type, uint8_t code)
{
	static const float magnitudes[] = { 0, 0.5f, 1, 1.5f, 2, 3, 4, 6 };

	if (type == TSR_HW_TYPE_INT4)
		return code < 8 ? code : code | 0xf0;
	if (type == TSR_HW_TYPE_UINT4)
		return code;
	return bench_bits(magnitudes[code % 8]) | (code < 8 ? 0 : 0x80000000u);
}

static void make_inputs(struct bench *bench, struct twins *twins)
{
	unsigned int pair = bench_below(bench, 3);
	unsigned int half = pairs[pair].half, whole = pairs[pair].whole;

	bench_reset(bench);
	twins->rank = 1 + bench_below(bench, 4);
	for (unsigned int i = 0; i < twins->rank; i++)
		twins->dim[i] = 1 + bench_below(bench, twins->rank == 1 ? 700 : 7);
	half_tensor(bench, &twins->x[0], half, twins->rank, twins->dim,
		    bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
	bench_plain(bench, &twins->x[1], whole, twins->rank, twins->dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	for (uint64_t i = 0; i < bench_plain_elements(&twins->x[1]); i++) {
		uint32_t bits = widened(half, half_element(bench, &twins->x[0], i));

		fake_memory_poke(bench->memory, bench_plain_address(bench, &twins->x[1], i), &bits,
				 bench_size(whole));
	}
}

static void make_outputs(struct bench *bench, struct twins *twins, const uint32_t *dim)
{
	for (unsigned int i = 0; i < 2; i++)
		bench_plain(bench, &twins->d[i], TSR_HW_TYPE_FP32, twins->rank, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_WRITE);
}

/* All of it at once. */
static void whole_step(struct tsr_hw_step *step, unsigned int rank, const uint32_t *dim)
{
	for (unsigned int i = 0; i < rank; i++)
		step->block[i] = dim[i];
}

static void run(struct bench *bench, const void *command)
{
	struct outcome outcome;

	bench_run(bench, command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
}

static void expect_same(const struct bench *bench, const struct twins *twins)
{
	for (uint64_t i = 0; i < bench_plain_elements(&twins->d[0]); i++) {
		uint64_t of_half = bench_plain_address(bench, &twins->d[0], i);
		uint64_t of_whole = bench_plain_address(bench, &twins->d[1], i);

		assert_int_equal(indices_bits(bench, &twins->d[0], of_half),
				 indices_bits(bench, &twins->d[1], of_whole));
	}
}

static void reduce(struct bench *bench)
{
	uint32_t axes, function = bench_below(bench, TSR_HW_REDUCTION_ARG_MAX + 1);
	uint32_t kept[TSR_HW_MAX_RANK];
	struct twins twins;

	make_inputs(bench, &twins);
	axes = 1 + bench_below(bench, (1u << twins.rank) - 1);
	for (unsigned int i = 0; i < twins.rank; i++)
		kept[i] = axes & 1u << i ? 1 : twins.dim[i];
	make_outputs(bench, &twins, kept);
	for (unsigned int i = 0; i < 2; i++) {
		struct tsr_hw_reduce reduce = {
			.head = { .op = TSR_HW_OP_REDUCE, .size = sizeof(reduce) },
			.x = twins.x[i], .d = twins.d[i], .axes = axes, .function = (uint8_t)function,
		};

		whole_step(&reduce.step, twins.rank, twins.dim);
		run(bench, &reduce);
	}
	expect_same(bench, &twins);
}

static void scan(struct bench *bench)
{
	uint32_t function = bench_below(bench, TSR_HW_REDUCTION_MAX + 1), axis;
	struct twins twins;

	make_inputs(bench, &twins);
	axis = bench_below(bench, twins.rank);
	make_outputs(bench, &twins, twins.dim);
	for (unsigned int i = 0; i < 2; i++) {
		struct tsr_hw_scan scan = {
			.head = { .op = TSR_HW_OP_SCAN, .size = sizeof(scan) },
			.x = twins.x[i], .d = twins.d[i], .axis = (uint8_t)axis,
			.function = (uint8_t)function,
		};

		whole_step(&scan.step, twins.rank, twins.dim);
		run(bench, &scan);
	}
	expect_same(bench, &twins);
}

static void normalize(struct bench *bench)
{
	uint32_t mode = bench_below(bench, TSR_HW_NORMALIZE_RMS + 1), axes;
	struct twins twins;

	make_inputs(bench, &twins);
	axes = 1 + bench_below(bench, (1u << twins.rank) - 1);
	make_outputs(bench, &twins, twins.dim);
	for (unsigned int i = 0; i < 2; i++) {
		struct tsr_hw_normalize normalize = {
			.head = { .op = TSR_HW_OP_NORMALIZE, .size = sizeof(normalize) },
			.x = twins.x[i], .d = twins.d[i], .axes = axes, .mode = (uint8_t)mode,
			.epsilon = mode < TSR_HW_NORMALIZE_STANDARD ? 0 : bench_bits(0.001f),
		};

		whole_step(&normalize.step, twins.rank, twins.dim);
		run(bench, &normalize);
	}
	expect_same(bench, &twins);
}

/* Two taps for each of five outputs along an axis. */
static void make_tables(struct bench *bench, struct tsr_hw_tensor *first,
			struct tsr_hw_tensor *weight)
{
	static const uint32_t dim[] = { 5, 2 };

	bench_plain(bench, first, TSR_HW_TYPE_INT32, 1, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, weight, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < 5; i++)
		indices_put(bench, first, i, (int64_t)bench_below(bench, 9) - 2);
	for (uint32_t i = 0; i < 10; i++) {
		uint32_t bits = bench_bits((float)bench_below(bench, 8) / 4);

		fake_memory_poke(bench->memory, bench_plain_address(bench, weight, i), &bits,
				 sizeof(bits));
	}
}

static void resample(struct bench *bench)
{
	struct tsr_hw_tensor first, weight;
	uint32_t dim[TSR_HW_MAX_RANK], axis;
	struct twins twins;

	make_inputs(bench, &twins);
	axis = bench_below(bench, twins.rank);
	memcpy(dim, twins.dim, sizeof(dim));
	dim[axis] = 5;
	make_outputs(bench, &twins, dim);
	make_tables(bench, &first, &weight);
	for (unsigned int i = 0; i < 2; i++) {
		struct tsr_hw_resample resample = {
			.head = { .op = TSR_HW_OP_RESAMPLE, .size = sizeof(resample) },
			.x = twins.x[i], .first = first, .weight = weight, .d = twins.d[i],
			.axis = (uint8_t)axis, .taps = 2,
		};

		whole_step(&resample.step, twins.rank, dim);
		run(bench, &resample);
	}
	expect_same(bench, &twins);
}

static void repeat(void (*one)(struct bench *bench), uint64_t seed)
{
	struct bench bench;

	bench_open(&bench, "edge", MEMORY_BYTES, seed);
	for (int i = 0; i < CASES; i++)
		one(&bench);
	bench_close(&bench);
}

static void reduce_takes_halves(void **state)
{
	(void)state;
	repeat(reduce, 910);
}

static void scan_takes_halves(void **state)
{
	(void)state;
	repeat(scan, 911);
}

static void normalize_takes_halves(void **state)
{
	(void)state;
	repeat(normalize, 912);
}

static void resample_takes_halves(void **state)
{
	(void)state;
	repeat(resample, 913);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reduce_takes_halves),
		cmocka_unit_test(scan_takes_halves),
		cmocka_unit_test(normalize_takes_halves),
		cmocka_unit_test(resample_takes_halves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
