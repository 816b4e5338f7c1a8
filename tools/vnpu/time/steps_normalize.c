// SPDX-License-Identifier: MIT
#include "steps_normalize.h"

#include "program.h"
#include "strips.h"

/* Cycles of the last pass beside its operations. */
#define LAST_PASS_CYCLES 4

/* Operations for an element of a row, in one pass. */
static uint64_t factor_of(enum normalization mode)
{
	switch (mode) {
	case SOFTMAX:
		return 10;
	case LOG_SOFTMAX:
		return 12;
	case STANDARD:
		return 4;
	case RMS:
		return 2;
	}
	return 0;
}

static unsigned int passes_of(const struct steps *steps, const struct normalize *normalize)
{
	for (unsigned int i = 0; i < normalize->x.rank; i++)
		if (normalize->axes >> i & 1 && steps->boxes.block[i] < normalize->x.extent[i])
			return normalize->strict && normalize->mode == STANDARD ? 3 : 2;
	return 1;
}

/* Operations for an element in the pass at hand; the third one only makes the output. */
static uint64_t pass_factor(const struct steps *steps, const struct normalize *normalize)
{
	uint64_t factor = factor_of(normalize->mode);

	if (steps->boxes.passes == 1)
		return factor;
	return steps->boxes.pass == 2 ? 1 : factor / 2;
}

int normalize_steps(struct steps *steps, const struct normalize *normalize)
{
	int error = boxes_begin(&steps->boxes, &normalize->x, normalize->block, normalize->axes);
	const struct region *box = &steps->boxes.box;

	steps->boxes.more &= region_elements(box, steps->boxes.rank) > 0;
	steps->boxes.passes = passes_of(steps, normalize);
	steps->working_set = 2 * (held_of_region(&normalize->x, box) +
				  program_held(&normalize->pre, box) +
				  program_held(&normalize->post, box));
	return error;
}

static void make_output(struct steps *steps, const struct normalize *normalize,
			uint64_t elements, struct step *step)
{
	const struct region *box = &steps->boxes.box;

	program_load(&normalize->post, steps->walks, box, step);
	step->vector += LAST_PASS_CYCLES + strips_linear(steps->class, &normalize->post, elements);
	step_store(step, steps->walks, &normalize->d, box);
}

void normalize_next(struct steps *steps, const struct normalize *normalize, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	uint64_t elements = region_elements(box, steps->boxes.rank);

	step_load_region(step, steps->walks, &normalize->x, box);
	program_load(&normalize->pre, steps->walks, box, step);
	step->vector = strips_linear(steps->class, &normalize->pre, elements) +
		       divide_up(pass_factor(steps, normalize) * elements,
				 steps->class->vector_operations);
	if (steps->boxes.pass == steps->boxes.passes - 1)
		make_output(steps, normalize, elements, step);
}
