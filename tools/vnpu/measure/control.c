// SPDX-License-Identifier: MIT
#include "control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "smaller.h"

/* Elements that are read at a time. */
#define CHUNK	4096u

/* Counts the elements that are not repeated, and how far apart neighbours are among them. */
static int lay_out(const struct measure_source *source, const struct operand *operand,
		   struct control *control)
{
	control->count = 1;
	for (unsigned int i = operand->rank; i-- > 0;) {
		uint64_t extent = operand->stride[i] ? operand->extent[i] : 1;

		control->stride[i] = operand->stride[i] ? control->count : 0;
		if (!operand->extent[i])
			extent = 0;
		if (__builtin_mul_overflow(control->count, extent, &control->count))
			return -E2BIG;
	}
	if (control->count > *source->room)
		return -E2BIG;
	*source->room -= control->count;
	return 0;
}

static void widen(const struct operand *operand, const int32_t *from, int64_t *values, size_t n)
{
	if (operand->bits == 64) {
		memcpy(values, from, n * sizeof(*values));
		return;
	}
	for (size_t i = 0; i < n; i++)
		values[i] = from[i];
}

/* A line of neighbours; what cannot be read stays 0. */
static void read_line(const struct measure_source *source, const struct operand *operand,
		      uint64_t address, int64_t stride, uint64_t count, int64_t *values)
{
	int32_t bytes[CHUNK * sizeof(int64_t) / sizeof(int32_t)];
	size_t size = operand->bits / 8u;

	for (uint64_t done = 0; done < count; done += CHUNK) {
		size_t n = smaller(CHUNK, count - done);
		uint64_t from = address + done * (uint64_t)stride * size;

		memset(bytes, 0, n * size);
		if (stride == 1)
			source->read(source->ctx, from, 0, 1, n * size, bytes);
		else
			source->read(source->ctx, from, (uint64_t)stride * size, n, size, bytes);
		widen(operand, bytes, values + done, n);
	}
}

/* Without dimensions that are repeated; those that follow each other without gaps are one. */
static struct operand folded(const struct operand *operand)
{
	struct operand lines = { .address = operand->address, .bits = operand->bits };

	for (unsigned int i = 0; i < operand->rank; i++) {
		uint64_t extent = operand->extent[i];
		unsigned int last = lines.rank - 1u;

		if (!operand->stride[i])
			continue;
		if (lines.rank && (uint64_t)lines.stride[last] ==
				  extent * (uint64_t)operand->stride[i]) {
			lines.extent[last] *= extent;
			lines.stride[last] = operand->stride[i];
			continue;
		}
		lines.extent[lines.rank] = extent;
		lines.stride[lines.rank++] = operand->stride[i];
	}
	if (!lines.rank) {
		lines.extent[0] = 1;
		lines.stride[0] = 1;
		lines.rank = 1;
	}
	return lines;
}

static int take_pieces(const struct measure_source *source, const struct operand *lines,
		       const struct control *control)
{
	unsigned int last = lines->rank - 1u;
	uint64_t pieces = control->count;

	if (pieces && lines->stride[last] == 1)
		pieces /= lines->extent[last];
	if (pieces > *source->pieces)
		return -E2BIG;
	*source->pieces -= pieces;
	return 0;
}

static void next_line(const struct operand *lines, uint64_t *place)
{
	for (unsigned int i = lines->rank - 1u; i-- > 0;) {
		if (++place[i] < lines->extent[i])
			return;
		place[i] = 0;
	}
}

static uint64_t address_of(const struct operand *lines, const uint64_t *place)
{
	uint64_t elements = 0;

	for (unsigned int i = 0; i < lines->rank; i++)
		elements += place[i] * (uint64_t)lines->stride[i];
	return lines->address + elements * (lines->bits / 8u);
}

static void read_all(const struct measure_source *source, const struct operand *lines,
		     struct control *control)
{
	uint64_t place[WALK_RANK_MAX] = { 0 };
	uint64_t length = lines->extent[lines->rank - 1u];
	int64_t stride = lines->stride[lines->rank - 1u];

	for (uint64_t i = 0; i < control->count; i += length) {
		read_line(source, lines, address_of(lines, place), stride, length,
			  control->value + i);
		next_line(lines, place);
	}
}

static int read_some(const struct measure_source *source, const struct operand *operand,
		     struct control *control)
{
	const struct operand lines = folded(operand);
	int error = lay_out(source, operand, control);

	if (!error)
		error = take_pieces(source, &lines, control);
	if (source->dry)
		control->count = 0;
	if (error || source->dry)
		return error;
	control->value = calloc(control->count + 1, sizeof(*control->value));
	if (!control->value)
		return -ENOMEM;
	read_all(source, &lines, control);
	return 0;
}

int control_read(const struct measure_source *source, const struct operand *operand,
		 const struct operand *work, struct control *control)
{
	*control = (struct control){ 0 };
	return operand_is_empty(work) ? 0 : read_some(source, operand, control);
}

/* Values beyond @most, and negative ones, count as 0. */
static int32_t *narrowed(const struct control *control, int64_t most)
{
	int32_t *values = calloc(control->count + 1, sizeof(*values));

	for (uint64_t i = 0; values && i < control->count; i++)
		if (control->value[i] >= 0 && control->value[i] <= most)
			values[i] = (int32_t)control->value[i];
	return values;
}

int control_read_narrow(const struct measure_source *source, const struct operand *operand,
		      const struct operand *work, int64_t most, struct control *control,
		      int32_t **values)
{
	int error;

	*values = NULL;
	*control = (struct control){ 0 };
	if (!operand->bits)
		return 0;
	error = control_read(source, operand, work, control);
	if (error)
		return error;
	*values = narrowed(control, most);
	free(control->value);
	control->value = NULL;
	return *values ? 0 : -ENOMEM;
}
