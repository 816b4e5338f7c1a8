// SPDX-License-Identifier: MIT
/* Conv in two dimensions. */
#include <errno.h>

#include "importer.h"

static int read_options(struct importer *im, const struct tsr_tensor_info *x,
			const struct tsr_tensor_info *w, struct tsr_conv_options *options)
{
	int64_t groups = attribute_int(im, "group", 1);

	if (x->rank != 4 || w->rank != 4)
		return import_fail(im, -EOPNOTSUPP, "only two-dimensional convolution is "
				   "supported, the input has %u dimensions", x->rank);
	if (groups < 1 || groups > x->dim[1])
		return import_fail(im, -EBADMSG, "group is %lld", (long long)groups);
	options->groups = (uint32_t)groups;
	return import_window(im, &x->dim[2], &w->dim[2], options->stride, options->dilation,
			     options->pad);
}

int import_conv(struct importer *im)
{
	bool codes = import_is_quantized(im, 0) && import_is_quantized(im, 1), quantized;
	struct tsr_conv_options options = { .size = sizeof(options) };
	tsr_tensor x = import_operand(im, 0, codes), w = import_operand(im, 1, codes), bias;
	struct tsr_quantization out = { .type = TSR_FP32 };
	const char *name;
	int error;

	if (x < 0 || w < 0)
		return x < 0 ? x : w;
	error = read_options(im, tsr_graph_tensor_info(im->graph, x),
			     tsr_graph_tensor_info(im->graph, w), &options);
	if (!error)
		error = import_bias(im, 2, x, w, 0, &bias);
	if (error)
		return error;
	name = im->node->n_output ? im->node->output[0] : "";
	quantized = codes && import_result(im, &out, &name);
	return import_finish(im, tsr_graph_conv(im->graph, x, w, bias, &options, &out), quantized,
			     name);
}
