// SPDX-License-Identifier: MIT
#include "control.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int count_elements(const struct operand *operand, uint64_t *count)
{
	*count = 1;
	for (unsigned int i = 0; i < operand->rank; i++)
		if (!operand->extent[i])
			*count = 0;
	for (unsigned int i = 0; *count && i < operand->rank; i++) {
		if (operand->extent[i] > MEASURE_CONTROL_MAX / *count)
			return -EOPNOTSUPP;
		*count *= operand->extent[i];
	}
	return 0;
}

static uint64_t address_of(const struct operand *operand, const uint64_t *place)
{
	uint64_t elements = 0;

	for (unsigned int i = 0; i < operand->rank; i++)
		elements += place[i] * (uint64_t)operand->stride[i];
	return operand->address + elements * (operand->bits / 8);
}

static int64_t read_element(const struct measure_source *source, const struct operand *operand,
			    const uint64_t *place)
{
	int64_t wide = 0;
	int32_t narrow = 0;
	bool is_wide = operand->bits == 64;
	void *to = is_wide ? (void *)&wide : (void *)&narrow;

	if (source->read(source->ctx, address_of(operand, place), operand->bits / 8, to))
		return 0;
	return is_wide ? wide : narrow;
}

static void next_place(const struct operand *operand, uint64_t *place)
{
	for (unsigned int i = operand->rank; i-- > 0;) {
		if (++place[i] < operand->extent[i])
			return;
		place[i] = 0;
	}
}

int control_read(const struct measure_source *source, const struct operand *operand,
		 int64_t **values, uint64_t *count)
{
	uint64_t place[WALK_RANK_MAX] = { 0 };
	int error = count_elements(operand, count);

	*values = NULL;
	if (error)
		return error;
	*values = calloc(*count + 1, sizeof(**values));
	if (!*values)
		return -ENOMEM;
	for (uint64_t i = 0; i < *count; i++) {
		(*values)[i] = read_element(source, operand, place);
		next_place(operand, place);
	}
	return 0;
}
