/* SPDX-License-Identifier: MIT */
/* COMPACT: coordinates of what is not zero. */
#include "breadth.h"
#include "stored.h"

static bool is_zero(unsigned int type, uint64_t bits)
{
	return stored_is_float(type) ? stored_float(type, bits) == 0 : !bits;
}

static void make(struct bench *bench, const struct breadth_case *one,
		 struct tsr_hw_compact *compact)
{
	const uint32_t count[] = { 1 };
	uint32_t dim[TSR_HW_MAX_RANK];
	uint32_t room[2];

	breadth_shape(bench, one->rank, dim);
	*compact = (struct tsr_hw_compact){
		.head = { .op = TSR_HW_OP_COMPACT, .size = sizeof(*compact) },
	};
	breadth_input(bench, &compact->x, breadth_types[one->kind], one->rank, dim, one->layout);
	room[0] = (uint32_t)bench_plain_elements(&compact->x);
	room[1] = one->rank;
	breadth_output(bench, &compact->coords, TSR_HW_TYPE_INT64, 2, room, one->layout);
	breadth_output(bench, &compact->count, TSR_HW_TYPE_INT64, 1, count, LAYOUT_DENSE);
	/* A run of elements is a step, whatever the rank. */
	for (unsigned int i = 0; i < one->rank; i++)
		compact->step.block[i] = 1;
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	struct tsr_hw_compact compact;
	uint64_t at[TSR_HW_MAX_RANK];
	uint64_t found = 0;
	bool good;

	make(bench, one, &compact);
	good = breadth_execute(bench, &compact);
	for (uint64_t i = 0; good && i < bench_plain_elements(&compact.x); i++) {
		if (is_zero(compact.x.type, breadth_element(bench, &compact.x, i)))
			continue;
		breadth_coordinates(&compact.x, i, at);
		for (unsigned int k = 0; good && k < one->rank; k++)
			good = breadth_same(bench, &compact.coords, found * one->rank + k, at[k]);
		found++;
	}
	return good && breadth_same(bench, &compact.count, 0, found);
}

const struct breadth_command breadth_compact = {
	"COMPACT", BREADTH_TYPES, 0, TSR_HW_MAX_RANK, run,
};
