/* SPDX-License-Identifier: MIT */
/* Fresh operands of the product of square matrices, the same in guest and host. */
#ifndef BENCH_MATRIX_H
#define BENCH_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATRIX_N	1024
#define PRODUCTS	32

/** Rows of A: product i takes those from i on. */
#define A_ROWS		(MATRIX_N + PRODUCTS - 1)

enum matrix_type {
	MATRIX_FP32,
	MATRIX_INT8,
};

/** matrix_type() - of "fp32" or "int8"; exits with a message for anything else */
enum matrix_type matrix_type(const char *name);

/** matrix_element() - bytes of an operand's element; results always take four */
size_t matrix_element(enum matrix_type type);

/** matrix_fill() - @count elements from @seed: fp32 in [-1, 1), int8 over its whole range */
void matrix_fill(void *data, enum matrix_type type, size_t count, uint64_t seed);

/**
 * matrix_product_right() - whether D = A * B, without computing A * B again
 * @type: of @a and @b; @d is fp32 or int32
 * @seed: decides which vector of ones and minus ones is tried: D x must be A (B x)
 *
 * A wrong element goes unseen only if errors cancel for that vector. Integers must
 * be equal; fp32 may be off by rounding, far less than narrower operands would cause.
 */
bool matrix_product_right(enum matrix_type type, const void *a, const void *b, const void *d,
			  uint64_t seed);

/** matrix_element_right() - the same for one element of D, computed plainly */
bool matrix_element_right(enum matrix_type type, const void *a, const void *b, const void *d,
			  size_t row, size_t column);

#endif
