/* SPDX-License-Identifier: MIT */
/*
 * Views: the elements of a tensor as one row-major sequence, whatever their
 * place in memory. Dimensions can be reordered first; neighbours that lie
 * behind each other in memory are merged, so that runs are as long as they get.
 */
#ifndef VNPU_TILE_VIEW_H
#define VNPU_TILE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "tensor.h"

/* A tensor's dimensions, or those of a convolution's weights. */
#define VIEW_MAX_RANK	TSR_HW_MAX_RANK

/**
 * struct view - elements in row-major order
 * @va: address of element 0, with @halves twice as much: as strides it counts halves of bytes
 * @size: bytes of an element when it is gathered
 * @halves: elements have half a byte
 * @rank: dimensions, at least 2; leading ones may have extent 1
 * @dim: extents
 * @stride: in bytes or halves; a negative one is what it is modulo 2^64, as sums of addresses are
 */
struct view {
	uint64_t va;
	uint32_t size;
	bool halves;
	unsigned int rank;
	uint64_t dim[VIEW_MAX_RANK];
	uint64_t stride[VIEW_MAX_RANK];
};

/**
 * struct span - a piece of a view: @rows rows of @columns elements
 * @va: address of the first; as strides in bytes, or in halves of bytes if the view's are
 * @row_stride: from row to row
 * @column_stride: from element to element
 * @rows: at least 1
 * @columns: at least 1
 */
struct span {
	uint64_t va;
	uint64_t row_stride;
	uint64_t column_stride;
	uint64_t rows;
	uint64_t columns;
};

/**
 * view_start() - an empty view, one element
 * @view: result
 * @va: address
 * @size: bytes of an element
 */
void view_start(struct view *view, uint64_t va, uint32_t size);

/**
 * view_start_tensor() - one element, of a tensor
 * @view: result
 * @tensor: a tensor that is present; its strides are what view_add() takes
 */
void view_start_tensor(struct view *view, const struct tensor *tensor);

/**
 * view_add() - append an inner dimension
 * @view: view with less than VIEW_MAX_RANK real dimensions
 * @dim: extent
 * @stride: in bytes or halves
 */
void view_add(struct view *view, uint64_t dim, uint64_t stride);

/**
 * view_tensor() - the elements of a tensor in its own order
 * @view: result
 * @tensor: a tensor that is present
 */
void view_tensor(struct view *view, const struct tensor *tensor);

/**
 * view_span() - where a range of the sequence begins
 * @view: the view
 * @first: number of its first element
 * @count: elements wanted, at least 1
 * @span: result: the longest piece that starts there; rows x columns is at most @count
 */
void view_span(const struct view *view, uint64_t first, uint64_t count, struct span *span);

#endif
