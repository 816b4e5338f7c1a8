/* SPDX-License-Identifier: MIT */
/* Control data: tensors of integers that decide what a command touches. */
#ifndef VNPU_MEASURE_CONTROL_H
#define VNPU_MEASURE_CONTROL_H

#include "measure.h"

/**
 * control_read() - the elements of an operand of int32 or int64, in row-major order
 * @source: how memory is read
 * @operand: the operand; stride 0 repeats
 * @values: result, to be freed
 * @count: how many
 *
 * What cannot be read is 0.
 *
 * Return: 0, -ENOMEM, or -EOPNOTSUPP for more than MEASURE_CONTROL_MAX elements.
 */
int control_read(const struct measure_source *source, const struct operand *operand,
		 int64_t **values, uint64_t *count);

#endif
