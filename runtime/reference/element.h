/* SPDX-License-Identifier: MIT */
/* Elements of tensors: as real numbers, as integer codes, by index. */
#ifndef TSR_REFERENCE_ELEMENT_H
#define TSR_REFERENCE_ELEMENT_H

#include <stddef.h>
#include <stdint.h>

#include "../graph/graph.h"

/** struct array - the value of a graph tensor */
struct array {
	const struct tsr_tensor_info *info;
	void *data;
	size_t count;
};

/** array_real() - element @i as fp32: integers are fl(fl(q - z) * s). */
float array_real(const struct array *array, size_t i);

/** array_code() - element @i of an integer array without its zero point. */
int32_t array_code(const struct array *array, size_t i);

/** array_store() - element @i = @value in the array's type and scale. */
void array_store(struct array *array, size_t i, float value);

/** array_store_units() - integer element @i = clamp(rne(@units) + zero point). */
void array_store_units(struct array *array, size_t i, float units);

/** array_locate() - the place of element number @i in each dimension. */
void array_locate(const struct array *array, size_t i, int64_t at[TSR_RANK_MAX]);

/** array_index() - element number of the place @at. */
size_t array_index(const struct array *array, const int64_t at[TSR_RANK_MAX]);

#endif
