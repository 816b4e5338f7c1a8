/* SPDX-License-Identifier: MIT */
#include "axes.h"

#include <stdbool.h>

#include <tsr_hw/error.h>

#include "tensor.h"
#include "view.h"

int axes_check(uint32_t axes, unsigned int rank)
{
	return !axes || axes >> rank ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
}

uint64_t axes_elements(const struct tensor *tensor, uint32_t axes)
{
	uint64_t elements = 1;

	for (unsigned int i = 0; i < tensor->rank; i++)
		if (axes & 1u << i)
			elements *= tensor->dim[i];
	return elements;
}

unsigned int axes_position(unsigned int rank, uint32_t axes, unsigned int dimension)
{
	bool inner = axes & 1u << dimension;
	unsigned int position = 0;

	for (unsigned int i = 0; i < rank; i++) {
		if (i == dimension)
			continue;
		if (inner != (bool)(axes & 1u << i) ? inner : i < dimension)
			position++;
	}
	return position;
}

void axes_view(struct view *view, const struct tensor *tensor, uint32_t axes)
{
	view_start_tensor(view, tensor);
	for (unsigned int i = 0; i < tensor->rank; i++)
		if (!(axes & 1u << i))
			view_add(view, tensor->dim[i], tensor->stride[i]);
	for (unsigned int i = 0; i < tensor->rank; i++)
		if (axes & 1u << i)
			view_add(view, tensor->dim[i], tensor->stride[i]);
}
