/* SPDX-License-Identifier: MIT */
#include "tensor.h"

#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "number/types.h"
#include "parameter.h"
#include "slot.h"
#include "smaller.h"
#include "tile.h"

static int check_type(unsigned int type, uint32_t types)
{
	if (!number_is_type(type))
		return TSR_HW_ERR_COMMAND;
	if (types & TYPE_BIT(type))
		return TSR_HW_ERR_NONE;
	return number_bits(type) < 8 ? TSR_HW_ERR_UNSUPPORTED : TSR_HW_ERR_COMMAND;
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

/* Bytes that the elements lie in, of a tensor that has some. */
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

/*
 * Two elements in a byte are neighbours in one dimension; all others go by whole bytes. The span
 * is one in bytes afterwards.
 */
static int check_halves(const struct tsr_hw_tensor *raw, struct extent *extent)
{
	unsigned int packed = 0, wide = 0;

	for (unsigned int i = 0; i < raw->rank; i++) {
		if (raw->dim[i] == 1)
			continue;
		wide++;
		packed += raw->stride[i] == 1;
		if (raw->stride[i] >> 63 || (raw->stride[i] % 2 && raw->stride[i] != 1))
			return TSR_HW_ERR_COMMAND;
	}
	if (wide && packed != 1)
		return TSR_HW_ERR_COMMAND;
	extent->span = extent->span / 2 + extent->span % 2;
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

bool tensor_is_resident(const struct tensor *tensor)
{
	return tensor->va >= TILE_RESIDENT;
}

static void copy_layout(const struct tsr_hw_tensor *raw, struct tensor *tensor)
{
	*tensor = (struct tensor){
		.type = raw->type,
		.rank = raw->rank,
		.size = number_bytes(raw->type),
		.halves = number_bits(raw->type) < 8,
	};
	for (unsigned int i = 0; i < TSR_HW_MAX_RANK; i++) {
		tensor->dim[i] = raw->dim[i];
		/* One element has no neighbour, however far the stride says. */
		tensor->stride[i] = raw->dim[i] > 1 ? raw->stride[i] * tensor->size : 0;
	}
}

int tensor_place(const struct tile_request *request, const struct tsr_hw_tensor *raw,
		 unsigned int use, struct tensor *tensor)
{
	uint32_t access = (use & TENSOR_WRITE ? TSR_HW_SLOT_WRITE : TSR_HW_SLOT_READ) |
			  (use & TENSOR_UPDATE ? TSR_HW_SLOT_READ : 0);
	struct extent extent;
	int error = check_elements(raw);

	if (error)
		return error;
	if (!tensor_elements(tensor))
		return slot_allows(request, raw->slot, access);
	error = measure(raw, tensor->size, &extent);
	if (!error && tensor->halves)
		error = check_halves(raw, &extent);
	if (!error && use & TENSOR_WRITE)
		error = check_disjoint(tensor);
	if (error)
		return error;
	return slot_locate(request, raw->slot, raw->offset, &extent, tensor->size, access,
			   &tensor->va);
}

int tensor_shape(const struct tsr_hw_tensor *raw, uint32_t types, struct tensor *tensor)
{
	int error;

	if (raw->slot == TSR_HW_SLOT_NONE)
		return TSR_HW_ERR_COMMAND;
	error = check_type(raw->type, types);
	if (!error)
		error = check_layout(raw, number_bytes(raw->type));
	if (!error)
		copy_layout(raw, tensor);
	return error;
}

int tensor_decode(const struct tile_request *request, const struct tsr_hw_tensor *raw,
		  uint32_t types, unsigned int use, struct tensor *tensor)
{
	uint32_t size = number_is_type(raw->type) ? number_bytes(raw->type) : 0;
	struct tsr_hw_tensor plain = *raw;
	int error = parameter_tensor(request, &plain, size);

	if (!error)
		error = tensor_shape(&plain, types, tensor);
	return error ? error : tensor_place(request, &plain, use, tensor);
}

bool tensor_is_absent(const struct tsr_hw_tensor *raw)
{
	static const struct tsr_hw_tensor absent = { .slot = TSR_HW_SLOT_NONE };

	return !memcmp(raw, &absent, sizeof(absent));
}

int tensor_decode_optional(const struct tile_request *request, const struct tsr_hw_tensor *raw,
			   uint32_t types, unsigned int use, struct tensor *tensor)
{
	if (raw->slot != TSR_HW_SLOT_NONE)
		return tensor_decode(request, raw, types, use, tensor);
	*tensor = (struct tensor){ .type = TSR_HW_TYPE_NONE };
	return tensor_is_absent(raw) ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
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

	for (unsigned int i = 0; i < tensor->rank; i++) {
		if (tensor->halves && tensor->stride[i] == 1)
			bytes *= (tensor->dim[i] + 1) / 2;
		else if (tensor->stride[i] || !tensor->dim[i])
			bytes *= tensor->dim[i];
	}
	return bytes;
}

uint64_t tensor_touched(const struct tensor *tensor, uint64_t elements)
{
	uint64_t bytes = tensor->halves ? elements / 2 + elements % 2 : elements * tensor->size;

	return smaller(bytes, tensor_bytes(tensor));
}

uint32_t tensor_packed(const struct tensor *tensor)
{
	for (unsigned int i = 0; tensor->halves && i < tensor->rank; i++)
		if (tensor->stride[i] == 1)
			return 1u << i;
	return 0;
}

uint64_t tensor_odd_row(const struct tensor *tensor)
{
	uint32_t packed = tensor_packed(tensor);
	uint64_t row = packed ? tensor->dim[__builtin_ctz(packed)] : 0;

	return row % 2 ? row : 0;
}

bool tensor_same_shape(const struct tensor *a, const struct tensor *b)
{
	return a->rank == b->rank && !memcmp(a->dim, b->dim, sizeof(a->dim));
}
