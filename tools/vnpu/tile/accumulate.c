/* SPDX-License-Identifier: MIT */
#include "accumulate.h"

#include <string.h>

#include <number/clones.h>
#include <number/load.h>
#include <tsr_hw/error.h>
#include <tsr_hw/vector.h>

#include "block_run.h"
#include "execution.h"
#include "gather.h"
#include "matmul.h"
#include "matmul_kinds.h"
#include "parallel.h"
#include "smaller.h"
#include "staging.h"
#include "strict_product.h"
#include "tile.h"
#include "weights.h"

/*
 * One chunk of rows: buffers that a cache can hold, but enough rows to make up for packing
 * the weights as long as they do not take too much memory, nor products too much time: from
 * CHUNK_LEAST rows on these are cut otherwise. One row is always worked on.
 */
#define CHUNK_BYTES	(8ull << 20)
#define CHUNK_ROWS	256u
#define CHUNK_MOST	(32ull << 20)
#define CHUNK_LEAST	64u

/*
 * Of a kind whose products are cut by columns where they lie: the library computes wide products of
 * few rows at half the rate of square ones where it has no AVX-512.
 */
#define CHUNK_SQUARE	512u

/* Elements that a thread works on at a time; what it makes of them stays in its cache. */
#define PIECE		4096u

/* Terms of 255 * 128 whose sum is an int32. */
#define EXACT_DEPTH	65536u

static unsigned int planes_of(const struct pairing *pairing)
{
	return pairing_is_exact(pairing) ? codes_planes(pairing->first) : 1;
}

/* ---- rows ----------------------------------------------------------------------- */

bool rows_shifted(const struct pairing *pairing, int64_t zero, bool has_zeros)
{
	return pairing_is_exact(pairing) &&
	       (has_zeros || zero + codes_first_offset(pairing->first));
}

int rows_get(const struct pairing *pairing, uint64_t n, struct rows *rows)
{
	*rows = (struct rows){ 0 };
	for (unsigned int i = 0; i < planes_of(pairing); i++) {
		rows->plane[i] = staging_get(n * pairing_size(pairing));
		if (!rows->plane[i])
			return TSR_HW_ERR_ENGINE;
	}
	return TSR_HW_ERR_NONE;
}

void rows_put(struct rows *rows)
{
	for (unsigned int i = 0; i < CODES_PLANES; i++) {
		staging_put(rows->plane[i]);
		rows->plane[i] = NULL;
	}
}

struct loading {
	const struct execution *execution;
	const struct pairing *pairing;
	const struct view *view;
	uint64_t first;
	struct rows *rows;
};

static int load_codes(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct loading *loading = context;
	struct rows *rows = loading->rows;
	_Alignas(64) char raw[GATHER_BLOCK];
	uint8_t *high = rows->plane[1] ? (uint8_t *)rows->plane[1] + first : NULL;
	int error = gather(loading->execution->memory, loading->view, loading->first + first, n,
			   raw, fault);

	if (!error)
		codes_first(loading->pairing->first, raw, (uint8_t *)rows->plane[0] + first, high,
			    n);
	return error;
}

static int load_real(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct loading *loading = context;
	_Alignas(64) char raw[GATHER_BLOCK];
	int error = gather(loading->execution->memory, loading->view, loading->first + first, n,
			   raw, fault);

	if (!error)
		number_load(loading->pairing->first, raw,
			    (float *)loading->rows->plane[0] + first, n);
	return error;
}

int rows_load(struct execution *execution, const struct pairing *pairing, const struct view *view,
	      uint64_t first, uint64_t n, struct rows *rows)
{
	struct loading loading = { execution, pairing, view, first, rows };
	bool as_stored = pairing->first == TSR_HW_TYPE_FP32 ||
			 pairing->first == TSR_HW_TYPE_UINT8 || pairing->narrow;

	if (as_stored)
		return execution_load(execution, view, first, n, rows->plane[0]);
	return parallel_ranges(execution->memory, n, GATHER_BLOCK / sizeof(float),
			       pairing_is_exact(pairing) ? load_codes : load_real, &loading,
			       &execution->fault);
}

/* ---- memory --------------------------------------------------------------------- */

static uint64_t bytes_of_row(const struct pairing *pairing, uint64_t k, uint64_t n)
{
	return k * planes_of(pairing) * pairing_size(pairing) +
	       n * number_class_size(pairing->value);
}

/* Rows from which on products are cut otherwise. */
static uint64_t least_rows(const struct pairing *pairing, uint64_t weights)
{
	bool cut = !pairing_is_exact(pairing) && !pairing->narrow;

	return cut && weights <= MATMUL_COLUMNS_WEIGHTS ? CHUNK_SQUARE : CHUNK_LEAST;
}

uint64_t accumulate_rows(const struct pairing *pairing, uint64_t k, uint64_t n, uint64_t rows)
{
	uint64_t row = bytes_of_row(pairing, k, n);
	uint64_t chunk = row ? CHUNK_BYTES / row : rows;

	if (row && chunk < CHUNK_ROWS)
		chunk = smaller(CHUNK_ROWS, CHUNK_MOST / row);
	/* matmul() multiplies chunks where they lie, and copies parts of most larger ones. */
	if (n && k)
		chunk = smaller(chunk, larger(MATMUL_BLOCK_MACS / n / k,
					      least_rows(pairing, n * k)));
	chunk = smaller(chunk, rows);
	return chunk ? chunk : 1;
}

uint64_t accumulate_staging(const struct pairing *pairing, uint64_t k, uint64_t n, uint64_t rows)
{
	uint64_t chunk = accumulate_rows(pairing, k, n, rows);
	uint64_t depth = smaller(k, EXACT_DEPTH);
	uint64_t products = matmul_staging(chunk, n, k);
	uint64_t wide = staging_size(chunk * n * sizeof(int32_t)) + staging_size(chunk * depth);

	/*
	 * Weights; rows, their sums and zero points; accumulators, and parts of wide ones. What is
	 * narrow may have to become fp32.
	 */
	return weights_staging(pairing, k, n) +
	       planes_of(pairing) * staging_size(chunk * k * pairing_size(pairing)) +
	       2 * staging_size(chunk * sizeof(int64_t)) +
	       staging_size(chunk * n * number_class_size(pairing->value)) +
	       (pairing->value == NUMBER_I64 ? wide : 0) + (pairing->narrow ? 2 : 1) * products;
}

/* ---- sums of products ----------------------------------------------------------- */

TILE_CLONES static void add_wide(uint64_t *to, const int32_t *from, unsigned int shift, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] += (uint64_t)(int64_t)from[i] << shift;
}

/* A product of two planes in parts whose sums are exact. */
static int add_planes(const struct execution *execution, const struct weights *weights,
		      const struct rows *rows, unsigned int first, unsigned int second,
		      int32_t *part, uint8_t *cut, uint64_t *acc)
{
	const uint8_t *a = rows->plane[first];
	const int8_t *b = weights->plane[second];
	int error = TSR_HW_ERR_NONE;

	for (uint64_t depth, at = 0; !error && at < weights->k; at += depth) {
		depth = smaller(weights->k - at, EXACT_DEPTH);
		for (uint64_t row = 0; cut && row < rows->count; row++)
			memcpy(cut + row * depth, a + row * weights->k + at, depth);
		error = matmul(&matmul_int8, execution->memory, rows->count, weights->n, depth,
			       cut ? cut : a, b + at * weights->n, part);
		if (!error)
			add_wide(acc, part, 8 * (first + second), rows->count * weights->n);
	}
	return error;
}

static int multiply_wide(const struct execution *execution, const struct weights *weights,
			 const struct rows *rows, uint64_t *acc)
{
	bool cuts = weights->k > EXACT_DEPTH;
	int32_t *part = staging_get(rows->count * weights->n * sizeof(*part));
	uint8_t *cut = cuts ? staging_get(rows->count * EXACT_DEPTH) : NULL;
	int error = part && (cut || !cuts) ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;

	if (!error)
		memset(acc, 0, rows->count * weights->n * sizeof(*acc));
	for (unsigned int i = 0; i < codes_planes(weights->pairing->first); i++)
		for (unsigned int k = 0; !error && k < codes_planes(weights->pairing->second); k++)
			error = add_planes(execution, weights, rows, i, k, part, cut, acc);
	staging_put(part);
	staging_put(cut);
	return error;
}

static int multiply_real(const struct execution *execution, const struct weights *weights,
			 const struct rows *rows, float *acc)
{
	const struct strict_product strict = {
		.m = rows->count, .n = weights->n, .k = weights->k,
		.a = rows->plane[0], .lda = weights->k,
		.b = weights->plane[0], .ldb = weights->n,
		.c = acc, .ldc = weights->n, .order = weights->order,
	};

	if (execution->strict)
		return strict_product(execution->memory, &strict);
	if (weights->pairing->narrow)
		return matmul(&matmul_bf16, execution->memory, rows->count, weights->n, weights->k,
			      rows->plane[0], weights->plane[0], acc);
	return matmul(&matmul_fp32, execution->memory, rows->count, weights->n, weights->k,
		      rows->plane[0], weights->plane[0], acc);
}

static int multiply(const struct execution *execution, const struct weights *weights,
		    const struct rows *rows, void *acc)
{
	const struct pairing *pairing = weights->pairing;

	if (!weights->k) {
		memset(acc, 0, rows->count * weights->n * number_class_size(pairing->value));
		return TSR_HW_ERR_NONE;
	}
	if (pairing->value == NUMBER_I64)
		return multiply_wide(execution, weights, rows, acc);
	if (!pairing_is_exact(pairing))
		return multiply_real(execution, weights, rows, acc);
	return matmul(&matmul_int8, execution->memory, rows->count, weights->n, weights->k,
		      rows->plane[0], weights->plane[0], acc);
}

/* ---- zero points ---------------------------------------------------------------- */

TILE_CLONES static uint64_t sum_bytes(const uint8_t *bytes, uint64_t n)
{
	uint64_t sum = 0;

	while (n) {
		uint64_t some = smaller(n, 1u << 20);
		uint32_t part = 0;

		for (uint64_t i = 0; i < some; i++)
			part += bytes[i];
		sum += part;
		bytes += some;
		n -= some;
	}
	return sum;
}

/* Codes of each row together, for the zero points of columns. */
static void sum_rows(const struct weights *weights, const struct rows *rows, uint64_t *sums)
{
	for (uint64_t row = 0; row < rows->count; row++) {
		sums[row] = 0;
		for (unsigned int i = 0; i < codes_planes(weights->pairing->first); i++)
			sums[row] += sum_bytes((const uint8_t *)rows->plane[i] + row * weights->k,
					       weights->k) << 8 * i;
	}
}

/*
 * sum (a - za)(b - zb) = sum ab - za (sum b - k zb) - zb sum a, modulo 2^32 or 2^64. What is in
 * brackets are the weights' terms.
 */
#define DEFINE_SUBTRACT(type)								\
TILE_CLONES static void subtract_##type(const type *from, const type *by, type times,	\
					type *to, uint64_t n)				\
{											\
	for (uint64_t i = 0; i < n; i++)						\
		to[i] = from[i] - by[i] * times;					\
}

DEFINE_SUBTRACT(uint32_t)
DEFINE_SUBTRACT(uint64_t)

static void subtract(const struct weights *weights, const void *from, const void *by,
		     uint64_t column, uint64_t times, void *to, uint64_t n)
{
	if (weights->pairing->value == NUMBER_I64)
		subtract_uint64_t(from, (const uint64_t *)by + column, times, to, n);
	else
		subtract_uint32_t(from, (const uint32_t *)by + column, (uint32_t)times, to, n);
}

/* ---- to the output -------------------------------------------------------------- */

struct job {
	const struct weights *weights;
	const struct rows *rows;
	struct block_run *run;
	char *acc;
	uint64_t *sums;		/* of rows, or NULL */
	uint64_t first;
	uint64_t pitch;
};

static bool corrects(const struct job *job)
{
	return job->sums || job->weights->terms;
}

/* @n accumulators of one row, the first one number @at of the chunk, less their zero points. */
static void correct(const struct job *job, uint64_t at, uint64_t n, void *to)
{
	const struct weights *weights = job->weights;
	const struct rows *rows = job->rows;
	const void *from = job->acc + at * number_class_size(weights->pairing->value);
	uint64_t row = at / weights->n, column = at % weights->n;

	if (weights->terms) {
		uint64_t zero = (uint64_t)(rows->zeros ? rows->zeros[row] : rows->zero);

		zero += (uint64_t)codes_first_offset(weights->pairing->first);
		subtract(weights, from, weights->terms, column, zero, to, n);
		from = to;
	}
	if (job->sums)
		subtract(weights, from, weights->zeros, column, job->sums[row], to, n);
}

/* A part of one row. */
static int finish_row(const struct job *job, uint64_t at, uint64_t n, void *buffer, uint64_t *fault)
{
	uint64_t columns = job->weights->n;
	char *values = job->acc + at * number_class_size(job->weights->pairing->value);

	if (corrects(job)) {
		correct(job, at, n, buffer);
		values = buffer;
	}
	return block_range(job->run, job->first + at / columns * job->pitch + at % columns, n,
			   values, fault);
}

/* Rows that follow each other in the output are one range. */
static int finish_whole(const struct job *job, uint64_t at, uint64_t n, void *buffer,
			uint64_t *fault)
{
	uint64_t columns = job->weights->n;
	uint64_t size = number_class_size(job->weights->pairing->value);

	if (!corrects(job))
		return block_range(job->run, job->first + at, n, job->acc + at * size, fault);
	for (uint64_t some, done = 0; done < n; done += some) {
		some = smaller(n - done, columns - (at + done) % columns);
		correct(job, at + done, some, (char *)buffer + done * size);
	}
	return block_range(job->run, job->first + at, n, buffer, fault);
}

static int finish(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	uint64_t columns = job->weights->n;
	_Alignas(64) int64_t buffer[PIECE];
	int error = TSR_HW_ERR_NONE;

	if (job->pitch == columns)
		return finish_whole(job, at, n, buffer, fault);
	for (uint64_t some; !error && n; at += some, n -= some) {
		some = smaller(n, columns - at % columns);
		error = finish_row(job, at, some, buffer, fault);
	}
	return error;
}

int accumulate_store(struct execution *execution, const struct weights *weights,
		     const struct rows *rows, void *acc, struct block_run *run, uint64_t first,
		     uint64_t pitch)
{
	struct job job = { .weights = weights, .rows = rows, .run = run, .acc = acc,
			   .first = first, .pitch = pitch };
	int error;

	if (weights->has_zeros) {
		job.sums = staging_get(rows->count * sizeof(*job.sums));
		if (!job.sums)
			return TSR_HW_ERR_ENGINE;
		sum_rows(weights, rows, job.sums);
	}
	error = parallel_ranges(execution->memory, rows->count * weights->n, PIECE, finish, &job,
				&execution->fault);
	staging_put(job.sums);
	return error;
}

int accumulate(struct execution *execution, const struct weights *weights, const struct rows *rows,
	       struct block_run *run, uint64_t first, uint64_t pitch)
{
	uint64_t count = rows->count * weights->n;
	void *acc = staging_get(count * number_class_size(weights->pairing->value));
	int error = acc ? multiply(execution, weights, rows, acc) : TSR_HW_ERR_ENGINE;

	if (!error)
		error = accumulate_store(execution, weights, rows, acc, run, first, pitch);
	staging_put(acc);
	return error;
}
