/* SPDX-License-Identifier: MIT */
#include "matmul_kinds.h"

#include <number/clones.h>

#include "bf16.h"
#include "fp32.h"
#include "int8.h"
#include "matmul.h"
#include "subnormals.h"

static int multiply_fp32(int64_t m, int64_t n, int64_t k, const void *a, const void *b, void *c)
{
	return fp32_matmul(m, n, k, a, b, c);
}

static int multiply_columns(int64_t m, int64_t n, int64_t k, int64_t pitch, const void *a,
			    const void *b, void *c)
{
	return fp32_matmul_columns(m, n, k, pitch, a, b, c);
}

static int multiply_bf16(int64_t m, int64_t n, int64_t k, const void *a, const void *b, void *c)
{
	return bf16_matmul(m, n, k, a, b, c);
}

static int multiply_wide(int64_t m, int64_t n, int64_t k, const void *a, const void *b, void *c)
{
	return bf16_matmul_wide(m, n, k, a, b, c);
}

static int multiply_int8(int64_t m, int64_t n, int64_t k, const void *a, const void *b, void *c)
{
	return int8_matmul(m, n, k, a, b, c);
}

TILE_CLONES static void add_fp32(float *to, const float *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] += from[i];
}

TILE_CLONES static void add_int32(uint32_t *to, const uint32_t *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] += from[i];
}

static void sum_fp32(void *to, const void *from, uint64_t count)
{
	add_fp32(to, from, count);
}

static void sum_int32(void *to, const void *from, uint64_t count)
{
	add_int32(to, from, count);
}

const struct matmul matmul_fp32 = {
	.a_size = sizeof(float),
	.b_size = sizeof(float),
	.multiply = multiply_fp32,
	.subnormals = subnormals_fp32,
	.multiply_subnormals = multiply_fp32,
	.multiply_columns = multiply_columns,
	.add = sum_fp32,
};

const struct matmul matmul_bf16 = {
	.a_size = sizeof(uint16_t),
	.b_size = sizeof(uint16_t),
	.multiply = multiply_bf16,
	.subnormals = subnormals_bf16,
	.multiply_subnormals = multiply_wide,
	.add = sum_fp32,
};

const struct matmul matmul_int8 = {
	.a_size = sizeof(uint8_t),
	.b_size = sizeof(int8_t),
	.multiply = multiply_int8,
	.add = sum_int32,
};
