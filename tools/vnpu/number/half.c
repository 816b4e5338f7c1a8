/* SPDX-License-Identifier: MIT */
#include "half.h"

#include "bits.h"
#include "clones.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

float fp16_to_fp32(uint16_t half)
{
	uint32_t sign = (uint32_t)(half & 0x8000) << 16;
	uint32_t rest = half & 0x7fff;

	if (rest >= 0x7c00)	/* infinity, NaN */
		return fp32_of_bits(sign | 0x7f800000 | (rest & 0x3ff) << 13 |
				 (rest > 0x7c00 ? 0x400000 : 0));
	if (rest >= 0x0400)	/* normal: another exponent bias */
		return fp32_of_bits(sign | ((rest << 13) + (112u << 23)));
	/* Denormals count units of 2^-24, exact in fp32. */
	return fp32_of_bits(sign | fp32_bits((float)rest * 0x1p-24f));
}

uint16_t fp16_from_fp32(float value)
{
	uint32_t bits = fp32_bits(value);
	uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
	uint32_t rest = bits & 0x7fffffff;

	if (rest > 0x7f800000)
		return sign | 0x7e00 | (rest >> 13 & 0x3ff);
	if (rest >= 0x47800000)	/* 65536 and more */
		return sign | 0x7c00;
	/* Below the smallest normal: adding 0.5 leaves the rounded count of 2^-24. */
	if (rest < 0x38800000)
		return sign | (uint16_t)(fp32_bits(fp32_of_bits(rest) + 0.5f) - fp32_bits(0.5f));
	/* A carry out of the mantissa steps the exponent, up to infinity. */
	rest += 0xfff + (rest >> 13 & 1);
	return sign | (uint16_t)((rest >> 13) - (112u << 10));
}

static void expand_plain(const uint16_t *from, float *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = fp16_to_fp32(from[i]);
}

static void round_plain(const float *from, uint16_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = fp16_from_fp32(from[i]);
}

#if defined(__x86_64__) && !defined(ONE_CLONE)
__attribute__((target("avx,f16c")))
static void expand_f16c(const uint16_t *from, float *to, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8)
		_mm256_storeu_ps(to + i,
				 _mm256_cvtph_ps(_mm_loadu_si128((const void *)(from + i))));
	expand_plain(from + i, to + i, n - i);
}

__attribute__((target("avx,f16c")))
static void round_f16c(const float *from, uint16_t *to, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8)
		_mm_storeu_si128((void *)(to + i),
				 _mm256_cvtps_ph(_mm256_loadu_ps(from + i),
						 _MM_FROUND_TO_NEAREST_INT));
	round_plain(from + i, to + i, n - i);
}

static int has_f16c(void)
{
	return __builtin_cpu_supports("f16c") && __builtin_cpu_supports("avx");
}
#else
#define expand_f16c expand_plain
#define round_f16c round_plain
#define has_f16c() 0
#endif

void fp16_expand(const uint16_t *from, float *to, size_t n)
{
	if (has_f16c())
		expand_f16c(from, to, n);
	else
		expand_plain(from, to, n);
}

void fp16_round(const float *from, uint16_t *to, size_t n)
{
	if (has_f16c())
		round_f16c(from, to, n);
	else
		round_plain(from, to, n);
}

TILE_CLONES void bf16_expand(const uint16_t *from, float *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = fp32_of_bits((uint32_t)from[i] << 16);
}

TILE_CLONES void bf16_round(const float *from, uint16_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits = fp32_bits(from[i]);
		uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
		uint32_t nan = bits >> 16 | 0x40;

		to[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? nan : rounded);
	}
}
