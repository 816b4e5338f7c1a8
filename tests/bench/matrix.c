// SPDX-License-Identifier: MIT
#include "matrix.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N ((size_t)MATRIX_N)

/* Errors of fp32 sums of 1,024 products below one stay under 1e-5; bf16 operands give 1e-2. */
#define ELEMENT_TOLERANCE	1e-4
#define ROW_TOLERANCE		1e-2

enum matrix_type matrix_type(const char *name)
{
	if (!strcmp(name, "fp32"))
		return MATRIX_FP32;
	if (!strcmp(name, "int8"))
		return MATRIX_INT8;
	fprintf(stderr, "the type is fp32 or int8, not %s\n", name);
	exit(2);
}

size_t matrix_element(enum matrix_type type)
{
	return type == MATRIX_INT8 ? sizeof(int8_t) : sizeof(float);
}

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

void matrix_fill(void *data, enum matrix_type type, size_t count, uint64_t seed)
{
	float *fp32 = data;
	int8_t *int8 = data;

	for (size_t i = 0; i < count; i++) {
		if (type == MATRIX_FP32)
			fp32[i] = (float)((int32_t)(next(&seed) >> 32) >> 8) * 0x1p-23f;
		else
			int8[i] = (int8_t)(next(&seed) >> 56);
	}
}

/* Elements of all types fit a double exactly. */
static double at(enum matrix_type type, const void *data, size_t i)
{
	return type == MATRIX_INT8 ? ((const int8_t *)data)[i] : (double)((const float *)data)[i];
}

static double result_at(enum matrix_type type, const void *d, size_t i)
{
	return type == MATRIX_INT8 ? ((const int32_t *)d)[i] : (double)((const float *)d)[i];
}

static bool near(enum matrix_type type, double value, double expected, double tolerance)
{
	return type == MATRIX_INT8 ? value == expected : fabs(value - expected) <= tolerance;
}

bool matrix_element_right(enum matrix_type type, const void *a, const void *b, const void *d,
			  size_t row, size_t column)
{
	double sum = 0;

	for (size_t k = 0; k < N; k++)
		sum += at(type, a, row * N + k) * at(type, b, k * N + column);
	return near(type, result_at(type, d, row * N + column), sum, ELEMENT_TOLERANCE);
}

bool matrix_product_right(enum matrix_type type, const void *a, const void *b, const void *d,
			  uint64_t seed)
{
	static double x[MATRIX_N], bx[MATRIX_N];
	double abx, dx;

	for (size_t i = 0; i < N; i++)
		x[i] = next(&seed) & 1 ? 1 : -1;
	for (size_t k = 0; k < N; k++) {
		bx[k] = 0;
		for (size_t j = 0; j < N; j++)
			bx[k] += at(type, b, k * N + j) * x[j];
	}
	for (size_t i = 0; i < N; i++) {
		abx = dx = 0;
		for (size_t k = 0; k < N; k++) {
			abx += at(type, a, i * N + k) * bx[k];
			dx += result_at(type, d, i * N + k) * x[k];
		}
		if (!near(type, dx, abx, ROW_TOLERANCE))
			return false;
	}
	return true;
}
