/* SPDX-License-Identifier: MIT */
#include "half_tensors.h"

bool half_is(unsigned int type)
{
	return type == TSR_HW_TYPE_INT4 || type == TSR_HW_TYPE_UINT4 ||
	       type == TSR_HW_TYPE_FP4_E2M1;
}

/* The dimension of neighbours: any of those with an extent above 1, or rank if there is none. */
static unsigned int choose(struct bench *bench, unsigned int rank, const uint32_t *dim)
{
	unsigned int chosen = rank, wide = 0;

	for (unsigned int i = 0; i < rank; i++)
		if (dim[i] > 1 && !bench_below(bench, ++wide))
			chosen = i;
	return chosen;
}

void half_tensor_along(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		       unsigned int rank, const uint32_t *dim, unsigned int layout, uint32_t flags,
		       unsigned int packed)
{
	unsigned int turn = rank ? bench_below(bench, rank) : 0;
	uint64_t stride[TSR_HW_MAX_RANK] = { 0 };
	uint64_t halves = packed < rank ? dim[packed] + dim[packed] % 2 : 2;
	uint32_t bytes;

	for (unsigned int n = 0; n < rank; n++) {
		unsigned int i = layout & LAYOUT_SHUFFLED ? (n + turn) % rank : rank - 1 - n;

		if (i == packed) {
			stride[i] = 1;
		} else if (!(layout & LAYOUT_REPEAT) || bench_below(bench, 3)) {
			stride[i] = halves;
			halves *= dim[i] ? dim[i] : 1;
			halves += layout & LAYOUT_GAPS ? 2 * bench_below(bench, 2) : 0;
		}
	}
	bytes = (uint32_t)(halves / 2);
	bench_plain(bench, tensor, TSR_HW_TYPE_UINT8, 1, &bytes, LAYOUT_DENSE, flags);
	tensor->type = (uint8_t)type;
	tensor->rank = (uint8_t)rank;
	tensor->dim[0] = 0;
	tensor->stride[0] = 0;
	for (unsigned int i = 0; i < rank; i++) {
		tensor->dim[i] = dim[i];
		tensor->stride[i] = stride[i];
	}
}

void half_tensor(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		 unsigned int rank, const uint32_t *dim, unsigned int layout, uint32_t flags)
{
	half_tensor_along(bench, tensor, type, rank, dim, layout, flags, choose(bench, rank, dim));
}

static uint8_t stored_half(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			   uint64_t half)
{
	uint64_t va = bench->slot[tensor->slot].address + tensor->offset + half / 2;
	uint8_t byte;

	fake_memory_peek(bench->memory, va, &byte, 1);
	return half % 2 ? byte >> 4 : byte & 0xf;
}

static uint64_t place_of(const struct tsr_hw_tensor *tensor, uint64_t index)
{
	uint64_t half = 0;

	for (unsigned int i = tensor->rank; i-- > 0; index /= tensor->dim[i])
		half += index % tensor->dim[i] * tensor->stride[i];
	return half;
}

uint8_t half_element(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t index)
{
	return stored_half(bench, tensor, place_of(tensor, index));
}

uint8_t half_at(const struct bench *bench, const struct tsr_hw_tensor *tensor, const uint64_t *at)
{
	uint64_t half = 0;

	for (unsigned int i = 0; i < tensor->rank; i++)
		half += at[i] * tensor->stride[i];
	return stored_half(bench, tensor, half);
}

/* An element in a low half has a neighbour, or is the last of its row. */
bool half_padding(const struct bench *bench, const struct tsr_hw_tensor *tensor)
{
	uint64_t elements = 1;

	for (unsigned int i = 0; i < tensor->rank; i++)
		elements *= tensor->dim[i];
	for (uint64_t index = 0; index < elements; index++) {
		uint64_t rest = index;
		bool last = true;

		for (unsigned int i = tensor->rank; i-- > 0; rest /= tensor->dim[i])
			if (tensor->dim[i] > 1 && tensor->stride[i] == 1)
				last = rest % tensor->dim[i] + 1 == tensor->dim[i];
		if (last && place_of(tensor, index) % 2 == 0 &&
		    stored_half(bench, tensor, place_of(tensor, index) + 1))
			return false;
	}
	return true;
}
