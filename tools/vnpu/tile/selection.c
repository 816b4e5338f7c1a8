/* SPDX-License-Identifier: MIT */
#include "selection.h"

#include <string.h>

#include <tsr_hw/error.h>

/* Extents that the parts must have; those of two tensors fit. */
struct shape {
	unsigned int rank;
	uint64_t dim[2 * TSR_HW_MAX_RANK];
};

static void add_extents(struct shape *shape, const struct tensor *tensor, unsigned int first,
			unsigned int end)
{
	for (unsigned int i = first; i < end; i++)
		shape->dim[shape->rank++] = tensor->dim[i];
}

static bool is_shape(const struct shape *shape, const struct tensor *tensor)
{
	return shape->rank == tensor->rank &&
	       !memcmp(shape->dim, tensor->dim, shape->rank * sizeof(shape->dim[0]));
}

static bool in_common(const struct tensor *a, const struct tensor *b, unsigned int dimensions)
{
	return !memcmp(a->dim, b->dim, dimensions * sizeof(a->dim[0]));
}

static bool is_along_axis(const struct tsr_hw_gather *raw, const struct tensor *whole,
			  const struct tensor *index, const struct tensor *parts)
{
	struct shape shape = { 0 };

	if (raw->axis >= whole->rank || raw->batch_dims > raw->axis ||
	    raw->batch_dims > index->rank || !in_common(whole, index, raw->batch_dims))
		return false;
	add_extents(&shape, whole, 0, raw->axis);
	add_extents(&shape, index, raw->batch_dims, index->rank);
	add_extents(&shape, whole, raw->axis + 1u, whole->rank);
	return is_shape(&shape, parts);
}

static bool is_by_element(const struct tsr_hw_gather *raw, const struct tensor *whole,
			  const struct tensor *index, const struct tensor *parts)
{
	if (raw->axis >= whole->rank || raw->batch_dims || whole->rank != index->rank ||
	    !tensor_same_shape(index, parts))
		return false;
	for (unsigned int i = 0; i < whole->rank; i++)
		if (i != raw->axis && index->dim[i] > whole->dim[i])
			return false;
	return true;
}

static bool is_by_coordinates(const struct tsr_hw_gather *raw, const struct tensor *whole,
			      const struct tensor *index, const struct tensor *parts)
{
	unsigned int batch = raw->batch_dims;
	struct shape shape = { 0 };
	uint64_t coordinates;

	if (raw->axis || batch >= index->rank || batch >= whole->rank ||
	    !in_common(whole, index, batch))
		return false;
	coordinates = index->dim[index->rank - 1];
	if (!coordinates || coordinates > whole->rank - batch)
		return false;
	add_extents(&shape, index, 0, index->rank - 1u);
	add_extents(&shape, whole, batch + (unsigned int)coordinates, whole->rank);
	return is_shape(&shape, parts);
}

int selection_check(const struct tsr_hw_gather *raw, const struct tensor *whole,
		    const struct tensor *index, const struct tensor *parts)
{
	bool fits = false;

	switch (raw->kind) {
	case TSR_HW_GATHER_AXIS:
		fits = is_along_axis(raw, whole, index, parts);
		break;
	case TSR_HW_GATHER_ELEMENT:
		fits = is_by_element(raw, whole, index, parts);
		break;
	case TSR_HW_GATHER_ND:
		fits = is_by_coordinates(raw, whole, index, parts);
		break;
	}
	return fits ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

/* Leading dimensions of the parts that are places. */
static unsigned int places_of(const struct tsr_hw_gather *raw, const struct tensor *index,
			      const struct tensor *parts)
{
	switch (raw->kind) {
	case TSR_HW_GATHER_AXIS:
		return raw->axis + index->rank - raw->batch_dims;
	case TSR_HW_GATHER_ND:
		return index->rank - 1u;
	default:
		return parts->rank;
	}
}

static uint32_t packed_of(const struct tensor *tensor)
{
	return tensor_elements(tensor) ? tensor_packed(tensor) : 0;
}

int selection_check_halves(const struct tsr_hw_gather *raw, const struct tensor *whole,
			   const struct tensor *index, const struct tensor *parts)
{
	unsigned int places = places_of(raw, index, parts), slice = parts->rank - places;
	unsigned int in_front = whole->rank - slice;
	/* Both as dimensions of a slice. */
	uint64_t of_whole = packed_of(whole), of_parts = packed_of(parts);
	uint64_t packed = of_whole >> in_front | of_parts >> places;

	if (of_whole & ((1u << in_front) - 1) || of_parts & ((1u << places) - 1))
		return TSR_HW_ERR_UNSUPPORTED;
	for (unsigned int i = 0; i < slice; i++) {
		uint32_t block = raw->step.block[places + i];

		if (packed >> i & 1 && block % 2 && block < parts->dim[places + i])
			return TSR_HW_ERR_COMMAND;
	}
	return TSR_HW_ERR_NONE;
}

/* Dimensions of the parts that are dimensions of the whole, from @dimension on. */
static void keep(struct selection *selection, unsigned int dimension, const struct tensor *whole,
		 unsigned int first, unsigned int end)
{
	for (unsigned int i = first; i < end; i++)
		selection->stride[dimension++] = whole->stride[i];
}

/* Dimensions of the parts that are dimensions of the indices, from @dimension on. */
static void follow(struct selection *selection, unsigned int dimension, unsigned int first,
		   unsigned int end)
{
	for (unsigned int i = first; i < end; i++)
		selection->step[dimension++] = selection->layout.step[i];
}

static void make_coordinates(struct selection *selection, const struct tensor *whole,
			     unsigned int first, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		selection->layout.extent[i] = whole->dim[first + i];
		selection->coordinate[i] = whole->stride[first + i];
	}
	selection->layout.coordinates = count;
	index_place(&selection->layout);
}

static void make_along_axis(struct selection *selection, unsigned int axis, unsigned int batch,
			    const struct tensor *whole, const struct tensor *index)
{
	make_coordinates(selection, whole, axis, 1);
	selection->outer = axis + index->rank - batch;
	keep(selection, 0, whole, 0, axis);
	follow(selection, 0, 0, batch);
	follow(selection, axis, batch, index->rank);
	keep(selection, selection->outer, whole, axis + 1, whole->rank);
}

static void make_by_element(struct selection *selection, unsigned int axis,
			    const struct tensor *whole, const struct tensor *index)
{
	make_coordinates(selection, whole, axis, 1);
	selection->outer = index->rank;
	keep(selection, 0, whole, 0, whole->rank);
	selection->stride[axis] = 0;
	follow(selection, 0, 0, index->rank);
}

static void make_by_coordinates(struct selection *selection, unsigned int batch,
				const struct tensor *whole, const struct tensor *index)
{
	unsigned int count = (unsigned int)index->dim[index->rank - 1];

	make_coordinates(selection, whole, batch, count);
	selection->outer = index->rank - 1u;
	keep(selection, 0, whole, 0, batch);
	follow(selection, 0, 0, selection->outer);
	keep(selection, selection->outer, whole, batch + count, whole->rank);
}

void selection_make(struct selection *selection, unsigned int kind, unsigned int axis,
		    unsigned int batch_dims, const struct tensor *whole,
		    const struct tensor *index, const struct tensor *parts)
{
	memset(selection, 0, sizeof(*selection));
	selection->layout.tensor = index;
	selection->va = whole->halves ? 2 * whole->va : whole->va;
	memcpy(selection->dim, parts->dim, sizeof(selection->dim));
	switch (kind) {
	case TSR_HW_GATHER_AXIS:
		make_along_axis(selection, axis, batch_dims, whole, index);
		break;
	case TSR_HW_GATHER_ELEMENT:
		make_by_element(selection, axis, whole, index);
		break;
	case TSR_HW_GATHER_ND:
		make_by_coordinates(selection, batch_dims, whole, index);
		break;
	}
	selection->places = tensor_extents(parts, 0, selection->outer);
	selection->groups = tensor_extents(parts, 0, kind == TSR_HW_GATHER_ND ? batch_dims : axis);
	selection->slice = tensor_extents(parts, selection->outer, parts->rank);
	view_start_tensor(&selection->shape, whole);
	for (unsigned int i = selection->outer; i < parts->rank; i++)
		view_add(&selection->shape, parts->dim[i], selection->stride[i]);
}

void selection_seek(const struct selection *selection, uint64_t place, struct cursor *cursor)
{
	*cursor = (struct cursor){ 0 };
	for (unsigned int i = selection->outer; i-- > 0;) {
		cursor->at[i] = place % selection->dim[i];
		place /= selection->dim[i];
		cursor->offset += cursor->at[i] * selection->stride[i];
		cursor->index += cursor->at[i] * selection->step[i];
	}
}

void selection_next(const struct selection *selection, struct cursor *cursor)
{
	for (unsigned int i = selection->outer; i-- > 0;) {
		cursor->offset += selection->stride[i];
		cursor->index += selection->step[i];
		if (++cursor->at[i] < selection->dim[i])
			return;
		cursor->offset -= selection->dim[i] * selection->stride[i];
		cursor->index -= selection->dim[i] * selection->step[i];
		cursor->at[i] = 0;
	}
}

uint64_t selection_address(const struct selection *selection, const struct cursor *cursor)
{
	const int64_t *index = selection->index + cursor->index;
	uint64_t address = selection->va + cursor->offset;

	for (unsigned int i = 0; i < selection->layout.coordinates; i++)
		address += (uint64_t)index[i] * selection->coordinate[i];
	return address;
}
