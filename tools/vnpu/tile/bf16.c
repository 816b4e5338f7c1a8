/* SPDX-License-Identifier: MIT */
#include "bf16.h"

#include <errno.h>

#include <number/half.h>

#include "fp32.h"
#include "onednn.h"
#include "staging.h"

int bf16_matmul_wide(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b,
		     float *c)
{
	float *wide_a = staging_get((size_t)(m * k) * sizeof(*wide_a));
	float *wide_b = staging_get((size_t)(k * n) * sizeof(*wide_b));
	int ret = -ENOMEM;

	if (wide_a && wide_b) {
		bf16_expand(a, wide_a, (size_t)(m * k));
		bf16_expand(b, wide_b, (size_t)(k * n));
		ret = fp32_matmul(m, n, k, wide_a, wide_b, c);
	}
	staging_put(wide_a);
	staging_put(wide_b);
	return ret;
}

int bf16_matmul(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b, float *c)
{
	int ret = onednn_matmul(ONEDNN_BF16, m, n, k, a, b, c);

	return ret == -ENOTSUP ? bf16_matmul_wide(m, n, k, a, b, c) : ret;
}
