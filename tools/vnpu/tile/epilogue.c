/* SPDX-License-Identifier: MIT */
#include "epilogue.h"

#include <tsr_hw/error.h>

#include "convert.h"
#include "execution.h"
#include "gather.h"
#include "number/clones.h"
#include "parallel.h"
#include "scaled_tensor.h"
#include "smaller.h"
#include "tile.h"

/* Elements a thread works on at a time; three arrays of them stay in its cache. */
#define BLOCK 4096u

struct job {
	struct execution *execution;
	const struct finish *finish;
	char *acc;
	const int32_t *row_offset;
	uint64_t first;			/* number in @out of the range's first element */
	struct activation limits;	/* in units of the output */
};

static int decode_residual(const struct tile_request *request,
			   const struct tsr_hw_epilogue *raw, const struct tensor *d,
			   bool integer, struct epilogue *epilogue)
{
	uint32_t types = integer ? TYPES_INT8 | TYPE_BIT(TSR_HW_TYPE_FP32) : TYPES_FP;
	int error = scaled_tensor_decode_optional(request, &raw->residual, types, 0,
					   &epilogue->residual);

	if (error || !tensor_present(&epilogue->residual))
		return error;
	if (d->type == TSR_HW_TYPE_INT32 || !tensor_same_shape(&epilogue->residual, d))
		return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

static int decode_bias(const struct tile_request *request, const struct tsr_hw_scaled_tensor *raw,
		       uint64_t channels, bool integer, struct tensor *bias)
{
	uint32_t type = integer ? TSR_HW_TYPE_INT32 : TSR_HW_TYPE_FP32;
	int error = scaled_tensor_decode_optional(request, raw, TYPE_BIT(type), TENSOR_ACC, bias);

	if (error || !tensor_present(bias))
		return error;
	return bias->rank == 1 && bias->dim[0] == channels ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

int epilogue_decode(const struct tile_request *request, const struct tsr_hw_epilogue *raw,
		    const struct tensor *d, uint64_t channels, bool integer,
		    struct epilogue *epilogue)
{
	int error;

	if (raw->mbz)
		return TSR_HW_ERR_COMMAND;
	error = activation_decode(raw->activation, raw->alpha, raw->beta, &epilogue->activation);
	if (!error && d->type == TSR_HW_TYPE_INT32 && epilogue->activation.kind)
		error = TSR_HW_ERR_COMMAND;
	if (!error)
		error = decode_bias(request, &raw->bias, channels, integer, &epilogue->bias);
	return error ? error : decode_residual(request, raw, d, integer, epilogue);
}

uint64_t epilogue_bytes(const struct epilogue *epilogue)
{
	return tensor_bytes(&epilogue->bias) + tensor_bytes(&epilogue->residual);
}

TILE_CLONES static void scale_row(const int32_t *acc, const int32_t *offset, int32_t row,
				  const float *multiplier, float *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		uint32_t sum = (uint32_t)acc[i] + (uint32_t)offset[i] - (uint32_t)row;

		to[i] = (float)(int32_t)sum * multiplier[i];
	}
}

TILE_CLONES static void offset_row(const int32_t *acc, const int32_t *offset, int32_t row,
				   int32_t *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = (int32_t)((uint32_t)acc[i] + (uint32_t)offset[i] - (uint32_t)row);
}

TILE_CLONES static void bias_row(const float *acc, const float *bias, float *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = acc[i] + bias[i];
}

static void copy_row(const float *acc, float *to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = acc[i];
}

/* @n accumulators of one row, from @channel on; @at counts from the range's start. */
static void finish_part(const struct job *job, uint64_t at, uint64_t channel, uint64_t n,
			float *to)
{
	const struct finish *finish = job->finish;
	const int32_t *acc = (const int32_t *)job->acc + at;
	int32_t row = job->row_offset ? job->row_offset[at / finish->channels] : 0;

	if (!finish->integer && finish->bias)
		bias_row((const float *)acc, finish->bias + channel, to, n);
	else if (!finish->integer)
		copy_row((const float *)acc, to, n);
	else if (finish->d->type == TSR_HW_TYPE_INT32)
		offset_row(acc, finish->offset + channel, row, (int32_t *)to, n);
	else
		scale_row(acc, finish->offset + channel, row, finish->multiplier + channel, to, n);
}

static void finish_block(const struct job *job, uint64_t at, uint64_t count, float *to)
{
	uint64_t channels = job->finish->channels;

	while (count) {
		uint64_t channel = at % channels;
		uint64_t n = smaller(count, channels - channel);

		finish_part(job, at, channel, n, to);
		at += n;
		to += n;
		count -= n;
	}
}

TILE_CLONES static void add(float *to, const float *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] += from[i];
}

TILE_CLONES static void add_divided(float *to, const float *from, float by, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] += from[i] / by;
}

/* Scale of the output; floating point is in its own units. */
static float unit_of(const struct tensor *d)
{
	return type_is_fp(d->type) ? 1.0f : d->scale;
}

static int add_residual(const struct job *job, uint64_t first, uint64_t n, float *to,
			uint64_t *fault)
{
	const struct finish *finish = job->finish;
	struct tensor residual = finish->epilogue->residual;
	_Alignas(64) float raw[BLOCK];
	_Alignas(64) float values[BLOCK];
	int error = gather(job->execution->memory, &finish->residual, first, n, raw, fault);

	if (error)
		return error;
	/* fl((q - z) * fl(sr / sd)): the ratio is rounded before it multiplies. */
	residual.scale = residual.scale / unit_of(finish->d);
	convert_load(&residual, raw, values, n);
	if (type_is_fp(residual.type) && !type_is_fp(finish->d->type))
		add_divided(to, values, finish->d->scale, n);
	else
		add(to, values, n);
	return TSR_HW_ERR_NONE;
}

static int finish_range(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct finish *finish = job->finish;
	uint64_t first = job->first + at;
	_Alignas(64) float values[BLOCK];
	_Alignas(64) float out[BLOCK];
	int error = TSR_HW_ERR_NONE;

	finish_block(job, at, n, values);
	if (finish->d->type == TSR_HW_TYPE_INT32)
		return execution_store(job->execution, &finish->out, finish->base, first, n,
				       values, fault);
	if (tensor_present(&finish->epilogue->residual))
		error = add_residual(job, first, n, values, fault);
	if (error)
		return error;
	activation_apply(&job->limits, values, n);
	convert_quantize(finish->d, values, out, n);
	return execution_store(job->execution, &finish->out, finish->base, first, n, out, fault);
}

/* fp32 accumulators that are the output already. */
static int store_range(void *context, uint64_t at, uint64_t n, uint64_t *fault)
{
	const struct job *job = context;
	const struct finish *finish = job->finish;

	return execution_store(job->execution, &finish->out, finish->base, job->first + at, n,
			       (float *)job->acc + at, fault);
}

static bool is_plain(const struct finish *finish)
{
	return !finish->integer && !finish->bias && finish->d->type == TSR_HW_TYPE_FP32 &&
	       !tensor_present(&finish->epilogue->residual) &&
	       !finish->epilogue->activation.kind;
}

int finish_rows(struct execution *execution, const struct finish *finish, void *acc,
		const int32_t *row_offset, uint64_t first_row, uint64_t rows)
{
	struct job job = {
		.execution = execution,
		.finish = finish,
		.acc = acc,
		.row_offset = row_offset,
		.first = first_row * finish->channels,
		.limits = finish->epilogue->activation,
	};

	if (is_plain(finish))
		return parallel_ranges(execution->memory, rows * finish->channels,
				       GATHER_BLOCK / sizeof(float), store_range, &job,
				       &execution->fault);
	job.limits.alpha /= unit_of(finish->d);
	job.limits.beta /= unit_of(finish->d);
	return parallel_ranges(execution->memory, rows * finish->channels, BLOCK, finish_range,
			       &job, &execution->fault);
}
