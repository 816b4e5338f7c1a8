// SPDX-License-Identifier: MIT
#include "steps.h"

#include <errno.h>
#include <string.h>

#include "steps_conv.h"
#include "steps_gemm.h"

#define CONTROL_MAX 2

/* An operand with data that decide what a command does. */
static struct region whole(const struct operand *operand)
{
	struct region region;

	for (unsigned int i = 0; i < operand->rank; i++) {
		region.start[i] = 0;
		region.size[i] = operand->extent[i];
	}
	return region;
}

/* Control data of a command, and how many operands they are. */
static unsigned int control_of(const struct command *command, const struct operand **operands)
{
	unsigned int count = 0;

	switch (command->kind) {
	case KIND_GEMM:
		operands[count++] = &command->gemm.rows;
		break;
	case KIND_CONV:
		break;
	}
	return count;
}

static void load_control(struct steps *steps, struct step *step)
{
	const struct operand *operands[CONTROL_MAX];
	unsigned int count = control_of(steps->command, operands);

	for (unsigned int i = 0; i < count; i++) {
		struct region region = whole(operands[i]);

		step_load_control(step, steps->walks, operands[i], &region);
	}
}

static uint64_t control_held(const struct command *command)
{
	const struct operand *operands[CONTROL_MAX];
	unsigned int count = control_of(command, operands);
	uint64_t held = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct region region = whole(operands[i]);

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
	}
	return false;
}

void steps_next(struct steps *steps, struct step *step)
{
	memset(step, 0, sizeof(*step));
	if (!steps->begun)
		load_control(steps, step);
	steps->begun = true;
	/* A command without work has an empty step. */
	if (!make(steps, step))
		step->last = true;
	if (step->last)
		step->freed_vector += steps->control;
}
