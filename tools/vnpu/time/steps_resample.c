// SPDX-License-Identifier: MIT
#include "steps_resample.h"

#include "program.h"
#include "strips.h"
#include "window.h"

static int64_t within(int64_t index, uint64_t extent)
{
	return index < 0 ? 0 : index >= (int64_t)extent ? (int64_t)extent - 1 : index;
}

/* From the lowest to the highest element that some outputs read. */
static struct range touched(const struct resample *resample, struct range outputs)
{
	uint64_t extent = resample->x.extent[resample->axis];
	int64_t low = INT64_MAX, high = INT64_MIN;

	for (uint64_t i = outputs.start; i < outputs.start + outputs.size; i++) {
		int64_t first = resample->values[i * resample->value_stride];

		low = first < low ? first : low;
		high = first > high ? first : high;
	}
	low = within(low, extent);
	high = within(high + (int64_t)resample->taps - 1, extent);
	return (struct range){ (uint64_t)low, (uint64_t)(high - low) + 1 };
}

static struct range outputs_of(const struct resample *resample, const struct region *box)
{
	return (struct range){ box->start[resample->axis], box->size[resample->axis] };
}

static struct region source_region(const struct resample *resample, const struct region *box)
{
	struct range range = touched(resample, outputs_of(resample, box));
	struct region region = *box;

	region.start[resample->axis] = range.start;
	region.size[resample->axis] = range.size;
	return region;
}

static struct region weight_region(const struct resample *resample, const struct region *box)
{
	struct range range = outputs_of(resample, box);

	return (struct region){ { range.start, 0 }, { range.size, resample->taps } };
}

static struct region first_region(const struct resample *resample, const struct region *box)
{
	struct range range = outputs_of(resample, box);

	return (struct region){ { range.start }, { range.size } };
}

/* The most of the dimension that the outputs of a box read. */
static uint64_t widest(const struct resample *resample)
{
	uint64_t extent = resample->d.extent[resample->axis];
	uint64_t block = resample->block[resample->axis], most = 0;

	/* Where there is nothing to do, none are known; else they will be. */
	if (!resample->values || operand_is_empty(&resample->d))
		return 0;
	/* All begin with the same tap. */
	if (!resample->value_stride)
		return touched(resample, (struct range){ 0, 1 }).size;
	for (uint64_t i = 0; i < extent; i += block) {
		struct range outputs = { i, block < extent - i ? block : extent - i };
		uint64_t size = touched(resample, outputs).size;

		most = size > most ? size : most;
	}
	return most;
}

int resample_steps(struct steps *steps, const struct resample *resample)
{
	int error = boxes_begin(&steps->boxes, &resample->d, resample->block, 0);
	const struct region *box = &steps->boxes.box;
	struct region source = *box, weight = weight_region(resample, box);
	struct region first = first_region(resample, box);

	if (error)
		return error;
	source.size[resample->axis] = widest(resample);
	steps->working_set = 2 * (held_of_region(&resample->x, &source) +
				  held_of_region(&resample->weight, &weight) +
				  held_of_region(&resample->first, &first) +
				  program_held(&resample->post, box));
	return 0;
}

void resample_next(struct steps *steps, const struct resample *resample, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	struct region source = source_region(resample, box);
	struct region weight = weight_region(resample, box), first = first_region(resample, box);
	uint64_t outputs = region_elements(box, steps->boxes.rank);

	step_load_region(step, steps->walks, &resample->x, &source);
	step_load_region(step, steps->walks, &resample->weight, &weight);
	step_load_region(step, steps->walks, &resample->first, &first);
	program_load(&resample->post, steps->walks, box, step);
	step->vector = divide_up(outputs * resample->taps, steps->class->vector_operations) +
		       strips_linear(steps->class, &resample->post, outputs);
	step_store(step, steps->walks, &resample->d, box);
}
