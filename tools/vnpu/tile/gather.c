/* SPDX-License-Identifier: MIT */
#include "gather.h"

#include <stdbool.h>
#include <string.h>

#include <number/nibble.h>
#include <tsr_hw/error.h>

#include "halves.h"
#include "repeat.h"
#include "smaller.h"
#include "tile.h"
#include "transpose.h"
#include "view.h"

/* A piece whose memory order is columns first is turned around in blocks of this. */
#define TURN_COLUMNS	64u
#define TURN_BYTES	16384u

/* Bytes with elements of half a byte that are read at a time. */
#define HALVES_BYTES	16384u

static bool is_turned(const struct span *span, uint32_t size)
{
	return span->rows > 1 && span->row_stride == size && span->column_stride != size;
}

/* Few columns leave room for long runs of rows. */
static uint64_t turn_rows(const struct span *span, uint32_t size)
{
	return TURN_BYTES / (smaller(span->columns, TURN_COLUMNS) * size);
}

/* Every row is one element, repeated. */
static int gather_repeated(const struct tile_memory *memory, const struct span *span,
			   uint32_t size, char *to, uint64_t pitch, uint64_t *fault)
{
	int error = memory->read_rows(memory->ctx, span->va, span->row_stride, span->rows, size,
				      to, pitch, fault);

	if (error)
		return error;
	for (uint64_t row = 0; row < span->rows; row++, to += pitch)
		repeat(to, size, span->columns * size);
	return TSR_HW_ERR_NONE;
}

static int gather_turned(const struct tile_memory *memory, const struct span *span,
			 uint32_t size, char *to, uint64_t pitch, uint64_t *fault)
{
	uint64_t most = turn_rows(span, size);
	_Alignas(8) char block[TURN_BYTES];

	for (uint64_t row = 0; row < span->rows; row += most) {
		uint64_t rows = smaller(most, span->rows - row);
		uint64_t step = TURN_BYTES / (rows * size);

		for (uint64_t column = 0; column < span->columns; column += step) {
			uint64_t columns = smaller(step, span->columns - column);
			int error = memory->read_rows(memory->ctx,
						      span->va + row * size +
						      column * span->column_stride,
						      span->column_stride, columns, rows * size,
						      block, rows * size, fault);

			if (error)
				return error;
			transpose(block, rows * size, to + row * pitch + column * size, pitch,
				  columns, rows, size);
		}
	}
	return TSR_HW_ERR_NONE;
}

int gather_span(const struct tile_memory *memory, const struct span *span, uint32_t size,
		void *to, uint64_t pitch, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	if (span->column_stride == size || span->columns == 1)
		return memory->read_rows(memory->ctx, span->va, span->row_stride, span->rows,
					 span->columns * size, to, pitch, fault);
	if (!span->column_stride)
		return gather_repeated(memory, span, size, to, pitch, fault);
	if (is_turned(span, size))
		return gather_turned(memory, span, size, to, pitch, fault);
	for (uint64_t row = 0; !error && row < span->rows; row++)
		error = memory->read_rows(memory->ctx, span->va + row * span->row_stride,
					  span->column_stride, span->columns, size,
					  (char *)to + row * pitch, size, fault);
	return error;
}

/* Rows of elements that are neighbours in memory. A row begins in either half of a byte. */
static int gather_packed(const struct tile_memory *memory, const struct span *span, uint8_t *to,
			 uint64_t *fault)
{
	uint8_t bytes[HALVES_BYTES];

	for (uint64_t row = 0; row < span->rows; row++) {
		uint64_t at = span->va + row * span->row_stride;

		for (uint64_t n, done = 0; done < span->columns; done += n, at += n, to += n) {
			int error;

			n = smaller(span->columns - done, HALVES_BYTES);
			error = memory->read(memory->ctx, at / 2, (at % 2 + n + 1) / 2, bytes,
					     fault);
			if (error)
				return error;
			halves_unpack(bytes, at % 2, to, n);
		}
	}
	return TSR_HW_ERR_NONE;
}

/* Rows whose elements lie apart, but all in the same half: rows of bytes, as any others. */
static int gather_apart(const struct tile_memory *memory, const struct span *span, uint8_t *to,
			uint64_t *fault)
{
	bool packed = span->row_stride == 1;
	uint64_t most = HALVES_BYTES / span->columns - 1;
	uint8_t bytes[HALVES_BYTES];

	for (uint64_t n, row = 0; row < span->rows; row += n, to += n * span->columns) {
		uint64_t at = span->va + row * span->row_stride;
		struct span whole = {
			.va = at / 2,
			.row_stride = packed ? 1 : span->row_stride / 2,
			.column_stride = span->column_stride / 2,
			.columns = span->columns,
		};
		int error;

		n = smaller(span->rows - row, most);
		whole.rows = packed ? (at % 2 + n + 1) / 2 : n;
		error = gather_span(memory, &whole, 1, bytes, span->columns, fault);
		if (error)
			return error;
		halves_rows(bytes, at % 2, packed, n, span->columns, to);
	}
	return TSR_HW_ERR_NONE;
}

static int gather_halves(const struct tile_memory *memory, const struct view *view, uint64_t first,
			 uint64_t count, uint8_t *to, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;
	struct span span;

	for (uint64_t done; !error && count; to += done, first += done, count -= done) {
		view_span(view, first, count, &span);
		if (span.column_stride == 1 || span.columns == 1) {
			error = gather_packed(memory, &span, to, fault);
		} else {
			if (span.columns > HALVES_BYTES / 2) {
				span.columns = HALVES_BYTES / 2;
				span.rows = 1;
			}
			error = gather_apart(memory, &span, to, fault);
		}
		done = span.rows * span.columns;
	}
	return error;
}

static void reverse(uint8_t *elements, uint64_t n)
{
	for (uint64_t i = 0; i < n / 2; i++) {
		uint8_t other = elements[n - 1 - i];

		elements[n - 1 - i] = elements[i];
		elements[i] = other;
	}
}

/* Neighbours, upwards or downwards; one element, repeated; or elements of the same half. */
static int gather_half_row(const struct tile_memory *memory, uint64_t at, uint64_t stride,
			   uint64_t n, uint8_t *to, uint64_t *fault)
{
	bool downwards = stride == -(uint64_t)1;
	const struct span packed = {
		.va = downwards ? at - (n - 1) : at,
		.rows = 1,
		.columns = stride ? n : 1,
	};
	const struct span apart = {
		.va = at / 2,
		.column_stride = (uint64_t)((int64_t)stride / 2),
		.rows = 1,
		.columns = n,
	};
	int error;

	if (n > 1 && stride && stride != 1 && !downwards) {
		error = gather_span(memory, &apart, 1, to, n, fault);
		if (!error)
			halves_rows(to, at % 2, 0, 1, n, to);
		return error;
	}
	error = gather_packed(memory, &packed, to, fault);
	if (!error && downwards)
		reverse(to, n);
	if (!error && !stride)
		memset(to, to[0], n);
	return error;
}

int gather_span_halves(const struct tile_memory *memory, const struct span *span, uint8_t *to,
		       uint64_t pitch, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	for (uint64_t row = 0; !error && row < span->rows; row++)
		error = gather_half_row(memory, span->va + row * span->row_stride,
					span->column_stride, span->columns, to + row * pitch,
					fault);
	return error;
}

static int scatter_turned(const struct tile_memory *memory, const struct span *span,
			  uint32_t size, const char *from, uint64_t *fault)
{
	uint64_t pitch = span->columns * size;
	uint64_t most = turn_rows(span, size);
	_Alignas(8) char block[TURN_BYTES];

	for (uint64_t row = 0; row < span->rows; row += most) {
		uint64_t rows = smaller(most, span->rows - row);
		uint64_t step = TURN_BYTES / (rows * size);

		for (uint64_t column = 0; column < span->columns; column += step) {
			uint64_t columns = smaller(step, span->columns - column);
			int error;

			transpose(from + row * pitch + column * size, pitch, block, rows * size,
				  rows, columns, size);
			error = memory->write_rows(memory->ctx,
						   span->va + row * size +
						   column * span->column_stride,
						   span->column_stride, columns, rows * size,
						   block, rows * size, fault);
			if (error)
				return error;
		}
	}
	return TSR_HW_ERR_NONE;
}

static int scatter_span(const struct tile_memory *memory, const struct span *span,
			uint32_t size, const char *from, uint64_t *fault)
{
	uint64_t pitch = span->columns * size;
	int error = TSR_HW_ERR_NONE;

	if (span->column_stride == size || span->columns == 1)
		return memory->write_rows(memory->ctx, span->va, span->row_stride, span->rows,
					  pitch, from, pitch, fault);
	if (is_turned(span, size))
		return scatter_turned(memory, span, size, from, fault);
	for (uint64_t row = 0; !error && row < span->rows; row++)
		error = memory->write_rows(memory->ctx, span->va + row * span->row_stride,
					   span->column_stride, span->columns, size,
					   from + row * pitch, size, fault);
	return error;
}

/* Rows of elements that begin with a byte and end with one; none shares a byte with another. */
static int scatter_packed(const struct tile_memory *memory, const struct span *span,
			  const uint8_t *from, uint64_t *fault)
{
	uint64_t row_bytes = (span->columns + 1) / 2;
	uint64_t most = HALVES_BYTES / row_bytes;
	uint8_t bytes[HALVES_BYTES];
	int error = TSR_HW_ERR_NONE;

	for (uint64_t n, row = 0; !error && row < span->rows; row += n) {
		n = smaller(span->rows - row, most);
		for (uint64_t i = 0; i < n; i++, from += span->columns)
			number_pack4(from, bytes + i * row_bytes, span->columns);
		error = memory->write_rows(memory->ctx, (span->va + row * span->row_stride) / 2,
					   span->row_stride / 2, n, row_bytes, bytes, row_bytes,
					   fault);
	}
	return error;
}

static int scatter_halves(const struct tile_memory *memory, const struct view *view, uint64_t first,
			  uint64_t count, const uint8_t *from, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;
	struct span span;

	for (uint64_t done; !error && count; from += done, first += done, count -= done) {
		view_span(view, first, count, &span);
		if (span.columns > 2 * HALVES_BYTES) {
			span.columns = 2 * HALVES_BYTES;
			span.rows = 1;
		}
		error = scatter_packed(memory, &span, from, fault);
		done = span.rows * span.columns;
	}
	return error;
}

int gather(const struct tile_memory *memory, const struct view *view, uint64_t first,
	   uint64_t count, void *to, uint64_t *fault)
{
	char *at = to;
	int error = TSR_HW_ERR_NONE;

	if (view->halves)
		return gather_halves(memory, view, first, count, to, fault);
	while (!error && count) {
		struct span span;
		uint64_t done;

		view_span(view, first, count, &span);
		error = gather_span(memory, &span, view->size, at, span.columns * view->size,
				    fault);
		done = span.rows * span.columns;
		at += done * view->size;
		first += done;
		count -= done;
	}
	return error;
}

int scatter(const struct tile_memory *memory, const struct view *view, uint64_t first,
	    uint64_t count, const void *from, uint64_t *fault)
{
	const char *at = from;
	int error = TSR_HW_ERR_NONE;

	if (view->halves)
		return scatter_halves(memory, view, first, count, from, fault);
	while (!error && count) {
		struct span span;
		uint64_t done;

		view_span(view, first, count, &span);
		error = scatter_span(memory, &span, view->size, at, fault);
		done = span.rows * span.columns;
		at += done * view->size;
		first += done;
		count -= done;
	}
	return error;
}
