/* SPDX-License-Identifier: MIT */
#include "weights.h"

#include <string.h>

#include <number/clones.h>
#include <number/half.h>
#include <number/load.h>
#include <tsr_hw/error.h>

#include "execution.h"
#include "fingerprint.h"
#include "gather.h"
#include "list.h"
#include "parallel.h"
#include "quant.h"
#include "smaller.h"
#include "staging.h"
#include "tile.h"

/* Elements that a thread converts at a time: they stay in its cache. */
#define PIECE	8192u

/* Codes between two questions whether to give up. */
#define SLICE	(1ull << 24)

/* One loading, shared by threads. */
struct job {
	struct execution *execution;
	const struct weights_source *source;
	struct weights *weights;
	struct execution_flip flip;
	float *scale;		/* [blocks, n], or NULL */
	int64_t *zeros;		/* the same */
};

static uint64_t accumulator_size(const struct pairing *pairing)
{
	return number_class_size(pairing->value);
}

static unsigned int planes_of(const struct pairing *pairing)
{
	return pairing_is_exact(pairing) ? codes_planes(pairing->second) : 1;
}

uint64_t weights_staging(const struct pairing *pairing, uint64_t k, uint64_t n)
{
	/* Planes, zero points, terms; of scales at most one for each 32 elements or column. */
	return planes_of(pairing) * staging_size(k * n * pairing_size(pairing)) +
	       2 * staging_size(n * accumulator_size(pairing)) +
	       2 * staging_size((k / 32 + 1) * n * sizeof(int64_t));
}

/* ---- scales and zero points in memory ------------------------------------------- */

static int load_scales(struct job *job)
{
	const struct quant *quant = job->source->quant;
	const struct weights *weights = job->weights;
	uint64_t count = quant_blocks(weights->k, quant->block) * weights->n;
	int error;

	job->scale = staging_get(count * sizeof(float));
	if (!job->scale)
		return TSR_HW_ERR_ENGINE;
	error = list_real(job->execution, &job->source->scale, quant->scale.type, 0, count,
			  job->scale);
	if (error || !tensor_present(&quant->zeros))
		return error;
	job->zeros = staging_get(count * sizeof(int64_t));
	if (!job->zeros)
		return TSR_HW_ERR_ENGINE;
	return list_integers(job->execution, &job->source->zeros, quant->zeros.type, 0, count,
			     job->zeros);
}

/* ---- elements ------------------------------------------------------------------- */

/* Elements as stored, with the bit error that was asked for. */
static int take(const struct job *job, uint64_t first, uint64_t n, void *raw, uint64_t *fault)
{
	const struct view *view = &job->source->elements;
	int error = gather(job->execution->memory, view, first, n, raw, fault);

	if (!error && job->source->print)
		fingerprinting_take(job->source->print, first, raw, n);
	if (!error)
		execution_flip_weights(&job->flip, first * view->size, n * view->size, raw);
	return error;
}

static int load_codes(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	struct weights *weights = job->weights;
	_Alignas(64) int16_t raw[PIECE];
	int8_t *low = (int8_t *)weights->plane[0] + first;
	int8_t *high = weights->plane[1] ? (int8_t *)weights->plane[1] + first : NULL;
	int error = take(job, first, n, raw, fault);

	if (!error)
		codes_second(weights->pairing->second, raw, low, high, n);
	return error;
}

static int load_real(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	struct weights *weights = job->weights;
	_Alignas(64) float raw[PIECE];
	int error = take(job, first, n, raw, fault);

	if (!error)
		number_load(weights->pairing->second, raw, (float *)weights->plane[0] + first, n);
	return error;
}

/* Elements as stored are those of the plane. */
static bool is_as_stored(const struct pairing *pairing)
{
	return pairing->narrow || (!pairing->scaled && pairing->second == TSR_HW_TYPE_FP32);
}

static int load_as_stored(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	char *plane = job->weights->plane[0];

	return take(job, first, n, plane + first * pairing_size(job->weights->pairing), fault);
}

TILE_CLONES static void scale_real(float *values, const float *scale, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		values[i] *= scale[i];
}

/* @values are int32_t before. */
TILE_CLONES static void scale_codes(float *values, const float *scale, uint64_t n)
{
	const int32_t *codes = (const int32_t *)values;

	for (uint64_t i = 0; i < n; i++)
		values[i] = (float)codes[i] * scale[i];
}

TILE_CLONES static void scale_shifted(float *values, const float *scale, const int64_t *zeros,
				      uint64_t n)
{
	const int32_t *codes = (const int32_t *)values;

	for (uint64_t i = 0; i < n; i++)
		values[i] = (float)(codes[i] - zeros[i]) * scale[i];
}

/* To the values of the first operand's type. */
static void round_to(unsigned int type, float *values, uint64_t n)
{
	uint16_t halves[PIECE];

	switch (type) {
	case TSR_HW_TYPE_FP16:
		fp16_round(values, halves, n);
		fp16_expand(halves, values, n);
		break;
	case TSR_HW_TYPE_BF16:
		bf16_round(values, halves, n);
		bf16_expand(halves, values, n);
		break;
	}
}

/* @n elements of one row, from element number @first of the matrix on. */
static void scale_row(const struct job *job, uint64_t first, uint64_t n, float *values)
{
	const struct weights *weights = job->weights;
	uint64_t block = first / weights->n / job->source->quant->block;
	uint64_t at = block * weights->n + first % weights->n;

	if (number_class_of(weights->pairing->second) == NUMBER_F32)
		scale_real(values, job->scale + at, n);
	else if (job->zeros)
		scale_shifted(values, job->scale + at, job->zeros + at, n);
	else
		scale_codes(values, job->scale + at, n);
}

static int load_scaled(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	struct weights *weights = job->weights;
	float *values = (float *)weights->plane[0] + first;
	_Alignas(64) char raw[PIECE];
	int error = take(job, first, n, raw, fault);

	if (error)
		return error;
	number_load(weights->pairing->second, raw, values, n);
	for (uint64_t some, done = 0; done < n; done += some) {
		some = smaller(n - done, weights->n - (first + done) % weights->n);
		scale_row(job, first + done, some, values + done);
	}
	round_to(weights->pairing->first, values, n);
	return TSR_HW_ERR_NONE;
}

static int load_elements(struct job *job)
{
	struct weights *weights = job->weights;
	const struct pairing *pairing = weights->pairing;
	uint64_t count = weights->groups * weights->k * weights->n;

	job->flip = execution_take_weight_flip(job->execution, &job->source->elements, count);
	for (unsigned int i = 0; i < planes_of(pairing); i++) {
		weights->plane[i] = staging_get(count * pairing_size(pairing));
		if (!weights->plane[i])
			return TSR_HW_ERR_ENGINE;
	}
	return parallel_ranges(job->execution->memory, count, PIECE,
			       pairing_is_exact(pairing) ? load_codes :
			       pairing->scaled ? load_scaled :
			       is_as_stored(pairing) ? load_as_stored : load_real,
			       job, &job->execution->fault);
}

/* ---- zero points of integers ---------------------------------------------------- */

#define DEFINE_ADD(type)								\
TILE_CLONES static void add_##type(const int8_t *row, type *sums, type factor, uint64_t n)	\
{											\
	for (uint64_t i = 0; i < n; i++)						\
		sums[i] += (type)row[i] * factor;					\
}

DEFINE_ADD(uint32_t)
DEFINE_ADD(uint64_t)

static bool is_wide(const struct weights *weights)
{
	return weights->pairing->value == NUMBER_I64;
}

static int add_columns(const struct job *job, unsigned int plane)
{
	const struct tile_memory *memory = job->execution->memory;
	const struct weights *weights = job->weights;
	const int8_t *row = weights->plane[plane];
	uint64_t slice = SLICE / weights->n + 1;	/* rows */

	for (uint64_t i = 0; i < weights->groups * weights->k; i++, row += weights->n) {
		uint64_t column = i / weights->k * weights->n;

		if (i % slice == 0 && memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		if (is_wide(weights))
			add_uint64_t(row, (uint64_t *)weights->terms + column, 1ull << 8 * plane,
				     weights->n);
		else
			add_uint32_t(row, (uint32_t *)weights->terms + column, 1u, weights->n);
	}
	return TSR_HW_ERR_NONE;
}

static uint64_t columns_of(const struct weights *weights)
{
	return weights->groups * weights->n;
}

/* Zero points in codes. */
static void make_zeros(struct weights *weights, const int64_t *zeros, int64_t zero)
{
	int32_t offset = codes_second_offset(weights->pairing->second);

	for (uint64_t i = 0; i < columns_of(weights); i++) {
		uint64_t code = (uint64_t)(zeros ? zeros[i] : zero) - (uint64_t)(int64_t)offset;

		weights->has_zeros |= code != 0;
		if (is_wide(weights))
			((uint64_t *)weights->zeros)[i] = code;
		else
			((uint32_t *)weights->zeros)[i] = (uint32_t)code;
	}
}

static int load_column_zeros(struct job *job)
{
	const struct quant *quant = job->source->quant;

	if (quant->kind != TSR_HW_QUANT_ZEROS)
		return TSR_HW_ERR_NONE;
	job->zeros = staging_get(columns_of(job->weights) * sizeof(int64_t));
	if (!job->zeros)
		return TSR_HW_ERR_ENGINE;
	return list_integers(job->execution, &job->source->zeros, quant->zeros.type, 0,
			     columns_of(job->weights), job->zeros);
}

static int load_zeros(struct job *job)
{
	struct weights *weights = job->weights;
	int error = load_column_zeros(job);

	if (error)
		return error;
	weights->zeros = staging_get(columns_of(weights) * accumulator_size(weights->pairing));
	if (!weights->zeros)
		return TSR_HW_ERR_ENGINE;
	make_zeros(weights, job->zeros, job->source->quant->zero);
	return TSR_HW_ERR_NONE;
}

/* What a row's zero point multiplies. */
static int make_terms(struct job *job)
{
	struct weights *weights = job->weights;
	uint64_t bytes = columns_of(weights) * accumulator_size(weights->pairing);
	int error = TSR_HW_ERR_NONE;

	if (!weights->shifted)
		return error;
	weights->terms = staging_get(bytes);
	if (!weights->terms)
		return TSR_HW_ERR_ENGINE;
	memset(weights->terms, 0, bytes);
	for (unsigned int i = 0; !error && i < planes_of(weights->pairing); i++)
		error = add_columns(job, i);
	for (uint64_t i = 0; !error && weights->has_zeros && i < columns_of(weights); i++) {
		if (is_wide(weights))
			((uint64_t *)weights->terms)[i] -= weights->k *
							   ((uint64_t *)weights->zeros)[i];
		else
			((uint32_t *)weights->terms)[i] -= (uint32_t)weights->k *
							   ((uint32_t *)weights->zeros)[i];
	}
	return error;
}

/* ---- all of it ------------------------------------------------------------------ */

int weights_load(struct execution *execution, const struct weights_source *source,
		 struct weights *weights)
{
	struct job job = { .execution = execution, .source = source, .weights = weights };
	int error = TSR_HW_ERR_NONE;

	weights_free(weights);
	if (weights->pairing->scaled)
		error = load_scales(&job);
	if (!error)
		error = load_elements(&job);
	if (!error && pairing_is_exact(weights->pairing))
		error = load_zeros(&job);
	if (!error && pairing_is_exact(weights->pairing))
		error = make_terms(&job);
	staging_put(job.scale);
	staging_put(job.zeros);
	return error;
}

void weights_free(struct weights *weights)
{
	for (unsigned int i = 0; i < CODES_PLANES; i++) {
		staging_put(weights->plane[i]);
		weights->plane[i] = NULL;
	}
	staging_put(weights->zeros);
	staging_put(weights->terms);
	weights->zeros = NULL;
	weights->terms = NULL;
	weights->has_zeros = false;
}
