// SPDX-License-Identifier: MIT
/* SUPPRESS reads its boxes in steps of as many as have 4,096 elements. */
#include "steps_suppress.h"

/* Operations of the vector unit for a pair of boxes. */
#define PAIR_OPERATIONS	8

/* Bytes that are held of a box: its corners and its score. */
#define BOX_HELD	20

#define BOXES_OF_A_STEP	1024

int suppress_steps(struct steps *steps, const struct suppress *suppress)
{
	const uint64_t block[] = { BOXES_OF_A_STEP, 4 };
	int error = boxes_begin(&steps->boxes, &suppress->boxes, block, 0);
	const struct region *box = &steps->boxes.box;

	steps->fixed = BOX_HELD * suppress->boxes.extent[0];
	steps->working_set = steps->fixed + 2 * (held_of_region(&suppress->boxes, box) +
						 held_of_region(&suppress->scores, box));
	return error;
}

static void store_whole(struct steps *steps, const struct operand *output, struct step *step)
{
	struct region region = { 0 };

	for (unsigned int i = 0; i < output->rank; i++)
		region.size[i] = output->extent[i];
	step_store(step, steps->walks, output, &region);
}

void suppress_next(struct steps *steps, const struct suppress *suppress, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	uint64_t n = suppress->boxes.extent[0];

	step_load_region(step, steps->walks, &suppress->boxes, box);
	step_load_region(step, steps->walks, &suppress->scores, box);
	step->vector = boxes_spread(&steps->boxes,
				    divide_up(PAIR_OPERATIONS * n * n,
					      steps->class->vector_operations));
	if (!boxes_final(&steps->boxes))
		return;
	store_whole(steps, &suppress->indices, step);
	store_whole(steps, &suppress->count, step);
}
