/* SPDX-License-Identifier: MIT */
#include "view.h"

#include "smaller.h"

#include <string.h>

/* Two dimensions of extent 1 from the start spare every reader a special case. */
void view_start(struct view *view, uint64_t va, uint32_t size)
{
	memset(view, 0, sizeof(*view));
	view->va = va;
	view->size = size;
	view->rank = 2;
	view->dim[0] = 1;
	view->dim[1] = 1;
}

void view_start_tensor(struct view *view, const struct tensor *tensor)
{
	view_start(view, tensor->halves ? 2 * tensor->va : tensor->va, tensor->size);
	view->halves = tensor->halves;
}

static void append(struct view *view, uint64_t dim, uint64_t stride)
{
	if (view->dim[0] == 1) {
		memmove(view->dim, view->dim + 1, (view->rank - 1) * sizeof(view->dim[0]));
		memmove(view->stride, view->stride + 1,
			(view->rank - 1) * sizeof(view->stride[0]));
		view->rank--;
	}
	view->dim[view->rank] = dim;
	view->stride[view->rank] = stride;
	view->rank++;
}

void view_add(struct view *view, uint64_t dim, uint64_t stride)
{
	unsigned int last = view->rank - 1;

	if (dim == 1)
		return;
	if (view->dim[last] > 1 && view->stride[last] == dim * stride) {
		view->dim[last] *= dim;
		view->stride[last] = stride;
		return;
	}
	append(view, dim, stride);
}

void view_tensor(struct view *view, const struct tensor *tensor)
{
	view_start_tensor(view, tensor);
	for (unsigned int i = 0; i < tensor->rank; i++)
		view_add(view, tensor->dim[i], tensor->stride[i]);
}

void view_span(const struct view *view, uint64_t first, uint64_t count, struct span *span)
{
	unsigned int column = view->rank - 1;
	unsigned int row = view->rank - 2;
	uint64_t at[VIEW_MAX_RANK];

	span->va = view->va;
	for (unsigned int i = view->rank; i-- > 0;) {
		at[i] = first % view->dim[i];
		first /= view->dim[i];
		span->va += at[i] * view->stride[i];
	}
	span->row_stride = view->stride[row];
	span->column_stride = view->stride[column];
	if (at[column] || count < view->dim[column]) {
		span->rows = 1;
		span->columns = smaller(count, view->dim[column] - at[column]);
		return;
	}
	span->columns = view->dim[column];
	span->rows = smaller(count / span->columns, view->dim[row] - at[row]);
}
