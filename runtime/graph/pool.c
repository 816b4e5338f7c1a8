// SPDX-License-Identifier: MIT
/* Pooling over rows and columns. */
#include <errno.h>

#include "graph.h"
#include "window.h"
#include "../error.h"
#include "../options.h"

static int read_options(struct tsr_pool_options *options, const struct tsr_pool_options *given,
			const struct tsr_tensor_info *x)
{
	int error = TSR_OPTIONS_READ(tsr_pool_options, options, given), i;

	for (i = 0; i < 2; i++) {
		if (!options->kernel[i])
			options->kernel[i] = (uint32_t)x->dim[2 + i];
		if (!options->stride[i])
			options->stride[i] = 1;
		if (!options->dilation[i])
			options->dilation[i] = 1;
	}
	return error;
}

static int check(const struct tsr_tensor_info *x, const struct tsr_pool_options *options)
{
	int i;

	if (x->type == TSR_INT32)
		return tsr_fail(-EINVAL, "pool: int32 is not a type it takes");
	for (i = 0; i < 4; i++) {
		uint64_t window = (uint64_t)options->dilation[i % 2] *
				  (options->kernel[i % 2] - 1) + 1;

		if (options->pad[i] >= window)
			return tsr_fail(-EINVAL, "pool: padding %u is not smaller than the window "
					"of %llu", options->pad[i], (unsigned long long)window);
	}
	return 0;
}

static int check_output(enum tsr_pool_mode mode, const struct tsr_tensor_info *x,
			const struct tsr_tensor_info *out)
{
	if (out->type != x->type)
		return tsr_fail(-EINVAL, "pool: output type must be the input's, %s",
				tsr_type_name(x->type));
	if (mode == TSR_POOL_MODE_MAX && (out->scale != x->scale ||
					  out->zero_point != x->zero_point))
		return tsr_fail(-EINVAL, "pool: a maximum keeps scale and zero point");
	return 0;
}

tsr_tensor tsr_graph_pool(struct tsr_graph *graph, tsr_tensor x, enum tsr_pool_mode mode,
			  const struct tsr_pool_options *options,
			  const struct tsr_quantization *out)
{
	const struct tsr_graph_tensor *input = tsr_graph_get(graph, x, "pool input");
	struct tsr_graph_node node = { .op = TSR_OPERATOR_POOL, .in = &x, .in_count = 1 };
	struct tsr_tensor_info info = { .rank = 4 };
	int64_t kernel[2];
	int error;

	if (!input)
		return -EINVAL;
	if (input->info.rank != 4)
		return tsr_fail(-EINVAL, "pool: the input needs 4 dimensions, has %u",
				input->info.rank);
	node.pool.mode = mode;
	error = read_options(&node.pool.options, options, &input->info);
	if (error)
		return error;
	kernel[0] = node.pool.options.kernel[0];
	kernel[1] = node.pool.options.kernel[1];
	info.dim[0] = input->info.dim[0];
	info.dim[1] = input->info.dim[1];
	error = check(&input->info, &node.pool.options);
	if (!error)
		error = tsr_window_infer("pool", &input->info, kernel, node.pool.options.stride,
					 node.pool.options.dilation, node.pool.options.pad, &info);
	if (!error)
		error = tsr_info_set_output(&info, &input->info, out);
	if (!error)
		error = check_output(mode, &input->info, &info);
	return error ? error : tsr_graph_add(graph, &node, &info);
}
