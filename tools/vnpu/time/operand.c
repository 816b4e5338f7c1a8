// SPDX-License-Identifier: MIT
#include "operand.h"

bool operand_is_empty(const struct operand *operand)
{
	for (unsigned int i = 0; i < operand->rank; i++)
		if (!operand->extent[i])
			return true;
	return false;
}

struct region operand_whole(const struct operand *operand)
{
	struct region region = { 0 };

	for (unsigned int i = 0; i < operand->rank; i++)
		region.size[i] = operand->extent[i];
	return region;
}

struct box operand_box(const struct operand *operand, const struct region *region)
{
	struct box box = { .address = (int64_t)operand->address * 8, .rank = operand->rank };

	for (unsigned int i = 0; i < operand->rank; i++) {
		box.extent[i] = region->size[i];
		box.stride[i] = operand->stride[i] * operand->bits;
		box.address += (int64_t)region->start[i] * box.stride[i];
	}
	return box;
}

uint64_t operand_volume(const struct operand *operand, const struct region *region)
{
	uint64_t bits = operand->bits;

	for (unsigned int i = 0; i < operand->rank; i++) {
		/* No element, though a dimension without neighbours may have stride 0. */
		if (!region->size[i])
			return 0;
		if (operand->stride[i])
			bits *= region->size[i];
	}
	return bits;
}

bool operand_same(const struct operand *operand, const struct region *a, const struct region *b)
{
	for (unsigned int i = 0; i < operand->rank; i++)
		if (operand->stride[i] &&
		    (a->start[i] != b->start[i] || a->size[i] != b->size[i]))
			return false;
	return true;
}
