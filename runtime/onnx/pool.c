// SPDX-License-Identifier: MIT
/* MaxPool, AveragePool and their global forms. */
#include <errno.h>
#include <string.h>

#include "importer.h"

static int read_kernel(struct importer *im, const struct tsr_tensor_info *x, int64_t kernel[2])
{
	int found;

	if (x->rank != 4)
		return import_fail(im, -EOPNOTSUPP, "only two-dimensional pooling is supported, "
				   "the input has %u dimensions", x->rank);
	found = attribute_ints(im, "kernel_shape", kernel, 2);
	if (found < 0)
		return found;
	if (!found || kernel[0] < 1 || kernel[1] < 1 || kernel[0] > INT16_MAX ||
	    kernel[1] > INT16_MAX)
		return import_fail(im, -EBADMSG, "kernel_shape is missing or impossible");
	if (im->node->n_output > 1 && im->node->output[1] && *im->node->output[1])
		return import_fail(im, -EOPNOTSUPP, "indices of the maxima are not supported");
	return 0;
}

/* With ceil_mode the last window may hang over the edge; padding there never counts. */
static int apply_ceil_mode(struct importer *im, const struct tsr_tensor_info *x,
			   const int64_t kernel[2], enum tsr_pool_mode mode,
			   struct tsr_pool_options *options)
{
	int i;

	if (!attribute_int(im, "ceil_mode", 0))
		return 0;
	for (i = 0; i < 2; i++) {
		int64_t window = options->dilation[i] * (kernel[i] - 1) + 1;
		int64_t room = x->dim[2 + i] + options->pad[i] + options->pad[2 + i] - window;
		int64_t rest = room < 0 ? 0 : room % options->stride[i];
		int64_t extra = rest ? options->stride[i] - rest : 0;
		int64_t start = room + extra;

		/* A window that would start in the padding is dropped. */
		if (!extra || start >= x->dim[2 + i] + options->pad[i])
			continue;
		if (mode == TSR_POOL_MODE_AVERAGE_PADDED)
			return import_fail(im, -EOPNOTSUPP, "ceil_mode with count_include_pad is "
					   "not supported");
		options->pad[2 + i] += (uint32_t)extra;
	}
	return 0;
}

static enum tsr_pool_mode mode_of(const struct importer *im)
{
	if (strstr(im->node->op_type, "Max"))
		return TSR_POOL_MODE_MAX;
	return attribute_int(im, "count_include_pad", 0) ? TSR_POOL_MODE_AVERAGE_PADDED :
							   TSR_POOL_MODE_AVERAGE;
}

static int add_pool(struct importer *im, tsr_tensor x, enum tsr_pool_mode mode, bool codes,
		    const struct tsr_pool_options *options)
{
	struct tsr_quantization out;
	const char *name = im->node->n_output ? im->node->output[0] : "";
	bool quantized;

	/* A maximum keeps the codes; a QuantizeLinear after it sees that. */
	if (mode == TSR_POOL_MODE_MAX || !codes)
		return import_finish(im, tsr_graph_pool(im->graph, x, mode, options, NULL), false,
				     name);
	quantized = import_result(im, &out, &name);
	if (quantized && out.type != tsr_graph_tensor_info(im->graph, x)->type)
		return import_fail(im, -EOPNOTSUPP, "input and output are of different integer "
				   "types");
	return import_finish(im, tsr_graph_pool(im->graph, x, mode, options,
						quantized ? &out : NULL), quantized, name);
}

int import_pool(struct importer *im)
{
	bool codes = import_is_quantized(im, 0);
	struct tsr_pool_options options = { .size = sizeof(options) };
	tsr_tensor x = import_operand(im, 0, codes);
	enum tsr_pool_mode mode = mode_of(im);
	const struct tsr_tensor_info *info;
	int64_t kernel[2];
	int error;

	if (x < 0)
		return x;
	info = tsr_graph_tensor_info(im->graph, x);
	error = read_kernel(im, info, kernel);
	if (!error)
		error = import_window(im, &info->dim[2], kernel, options.stride, options.dilation,
				      options.pad);
	if (!error)
		error = apply_ceil_mode(im, info, kernel, mode, &options);
	if (error)
		return error;
	options.kernel[0] = (uint32_t)kernel[0];
	options.kernel[1] = (uint32_t)kernel[1];
	return add_pool(im, x, mode, codes, &options);
}

int import_global_pool(struct importer *im)
{
	bool codes = import_is_quantized(im, 0);
	tsr_tensor x = import_operand(im, 0, codes);

	return x < 0 ? x : add_pool(im, x, mode_of(im), codes, NULL);
}
