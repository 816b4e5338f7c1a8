// SPDX-License-Identifier: MIT
#include "steps_sort.h"

/* What an element and a comparison of it take of the vector unit. */
#define SORT_OPERATIONS	16

/* Bytes that are held of an element while its row is sorted. */
#define SORT_HELD	12

static uint64_t row_of(const struct sort *sort)
{
	return sort->x.extent[sort->x.rank - 1];
}

static uint64_t ceil_log2(uint64_t n)
{
	return n < 2 ? 0 : 64 - (uint64_t)__builtin_clzll(n - 1);
}

int sort_steps(struct steps *steps, const struct sort *sort)
{
	unsigned int last = sort->x.rank - 1u;
	int error = boxes_begin(&steps->boxes, &sort->x, sort->block, (uint8_t)(1u << last));
	uint64_t rows = region_elements(&steps->boxes.box, last);

	/* Nothing is stored for rows without elements. */
	if (!row_of(sort))
		steps->boxes.more = false;
	steps->fixed = SORT_HELD * row_of(sort) * rows;
	steps->working_set = steps->fixed + 2 * held_of_region(&sort->x, &steps->boxes.box);
	return error;
}

/* The rows of a box in an output, which has the first elements of them. */
static void store_rows(struct steps *steps, const struct operand *output, struct step *step)
{
	struct region region = steps->boxes.box;

	if (!output->bits)
		return;
	region.start[output->rank - 1] = 0;
	region.size[output->rank - 1] = output->extent[output->rank - 1];
	step_store(step, steps->walks, output, &region);
}

void sort_next(struct steps *steps, const struct sort *sort, struct step *step)
{
	uint64_t comparisons = ceil_log2(row_of(sort)), elements = 1;

	for (unsigned int i = 0; i < sort->x.rank; i++)
		elements *= sort->x.extent[i];
	step_load_region(step, steps->walks, &sort->x, &steps->boxes.box);
	step->vector = boxes_spread(&steps->boxes,
				    divide_up(elements * (comparisons ? comparisons : 1) *
					      SORT_OPERATIONS, steps->class->vector_operations));
	if (!boxes_complete(&steps->boxes))
		return;
	store_rows(steps, &sort->values, step);
	store_rows(steps, &sort->indices, step);
}
