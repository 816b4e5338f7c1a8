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
	__m512i sum##i##2 = LOAD(i, 2), sum##i##3 = LOAD(i, 3);
#define LOAD(i, part)									\
	_mm512_loadu_si512((const __m512i *)(sums->from + (i) * sums->from_pitch) + (part))
#define BEGIN(i)	const char *at##i = row[i] + depth->at[run] + depth->first;
#define ADD(i)										\
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
	} while (0);
#define STORE(i)									\
	do {										\
		__m512i *to_ = (__m512i *)(sums->to + (i) * sums->pitch);		\
											\
		_mm512_storeu_si512(to_, sum##i##0);					\
		_mm512_storeu_si512(to_ + 1, sum##i##1);				\
		_mm512_storeu_si512(to_ + 2, sum##i##2);				\
		_mm512_storeu_si512(to_ + 3, sum##i##3);				\
	} while (0);

#define EACH_1(what)	what(0)
#define EACH_2(what)	EACH_1(what) what(1)
#define EACH_3(what)	EACH_2(what) what(2)
#define EACH_4(what)	EACH_3(what) what(3)
#define EACH_5(what)	EACH_4(what) what(4)
#define EACH_6(what)	EACH_5(what) what(5)

/* Of six rows twenty-four sums stay in registers. */
#define DEFINE_MULTIPLY(rows)								\
static TARGET void multiply_##rows(const struct dots_depth *depth, const char *const *row,	\
				   const int8_t *b, const struct dots_sums *sums)	\
{											\
	const int8_t *next = depth->next;						\
											\
	EACH_##rows(SUMS)								\
											\
	for (uint64_t run = 0; run < depth->runs; run++) {				\
		EACH_##rows(BEGIN)							\
											\
		for (uint64_t k = 0; k < depth->groups; k++, b += DOTS_GROUP_BYTES * COLUMNS) {	\
			const __m512i *b_ = (const __m512i *)b;				\
			const __m512i b0 = _mm512_load_si512(b_);			\
			const __m512i b1 = _mm512_load_si512(b_ + 1);			\
			const __m512i b2 = _mm512_load_si512(b_ + 2);			\
			const __m512i b3 = _mm512_load_si512(b_ + 3);			\
											\
			_mm_prefetch(next, _MM_HINT_T1);				\
			next += DOTS_LINE_BYTES;					\
			EACH_##rows(ADD)						\
		}									\
	}										\
	EACH_##rows(STORE)								\
}

DEFINE_MULTIPLY(1)
DEFINE_MULTIPLY(2)
DEFINE_MULTIPLY(3)
DEFINE_MULTIPLY(4)
DEFINE_MULTIPLY(5)
DEFINE_MULTIPLY(6)

static void multiply(const struct dots_depth *depth, const char *const *row, const int8_t *b,
		     const struct dots_sums *sums)
{
	static void (*const by_rows[])(const struct dots_depth *depth, const char *const *row,
				       const int8_t *b, const struct dots_sums *sums) = {
		multiply_1, multiply_2, multiply_3, multiply_4, multiply_5, multiply_6,
	};

	by_rows[sums->rows - 1](depth, row, b, sums);
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
		.any_rows = true, .multiply = multiply,
	};

	return is_there() ? &way : NULL;
}
