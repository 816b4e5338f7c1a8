/* SPDX-License-Identifier: MIT */
/* What comes from elsewhere than from numbers in registers: constants, places, moved bits. */
#include <string.h>

#include <number/philox.h>
#include <number/types.h>

#include "loops.h"

static void move(const struct vector_work *work)
{
	memcpy(work->d, work->a, work->n * number_class_size((enum number_class)work->type));
}

const struct vector_operation vector_operation_MOVE = {
	.loop = { [F32] = move, [I32] = move, [I64] = move, [BOOL] = move },
};

static void fill_32(void *to, uint32_t value, size_t n)
{
	uint32_t *d = to;

	for (size_t i = 0; i < n; i++)
		d[i] = value;
}

static void fill_64(void *to, uint64_t value, size_t n)
{
	uint64_t *d = to;

	for (size_t i = 0; i < n; i++)
		d[i] = value;
}

/* A constant's own bits, or those of the parameter it names. */
static uint64_t constant(const struct vector_work *work)
{
	uint64_t value = work->program->constants[work->imm];
	bool is_name = work->program->head.const_p >> work->imm & 1;

	return is_name ? work->setting->parameters[value] : value;
}

static void constant_32(const struct vector_work *work)
{
	fill_32(work->d, (uint32_t)constant(work), work->n);
}

static void constant_64(const struct vector_work *work)
{
	fill_64(work->d, constant(work), work->n);
}

static void constant_bool(const struct vector_work *work)
{
	memset(work->d, constant(work) & 1, work->n);
}

const struct vector_operation vector_operation_CONSTANT = {
	.loop = { [F32] = constant_32, [I32] = constant_32, [I64] = constant_64,
		  [BOOL] = constant_bool },
	.same_everywhere = true,
};

static void parameter(const struct vector_work *work)
{
	fill_64(work->d, work->setting->parameters[work->imm], work->n);
}

const struct vector_operation vector_operation_PARAMETER = {
	.loop = { [I64] = parameter },
	.same_everywhere = true,
};

static void tile(const struct vector_work *work)
{
	fill_64(work->d, work->setting->tile, work->n);
}

const struct vector_operation vector_operation_TILE = {
	.loop = { [I64] = tile },
	.same_everywhere = true,
};

/* Elements in a row of all dimensions inside of @axis. */
static uint64_t inside(const struct vector_work *work, unsigned int axis)
{
	uint64_t elements = 1;

	for (unsigned int i = axis + 1; i < work->program->rank; i++)
		elements *= work->setting->dims[i];
	return elements;
}

/*
 * The index stays for as many elements as lie inside, then steps, and begins again at the extent.
 */
static void index_of(const struct vector_work *work)
{
	uint64_t extent = work->setting->dims[work->imm];
	uint64_t run = inside(work, work->imm);
	uint64_t at = work->first / run % extent;
	uint64_t left = run - work->first % run;
	int64_t *d = work->d;

	for (size_t i = 0; i < work->n; i++) {
		d[i] = (int64_t)at;
		if (--left)
			continue;
		left = run;
		at = at + 1 == extent ? 0 : at + 1;
	}
}

const struct vector_operation vector_operation_INDEX = {
	.loop = { [I64] = index_of },
};

static void philox(const struct vector_work *work)
{
	number_philox(work->a, work->b, work->imm, work->d, work->n);
}

const struct vector_operation vector_operation_PHILOX = {
	.loop = { [I64] = philox },
};
