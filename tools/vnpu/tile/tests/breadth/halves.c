/* SPDX-License-Identifier: MIT */
/*
 * Commands whose input has elements of half a byte: they give what they give for the same values in
 * whole ones. The kind is the type of the input.
 */
#include <string.h>

#include "breadth.h"
#include "half_tensors.h"
#include "indices.h"

static const struct { uint8_t half, whole; } pairs[] = {
	{ TSR_HW_TYPE_INT4, TSR_HW_TYPE_INT8 }, { TSR_HW_TYPE_UINT4, TSR_HW_TYPE_UINT8 },
	{ TSR_HW_TYPE_FP4_E2M1, TSR_HW_TYPE_FP32 },
};

#define PAIRS	3

/* One input as halves and as whole elements, and an output for each. */
struct twins {
	struct tsr_hw_tensor x[2];
	struct tsr_hw_tensor d[2];
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

static void make_inputs(struct bench *bench, const struct breadth_case *one, const uint32_t *dim,
			struct twins *twins)
{
	unsigned int half = pairs[one->kind].half, whole = pairs[one->kind].whole;

	breadth_input(bench, &twins->x[0], half, one->rank, dim, one->layout);
	bench_plain(bench, &twins->x[1], whole, one->rank, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	for (uint64_t i = 0; i < bench_plain_elements(&twins->x[1]); i++) {
		uint32_t bits = widened(half, half_element(bench, &twins->x[0], i));

		fake_memory_poke(bench->memory, bench_plain_address(bench, &twins->x[1], i), &bits,
				 bench_size(whole));
	}
}

static void make_outputs(struct bench *bench, unsigned int rank, const uint32_t *dim,
			 struct twins *twins)
{
	for (unsigned int i = 0; i < 2; i++)
		bench_plain(bench, &twins->d[i], TSR_HW_TYPE_FP32, rank, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_WRITE);
}

/* More elements are no step. */
#define STEP_MOST	4096u

/* All of it at once, or two elements in each dimension: halves of a byte are in the same step. */
static void whole_step(struct tsr_hw_step *step, unsigned int rank, const uint32_t *dim)
{
	uint64_t elements = 1;

	for (unsigned int i = 0; i < rank; i++) {
		step->block[i] = dim[i] ? dim[i] : 1;
		elements *= step->block[i];
	}
	for (unsigned int i = 0; elements > STEP_MOST && i < rank; i++)
		step->block[i] = dim[i] < 2 ? dim[i] : 2;
}

static bool are_same(const struct bench *bench, const struct twins *twins)
{
	bool good = true;

	for (uint64_t i = 0; good && i < bench_plain_elements(&twins->d[0]); i++)
		good = breadth_same(bench, &twins->d[0], i, breadth_element(bench, &twins->d[1], i));
	return good;
}

static bool run_reduce(struct bench *bench, const struct breadth_case *one)
{
	uint32_t dim[TSR_HW_MAX_RANK], kept[TSR_HW_MAX_RANK];
	struct twins twins;
	uint32_t axes, function = bench_below(bench, TSR_HW_REDUCTION_MAX + 1);
	bool good = true;

	breadth_shape(bench, one->rank, dim);
	make_inputs(bench, one, dim, &twins);
	axes = 1 + bench_below(bench, (1u << one->rank) - 1);
	for (unsigned int i = 0; i < one->rank; i++)
		kept[i] = axes & 1u << i ? 1 : dim[i];
	make_outputs(bench, one->rank, kept, &twins);
	for (unsigned int i = 0; good && i < 2; i++) {
		struct tsr_hw_reduce reduce = {
			.head = { .op = TSR_HW_OP_REDUCE, .size = sizeof(reduce) },
			.x = twins.x[i], .d = twins.d[i], .axes = axes, .function = (uint8_t)function,
		};

		whole_step(&reduce.step, one->rank, dim);
		good = breadth_execute(bench, &reduce);
	}
	return good && are_same(bench, &twins);
}

static bool run_scan(struct bench *bench, const struct breadth_case *one)
{
	uint32_t dim[TSR_HW_MAX_RANK], axis = bench_below(bench, one->rank);
	uint32_t function = bench_below(bench, TSR_HW_REDUCTION_MAX + 1);
	struct twins twins;
	bool good = true;

	breadth_shape(bench, one->rank, dim);
	make_inputs(bench, one, dim, &twins);
	make_outputs(bench, one->rank, dim, &twins);
	for (unsigned int i = 0; good && i < 2; i++) {
		struct tsr_hw_scan scan = {
			.head = { .op = TSR_HW_OP_SCAN, .size = sizeof(scan) },
			.x = twins.x[i], .d = twins.d[i], .axis = (uint8_t)axis,
			.function = (uint8_t)function,
		};

		whole_step(&scan.step, one->rank, dim);
		good = breadth_execute(bench, &scan);
	}
	return good && are_same(bench, &twins);
}

static bool run_normalize(struct bench *bench, const struct breadth_case *one)
{
	uint32_t dim[TSR_HW_MAX_RANK], axes = 1 + bench_below(bench, (1u << one->rank) - 1);
	uint32_t mode = bench_below(bench, TSR_HW_NORMALIZE_RMS + 1);
	struct twins twins;
	bool good = true;

	breadth_shape(bench, one->rank, dim);
	make_inputs(bench, one, dim, &twins);
	make_outputs(bench, one->rank, dim, &twins);
	for (unsigned int i = 0; good && i < 2; i++) {
		struct tsr_hw_normalize normalize = {
			.head = { .op = TSR_HW_OP_NORMALIZE, .size = sizeof(normalize) },
			.x = twins.x[i], .d = twins.d[i], .axes = axes, .mode = (uint8_t)mode,
			.epsilon = mode < TSR_HW_NORMALIZE_STANDARD ? 0 : bench_bits(0.001f),
		};

		whole_step(&normalize.step, one->rank, dim);
		good = breadth_execute(bench, &normalize);
	}
	return good && are_same(bench, &twins);
}

static void put_floats(struct bench *bench, const struct tsr_hw_tensor *tensor, float low, float high)
{
	for (uint64_t i = 0; i < bench_plain_elements(tensor); i++) {
		uint32_t bits = bench_bits(bench_uniform(bench, low, high));

		fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, i), &bits,
				 sizeof(bits));
	}
}

/* Outputs along the axis, and taps of each. */
#define OUTPUTS	5u
#define TAPS	2u

static void make_tables(struct bench *bench, struct tsr_hw_resample *resample)
{
	static const uint32_t dim[] = { OUTPUTS, TAPS };

	bench_plain(bench, &resample->first, TSR_HW_TYPE_INT32, 1, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &resample->weight, TSR_HW_TYPE_FP32, 2, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	for (uint32_t i = 0; i < OUTPUTS; i++)
		indices_put(bench, &resample->first, i, (int64_t)bench_below(bench, 9) - 2);
	put_floats(bench, &resample->weight, -1, 2);
}

static bool run_resample(struct bench *bench, const struct breadth_case *one)
{
	struct tsr_hw_resample resample = {
		.head = { .op = TSR_HW_OP_RESAMPLE, .size = sizeof(resample) },
		.axis = (uint8_t)bench_below(bench, one->rank), .taps = TAPS,
	};
	uint32_t dim[TSR_HW_MAX_RANK];
	struct twins twins;
	bool good = true;

	breadth_shape(bench, one->rank, dim);
	dim[resample.axis] += !dim[resample.axis];
	make_inputs(bench, one, dim, &twins);
	dim[resample.axis] = OUTPUTS;
	make_outputs(bench, one->rank, dim, &twins);
	make_tables(bench, &resample);
	for (unsigned int i = 0; i < one->rank; i++)
		resample.step.block[i] = 1;
	for (unsigned int i = 0; good && i < 2; i++) {
		resample.x = twins.x[i];
		resample.d = twins.d[i];
		good = breadth_execute(bench, &resample);
	}
	return good && are_same(bench, &twins);
}

static bool run_sample(struct bench *bench, const struct breadth_case *one)
{
	unsigned int dims = one->rank - 2;
	struct tsr_hw_sample sample = {
		.head = { .op = TSR_HW_OP_SAMPLE, .size = sizeof(sample) },
		.dims = (uint8_t)dims, .mode = (uint8_t)bench_below(bench, TSR_HW_SAMPLE_COUNT),
		.outside = (uint8_t)bench_below(bench, TSR_HW_OUTSIDE_COUNT),
	};
	uint32_t x[TSR_HW_MAX_RANK], d[TSR_HW_MAX_RANK], coords[TSR_HW_MAX_RANK];
	struct twins twins;
	bool good = true;

	for (unsigned int i = 0; i < one->rank; i++) {
		x[i] = 1 + bench_below(bench, 6);
		d[i] = i < 2 ? x[i] : 1 + bench_below(bench, 5);
	}
	coords[0] = d[0];
	memcpy(coords + 1, d + 2, dims * sizeof(*d));
	coords[1 + dims] = dims;
	make_inputs(bench, one, x, &twins);
	make_outputs(bench, one->rank, d, &twins);
	bench_plain(bench, &sample.coords, TSR_HW_TYPE_FP32, one->rank, coords, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	put_floats(bench, &sample.coords, -2, 8);
	bench_absent(&sample.batch);
	for (unsigned int i = 0; i < one->rank; i++)
		sample.step.block[i] = 1;
	for (unsigned int i = 0; good && i < 2; i++) {
		sample.x = twins.x[i];
		sample.d = twins.d[i];
		good = breadth_execute(bench, &sample);
	}
	return good && are_same(bench, &twins);
}

const struct breadth_command breadth_reduce_halves = {
	"REDUCE of halves", PAIRS, 1, TSR_HW_MAX_RANK, run_reduce,
};
const struct breadth_command breadth_scan_halves = {
	"SCAN of halves", PAIRS, 1, TSR_HW_MAX_RANK, run_scan,
};
const struct breadth_command breadth_normalize_halves = {
	"NORMALIZE of halves", PAIRS, 1, TSR_HW_MAX_RANK, run_normalize,
};
const struct breadth_command breadth_resample_halves = {
	"RESAMPLE of halves", PAIRS, 1, TSR_HW_MAX_RANK, run_resample,
};
const struct breadth_command breadth_sample_halves = {
	"SAMPLE of halves", PAIRS, 4, 5, run_sample,
};
