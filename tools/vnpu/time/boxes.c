// SPDX-License-Identifier: MIT
#include "boxes.h"

#include "smaller.h"

#include <errno.h>

static bool is_inner(const struct boxes *boxes, unsigned int dimension)
{
	return boxes->inner >> dimension & 1;
}

static void resize(struct boxes *boxes, unsigned int dimension)
{
	boxes->box.size[dimension] = smaller(boxes->block[dimension], boxes->extent[dimension] -
					     boxes->box.start[dimension]);
}

static void go_to(struct boxes *boxes, unsigned int dimension, uint64_t start)
{
	boxes->box.start[dimension] = start;
	resize(boxes, dimension);
}

uint64_t region_elements(const struct region *region, unsigned int rank)
{
	uint64_t elements = 1;

	for (unsigned int i = 0; i < rank; i++)
		elements *= region->size[i];
	return elements;
}

int boxes_begin(struct boxes *boxes, const struct operand *walked, const uint64_t *block,
		uint8_t inner)
{
	uint64_t elements = 1;

	*boxes = (struct boxes){ .rank = walked->rank, .inner = inner, .passes = 1, .more = true };
	for (unsigned int i = 0; i < boxes->rank; i++) {
		boxes->extent[i] = walked->extent[i];
		boxes->block[i] = block[i];
		if (!block[i])
			return -EINVAL;
		go_to(boxes, i, 0);
		if (boxes->box.size[i] > BOX_ELEMENTS_MAX / elements)
			return -EINVAL;
		if (boxes->box.size[i])
			elements *= boxes->box.size[i];
		if (!walked->extent[i] && !is_inner(boxes, i))
			boxes->more = false;
	}
	return 0;
}

void boxes_join_empty(struct boxes *boxes)
{
	bool empty = false;

	for (unsigned int i = 0; i < boxes->rank; i++)
		empty |= is_inner(boxes, i) && !boxes->extent[i];
	for (unsigned int i = 0; empty && i < boxes->rank; i++)
		if (is_inner(boxes, i)) {
			boxes->block[i] = boxes->extent[i] ? boxes->extent[i] : 1;
			resize(boxes, i);
		}
}

/* The next box along the inner or outer dimensions; false: they are at their beginning again. */
static bool count(struct boxes *boxes, bool inner)
{
	for (unsigned int i = boxes->rank; i-- > 0;) {
		uint64_t next = boxes->box.start[i] + boxes->block[i];

		if (is_inner(boxes, i) != inner)
			continue;
		if (next < boxes->extent[i]) {
			go_to(boxes, i, next);
			return true;
		}
		go_to(boxes, i, 0);
	}
	return false;
}

void boxes_advance(struct boxes *boxes)
{
	boxes->elements += region_elements(&boxes->box, boxes->rank);
	if (count(boxes, true))
		return;
	if (++boxes->pass < boxes->passes)
		return;
	boxes->pass = 0;
	boxes->more = count(boxes, false);
}

/* Whether the box is the last one along some dimensions. */
static bool at_end(const struct boxes *boxes, uint8_t dimensions)
{
	for (unsigned int i = 0; i < boxes->rank; i++)
		if (dimensions >> i & 1 &&
		    boxes->box.start[i] + boxes->box.size[i] < boxes->extent[i])
			return false;
	return true;
}

bool boxes_complete(const struct boxes *boxes)
{
	return at_end(boxes, boxes->inner);
}

bool boxes_final(const struct boxes *boxes)
{
	return at_end(boxes, UINT8_MAX);
}

uint64_t boxes_count(const struct boxes *boxes)
{
	uint64_t boxes_of_all = 1;

	for (unsigned int i = 0; i < boxes->rank; i++) {
		uint64_t here = boxes->extent[i] / boxes->block[i] +
				(boxes->extent[i] % boxes->block[i] != 0);

		boxes_of_all *= here || !is_inner(boxes, i) ? here : 1;
	}
	return boxes_of_all;
}

uint64_t boxes_spread(struct boxes *boxes, uint64_t cycles)
{
	uint64_t count = boxes_count(boxes);
	uint64_t each = cycles / count + (cycles % count != 0);

	if (!boxes->elements)
		boxes->rest = cycles;
	each = smaller(each, boxes->rest);
	boxes->rest -= each;
	return each;
}
