// SPDX-License-Identifier: MIT
#include "steps_compact.h"

int compact_steps(struct steps *steps, const struct compact *compact)
{
	int error = boxes_begin(&steps->boxes, &compact->x, compact->block, 0);

	steps->working_set = 2 * held_of_region(&compact->x, &steps->boxes.box);
	return error;
}

/* Coordinates as if every element were found, as far as there is room. */
static struct region rows_of(const struct steps *steps, const struct compact *compact,
			     uint64_t elements)
{
	uint64_t room = compact->coords.extent[0], first = steps->boxes.elements;

	if (first > room)
		first = room;
	if (elements > room - first)
		elements = room - first;
	return (struct region){ { first, 0 }, { elements, compact->coords.extent[1] } };
}

void compact_next(struct steps *steps, const struct compact *compact, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	uint64_t elements = region_elements(box, steps->boxes.rank);
	struct region rows = rows_of(steps, compact, elements);
	struct region count = { .size = { 1, 1, 1, 1, 1, 1, 1, 1 } };

	step_load_region(step, steps->walks, &compact->x, box);
	step->vector = divide_up(elements, steps->class->vector_operations);
	step_store(step, steps->walks, &compact->coords, &rows);
	if (boxes_final(&steps->boxes))
		step_store(step, steps->walks, &compact->count, &count);
}
