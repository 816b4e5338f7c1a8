/* SPDX-License-Identifier: MIT */
#include "int8.h"

#include <errno.h>
#include <pthread.h>

#include "fp32.h"
#include "int8_pairs.h"
#include "number/clones.h"
#include "onednn.h"
#include "pairs.h"
#include "staging.h"

/* The longest sum whose size stays below 2^24: 514 * 255 * 128. */
#define BLOCK_DEPTH	514

/* Rows of A at a time, so that the fp32 copies stay small. */
#define BLOCK_ROWS	1024

struct block {
	float *a;
	float *b;
	float *c;
};

#define DEFINE_WIDEN(name, type)							\
TILE_CLONES static void widen_##name(const type *from, float *to, int64_t rows,		\
				     int64_t columns, int64_t pitch)			\
{											\
	for (int64_t row = 0; row < rows; row++)					\
		for (int64_t i = 0; i < columns; i++)					\
			to[row * columns + i] = (float)from[row * pitch + i];		\
}

DEFINE_WIDEN(s8, int8_t)
DEFINE_WIDEN(u8, uint8_t)

TILE_CLONES static void accumulate(const float *from, int32_t *to, int64_t count, bool add)
{
	for (int64_t i = 0; i < count; i++)
		to[i] = (int32_t)((uint32_t)(int32_t)from[i] + (add ? (uint32_t)to[i] : 0));
}

static int64_t min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int multiply_blocks(const struct block *block, int64_t m, int64_t n, int64_t k,
			   const uint8_t *a, const int8_t *b, int32_t *c)
{
	int ret = 0;

	for (int64_t at = 0; at < k; at += BLOCK_DEPTH) {
		int64_t depth = min(BLOCK_DEPTH, k - at);

		widen_s8(b + at * n, block->b, depth, n, n);
		for (int64_t row = 0; row < m; row += BLOCK_ROWS) {
			int64_t rows = min(BLOCK_ROWS, m - row);

			widen_u8(a + row * k + at, block->a, rows, depth, k);
			ret = fp32_matmul(rows, n, depth, block->a, block->b, block->c);
			if (ret)
				return ret;
			accumulate(block->c, c + row * n, rows * n, at > 0);
		}
	}
	return ret;
}

static int through_fp32(int64_t m, int64_t n, int64_t k, const uint8_t *a, const int8_t *b,
			int32_t *c)
{
	int64_t rows = min(m, BLOCK_ROWS);
	int64_t depth = min(k, BLOCK_DEPTH);
	struct block block = {
		.a = staging_get((size_t)(rows * depth) * sizeof(float)),
		.b = staging_get((size_t)(depth * n) * sizeof(float)),
		.c = staging_get((size_t)(rows * n) * sizeof(float)),
	};
	int ret = -ENOMEM;

	if (block.a && block.b && block.c)
		ret = multiply_blocks(&block, m, n, k, a, b, c);
	staging_put(block.a);
	staging_put(block.b);
	staging_put(block.c);
	return ret;
}

int int8_matmul(int64_t m, int64_t n, int64_t k, const uint8_t *a, const int8_t *b, int32_t *c)
{
	int ret = onednn_matmul(ONEDNN_U8S8, m, n, k, a, b, c);

	if (ret == -ENOTSUP)
		ret = int8_by_pairs(m, n, k, a, b, c);
	return ret == -ENOTSUP ? through_fp32(m, n, k, a, b, c) : ret;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool library_is_exact;

static void ask_library(void)
{
	static const uint8_t a[64];
	static const int8_t b[64];
	int32_t c;

	library_is_exact = !onednn_matmul(ONEDNN_U8S8, 1, 1, sizeof(a), a, b, &c);
}

bool int8_by_library(void)
{
	pthread_once(&once, ask_library);
	return library_is_exact;
}

const char *int8_way(void)
{
	if (int8_by_library())
		return "by its integer kernels";
	return pairs_way() ? "by pairs of 16 bits" : "by exact blocks of fp32";
}
