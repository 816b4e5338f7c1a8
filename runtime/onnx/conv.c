// SPDX-License-Identifier: MIT
/* Conv in two dimensions. */
#include <errno.h>

#include "importer.h"

/* The weights say how large the kernel is; an attribute may say it again. */
static int check_kernel(struct importer *im, const struct tsr_tensor_info *w)
{
	int64_t kernel[2];
	int found = attribute_ints(im, "kernel_shape", kernel, 2);

	if (found > 0 && (kernel[0] != w->dim[2] || kernel[1] != w->dim[3]))
		return import_fail(im, -EBADMSG, "kernel_shape is %lld x %lld, the weights are "
				   "%lld x %lld", (long long)kernel[0], (long long)kernel[1],
				   (long long)w->dim[2], (long long)w->dim[3]);
	return found < 0 ? found : 0;
}

static int read_options(struct importer *im, const struct tsr_tensor_info *x,
			const struct tsr_tensor_info *w, struct tsr_conv_options *options)
{
	int64_t groups = attribute_int(im, "group", 1);
	int error;

	if (x->rank != 4 || w->rank != 4)
		return import_fail(im, -EOPNOTSUPP, "only two-dimensional convolution is "
				   "supported, the input has %u dimensions", x->rank);
	if (groups < 1 || groups > x->dim[1])
		return import_fail(im, -EBADMSG, "group is %lld", (long long)groups);
	options->groups = (uint32_t)groups;
	error = check_kernel(im, w);
	return error ? error : import_window(im, &x->dim[2], &w->dim[2], true, options->stride,
					     options->dilation, options->pad);
}

/* Codes are multiplied as integers where int32 holds the sum over a window. */
static bool uses_codes(struct importer *im)
{
	int64_t dim[IMPORT_RANK_MAX];
	unsigned int rank, i;
	uint64_t terms = 1;

	if (!import_is_quantized(im, 0) || !import_is_quantized(im, 1) ||
	    import_shape(im, import_find(im, im->node->input[1]), &rank, dim))
		return false;
	for (i = 1; i < rank; i++)
		if (__builtin_mul_overflow(terms, (uint64_t)dim[i], &terms))
			return false;
	return import_sum_fits(terms);
}

int import_conv(struct importer *im)
{
	bool codes = uses_codes(im), quantized;
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
	name = im->node->output[0];
	quantized = codes && import_result(im, 0, &out, &name);
	return import_finish(im, tsr_graph_conv(im->graph, x, w, bias, &options, &out), quantized,
			     name);
}
