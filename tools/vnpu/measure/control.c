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

static int64_t element(const struct operand *operand, const unsigned char *bytes)
{
	int64_t wide;
	int32_t narrow;

	if (operand->bits == 64) {
		memcpy(&wide, bytes, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, bytes, sizeof(narrow));
	return narrow;
}

/* A line of neighbours; what cannot be read stays 0. */
static void read_line(const struct measure_source *source, const struct operand *operand,
		      uint64_t address, int64_t stride, uint64_t count, int64_t *values)
{
	unsigned char bytes[CHUNK * sizeof(int64_t)];
	size_t size = operand->bits / 8u;

	for (uint64_t done = 0; done < count; done += CHUNK) {
		size_t n = smaller(CHUNK, count - done);
		uint64_t from = address + done * (uint64_t)stride * size;

		memset(bytes, 0, n * size);
		if (stride == 1)
			source->read(source->ctx, from, 0, 1, n * size, bytes);
		else
			source->read(source->ctx, from, (uint64_t)stride * size, n, size, bytes);
		for (size_t i = 0; i < n; i++)
			values[done + i] = element(operand, bytes + i * size);
	}
}

/* The innermost dimension that is not repeated; -1: there is none. */
static int innermost(const struct operand *operand)
{
	for (int i = operand->rank; i-- > 0;)
		if (operand->stride[i])
			return i;
	return -1;
}

/* The next line; dimensions that are repeated stay at 0. */
static void next_line(const struct operand *operand, int inner, uint64_t *place)
{
	for (int i = inner; i-- > 0;) {
		if (!operand->stride[i])
			continue;
		if (++place[i] < operand->extent[i])
			return;
		place[i] = 0;
	}
}

static uint64_t address_of(const struct operand *operand, const uint64_t *place)
{
	uint64_t elements = 0;

	for (unsigned int i = 0; i < operand->rank; i++)
		elements += place[i] * (uint64_t)operand->stride[i];
	return operand->address + elements * (operand->bits / 8u);
}

static void read_all(const struct measure_source *source, const struct operand *operand,
		     struct control *control)
{
	uint64_t place[WALK_RANK_MAX] = { 0 };
	int inner = innermost(operand);
	uint64_t length = inner < 0 ? 1 : operand->extent[inner];
	int64_t stride = inner < 0 ? 1 : operand->stride[inner];

	for (uint64_t i = 0; i < control->count; i += length) {
		read_line(source, operand, address_of(operand, place), stride, length,
			  control->value + i);
		next_line(operand, inner, place);
	}
}

int control_read(const struct measure_source *source, const struct operand *operand,
		 struct control *control)
{
	int error;

	*control = (struct control){ 0 };
	error = lay_out(source, operand, control);
	if (error)
		return error;
	control->value = calloc(control->count + 1, sizeof(*control->value));
	if (!control->value)
		return -ENOMEM;
	read_all(source, operand, control);
	return 0;
}

int control_read_narrow(const struct measure_source *source, const struct operand *operand,
			int64_t most, struct control *control, int32_t **values)
{
	int error = control_read(source, operand, control);

	*values = NULL;
	if (error)
		return error;
	*values = calloc(control->count + 1, sizeof(**values));
	for (uint64_t i = 0; *values && i < control->count; i++)
		(*values)[i] = control->value[i] >= 0 && control->value[i] <= most ?
			       (int32_t)control->value[i] : 0;
	free(control->value);
	control->value = NULL;
	return *values ? 0 : -ENOMEM;
}
