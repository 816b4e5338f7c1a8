/* SPDX-License-Identifier: MIT */
/* SUPPRESS: each box in turn against all that were selected. The kind is the types of both. */
#include <math.h>
#include <stdlib.h>

#include "breadth.h"
#include "stored.h"

#define FLOATS	3u

static float value(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t number)
{
	return stored_float(tensor->type, breadth_element(bench, tensor, number));
}

static float lesser(float a, float b)
{
	return isnan(a) || isnan(b) ? NAN : fminf(a, b);
}

static float greater(float a, float b)
{
	return isnan(a) || isnan(b) ? NAN : fmaxf(a, b);
}

static bool overlap(const struct bench *bench, const struct tsr_hw_suppress *suppress, uint64_t a,
		    uint64_t b)
{
	float area_a = 1, area_b = 1, common = 1;

	for (unsigned int side = 0; side < 2; side++) {
		float a0 = value(bench, &suppress->boxes, 4 * a + side);
		float a1 = value(bench, &suppress->boxes, 4 * a + 2 + side);
		float b0 = value(bench, &suppress->boxes, 4 * b + side);
		float b1 = value(bench, &suppress->boxes, 4 * b + 2 + side);
		float both = lesser(greater(a0, a1), greater(b0, b1)) -
			     greater(lesser(a0, a1), lesser(b0, b1));

		area_a *= greater(a0, a1) - lesser(a0, a1);
		area_b *= greater(b0, b1) - lesser(b0, b1);
		common *= greater(both, 0);
	}
	return common / (area_a + area_b - common) > bench_float(suppress->threshold);
}

static void make(struct bench *bench, const struct breadth_case *one,
		 struct tsr_hw_suppress *suppress)
{
	const uint32_t n = bench_extent(bench, 40);
	const uint32_t boxes[] = { n, 4 };
	uint32_t room;

	*suppress = (struct tsr_hw_suppress){
		.head = { .op = TSR_HW_OP_SUPPRESS, .size = sizeof(*suppress) },
		.threshold = bench_bits(bench_uniform(bench, 0, 1)),
		.max = bench_below(bench, 50),
	};
	room = suppress->max + bench_below(bench, 3);
	breadth_input(bench, &suppress->boxes, breadth_types[one->kind / FLOATS], 2, boxes,
		      one->layout);
	breadth_input(bench, &suppress->scores, breadth_types[one->kind % FLOATS], 1, boxes,
		      one->layout);
	breadth_output(bench, &suppress->indices, TSR_HW_TYPE_INT64, 1, &room, one->layout);
	breadth_output(bench, &suppress->count, TSR_HW_TYPE_INT64, 0, NULL, LAYOUT_DENSE);
}

/* The box of the highest score that was not looked at, the first of equal ones; -1: none. */
static int64_t next_box(const struct bench *bench, const struct tsr_hw_suppress *suppress,
			const bool *seen)
{
	int64_t best = -1;
	float most = 0;

	for (int64_t i = 0; i < suppress->scores.dim[0]; i++) {
		float score = value(bench, &suppress->scores, (uint64_t)i);

		if (seen[i] || (best >= 0 && !(isnan(score) ? !isnan(most) : score > most)))
			continue;
		best = i;
		most = score;
	}
	return best;
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	struct tsr_hw_suppress suppress;
	bool seen[64] = { false };
	uint64_t selected[64];
	uint64_t count = 0;
	int64_t box;
	bool good;

	make(bench, one, &suppress);
	good = breadth_execute(bench, &suppress);
	while (count < suppress.max && (box = next_box(bench, &suppress, seen)) >= 0) {
		bool out = false;

		seen[box] = true;
		for (uint64_t k = 0; k < count; k++)
			out = out || overlap(bench, &suppress, selected[k], (uint64_t)box);
		if (!out)
			selected[count++] = (uint64_t)box;
	}
	for (uint64_t i = 0; good && i < count; i++)
		good = breadth_same(bench, &suppress.indices, i, selected[i]);
	return good && breadth_same(bench, &suppress.count, 0, count);
}

const struct breadth_command breadth_suppress = { "SUPPRESS", FLOATS * FLOATS, 1, 1, run };
