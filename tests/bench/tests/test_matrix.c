// SPDX-License-Identifier: MIT
/* The check of the products must accept right ones and see one wrong element. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "matrix.h"

#define N	256ul

struct product {
	enum matrix_type type;
	void *a;
	void *b;
	void *d;
};

static void multiply_fp32(const float *a, const float *b, float *d)
{
	memset(d, 0, N * N * sizeof(*d));
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < N; k++)
			for (size_t j = 0; j < N; j++)
				d[i * N + j] += a[i * N + k] * b[k * N + j];
}

static void multiply_int8(const int8_t *a, const int8_t *b, int32_t *d)
{
	memset(d, 0, N * N * sizeof(*d));
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < N; k++)
			for (size_t j = 0; j < N; j++)
				d[i * N + j] += a[i * N + k] * b[k * N + j];
}

static float *widened(const uint16_t *codes)
{
	float *values = malloc(N * N * sizeof(*values));

	assert_non_null(values);
	for (size_t i = 0; i < N * N; i++) {
		uint32_t bits = (uint32_t)codes[i] << 16;

		memcpy(&values[i], &bits, sizeof(bits));
	}
	return values;
}

static void multiply_bf16(const uint16_t *a, const uint16_t *b, float *d)
{
	float *wide_a = widened(a), *wide_b = widened(b);

	multiply_fp32(wide_a, wide_b, d);
	free(wide_a);
	free(wide_b);
}

static struct product make(enum matrix_type type)
{
	struct product product = { .type = type, .a = malloc(N * N * 4), .b = malloc(N * N * 4),
				   .d = malloc(N * N * 4) };

	assert_non_null(product.a);
	assert_non_null(product.b);
	assert_non_null(product.d);
	matrix_fill(product.a, type, N * N, 1);
	matrix_fill(product.b, type, N * N, 2);
	if (type == MATRIX_FP32)
		multiply_fp32(product.a, product.b, product.d);
	else if (type == MATRIX_BF16)
		multiply_bf16(product.a, product.b, product.d);
	else
		multiply_int8(product.a, product.b, product.d);
	return product;
}

static void release(struct product *product)
{
	free(product->a);
	free(product->b);
	free(product->d);
}

static bool right(const struct product *product)
{
	return matrix_product_right(product->type, N, product->a, product->b, product->d, 3);
}

static bool element_right(const struct product *product, size_t row, size_t column)
{
	return matrix_element_right(product->type, N, product->a, product->b, product->d, row,
				    column);
}

static void right_products_pass(void **state)
{
	(void)state;
	for (enum matrix_type type = MATRIX_FP32; type <= MATRIX_INT8; type++) {
		struct product product = make(type);

		assert_true(right(&product));
		assert_true(element_right(&product, 5, 250));
		release(&product);
	}
}

static void one_int8_result_off_by_one_shows(void **state)
{
	struct product product = make(MATRIX_INT8);

	(void)state;
	((int32_t *)product.d)[200 * N + 3] += 1;
	assert_false(right(&product));
	assert_false(element_right(&product, 200, 3));
	assert_true(element_right(&product, 200, 4));
	release(&product);
}

static void one_fp32_result_in_the_wrong_place_shows(void **state)
{
	struct product product = make(MATRIX_FP32);
	float *d = product.d;

	(void)state;
	d[9 * N + 9] = d[8 * N + 9];
	assert_false(right(&product));
	assert_false(element_right(&product, 9, 9));
	release(&product);
}

/* As a tile would that takes its operands in bf16. */
static void narrower_operands_show(void **state)
{
	struct product product = make(MATRIX_FP32);
	uint32_t *bits = product.a;
	float *exact = malloc(N * N * sizeof(*exact));

	(void)state;
	assert_non_null(exact);
	memcpy(exact, product.a, N * N * sizeof(*exact));
	for (size_t i = 0; i < N * N; i++)
		bits[i] &= 0xffff0000;
	multiply_fp32(product.a, product.b, product.d);
	memcpy(product.a, exact, N * N * sizeof(*exact));
	assert_false(right(&product));
	assert_false(element_right(&product, 0, 0));
	free(exact);
	release(&product);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_products_pass),
		cmocka_unit_test(one_int8_result_off_by_one_shows),
		cmocka_unit_test(one_fp32_result_in_the_wrong_place_shows),
		cmocka_unit_test(narrower_operands_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
