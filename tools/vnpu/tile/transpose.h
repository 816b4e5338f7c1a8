/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_TRANSPOSE_H
#define VNPU_TILE_TRANSPOSE_H

#include <stddef.h>
#include <stdint.h>

/**
 * transpose() - turn a matrix of private memory around
 * @from: @rows rows of @columns elements, @from_pitch bytes apart
 * @from_pitch: bytes
 * @to: @columns rows of @rows elements, @to_pitch bytes apart
 * @to_pitch: bytes
 * @rows: rows of the source
 * @columns: columns of the source
 * @size: bytes of an element, 1, 2, 4 or 8; both sides naturally aligned
 */
void transpose(const void *from, size_t from_pitch, void *to, size_t to_pitch, size_t rows,
	       size_t columns, uint32_t size);

#endif
