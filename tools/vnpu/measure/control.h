/* SPDX-License-Identifier: MIT */
/* Control data: tensors of integers that decide what a command touches. */
#ifndef VNPU_MEASURE_CONTROL_H
#define VNPU_MEASURE_CONTROL_H

#include "measure.h"

/**
 * struct control - the elements of a tensor of int32 or int64
 * @value: in row-major order, those of repeated dimensions once; to be freed
 * @count: how many
 * @stride: in each dimension from one to the next, 0 where they are repeated
 */
struct control {
	int64_t *value;
	uint64_t count;
	uint64_t stride[WALK_RANK_MAX];
};

/**
 * control_read() - read control data
 * @source: how memory is read, and how much of it may be
 * @operand: the tensor; stride 0 repeats
 * @work: what the command walks; if that has no elements, nothing is read
 * @control: result
 *
 * What cannot be read is 0.
 *
 * Return: 0, -ENOMEM, or -E2BIG for more than the stream may have.
 */
int control_read(const struct measure_source *source, const struct operand *operand,
		 const struct operand *work, struct control *control);

/**
 * control_read_narrow() - the same as int32
 * @source: as of control_read()
 * @operand: as of control_read(), or none
 * @work: as of control_read()
 * @most: values beyond it, and negative ones, count as 0
 * @control: result, without values
 * @values: result, to be freed; NULL if there is no operand
 *
 * Return: as of control_read().
 */
int control_read_narrow(const struct measure_source *source, const struct operand *operand,
			const struct operand *work, int64_t most, struct control *control,
			int32_t **values);

#endif
