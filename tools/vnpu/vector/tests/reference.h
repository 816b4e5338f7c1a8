/* SPDX-License-Identifier: MIT */
/* What a VECTOR program computes, one element at a time, the plain way. */
#ifndef TEST_REFERENCE_H
#define TEST_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "vector/check.h"
#include "vector/operation.h"

/** union value - a register for one element */
union value {
	float f32;
	int32_t i32;
	int64_t i64;
	uint8_t boolean;
};

/**
 * reference_run() - one element
 * @program: checked
 * @setting: what it is executed for
 * @given: inputs 0 to 3 and the command's value
 * @element: number in row-major order
 * @divisions: increased for each integer division by zero
 */
union value reference_run(const struct vector_program *program,
			  const struct vector_setting *setting, const union value given[5],
			  uint64_t element, uint64_t *divisions);

/** reference_equal() - the same bits, or both not-a-number */
bool reference_equal(enum number_class class, union value x, union value y);

#endif
