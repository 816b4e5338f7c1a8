/* SPDX-License-Identifier: MIT */
#include "tensor.h"

#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "tile.h"

/* End of the engines' address space; offsets below it add up without overflow. */
#define VA_END (1ull << 48)

/* Memory a slot gives access to. */
struct region {
	uint64_t address;
	uint64_t size;
	uint32_t flags;
};

/* Bytes that a tensor's elements lie in: @below in front of element 0, @span from there on. */
struct extent {
	uint64_t below;
	uint64_t span;
};

static uint32_t type_size(unsigned int type)
{
	switch (type) {
	case TSR_HW_TYPE_FP32:
	case TSR_HW_TYPE_INT32:
		return 4;
	case TSR_HW_TYPE_FP16:
	case TSR_HW_TYPE_BF16:
		return 2;
	case TSR_HW_TYPE_INT8:
	case TSR_HW_TYPE_UINT8:
		return 1;
	default:
		return 0;
	}
}

static int check_type(unsigned int type, uint32_t types)
{
	if (type == TSR_HW_TYPE_NONE || type >= TSR_HW_TYPE_COUNT)
		return TSR_HW_ERR_COMMAND;
	if (!type_size(type))
		return TSR_HW_ERR_UNSUPPORTED;
	return types & TYPE_BIT(type) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static int region_of(const struct tile_request *request, unsigned int slot,
		     struct region *region)
{
	const struct tsr_hw_slot *entry;

	if (slot == TSR_HW_SLOT_PROGRAM) {
		*region = (struct region){ request->program, request->program_size,
					   TSR_HW_SLOT_READ };
		return TSR_HW_ERR_NONE;
	}
	if (slot >= request->slot_count)
		return TSR_HW_ERR_SLOT;
	entry = &request->slots[slot];
	*region = (struct region){ entry->address, entry->size, entry->flags };
	return TSR_HW_ERR_NONE;
}

/* Address of @offset of a slot, naturally aligned for @align, with @extent around it. */
static int locate_extent(const struct tile_request *request, unsigned int slot, uint64_t offset,
			 const struct extent *extent, uint32_t align, uint32_t access, uint64_t *va)
{
	struct region region;
	uint64_t end;
	int error = region_of(request, slot, &region);

	if (error)
		return error;
	if (!(region.flags & access) || offset < extent->below)
		return TSR_HW_ERR_SLOT;
	if (__builtin_add_overflow(offset, extent->span, &end) || end > region.size)
		return TSR_HW_ERR_SLOT;
	if (__builtin_add_overflow(region.address, end, &end) || end > VA_END)
		return TSR_HW_ERR_SLOT;
	*va = region.address + offset;
	return *va % align ? TSR_HW_ERR_SLOT : TSR_HW_ERR_NONE;
}

static int check_layout(const struct tsr_hw_tensor *raw, uint32_t size)
{
	if (raw->rank > TSR_HW_MAX_RANK)
		return TSR_HW_ERR_COMMAND;
	if (raw->mbz0 || raw->mbz1[0] || raw->mbz1[1] || raw->offset % size)
		return TSR_HW_ERR_COMMAND;
	for (unsigned int i = 0; i < raw->rank; i++)
		if (raw->dim[i] > INT32_MAX)
			return TSR_HW_ERR_COMMAND;
	for (unsigned int i = raw->rank; i < TSR_HW_MAX_RANK; i++)
		if (raw->dim[i] || raw->stride[i])
			return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

static uint64_t magnitude(uint64_t stride)
{
	return stride >> 63 ? -stride : stride;
}

/* Products of any extents fit 64 bits, also where another one is 0. */
static int check_elements(const struct tsr_hw_tensor *raw)
{
	uint64_t elements = 1;

	for (unsigned int i = 0; i < raw->rank; i++) {
		uint64_t extent = raw->dim[i] ? raw->dim[i] : 1;

		if (__builtin_mul_overflow(elements, extent, &elements) ||
		    elements > TILE_MAX_ELEMENTS)
			return TSR_HW_ERR_UNSUPPORTED;
	}
	return TSR_HW_ERR_NONE;
}

/* Of a tensor that has elements. */
static int measure(const struct tsr_hw_tensor *raw, uint32_t size, struct extent *extent)
{
	*extent = (struct extent){ .span = size };
	for (unsigned int i = 0; i < raw->rank; i++) {
		uint64_t *side = raw->stride[i] >> 63 ? &extent->below : &extent->span;
		uint64_t reach;

		if (__builtin_mul_overflow(raw->dim[i] - 1ull, magnitude(raw->stride[i]), &reach) ||
		    __builtin_mul_overflow(reach, size, &reach) ||
		    __builtin_add_overflow(*side, reach, side))
			return TSR_HW_ERR_SLOT;
	}
	return TSR_HW_ERR_NONE;
}

/* The dimension of the shortest steps among those that are not @done. */
static unsigned int innermost(const struct tensor *tensor, unsigned int done)
{
	unsigned int best = TSR_HW_MAX_RANK;

	for (unsigned int i = 0; i < tensor->rank; i++)
		if (!(done & 1u << i) &&
		    (best == TSR_HW_MAX_RANK ||
		     magnitude(tensor->stride[i]) < magnitude(tensor->stride[best])))
			best = i;
	return best;
}

/*
 * Two elements of an output must not share bytes, or the order of writing would
 * show. Dimension by dimension in order of growing steps, each must step over
 * all that lies inside. The extent was measured, so nothing overflows here.
 */
static int check_disjoint(const struct tensor *tensor)
{
	uint64_t extent = tensor->size;
	unsigned int done = 0;

	for (unsigned int n = 0; n < tensor->rank; n++) {
		unsigned int next = innermost(tensor, done);
		uint64_t step = magnitude(tensor->stride[next]);

		done |= 1u << next;
		if (tensor->dim[next] == 1)
			continue;
		if (step < extent)
			return TSR_HW_ERR_COMMAND;
		extent += (tensor->dim[next] - 1) * step;
	}
	return TSR_HW_ERR_NONE;
}

static void copy_layout(const struct tsr_hw_tensor *raw, struct tensor *tensor)
{
	tensor->type = raw->type;
	tensor->rank = raw->rank;
	tensor->size = type_size(raw->type);
	for (unsigned int i = 0; i < TSR_HW_MAX_RANK; i++) {
		tensor->dim[i] = raw->dim[i];
		/* One element has no neighbour, however far the stride says. */
		tensor->stride[i] = raw->dim[i] > 1 ? raw->stride[i] * tensor->size : 0;
	}
}

/* No byte of the slot is touched, but it has to be there, for this direction. */
static int locate_nothing(const struct tile_request *request, unsigned int slot, uint32_t access)
{
	struct region region;
	int error = region_of(request, slot, &region);

	if (error)
		return error;
	return region.flags & access ? TSR_HW_ERR_NONE : TSR_HW_ERR_SLOT;
}

int tensor_place(const struct tile_request *request, const struct tsr_hw_tensor *raw,
		 unsigned int use, struct tensor *tensor)
{
	uint32_t access = use & TENSOR_WRITE ? TSR_HW_SLOT_WRITE : TSR_HW_SLOT_READ;
	struct extent extent;
	int error = check_elements(raw);

	if (error)
		return error;
	if (!tensor_elements(tensor))
		return locate_nothing(request, raw->slot, access);
	error = measure(raw, tensor->size, &extent);
	if (!error && use & TENSOR_WRITE)
		error = check_disjoint(tensor);
	if (error)
		return error;
	return locate_extent(request, raw->slot, raw->offset, &extent, tensor->size, access,
			     &tensor->va);
}

int tensor_shape(const struct tsr_hw_tensor *raw, uint32_t types, struct tensor *tensor)
{
	int error;

	memset(tensor, 0, sizeof(*tensor));
	if (raw->slot == TSR_HW_SLOT_NONE)
		return TSR_HW_ERR_COMMAND;
	error = check_type(raw->type, types);
	if (!error)
		error = check_layout(raw, type_size(raw->type));
	if (!error)
		copy_layout(raw, tensor);
	return error;
}

int tensor_decode(const struct tile_request *request, const struct tsr_hw_tensor *raw,
		  uint32_t types, unsigned int use, struct tensor *tensor)
{
	int error = tensor_shape(raw, types, tensor);

	return error ? error : tensor_place(request, raw, use, tensor);
}

bool tensor_is_absent(const struct tsr_hw_tensor *raw)
{
	static const struct tsr_hw_tensor absent = { .slot = TSR_HW_SLOT_NONE };

	return !memcmp(raw, &absent, sizeof(absent));
}

int tensor_locate(const struct tile_request *request, unsigned int slot, uint64_t offset,
		  uint64_t size, uint32_t align, uint64_t *va)
{
	const struct extent extent = { .span = size };

	return locate_extent(request, slot, offset, &extent, align, TSR_HW_SLOT_READ, va);
}

uint64_t tensor_extents(const struct tensor *tensor, unsigned int first, unsigned int end)
{
	uint64_t elements = 1;

	for (unsigned int i = first; i < end; i++)
		elements *= tensor->dim[i];
	return elements;
}

uint64_t tensor_elements(const struct tensor *tensor)
{
	return tensor_extents(tensor, 0, tensor->rank);
}

uint64_t tensor_bytes(const struct tensor *tensor)
{
	uint64_t bytes = tensor->size;

	for (unsigned int i = 0; i < tensor->rank; i++)
		if (tensor->stride[i] || !tensor->dim[i])
			bytes *= tensor->dim[i];
	return bytes;
}

bool tensor_same_shape(const struct tensor *a, const struct tensor *b)
{
	return a->rank == b->rank && !memcmp(a->dim, b->dim, sizeof(a->dim));
}
