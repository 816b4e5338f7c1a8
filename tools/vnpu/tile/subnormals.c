/* SPDX-License-Identifier: MIT */
#include "subnormals.h"

#include "number/clones.h"
#include "smaller.h"

#define BIAS		127

/* Elements that a thread looks at in turn. */
#define PART		(1u << 16)

/* A matrix of numbers with the exponents of fp32. */
struct codes {
	const void *code;
	uint64_t count;
	unsigned int mantissa;	/* bits */
};

/* Code of the least element that is not 0, without its sign. */
#define DEFINE_LEAST(name, type, size_mask)						\
TILE_CLONES static type least_##name(const type *codes, uint64_t n)			\
{											\
	type least = (size_mask);							\
											\
	for (uint64_t i = 0; i < n; i++) {						\
		type size = codes[i] & (type)(size_mask);				\
											\
		size = size ? size : (type)(size_mask);					\
		least = size < least ? size : least;					\
	}										\
	return least;									\
}

DEFINE_LEAST(bf16, uint16_t, 0x7fffu)
DEFINE_LEAST(fp32, uint32_t, 0x7fffffffu)

static uint64_t parts_of(const struct codes *codes)
{
	return (codes->count + PART - 1) / PART;
}

/* Exponent field of the least element of a part that is not 0; 0 below the normal numbers. */
static unsigned int least_of_part(const struct codes *codes, uint64_t part)
{
	uint64_t at = part * PART, n = smaller(codes->count - at, PART);

	if (codes->mantissa == 7)
		return (unsigned int)least_bf16((const uint16_t *)codes->code + at, n) >> 7;
	return least_fp32((const uint32_t *)codes->code + at, n) >> 23;
}

/*
 * With exponents of at least x and y every product, and so every sum, is a multiple of
 * 2^(x + y - 2 * mantissa), rounded or not. If that is normal, so is every sum that is not 0.
 */
static bool follow(unsigned int x, unsigned int y, unsigned int mantissa)
{
	return !x || !y || (int)(x + y) - 2 * BIAS - 2 * (int)mantissa < 1 - BIAS;
}

static bool may_be_subnormal(const struct codes *a, const struct codes *b)
{
	uint64_t first = parts_of(a), parts = first + parts_of(b);
	unsigned int x = 2 * BIAS, y = 2 * BIAS;

#pragma omp parallel for reduction(min : x, y) if (parts > 2)
	for (uint64_t part = 0; part < parts; part++) {
		if (part < first)
			x = (unsigned int)smaller(x, least_of_part(a, part));
		else
			y = (unsigned int)smaller(y, least_of_part(b, part - first));
	}
	return follow(x, y, a->mantissa);
}

unsigned int subnormals_exponent(const float *elements, uint64_t count)
{
	return (unsigned int)least_fp32((const uint32_t *)elements, count) >> 23;
}

bool subnormals_follow(unsigned int x, unsigned int y)
{
	return follow(x, y, 23);
}

bool subnormals_fp32(const void *a, uint64_t a_count, const void *b, uint64_t b_count)
{
	const struct codes first = { a, a_count, 23 }, second = { b, b_count, 23 };

	return may_be_subnormal(&first, &second);
}

bool subnormals_bf16(const void *a, uint64_t a_count, const void *b, uint64_t b_count)
{
	const struct codes first = { a, a_count, 7 }, second = { b, b_count, 7 };

	return may_be_subnormal(&first, &second);
}
