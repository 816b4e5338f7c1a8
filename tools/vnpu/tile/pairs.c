/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <stdbool.h>
#include <string.h>

#include <oneapi/dnnl/dnnl.h>

#include "dots.h"

#define COLUMNS		16u

/* Pairs of a panel that are worked on together: 12 KiB. */
#define DEPTH		384u

/* Sums of a block: 64 KiB. */
#define BLOCK_SUMS	16384u

#ifdef __x86_64__

#include <immintrin.h>

/* The library's highest instruction set is that of the processor and of the environment. */
static bool is_there(void)
{
	dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();

	return (isa & dnnl_cpu_isa_avx2) == dnnl_cpu_isa_avx2 && __builtin_cpu_supports("avx2");
}

/* Sums of pairs of products. Compilers spill what stays in its register this way. */
static inline __attribute__((always_inline, target("avx2")))
__m256i add_pairs(__m256i sum, __m256i a, __m256i b)
{
	__m256i pairs;

	__asm__("vpmaddwd %2, %3, %1\n\t"
		"vpaddd %1, %0, %0" : "+x"(sum), "=&x"(pairs) : "x"(a), "x"(b));
	return sum;
}

#define ROW(i)										\
	do {										\
		int32_t pair_;								\
											\
		memcpy(&pair_, at##i + DOTS_GROUP_BYTES * k, sizeof(pair_));		\
		low##i = add_pairs(low##i, _mm256_set1_epi32(pair_), b_low);		\
		high##i = add_pairs(high##i, _mm256_set1_epi32(pair_), b_high);		\
	} while (0)
#define LOAD(i, half)									\
	_mm256_loadu_si256((const __m256i *)(sums->from + (i) * sums->from_pitch) + (half))
#define STORE(i)									\
	do {										\
		_mm256_storeu_si256((__m256i *)(sums->to + (i) * sums->pitch), low##i);	\
		_mm256_storeu_si256((__m256i *)(sums->to + (i) * sums->pitch) + 1, high##i);	\
	} while (0)

/* Twelve sums stay in registers. */
static __attribute__((target("avx2"))) void multiply(
	const struct dots_depth *depth, const char *const *row, const int8_t *b,
	const struct dots_sums *sums)
{
	__m256i low0 = LOAD(0, 0), high0 = LOAD(0, 1);
	__m256i low1 = LOAD(1, 0), high1 = LOAD(1, 1);
	__m256i low2 = LOAD(2, 0), high2 = LOAD(2, 1);
	__m256i low3 = LOAD(3, 0), high3 = LOAD(3, 1);
	__m256i low4 = LOAD(4, 0), high4 = LOAD(4, 1);
	__m256i low5 = LOAD(5, 0), high5 = LOAD(5, 1);

	for (uint64_t i = 0; i < depth->runs; i++) {
		uint64_t start = depth->at[i] + depth->first;
		const char *at0 = row[0] + start;
		const char *at1 = row[1] + start;
		const char *at2 = row[2] + start;
		const char *at3 = row[3] + start;
		const char *at4 = row[4] + start;
		const char *at5 = row[5] + start;

#pragma GCC unroll 2
		for (uint64_t k = 0; k < depth->groups; k++, b += 2 * COLUMNS) {
			const __m128i *both = (const __m128i *)b;
			const __m256i b_low = _mm256_cvtepi8_epi16(_mm_load_si128(both));
			const __m256i b_high = _mm256_cvtepi8_epi16(_mm_load_si128(both + 1));

			ROW(0);
			ROW(1);
			ROW(2);
			ROW(3);
			ROW(4);
			ROW(5);
		}
	}
	STORE(0);
	STORE(1);
	STORE(2);
	STORE(3);
	STORE(4);
	STORE(5);
}

#else

static bool is_there(void)
{
	return false;
}

static void multiply(const struct dots_depth *depth, const char *const *row, const int8_t *b,
		     const struct dots_sums *sums)
{
	(void)depth, (void)row, (void)b, (void)sums;
}

#endif

const struct dots_way *pairs_way(void)
{
	static const struct dots_way way = {
		.group = 2, .columns = COLUMNS, .depth = DEPTH, .sums = BLOCK_SUMS,
		.multiply = multiply,
	};

	return is_there() ? &way : NULL;
}
