// SPDX-License-Identifier: MIT
#include "steps_elementwise.h"

#include "program.h"
#include "strips.h"

int elementwise_steps(struct steps *steps, const struct elementwise *elementwise)
{
	int error = boxes_begin(&steps->boxes, &elementwise->d, elementwise->block, 0);

	steps->working_set = 2 * program_held(&elementwise->post, &steps->boxes.box);
	return error;
}

void elementwise_next(struct steps *steps, const struct elementwise *elementwise,
		      struct step *step)
{
	const struct region *box = &steps->boxes.box;

	program_load(&elementwise->post, steps->walks, box, step);
	step->vector = strips_box(steps->class, &elementwise->post, &elementwise->d, box->size);
	step_store(step, steps->walks, &elementwise->d, box);
}
