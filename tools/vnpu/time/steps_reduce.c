// SPDX-License-Identifier: MIT
#include "steps_reduce.h"

#include "program.h"
#include "strips.h"

/* What of d a box of x belongs to. */
static struct region output_region(const struct reduce *reduce, const struct region *box)
{
	struct region region = *box;

	for (unsigned int i = 0; !reduce->scans && i < reduce->x.rank; i++)
		if (reduce->axes >> i & 1) {
			region.start[i] = 0;
			region.size[i] = 1;
		}
	return region;
}

static int begin(struct steps *steps, const struct reduce *reduce)
{
	int error = boxes_begin(&steps->boxes, &reduce->x, reduce->block, reduce->axes);

	if (!reduce->scans)
		boxes_join_empty(&steps->boxes);
	return error;
}

int reduce_steps(struct steps *steps, const struct reduce *reduce)
{
	int error = begin(steps, reduce);
	const struct region *box = &steps->boxes.box;
	struct region output = output_region(reduce, box);

	if (reduce->scans)
		steps->boxes.more &= region_elements(box, steps->boxes.rank) > 0;
	steps->working_set = 2 * (held_of_region(&reduce->x, box) +
				  program_held(&reduce->pre, box) +
				  program_held(&reduce->post, &output));
	return error;
}

/* The step that completes an output stores it. */
static void complete(struct steps *steps, const struct reduce *reduce, struct step *step)
{
	struct region output = output_region(reduce, &steps->boxes.box);
	uint64_t outputs = region_elements(&output, steps->boxes.rank);

	program_load(&reduce->post, steps->walks, &output, step);
	step->vector += strips_linear(steps->class, &reduce->post, outputs);
	step_store(step, steps->walks, &reduce->d, &output);
}

void reduce_next(struct steps *steps, const struct reduce *reduce, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	uint64_t elements = region_elements(box, steps->boxes.rank);

	step_load_region(step, steps->walks, &reduce->x, box);
	program_load(&reduce->pre, steps->walks, box, step);
	step->vector = strips_linear(steps->class, &reduce->pre, elements) +
		       divide_up(elements, steps->class->vector_operations);
	if (reduce->scans || boxes_complete(&steps->boxes))
		complete(steps, reduce, step);
}
