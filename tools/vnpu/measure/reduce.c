// SPDX-License-Identifier: MIT
/* REDUCE and SCAN. */
#include "descriptor.h"
#include "opcodes.h"
#include "program.h"

/* Both have the same first members. */
static void take_tensors(const struct measure_source *source, const struct tsr_hw_command *head,
			 const struct tsr_hw_tensor *tensors, struct reduce *reduce)
{
	take_tensor(source, &tensors[0], &reduce->x);
	take_tensor(source, &tensors[1], &reduce->d);
	take_program(source, head, head->post, &reduce->post);
	take_program(source, head, head->pre, &reduce->pre);
}

static int take_reduce(const struct measure_source *source, const void *raw,
		       struct command *command)
{
	const struct tsr_hw_reduce *bytes = raw;
	struct reduce *reduce = &command->reduce;

	command->kind = KIND_REDUCE;
	take_tensors(source, &bytes->head, &bytes->x, reduce);
	reduce->axes = (uint8_t)bytes->axes;
	take_step(&bytes->step, &reduce->x, reduce->block);
	return 0;
}

static int take_scan(const struct measure_source *source, const void *raw,
		     struct command *command)
{
	const struct tsr_hw_scan *bytes = raw;
	struct reduce *reduce = &command->reduce;

	command->kind = KIND_REDUCE;
	take_tensors(source, &bytes->head, &bytes->x, reduce);
	reduce->axes = (uint8_t)(1u << bytes->axis);
	reduce->scans = true;
	take_step(&bytes->step, &reduce->x, reduce->block);
	return 0;
}

const struct opcode opcode_reduce = { TSR_HW_OP_REDUCE, take_reduce, NULL };
const struct opcode opcode_scan = { TSR_HW_OP_SCAN, take_scan, NULL };
