/* SPDX-License-Identifier: MIT */
/* Other types, and roundings through them: the rules are those of storing. */
#include <number/load.h>
#include <number/rescale.h>
#include <number/store.h>

#include "loops.h"

/* What a register's elements are when they are stored without loss. */
static const unsigned int stored_as[] = {
	[NUMBER_F32] = TSR_HW_TYPE_FP32,
	[NUMBER_I32] = TSR_HW_TYPE_INT32,
	[NUMBER_I64] = TSR_HW_TYPE_INT64,
	[NUMBER_BOOL] = TSR_HW_TYPE_BOOL,
};

static void convert(const struct vector_work *work)
{
	unsigned int to = stored_as[work->imm & TSR_HW_VECTOR_TO_TYPE];
	unsigned int flags = work->imm & TSR_HW_VECTOR_TO_WRAP ? NUMBER_WRAP : 0;

	number_store((enum number_class)work->type, work->a, to, flags, work->d, work->n);
}

const struct vector_operation vector_operation_CONVERT = {
	.loop = { [F32] = convert, [I32] = convert, [I64] = convert, [BOOL] = convert },
};

static void round_to(const struct vector_work *work)
{
	unsigned int to = work->imm & TSR_HW_VECTOR_TO_TYPE;
	unsigned int flags = work->imm & TSR_HW_VECTOR_TO_SATURATE ? NUMBER_SATURATE : 0;
	float stored[VECTOR_STRIP];

	number_store(NUMBER_F32, work->a, to, flags, stored, work->n);
	number_load(to, stored, work->d, work->n);
}

const struct vector_operation vector_operation_ROUND_TO = {
	.loop = { [F32] = round_to },
};

static void rescale(const struct vector_work *work)
{
	number_rescale(work->a, work->b, work->imm, work->d, work->n);
}

const struct vector_operation vector_operation_RESCALE = {
	.loop = { [I32] = rescale },
};
