// SPDX-License-Identifier: MIT
/*
 * GATHER and SCATTER. An element of the index selects a slice: all dimensions that are not indexed
 * as the box has them. Slices are walked one after another, in row-major order of the index.
 */
#include "steps_gather.h"

/* Bytes of a lane in a cycle. */
#define MOVE_BYTES 4

/* Dimensions of the dense tensor that one of the index stands for. */
struct layout {
	unsigned int between;	/* dimensions before the index's own ones, batch ones included */
	unsigned int own;	/* dimensions of the index that are in the dense tensor */
	unsigned int indexed;	/* dimensions that are indexed */
};

static struct layout layout_of(const struct gather *gather)
{
	unsigned int rank = gather->index.rank;

	switch (gather->selection) {
	case SELECT_AXIS:
		return (struct layout){ gather->axis, rank - gather->batch_dims, 1 };
	case SELECT_ELEMENT:
		return (struct layout){ 0, rank, 0 };
	case SELECT_ND:
		return (struct layout){ gather->batch_dims, rank - 1u - gather->batch_dims,
					(unsigned int)gather->index.extent[rank - 1] };
	}
	return (struct layout){ 0, 0, 0 };
}

/* The dimension of the dense tensor that dimension @i of the index is. */
static unsigned int dense_dimension(const struct gather *gather, const struct layout *layout,
				    unsigned int i)
{
	if (gather->selection == SELECT_ELEMENT || i < gather->batch_dims)
		return i;
	return layout->between + i - gather->batch_dims;
}

/* The elements of the index that belong to a box. */
static struct region index_region(const struct gather *gather, const struct layout *layout,
				  const struct region *box)
{
	struct region region = { 0 };

	for (unsigned int i = 0; i < gather->index.rank; i++) {
		unsigned int from = dense_dimension(gather, layout, i);

		if (gather->selection == SELECT_ND && i == gather->index.rank - 1u) {
			region.size[i] = gather->index.extent[i];
			continue;
		}
		region.start[i] = box->start[from];
		region.size[i] = box->size[from];
	}
	return region;
}

/* What the box has of the dimensions that are not indexed; indexed ones are filled in. */
static struct region slice_of(const struct gather *gather, const struct layout *layout,
			      const struct region *box)
{
	struct region slice = *box;
	unsigned int behind = layout->between + layout->own;

	if (gather->selection == SELECT_ELEMENT) {
		for (unsigned int i = 0; i < gather->indexed.rank; i++)
			slice.size[i] = 1;
		return slice;
	}
	for (unsigned int i = layout->between; i < gather->indexed.rank; i++) {
		unsigned int from = behind + i - layout->between - layout->indexed;
		bool indexed = i < layout->between + layout->indexed;

		slice.start[i] = indexed ? 0 : box->start[from];
		slice.size[i] = indexed ? 1 : box->size[from];
	}
	for (unsigned int i = 0; i < gather->batch_dims; i++)
		slice.size[i] = 1;
	return slice;
}

/* A negative index counts from the end; one outside ends the node, wherever it would lead. */
static uint64_t inside(int64_t index, uint64_t extent)
{
	if (index < 0)
		index += (int64_t)extent;
	return index < 0 || (uint64_t)index >= extent ? 0 : (uint64_t)index;
}

/* What the element @place of the index says of dimension @i of the indexed tensor. */
static uint64_t index_at(const struct gather *gather, const uint64_t *place, unsigned int i)
{
	uint64_t number = 0;

	for (unsigned int j = 0; j < gather->index.rank; j++)
		number += place[j] * gather->value_stride[j];
	return inside(gather->values[number], gather->indexed.extent[i]);
}

/* Goes to what the element @place of the index selects. */
static void select_slice(const struct gather *gather, const struct layout *layout,
			 uint64_t *place, struct region *slice)
{
	bool nd = gather->selection == SELECT_ND;
	unsigned int rank = gather->index.rank - nd;

	for (unsigned int i = 0; i < gather->batch_dims; i++)
		slice->start[i] = place[i];
	if (gather->selection == SELECT_ELEMENT)
		for (unsigned int i = 0; i < rank; i++)
			slice->start[i] = place[i];
	if (!nd)
		slice->start[gather->axis] = index_at(gather, place, gather->axis);
	for (unsigned int i = 0; nd && i < layout->indexed; i++) {
		place[rank] = i;
		slice->start[layout->between + i] = index_at(gather, place, layout->between + i);
	}
}

/* The next element of the index in a region; false: there is none. */
static bool next_place(const struct region *region, unsigned int rank, uint64_t *place)
{
	for (unsigned int i = rank; i-- > 0;) {
		if (++place[i] < region->start[i] + region->size[i])
			return true;
		place[i] = region->start[i];
	}
	return false;
}

/* The walk over all slices of a box. */
static struct walk slices_walk(const struct steps *steps, const struct gather *gather,
			       const struct region *box)
{
	struct layout layout = layout_of(gather);
	struct region index = index_region(gather, &layout, box);
	struct region slice = slice_of(gather, &layout, box);
	unsigned int rank = gather->index.rank - (gather->selection == SELECT_ND);
	struct trail trail = { 0 };
	uint64_t place[WALK_RANK_MAX];

	for (unsigned int i = 0; i < rank; i++)
		place[i] = index.start[i];
	do {
		struct box here;

		select_slice(gather, &layout, place, &slice);
		here = operand_box(&gather->indexed, &slice);
		trail_add(&trail, steps->walks, &here);
	} while (next_place(&index, rank, place));
	return trail.walk;
}

/* Bits of all slices of a box. */
static uint64_t slices_bits(const struct gather *gather, const struct region *box)
{
	struct layout layout = layout_of(gather);
	struct region index = index_region(gather, &layout, box);
	struct region slice = slice_of(gather, &layout, box);
	unsigned int rank = gather->index.rank - (gather->selection == SELECT_ND);

	return region_elements(&index, rank) * operand_volume(&gather->indexed, &slice);
}

/* Whether what indices select is loaded: x of GATHER, and what a reduction combines with. */
static bool loads_slices(const struct gather *gather)
{
	return (!gather->scatters || gather->combines) && operand_loads(&gather->indexed);
}

int gather_steps(struct steps *steps, const struct gather *gather)
{
	int error = boxes_begin(&steps->boxes, &gather->dense, gather->block, 0);
	const struct region *box = &steps->boxes.box;
	struct layout layout = layout_of(gather);
	struct region index = index_region(gather, &layout, box);

	steps->working_set = 2 * held_of_region(&gather->index, &index);
	if (gather->scatters)
		steps->working_set += 2 * held_of_region(&gather->dense, box);
	if (loads_slices(gather))
		steps->working_set += 2 * bytes_held(slices_bits(gather, box));
	return error;
}

/* Cycles that bytes take through the vector unit; a reduction takes one for each element. */
static uint64_t cycles_of(const struct steps *steps, const struct gather *gather)
{
	uint64_t elements = region_elements(&steps->boxes.box, steps->boxes.rank);

	if (gather->combines)
		return elements;
	return divide_up(divide_up(elements * gather->dense.bits, 8),
			 (uint64_t)MOVE_BYTES * steps->class->vector_operations);
}

void gather_next(struct steps *steps, const struct gather *gather, struct step *step)
{
	const struct region *box = &steps->boxes.box;
	struct layout layout = layout_of(gather);
	struct region index = index_region(gather, &layout, box);
	struct walk walk = slices_walk(steps, gather, box);

	if (gather->scatters)
		step_load_region(step, steps->walks, &gather->dense, box);
	else if (loads_slices(gather))
		step_load(step, &gather->indexed, &walk, slices_bits(gather, box));
	step_load_region(step, steps->walks, &gather->index, &index);
	if (gather->scatters && loads_slices(gather))
		step_load(step, &gather->indexed, &walk, slices_bits(gather, box));
	step->vector = cycles_of(steps, gather);
	if (gather->scatters)
		step_store_walk(step, &gather->indexed, &walk);
	else
		step_store(step, steps->walks, &gather->dense, box);
}
