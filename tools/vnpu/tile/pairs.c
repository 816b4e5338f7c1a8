/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <string.h>

#include <oneapi/dnnl/dnnl.h>

#include <number/clones.h>

#include "smaller.h"

/* Pairs of a panel that are worked on together: 12 KiB. */
#define DEPTH_PAIRS	384u

static uint64_t pairs_of(const struct pairs *pairs)
{
	return (pairs->length + 1) / 2;
}

uint64_t pairs_panel(const struct pairs *pairs)
{
	return pairs->runs * pairs_of(pairs) * 2 * PAIRS_COLUMNS;
}

uint64_t pairs_panels(const struct pairs *pairs)
{
	return (pairs->columns + PAIRS_COLUMNS - 1) / PAIRS_COLUMNS;
}

uint64_t pairs_packed(const struct pairs *pairs)
{
	return pairs_panels(pairs) * pairs_panel(pairs);
}

/* ---- second operands ------------------------------------------------------------ */

/* Two rows of a panel, column by column. */
TILE_CLONES static void interleave(const int8_t *a, const int8_t *b, int8_t *to)
{
	for (unsigned int i = 0; i < PAIRS_COLUMNS; i++) {
		to[2 * i] = a[i];
		to[2 * i + 1] = b[i];
	}
}

/* A row of a panel; columns behind the last one are 0. */
static const int8_t *row_of(const int8_t *b, uint64_t columns, int8_t room[PAIRS_COLUMNS])
{
	if (columns >= PAIRS_COLUMNS)
		return b;
	memset(room, 0, PAIRS_COLUMNS);
	memcpy(room, b, columns);
	return room;
}

/* An odd run ends with a row of zeros. */
static void pack_run(const struct pairs *pairs, const int8_t *b, uint64_t columns, int8_t *to)
{
	static const int8_t zeros[PAIRS_COLUMNS];
	int8_t room[2][PAIRS_COLUMNS];

	for (uint64_t k = 0; k < pairs->length; k += 2, to += 2 * PAIRS_COLUMNS) {
		const int8_t *at = b + k * pairs->columns;

		interleave(row_of(at, columns, room[0]),
			   k + 1 < pairs->length ? row_of(at + pairs->columns, columns, room[1]) : zeros,
			   to);
	}
}

void pairs_pack(const struct pairs *pairs, const int8_t *b, uint64_t first, uint64_t panels,
		int8_t *packed)
{
	uint64_t run = pairs_of(pairs) * 2 * PAIRS_COLUMNS;

	packed += first * pairs_panel(pairs);
	for (uint64_t panel = first; panel < first + panels; panel++) {
		uint64_t column = panel * PAIRS_COLUMNS;

		for (uint64_t i = 0; i < pairs->runs; i++, packed += run)
			pack_run(pairs, b + i * pairs->length * pairs->columns + column,
				 pairs->columns - column, packed);
	}
}

/* ---- products ------------------------------------------------------------------- */

/*
 * A part of k.
 * @at: of its runs
 * @first: element of each run that it begins with
 * @pairs: of each run
 * @adds: to the sums that there are
 */
struct depth {
	const uint64_t *at;
	uint64_t runs;
	uint64_t first;
	uint64_t pairs;
	bool adds;
};

#ifdef __x86_64__

#include <immintrin.h>

/* The library's highest instruction set is that of the processor and of the environment. */
bool pairs_exist(void)
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
		memcpy(&pair_, at##i + 2 * k, sizeof(pair_));				\
		low##i = add_pairs(low##i, _mm256_set1_epi32(pair_), b_low);		\
		high##i = add_pairs(high##i, _mm256_set1_epi32(pair_), b_high);		\
	} while (0)
#define LOAD(i, half)									\
	(depth->adds ? _mm256_loadu_si256((const __m256i *)(c + i * pitch) + half) :	\
		       _mm256_setzero_si256())
#define STORE(i)									\
	do {										\
		_mm256_storeu_si256((__m256i *)(c + i * pitch), low##i);		\
		_mm256_storeu_si256((__m256i *)(c + i * pitch) + 1, high##i);		\
	} while (0)

/* A whole tile: twelve sums stay in registers. */
static __attribute__((target("avx2"))) void multiply_tile(
	const struct depth *depth, const int16_t *const row[PAIRS_ROWS], const int8_t *b,
	int32_t *c, uint64_t pitch)
{
	__m256i low0 = LOAD(0, 0), high0 = LOAD(0, 1);
	__m256i low1 = LOAD(1, 0), high1 = LOAD(1, 1);
	__m256i low2 = LOAD(2, 0), high2 = LOAD(2, 1);
	__m256i low3 = LOAD(3, 0), high3 = LOAD(3, 1);
	__m256i low4 = LOAD(4, 0), high4 = LOAD(4, 1);
	__m256i low5 = LOAD(5, 0), high5 = LOAD(5, 1);

	for (uint64_t i = 0; i < depth->runs; i++) {
		uint64_t start = depth->at[i] + depth->first;
		const int16_t *at0 = row[0] + start;
		const int16_t *at1 = row[1] + start;
		const int16_t *at2 = row[2] + start;
		const int16_t *at3 = row[3] + start;
		const int16_t *at4 = row[4] + start;
		const int16_t *at5 = row[5] + start;

#pragma GCC unroll 2
		for (uint64_t k = 0; k < depth->pairs; k++, b += 2 * PAIRS_COLUMNS) {
			const __m256i b_low = _mm256_cvtepi8_epi16(_mm_load_si128((const __m128i *)b));
			const __m256i b_high = _mm256_cvtepi8_epi16(_mm_load_si128((const __m128i *)b + 1));

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

bool pairs_exist(void)
{
	return false;
}

static void multiply_tile(const struct depth *depth, const int16_t *const row[PAIRS_ROWS],
			  const int8_t *b, int32_t *c, uint64_t pitch)
{
	(void)depth, (void)row, (void)b, (void)c, (void)pitch;
}

#endif

/* A tile that has fewer rows or columns: the last row stands for those that there are not. */
static void multiply_part(const struct depth *depth, const int16_t *const *row, uint64_t rows,
			  const int8_t *b, uint64_t columns, int32_t *c, uint64_t pitch)
{
	_Alignas(64) int32_t tile[PAIRS_ROWS * PAIRS_COLUMNS] = { 0 };
	const int16_t *all[PAIRS_ROWS];

	for (unsigned int i = 0; i < PAIRS_ROWS; i++)
		all[i] = row[smaller(i, rows - 1)];
	for (uint64_t i = 0; depth->adds && i < rows; i++)
		memcpy(tile + i * PAIRS_COLUMNS, c + i * pitch, columns * sizeof(*c));
	multiply_tile(depth, all, b, tile, PAIRS_COLUMNS);
	for (uint64_t i = 0; i < rows; i++)
		memcpy(c + i * pitch, tile + i * PAIRS_COLUMNS, columns * sizeof(*c));
}

static void multiply_depth(const struct depth *depth, const int16_t *const *row, uint64_t rows,
			   const int8_t *b, uint64_t columns, int32_t *c, uint64_t pitch)
{
	for (uint64_t at = 0; at < rows; at += PAIRS_ROWS) {
		uint64_t some = smaller(PAIRS_ROWS, rows - at);

		if (some == PAIRS_ROWS && columns == PAIRS_COLUMNS)
			multiply_tile(depth, row + at, b, c + at * pitch, pitch);
		else
			multiply_part(depth, row + at, some, b, columns, c + at * pitch, pitch);
	}
}

/* Parts of a run, or several runs: what of a panel stays in the first cache for all rows. */
static void multiply_panel(const struct pairs *pairs, const int16_t *const *row, uint64_t rows,
			   const int8_t *b, uint64_t columns, int32_t *c, uint64_t pitch)
{
	uint64_t run = pairs_of(pairs), most = run < DEPTH_PAIRS ? DEPTH_PAIRS / run : 1;
	struct depth depth = { .adds = false };

	for (uint64_t i = 0; i < pairs->runs; i += depth.runs) {
		depth.at = pairs->at + i;
		depth.runs = smaller(most, pairs->runs - i);
		for (uint64_t k = 0; k < run; k += depth.pairs) {
			depth.first = 2 * k;
			depth.pairs = smaller(DEPTH_PAIRS, run - k);
			multiply_depth(&depth, row, rows, b, columns, c, pitch);
			b += depth.runs * depth.pairs * 2 * PAIRS_COLUMNS;
			depth.adds = true;
		}
	}
}

void pairs_multiply(const struct pairs *pairs, const int16_t *const *row, uint64_t rows,
		    const int8_t *packed, uint64_t columns, int32_t *c, uint64_t pitch)
{
	for (uint64_t at = 0; at < columns; at += PAIRS_COLUMNS) {
		multiply_panel(pairs, row, rows, packed, smaller(PAIRS_COLUMNS, columns - at),
			       c + at, pitch);
		packed += pairs_panel(pairs);
	}
}
