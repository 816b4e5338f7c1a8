// SPDX-License-Identifier: MIT
#include "matrix.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Multiply-accumulates of a round. */
#define WORK	(32ull << 30)

_Static_assert(WORK / MATRIX_LEAST / MATRIX_LEAST / MATRIX_LEAST <= MATRICES_MOST, "too many");

/* Errors of fp32 sums of 2,048 products below one stay under 2e-5; bf16 operands give 1e-2. */
#define ELEMENT_TOLERANCE	1e-4
#define ROW_TOLERANCE		1e-2

static enum matrix_type type_of(const char *name)
{
	static const char *const names[] = {
		[MATRIX_FP32] = "fp32", [MATRIX_BF16] = "bf16", [MATRIX_INT8] = "int8",
	};

	for (enum matrix_type type = MATRIX_FP32; type <= MATRIX_INT8; type++)
		if (!strcmp(name, names[type]))
			return type;
	fprintf(stderr, "the type is fp32, bf16 or int8, not %s\n", name);
	exit(2);
}

struct matrices matrices_of(const char *type, const char *n)
{
	struct matrices matrices = { .type = type_of(type), .n = strtoul(n, NULL, 10) };

	if (matrices.n < MATRIX_LEAST || matrices.n > MATRIX_MOST) {
		fprintf(stderr, "matrices have %d to %d rows, not %s\n", MATRIX_LEAST, MATRIX_MOST,
			n);
		exit(2);
	}
	matrices.count = WORK / (matrices.n * matrices.n * matrices.n);
	matrices.rows = matrices.n + matrices.count - 1;
	return matrices;
}

size_t matrix_element(enum matrix_type type)
{
	switch (type) {
	case MATRIX_INT8:
		return sizeof(int8_t);
	case MATRIX_BF16:
		return sizeof(uint16_t);
	default:
		return sizeof(float);
	}
}

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* Truncated, as any bf16 will do. */
static uint16_t bf16_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return (uint16_t)(bits >> 16);
}

static float of_bf16(uint16_t code)
{
	uint32_t bits = (uint32_t)code << 16;
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

void matrix_fill(void *data, enum matrix_type type, size_t count, uint64_t seed)
{
	for (size_t i = 0; i < count; i++) {
		float value;

		if (type == MATRIX_INT8) {
			((int8_t *)data)[i] = (int8_t)(next(&seed) >> 56);
			continue;
		}
		value = (float)((int32_t)(next(&seed) >> 32) >> 8) * 0x1p-23f;
		if (type == MATRIX_FP32)
			((float *)data)[i] = value;
		else
			((uint16_t *)data)[i] = bf16_of(value);
	}
}

/* Elements of all types fit a double exactly. */
static double at(enum matrix_type type, const void *data, size_t i)
{
	switch (type) {
	case MATRIX_INT8:
		return ((const int8_t *)data)[i];
	case MATRIX_BF16:
		return of_bf16(((const uint16_t *)data)[i]);
	default:
		return ((const float *)data)[i];
	}
}

static double result_at(enum matrix_type type, const void *d, size_t i)
{
	return type == MATRIX_INT8 ? ((const int32_t *)d)[i] : (double)((const float *)d)[i];
}

static bool near(enum matrix_type type, double value, double expected, double tolerance)
{
	return type == MATRIX_INT8 ? value == expected : fabs(value - expected) <= tolerance;
}

bool matrix_element_right(enum matrix_type type, size_t n, const void *a, const void *b,
			  const void *d, size_t row, size_t column)
{
	double sum = 0;

	for (size_t k = 0; k < n; k++)
		sum += at(type, a, row * n + k) * at(type, b, k * n + column);
	return near(type, result_at(type, d, row * n + column), sum, ELEMENT_TOLERANCE);
}

bool matrix_product_right(enum matrix_type type, size_t n, const void *a, const void *b,
			  const void *d, uint64_t seed)
{
	static double x[MATRIX_MOST], bx[MATRIX_MOST];
	double abx, dx;

	for (size_t i = 0; i < n; i++)
		x[i] = next(&seed) & 1 ? 1 : -1;
	for (size_t k = 0; k < n; k++) {
		bx[k] = 0;
		for (size_t j = 0; j < n; j++)
			bx[k] += at(type, b, k * n + j) * x[j];
	}
	for (size_t i = 0; i < n; i++) {
		abx = dx = 0;
		for (size_t k = 0; k < n; k++) {
			abx += at(type, a, i * n + k) * bx[k];
			dx += result_at(type, d, i * n + k) * x[k];
		}
		if (!near(type, dx, abx, ROW_TOLERANCE))
			return false;
	}
	return true;
}
