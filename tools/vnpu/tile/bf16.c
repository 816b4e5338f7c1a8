/* SPDX-License-Identifier: MIT */
#include "bf16.h"

#include <errno.h>
#include <stdbool.h>

#include <number/half.h>

#include "fp32.h"
#include "number/clones.h"
#include "onednn.h"
#include "smaller.h"
#include "staging.h"

#define SIZE_MASK	0x7fffu
#define MANTISSA_BITS	7
#define BIAS		127

/* Elements that a thread looks at in turn. */
#define PART		(1 << 16)

/* Code of the least element that is not 0, without its sign. */
TILE_CLONES static unsigned int least_code(const uint16_t *codes, int64_t n)
{
	uint16_t least = SIZE_MASK;

	for (int64_t i = 0; i < n; i++) {
		uint16_t size = codes[i] & SIZE_MASK;

		size = size ? size : SIZE_MASK;
		least = size < least ? size : least;
	}
	return least;
}

/* Elements of a matrix. */
struct codes {
	const uint16_t *code;
	int64_t count;
};

static int64_t parts_of(const struct codes *codes)
{
	return (codes->count + PART - 1) / PART;
}

static unsigned int least_of_part(const struct codes *codes, int64_t part)
{
	int64_t at = part * PART;

	return least_code(codes->code + at, (int64_t)smaller((uint64_t)(codes->count - at), PART));
}

/* Exponent fields of the least elements of both that are not 0; 0 below the normal numbers. */
static void least_of(const struct codes *a, const struct codes *b, int *exponent_a,
		     int *exponent_b)
{
	int64_t first = parts_of(a), parts = first + parts_of(b);
	unsigned int least_a = SIZE_MASK, least_b = SIZE_MASK;

#pragma omp parallel for reduction(min : least_a, least_b) if (parts > 2)
	for (int64_t part = 0; part < parts; part++) {
		if (part < first)
			least_a = (unsigned int)smaller(least_a, least_of_part(a, part));
		else
			least_b = (unsigned int)smaller(least_b, least_of_part(b, part - first));
	}
	*exponent_a = (int)(least_a >> MANTISSA_BITS);
	*exponent_b = (int)(least_b >> MANTISSA_BITS);
}

/*
 * With exponents of at least x and y every product, and so every sum, is a multiple of
 * 2^(x + y - 14). If that is normal, so is every sum that is not 0.
 */
static bool stays_normal(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b)
{
	const struct codes first = { a, m * k }, second = { b, k * n };
	int x, y;

	least_of(&first, &second, &x, &y);
	return x && y && x - BIAS + y - BIAS - 2 * MANTISSA_BITS >= 1 - BIAS;
}

static int through_fp32(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b,
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
	int ret = -ENOTSUP;

	if (stays_normal(m, n, k, a, b))
		ret = onednn_matmul(ONEDNN_BF16, m, n, k, a, b, c);
	return ret == -ENOTSUP ? through_fp32(m, n, k, a, b, c) : ret;
}
