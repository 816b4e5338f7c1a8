/* SPDX-License-Identifier: MIT */
/* Fresh operands of the product of square matrices, the same in guest and host. */
#ifndef BENCH_MATRIX_H
#define BENCH_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows and columns. */
#define MATRIX_LEAST	512
#define MATRIX_MOST	2048

/** Most products of a round. */
#define MATRICES_MOST	256

enum matrix_type {
	MATRIX_FP32,
	MATRIX_BF16,	/* results are fp32 */
	MATRIX_INT8,	/* results are int32 */
};

/**
 * struct matrices - the products of one round: D[i] = A[i] * B
 * @type: of A and B
 * @n: rows and columns of each matrix
 * @count: products
 * @rows: of A: product i takes those from i on
 */
struct matrices {
	enum matrix_type type;
	size_t n;
	size_t count;
	size_t rows;
};

/** matrices_of() - of a type's name and a size's digits; exits with a message for anything else */
struct matrices matrices_of(const char *type, const char *n);

/** matrix_element() - bytes of an operand's element; results always take four */
size_t matrix_element(enum matrix_type type);

/** matrix_fill() - @count elements from @seed: floats in [-1, 1), int8 over its whole range */
void matrix_fill(void *data, enum matrix_type type, size_t count, uint64_t seed);

/**
 * matrix_product_right() - whether D = A * B, without computing A * B again
 * @type: of @a and @b; @d is fp32 or int32
 * @n: rows and columns, at most MATRIX_MOST
 * @seed: decides which vector of ones and minus ones is tried: D x must be A (B x)
 *
 * A wrong element goes unseen only if errors cancel for that vector. Integers must
 * be equal; fp32 may be off by rounding, far less than narrower operands would cause.
 */
bool matrix_product_right(enum matrix_type type, size_t n, const void *a, const void *b,
			  const void *d, uint64_t seed);

/** matrix_element_right() - the same for one element of D, computed plainly */
bool matrix_element_right(enum matrix_type type, size_t n, const void *a, const void *b,
			  const void *d, size_t row, size_t column);

#endif
