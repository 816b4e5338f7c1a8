/* SPDX-License-Identifier: MIT */
#include "quads.h"

#include <stdbool.h>
#include <string.h>

#include <oneapi/dnnl/dnnl.h>

#include "dots.h"

#define COLUMNS		64u

/* Groups of a panel that are worked on together: 64 KiB, in the second cache. */
#define DEPTH		256u

/* Sums of a block: 256 KiB. */
#define BLOCK_SUMS	DOTS_MOST_SUMS

#ifdef __x86_64__

#include <immintrin.h>

#define TARGET		__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

/* The library's highest instruction set is that of the processor and of the environment. */
static bool is_there(void)
{
	dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();

	return (isa & dnnl_cpu_isa_avx512_core_vnni) == dnnl_cpu_isa_avx512_core_vnni &&
	       __builtin_cpu_supports("avx512vnni");
}

/* Sums of a row: those of sixteen columns each. */
#define SUMS(i)										\
	__m512i sum##i##0 = LOAD(i, 0), sum##i##1 = LOAD(i, 1);				\
	__m512i sum##i##2 = LOAD(i, 2), sum##i##3 = LOAD(i, 3)
#define LOAD(i, part)									\
	_mm512_loadu_si512((const __m512i *)(sums->from + (i) * sums->from_pitch) + (part))
#define ROW(i)										\
	do {										\
		int32_t quad_;								\
		__m512i a_;								\
											\
		memcpy(&quad_, at##i + DOTS_GROUP_BYTES * k, sizeof(quad_));		\
		a_ = _mm512_set1_epi32(quad_);						\
		sum##i##0 = _mm512_dpbusd_epi32(sum##i##0, a_, b0);			\
		sum##i##1 = _mm512_dpbusd_epi32(sum##i##1, a_, b1);			\
		sum##i##2 = _mm512_dpbusd_epi32(sum##i##2, a_, b2);			\
		sum##i##3 = _mm512_dpbusd_epi32(sum##i##3, a_, b3);			\
	} while (0)
#define STORE(i)									\
	do {										\
		__m512i *to_ = (__m512i *)(sums->to + (i) * sums->pitch);		\
											\
		_mm512_storeu_si512(to_, sum##i##0);					\
		_mm512_storeu_si512(to_ + 1, sum##i##1);				\
		_mm512_storeu_si512(to_ + 2, sum##i##2);				\
		_mm512_storeu_si512(to_ + 3, sum##i##3);				\
	} while (0)

/* Twenty-four sums stay in registers. */
static TARGET void multiply(const struct dots_depth *depth, const char *const *row, const int8_t *b,
			    const struct dots_sums *sums)
{
	SUMS(0);
	SUMS(1);
	SUMS(2);
	SUMS(3);
	SUMS(4);
	SUMS(5);

	for (uint64_t i = 0; i < depth->runs; i++) {
		uint64_t start = depth->at[i] + depth->first;
		const char *at0 = row[0] + start, *at1 = row[1] + start, *at2 = row[2] + start;
		const char *at3 = row[3] + start, *at4 = row[4] + start, *at5 = row[5] + start;

		for (uint64_t k = 0; k < depth->groups; k++, b += DOTS_GROUP_BYTES * COLUMNS) {
			const __m512i *b_ = (const __m512i *)b;
			const __m512i b0 = _mm512_load_si512(b_), b1 = _mm512_load_si512(b_ + 1);
			const __m512i b2 = _mm512_load_si512(b_ + 2), b3 = _mm512_load_si512(b_ + 3);

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

const struct dots_way *quads_way(void)
{
	static const struct dots_way way = {
		.group = 4, .columns = COLUMNS, .depth = DEPTH, .sums = BLOCK_SUMS,
		.multiply = multiply,
	};

	return is_there() ? &way : NULL;
}
