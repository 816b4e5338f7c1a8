// SPDX-License-Identifier: MIT
#include "descriptor.h"
#include "opcodes.h"
#include "program.h"
#include "window.h"

static int take(const struct measure_source *source, const void *raw, struct command *command)
{
	const struct tsr_hw_pool *bytes = raw;
	struct pool *pool = &command->pool;

	command->kind = KIND_POOL;
	take_tensor(source, &bytes->x, &pool->x);
	take_tensor(source, &bytes->d, &pool->d);
	take_tensor(source, &bytes->index, &pool->index);
	take_program(source, &bytes->head, bytes->head.post, &pool->post);
	pool->dims = bytes->dims;
	take_windows(source->request, bytes->w, bytes->dims, pool->window);
	take_step(&bytes->step, &pool->d, pool->block);
	return 0;
}

const struct opcode opcode_pool = { TSR_HW_OP_POOL, take, NULL };
