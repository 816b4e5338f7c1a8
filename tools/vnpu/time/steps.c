// SPDX-License-Identifier: MIT
#include "steps.h"

#include <errno.h>
#include <string.h>

#include "steps_attention.h"
#include "steps_compact.h"
#include "steps_conv.h"
#include "steps_elementwise.h"
#include "steps_gather.h"
#include "steps_gemm.h"
#include "steps_move.h"
#include "steps_normalize.h"
#include "steps_pool.h"
#include "steps_reduce.h"
#include "steps_resample.h"
#include "steps_sample.h"
#include "steps_sort.h"
#include "steps_suppress.h"

#define CONTROL_MAX 2

/* Control data of a command, and how many operands they are. */
static unsigned int control_of(const struct command *command, const struct operand **operands)
{
	unsigned int count = 0;

	switch (command->kind) {
	case KIND_GEMM:
		operands[count++] = &command->gemm.rows;
		break;
	case KIND_CONV:
	case KIND_VECTOR:
	case KIND_POOL:
	case KIND_REDUCE:
	case KIND_NORMALIZE:
	case KIND_MOVE:
	case KIND_GATHER:
	case KIND_RESAMPLE:
	case KIND_SORT:
	case KIND_COMPACT:
	case KIND_SUPPRESS:
		break;
	case KIND_SAMPLE:
		operands[count++] = &command->sample.batch;
		break;
	case KIND_ATTENTION:
		operands[count++] = &command->attention.lengths;
		operands[count++] = &command->attention.pages;
		break;
	}
	return count;
}

static void load_control(struct steps *steps, struct step *step)
{
	const struct operand *operands[CONTROL_MAX];
	unsigned int count = control_of(steps->command, operands);

	for (unsigned int i = 0; i < count; i++) {
		struct region region = operand_whole(operands[i]);

		step_load_control(step, steps->walks, operands[i], &region);
	}
}

static uint64_t control_held(const struct command *command)
{
	const struct operand *operands[CONTROL_MAX];
	unsigned int count = control_of(command, operands);
	uint64_t held = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct region region = operand_whole(operands[i]);

		held += held_of_region(operands[i], &region);
	}
	return held;
}

static int begin(struct steps *steps, const struct command *command)
{
	switch (command->kind) {
	case KIND_GEMM:
		return gemm_steps(steps, &command->gemm);
	case KIND_CONV:
		return conv_steps(steps, &command->conv);
	case KIND_VECTOR:
		return elementwise_steps(steps, &command->elementwise);
	case KIND_POOL:
		return pool_steps(steps, &command->pool);
	case KIND_REDUCE:
		return reduce_steps(steps, &command->reduce);
	case KIND_NORMALIZE:
		return normalize_steps(steps, &command->normalize);
	case KIND_MOVE:
		return move_steps(steps, &command->move);
	case KIND_ATTENTION:
		return attention_steps(steps, &command->attention);
	case KIND_GATHER:
		return gather_steps(steps, &command->gather);
	case KIND_RESAMPLE:
		return resample_steps(steps, &command->resample);
	case KIND_SAMPLE:
		return sample_steps(steps, &command->sample);
	case KIND_SORT:
		return sort_steps(steps, &command->sort);
	case KIND_COMPACT:
		return compact_steps(steps, &command->compact);
	case KIND_SUPPRESS:
		return suppress_steps(steps, &command->suppress);
	}
	return -EINVAL;
}

int steps_begin(struct steps *steps, const struct time_class *class, struct walks *walks,
		const struct command *command)
{
	int error;

	*steps = (struct steps){ .class = class, .walks = walks, .command = command };
	error = begin(steps, command);
	steps->control = control_held(command);
	steps->working_set += steps->control;
	return error;
}

static void make_box(struct steps *steps, struct step *step)
{
	const struct command *command = steps->command;

	switch (command->kind) {
	case KIND_GEMM:
	case KIND_CONV:
	case KIND_ATTENTION:
		break;
	case KIND_VECTOR:
		elementwise_next(steps, &command->elementwise, step);
		break;
	case KIND_POOL:
		pool_next(steps, &command->pool, step);
		break;
	case KIND_REDUCE:
		reduce_next(steps, &command->reduce, step);
		break;
	case KIND_NORMALIZE:
		normalize_next(steps, &command->normalize, step);
		break;
	case KIND_MOVE:
		move_next(steps, &command->move, step);
		break;
	case KIND_GATHER:
		gather_next(steps, &command->gather, step);
		break;
	case KIND_RESAMPLE:
		resample_next(steps, &command->resample, step);
		break;
	case KIND_SAMPLE:
		sample_next(steps, &command->sample, step);
		break;
	case KIND_SORT:
		sort_next(steps, &command->sort, step);
		break;
	case KIND_COMPACT:
		compact_next(steps, &command->compact, step);
		break;
	case KIND_SUPPRESS:
		suppress_next(steps, &command->suppress, step);
		break;
	}
}

/* A step of boxes uses its loads alone. */
static void make_boxed(struct steps *steps, struct step *step)
{
	uint64_t control = step_held(step);

	make_box(steps, step);
	step->freed_vector = step_held(step) - control;
	boxes_advance(&steps->boxes);
	step->last = !steps->boxes.more;
}

/* False: there is no step. */
static bool make(struct steps *steps, struct step *step)
{
	switch (steps->command->kind) {
	case KIND_GEMM:
	case KIND_CONV:
		if (!steps->product.more)
			return false;
		product_next(&steps->product, step);
		return true;
	case KIND_ATTENTION:
		if (!steps->attention.more)
			return false;
		attention_next(steps, &steps->command->attention, step);
		return true;
	case KIND_VECTOR:
	case KIND_POOL:
	case KIND_REDUCE:
	case KIND_NORMALIZE:
	case KIND_MOVE:
	case KIND_GATHER:
	case KIND_RESAMPLE:
	case KIND_SAMPLE:
	case KIND_SORT:
	case KIND_COMPACT:
	case KIND_SUPPRESS:
		if (!steps->boxes.more)
			return false;
		make_boxed(steps, step);
		return true;
	}
	return false;
}

/* The next part of a step whose vector part is cut; the last one ends what the step does. */
static void make_part(struct rest *rest, struct step *step)
{
	step->vector = rest->part < rest->vector ? rest->part : rest->vector;
	step->on_array = rest->on_array;
	rest->vector -= step->vector;
	if (rest->vector)
		return;
	memcpy(step->store, rest->store, sizeof(step->store));
	step->stores = rest->stores;
	step->freed_vector = rest->freed_vector;
	step->closes = rest->closes;
	step->last = rest->last;
}

/* The first part of a step with a long vector part: it loads and has the array part. */
static void cut(struct steps *steps, struct step *step, uint64_t limit)
{
	uint64_t part = divide_up(step->vector, divide_up(step->vector, limit));

	steps->rest = (struct rest){
		.vector = step->vector - part,
		.part = part,
		.store = { step->store[0], step->store[1] },
		.stores = step->stores,
		.freed_vector = step->freed_vector,
		.on_array = step->on_array,
		.closes = step->closes,
		.last = step->last,
	};
	step->vector = part;
	step->stores = 0;
	step->freed_vector = 0;
	step->closes = false;
	step->last = false;
}

void steps_next(struct steps *steps, struct step *step)
{
	const uint64_t limit = (uint64_t)1 << steps->class->block_cycles_log2;

	memset(step, 0, sizeof(*step));
	if (steps->rest.vector) {
		make_part(&steps->rest, step);
		return;
	}
	if (!steps->begun)
		load_control(steps, step);
	steps->begun = true;
	/* A command without work has an empty step. */
	if (!make(steps, step))
		step->last = true;
	if (step->last)
		step->freed_vector += steps->control;
	if (step->vector > limit)
		cut(steps, step, limit);
}
