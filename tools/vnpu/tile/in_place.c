/* SPDX-License-Identifier: MIT */
#include "in_place.h"

#include <string.h>

#include <number/load.h>
#include <number/types.h>
#include <number/widths.h>

#include "smaller.h"
#include "tile.h"
#include "view.h"

static bool is_dense(const struct span *span, uint32_t size)
{
	return (span->columns == 1 || span->column_stride == size) &&
	       (span->rows == 1 || span->row_stride == span->columns * size);
}

bool in_place_add(struct tile_window *window, const struct view *view, uint64_t first, uint64_t n,
		  bool write)
{
	struct span span;

	if (view->halves || n * view->size > TILE_WINDOW_BYTES)
		return false;
	view_span(view, first, n, &span);
	if (span.rows * span.columns != n || !is_dense(&span, view->size))
		return false;
	window->range[window->ranges++] =
		(struct tile_range){ .va = span.va, .n = n * view->size, .write = write };
	return true;
}

/* The part that a byte lies in, and where. */
static const struct tile_part *part_at(const struct tile_range *range, uint64_t *offset)
{
	const struct tile_part *part = range->part;

	for (; *offset >= part->n; part++)
		*offset -= part->n;
	return part;
}

/* Pages and elements are aligned, so no element lies in two parts. */
const void *in_place_part(const struct tile_range *range, uint64_t size, uint64_t first,
			  uint64_t *n)
{
	uint64_t offset = first * size;
	const struct tile_part *part = part_at(range, &offset);

	*n = smaller(*n, (part->n - offset) / size);
	return part->at + offset;
}

const void *in_place_find(const struct tile_range *range, uint64_t size, uint64_t first,
			  uint64_t n)
{
	uint64_t some = n;
	const void *at = in_place_part(range, size, first, &some);

	return some == n ? at : NULL;
}

void in_place_load(const struct tile_range *range, unsigned int type, uint64_t first, uint64_t n,
		   void *to)
{
	uint64_t size = number_bits(type) / 8;
	uint64_t wide = number_class_size(number_class_of(type));

	for (uint64_t some, done = 0; done < n; done += some) {
		const void *from;

		some = n - done;
		from = in_place_part(range, size, first + done, &some);
		number_load(type, from, (char *)to + done * wide, some);
	}
}

#define EXPONENT_FP32	0x7f800000u

/* Elements around the whole lines. */
static bool store_reals(char *to, const char *from, uint64_t n)
{
	bool nonfinite = false;

	for (uint64_t i = 0; i < n; i += sizeof(uint32_t)) {
		uint32_t code;

		memcpy(&code, from + i, sizeof(code));
		memcpy(to + i, &code, sizeof(code));
		nonfinite |= (code & EXPONENT_FP32) == EXPONENT_FP32;
	}
	return nonfinite;
}

#ifdef WIDTH_INTRINSIC

#define LINE_BYTES	64u

#define WIDTH_TEXT <tile/stream_block.h>
#include <number/each_width.h>

/* Whole lines past the caches; the bytes around them as usual. */
static void stream(char *to, const char *from, uint64_t n)
{
	uint64_t head = smaller(-(uintptr_t)to % LINE_BYTES, n);
	uint64_t lines = (n - head) / LINE_BYTES, middle = lines * LINE_BYTES;

	memcpy(to, from, head);
	WIDTH_CALL(stream_lines, to + head, from + head, lines);
	memcpy(to + head + middle, from + head + middle, n - head - middle);
}

/* As stream(). Return: whether an element is not finite. */
static bool stream_fp32(char *to, const char *from, uint64_t n)
{
	uint64_t head = smaller(-(uintptr_t)to % LINE_BYTES, n);
	uint64_t lines = (n - head) / LINE_BYTES, end = head + lines * LINE_BYTES;
	bool nonfinite = store_reals(to, from, head);

	WIDTH_CALL(stream_reals, to + head, from + head, lines, &nonfinite);
	return store_reals(to + end, from + end, n - end) || nonfinite;
}

void in_place_streamed(void)
{
	_mm_sfence();
}

#else

static void stream(char *to, const char *from, uint64_t n)
{
	memcpy(to, from, n);
}

static bool stream_fp32(char *to, const char *from, uint64_t n)
{
	return store_reals(to, from, n);
}

void in_place_streamed(void)
{
}

#endif

void in_place_store(const struct tile_range *range, uint64_t first, const void *from, uint64_t n,
		    bool streams)
{
	const struct tile_part *part = part_at(range, &first);
	const char *at = from;

	for (uint64_t some; n; n -= some, at += some, part++, first = 0) {
		some = smaller(part->n - first, n);
		if (streams)
			stream(part->at + first, at, some);
		else
			memcpy(part->at + first, at, some);
	}
}

bool in_place_stream_fp32(const struct tile_range *range, uint64_t first, const float *from,
			  uint64_t n)
{
	uint64_t at = first * sizeof(*from), left = n * sizeof(*from);
	const struct tile_part *part = part_at(range, &at);
	const char *bytes = (const char *)from;
	bool nonfinite = false;

	for (uint64_t some; left; left -= some, bytes += some, part++, at = 0) {
		some = smaller(part->n - at, left);
		nonfinite |= stream_fp32(part->at + at, bytes, some);
	}
	return nonfinite;
}
