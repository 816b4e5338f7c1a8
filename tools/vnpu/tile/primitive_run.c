/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "lent.h"
#include "onednn_engine.h"
#include "primitive.h"

static int execute(const struct primitive_step *step, void *const buffers[],
		   const struct lent *scratch)
{
	dnnl_engine_t engine = onednn_engine();
	const dnnl_dims_t scratch_dims = { (dnnl_dim_t)step->scratch };
	dnnl_memory_t memory[PRIMITIVE_MAX_ARGS + 1] = { 0 };
	dnnl_exec_arg_t args[PRIMITIVE_MAX_ARGS + 1];
	dnnl_memory_desc_t scratch_desc = NULL;
	dnnl_stream_t stream = NULL;
	dnnl_status_t status;
	int count = step->args;

	status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
	for (int i = 0; i < step->args && status == dnnl_success; i++) {
		status = dnnl_memory_create(&memory[i], step->desc[i], engine, buffers[i]);
		args[i] = (dnnl_exec_arg_t){ step->arg[i], memory[i] };
	}
	if (step->scratch && status == dnnl_success) {
		dnnl_memory_desc_create_with_tag(&scratch_desc, 1, scratch_dims, dnnl_u8, dnnl_a);
		status = dnnl_memory_create(&memory[count], scratch_desc, engine, scratch->at);
		args[count] = (dnnl_exec_arg_t){ DNNL_ARG_SCRATCHPAD, memory[count] };
		count++;
	}
	if (status == dnnl_success)
		status = dnnl_primitive_execute(step->primitive, stream, count, args);
	if (status == dnnl_success)
		status = dnnl_stream_wait(stream);
	for (int i = 0; i < count; i++)
		dnnl_memory_destroy(memory[i]);
	if (scratch_desc)
		dnnl_memory_desc_destroy(scratch_desc);
	dnnl_stream_destroy(stream);
	return status == dnnl_success ? 0 : status == dnnl_out_of_memory ? -ENOMEM : -ENOTSUP;
}

/* Of the errors of a run and of giving its memory back. */
static int either(int ret, int back)
{
	return ret ? ret : back;
}

static int run_step(const struct primitive_step *step, void *const buffers[], size_t operand)
{
	struct lent scratch = { 0 };
	int ret = 0;

	if (step->scratch)
		ret = lent_get(&scratch, step->scratch, operand);
	if (ret)
		return ret;
	ret = execute(step, buffers, &scratch);
	return either(ret, lent_put(&scratch));
}

int primitive_multiply(const struct primitive *primitive, const void *a, const void *b, void *c,
		       bool trial)
{
	return run_step(&primitive->main, (void *const []){ (void *)a, (void *)b, c },
			trial ? primitive->largest : 0);
}

int primitive_pack(const struct primitive *primitive, const void *w, void *packed, bool trial)
{
	return run_step(&primitive->pack, (void *const []){ (void *)w, packed }, trial);
}

int primitive_convolve_packed(const struct primitive *primitive, const void *x, const void *packed,
			      void *d, bool trial)
{
	return run_step(&primitive->main, (void *const []){ (void *)x, d, (void *)packed }, trial);
}

int primitive_convolve(const struct primitive *primitive, const void *x, const void *w, void *d,
		       bool trial)
{
	struct lent packed;
	int ret = lent_get(&packed, primitive->packed_size, trial);

	if (ret)
		return ret;
	ret = primitive_pack(primitive, w, packed.at, trial);
	if (!ret)
		ret = primitive_convolve_packed(primitive, x, packed.at, d, trial);
	return either(ret, lent_put(&packed));
}
