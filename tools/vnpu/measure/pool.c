// SPDX-License-Identifier: MIT
#include "descriptor.h"
#include "opcodes.h"
#include "program.h"

_Static_assert(SPATIAL_MAX == TSR_HW_MAX_SPATIAL, "dimensions of windows");

static struct window take_window(const struct tile_request *request,
				 const struct tsr_hw_window *raw)
{
	return (struct window){
		.kernel = raw->kernel,
		.stride = raw->stride,
		.dilation = raw->dilation,
		.input_dilation = raw->input_dilation,
		.before = (int64_t)take_bytes(request, raw->before),
	};
}

static int take(const struct measure_source *source, const void *raw, struct command *command,
		void **control)
{
	const struct tsr_hw_pool_nd *bytes = raw;
	struct pool *pool = &command->pool;

	(void)control;
	command->kind = KIND_POOL;
	take_tensor(source->request, &bytes->x, &pool->x);
	take_tensor(source->request, &bytes->d, &pool->d);
	take_tensor(source->request, &bytes->index, &pool->index);
	take_program(source->request, &bytes->head, bytes->head.post, &pool->post);
	pool->dims = bytes->dims;
	for (unsigned int i = 0; i < bytes->dims && i < SPATIAL_MAX; i++)
		pool->window[i] = take_window(source->request, &bytes->w[i]);
	take_step(&bytes->step, &pool->d, pool->block);
	return 0;
}

const struct opcode opcode_pool_nd = { TSR_HW_OP_POOL_ND, take };
