/* SPDX-License-Identifier: MIT */
#include "attention_rows.h"

#include <math.h>
#include <string.h>

#include <number/load.h>
#include <number/rounded.h>
#include <number/store.h>
#include <tsr_hw/error.h>

#include "number/clones.h"
#include "smaller.h"
#include "strict_product.h"

/* Sums of default mode beside each other. */
#define LANES	16u

void attention_rows_start(struct attention_rows *rows)
{
	for (uint64_t i = 0; i < rows->count; i++) {
		rows->max[i] = -INFINITY;
		rows->sum[i] = 0;
		rows->seen[i] = false;
	}
	if (rows->count && rows->width)
		memset(rows->sums, 0, rows->count * rows->width * sizeof(*rows->sums));
}

/* Keys of a block that a row sees: those in front of its limit. */
static uint64_t in_sight(const struct attention_rows *rows, uint64_t row, uint64_t first,
			 uint64_t n)
{
	int64_t left = rows->limit[row] - (int64_t)first;

	return left < 0 ? 0 : smaller((uint64_t)left, n);
}

/* What is not a number is no maximum: it makes its own weight one. */
static inline float greater(float score, float max)
{
	return score > max ? score : max;
}

/* Elements that all lanes have. */
static inline uint64_t in_lanes(uint64_t n)
{
	return n / LANES * LANES;
}

TILE_CLONES static float scale_scores(float *scores, float scale, uint64_t n)
{
	float most[LANES], max = -INFINITY;

	for (unsigned int j = 0; j < LANES; j++)
		most[j] = -INFINITY;
	for (uint64_t i = 0; i < in_lanes(n); i += LANES)
		for (unsigned int j = 0; j < LANES; j++) {
			scores[i + j] *= scale;
			most[j] = greater(scores[i + j], most[j]);
		}
	for (uint64_t i = in_lanes(n); i < n; i++) {
		scores[i] *= scale;
		max = greater(scores[i], max);
	}
	for (unsigned int j = 0; j < LANES; j++)
		max = greater(most[j], max);
	return max;
}

static float scale_allowed(float *scores, const uint8_t *allowed, float scale, uint64_t n,
			   bool *seen)
{
	float max = -INFINITY;

	for (uint64_t i = 0; i < n; i++) {
		scores[i] = allowed[i] ? scores[i] * scale : -INFINITY;
		*seen |= allowed[i];
		max = greater(scores[i], max);
	}
	return max;
}

TILE_CLONES static void subtract(float *scores, float max, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		scores[i] -= max;
}

TILE_CLONES static float sum_of(const float *values, uint64_t n)
{
	float sums[LANES] = { 0 };
	float sum = 0;

	for (uint64_t i = 0; i < in_lanes(n); i += LANES)
		for (unsigned int j = 0; j < LANES; j++)
			sums[j] += values[i + j];
	for (uint64_t i = in_lanes(n); i < n; i++)
		sums[i % LANES] += values[i];
	for (unsigned int j = 0; j < LANES; j++)
		sum += sums[j];
	return sum;
}

TILE_CLONES static void multiply(float *to, float factor, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] *= factor;
}

TILE_CLONES static void add(float *restrict to, const float *restrict from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] += from[i];
}

TILE_CLONES static void add_product(float *restrict to, const float *restrict row, float factor,
				    uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = fmaf(factor, row[i], to[i]);
}

static void round_weights(unsigned int type, float *weights, uint64_t n)
{
	_Alignas(64) float stored[ATTENTION_KEYS];

	if (type == TSR_HW_TYPE_FP32 || !n)
		return;
	number_store(NUMBER_F32, weights, type, 0, stored, n);
	number_load(type, stored, weights, n);
}

static const uint8_t *allowed_of(const struct attention_rows *rows, uint64_t row)
{
	return rows->allowed ? rows->allowed + row * ATTENTION_KEYS : NULL;
}

/* Scores of a row, scaled; -infinity those that are not allowed. Returns the greatest one. */
static float scale_row(struct attention_rows *rows, uint64_t row, float *scores, uint64_t n)
{
	const uint8_t *allowed = allowed_of(rows, row);

	if (allowed)
		return scale_allowed(scores, allowed, rows->scale, n, &rows->seen[row]);
	rows->seen[row] |= n != 0;
	return scale_scores(scores, rows->scale, n);
}

/* e^(score - max); a row that has only -infinity so far has only weights of 0. */
static void make_weights(float *scores, float max, uint64_t n)
{
	if (!n)
		return;
	if (max == -INFINITY) {
		for (uint64_t i = 0; i < n; i++)
			scores[i] = isnan(scores[i]) ? scores[i] : 0;
		return;
	}
	subtract(scores, max, n);
	number_exp(scores, n);
}

/* Default mode: what was summed so far is scaled to the new maximum. */
static void weigh_row(struct attention_rows *rows, uint64_t row, float *scores, uint64_t n)
{
	float max = scale_row(rows, row, scores, n);
	float before = rows->max[row];

	max = greater(max, before);
	make_weights(scores, max, n);
	if (max > before) {
		float factor = before - max;

		number_exp(&factor, 1);
		rows->sum[row] *= factor;
		multiply(rows->sums + row * rows->width, factor, rows->width);
		rows->max[row] = max;
	}
	rows->sum[row] += sum_of(scores, n);
	round_weights(rows->type, scores, n);
}

static void weigh_strictly(struct attention_rows *rows, enum attention_pass pass, uint64_t row,
			   float *scores, uint64_t n)
{
	float max = scale_row(rows, row, scores, n);

	if (pass == ATTENTION_MAX) {
		rows->max[row] = greater(max, rows->max[row]);
		return;
	}
	make_weights(scores, rows->max[row], n);
	for (uint64_t i = 0; i < n; i++) {
		if (pass == ATTENTION_SUM)
			rows->sum[row] += scores[i];
		else
			scores[i] /= rows->sum[row];
	}
	if (pass == ATTENTION_VALUES)
		round_weights(rows->type, scores, n);
}

static bool is_finite(const float *values, uint64_t n)
{
	int bad = 0;

	for (uint64_t i = 0; i < n; i++)
		bad |= !isfinite(values[i]);
	return !bad;
}

/* One key after another, without those that are not allowed. */
static void add_values(struct attention_rows *rows, uint64_t row, const float *scores, uint64_t n,
		       const float *values)
{
	const uint8_t *allowed = allowed_of(rows, row);

	for (uint64_t i = 0; i < n; i++)
		if (!allowed || allowed[i])
			add_product(rows->sums + row * rows->width, values + i * rows->width,
				    scores[i], rows->width);
}

/* All rows at once: weights of keys that are not allowed are 0. */
static int multiply_values(struct attention_rows *rows, uint64_t n, const float *values,
			   const struct tile_memory *memory)
{
	const struct strict_product product = {
		.m = rows->count, .n = rows->width, .k = n,
		.a = rows->scores, .lda = ATTENTION_KEYS,
		.b = values, .ldb = rows->width,
		.c = rows->part, .ldc = rows->width,
	};
	int error = strict_product(memory, &product);

	if (!error)
		add(rows->sums, rows->part, rows->count * rows->width);
	return error;
}

int attention_rows_add(struct attention_rows *rows, enum attention_pass pass, uint64_t first,
		       uint64_t n, const float *values, const struct tile_memory *memory)
{
	bool one_by_one = pass == ATTENTION_VALUES &&
			  (rows->strict || !is_finite(values, n * rows->width));

	for (uint64_t row = 0; row < rows->count; row++) {
		float *scores = rows->scores + row * ATTENTION_KEYS;
		uint64_t seen = in_sight(rows, row, first, n);

		if (rows->strict)
			weigh_strictly(rows, pass, row, scores, seen);
		else
			weigh_row(rows, row, scores, seen);
		for (uint64_t i = seen; i < n; i++)
			scores[i] = 0;
		if (one_by_one)
			add_values(rows, row, scores, seen, values);
	}
	if (one_by_one || pass != ATTENTION_VALUES)
		return TSR_HW_ERR_NONE;
	return multiply_values(rows, n, values, memory);
}

void attention_rows_end(struct attention_rows *rows)
{
	for (uint64_t row = 0; row < rows->count; row++) {
		float *sums = rows->sums + row * rows->width;
		bool empty = rows->seen[row] && rows->max[row] == -INFINITY;

		for (uint64_t i = 0; i < rows->width; i++) {
			if (!rows->seen[row])
				sums[i] = 0;
			else if (empty)
				sums[i] = NAN;
			else if (!rows->strict)
				sums[i] /= rows->sum[row];
		}
	}
}
