/* SPDX-License-Identifier: MIT */
#include "fp32.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "number/clones.h"
#include "onednn.h"

/*
 * A product of so few terms, in rows that fill a register, is computed before a primitive of the
 * library is called; and none has to be made and tried for each of so many shapes.
 */
#define FEW_TERMS	(1 << 14)
#define FEW_COLUMNS	8

TILE_CLONES static void add_scaled(float *to, const float *row, float factor, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		to[i] += row[i] * factor;
}

static void multiply_plain(int64_t m, int64_t n, int64_t k, int64_t pitch, const float *a,
			   const float *b, float *c)
{
	for (int64_t row = 0; row < m; row++, c += pitch) {
		memset(c, 0, (size_t)n * sizeof(*c));
		for (int64_t depth = 0; depth < k; depth++)
			add_scaled(c, b + depth * pitch, a[row * k + depth], n);
	}
}

int fp32_matmul_columns(int64_t m, int64_t n, int64_t k, int64_t pitch, const float *a,
			const float *b, float *c)
{
	bool few = n >= FEW_COLUMNS && m * n * k <= FEW_TERMS;
	int ret = few ? -ENOTSUP : onednn_matmul_columns(ONEDNN_F32, m, n, k, pitch, a, b, c);

	if (ret != -ENOTSUP)
		return ret;
	multiply_plain(m, n, k, pitch, a, b, c);
	return 0;
}

int fp32_matmul(int64_t m, int64_t n, int64_t k, const float *a, const float *b, float *c)
{
	return fp32_matmul_columns(m, n, k, n, a, b, c);
}
