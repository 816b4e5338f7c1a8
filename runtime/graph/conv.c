// SPDX-License-Identifier: MIT
/* Convolution: operands, output extents. */
#include <errno.h>

#include "graph.h"
#include "window.h"
#include "../error.h"
#include "../options.h"

static uint32_t or_one(uint32_t value)
{
	return value ? value : 1;
}

static int read_options(struct tsr_conv_options *options, const struct tsr_conv_options *given)
{
	int error = TSR_OPTIONS_READ(tsr_conv_options, options, given);

	options->stride[0] = or_one(options->stride[0]);
	options->stride[1] = or_one(options->stride[1]);
	options->dilation[0] = or_one(options->dilation[0]);
	options->dilation[1] = or_one(options->dilation[1]);
	options->groups = or_one(options->groups);
	return error;
}

int tsr_check_operands(const struct tsr_tensor_info *a, const struct tsr_tensor_info *b,
		       const char *what)
{
	if (tsr_type_is_quantized(a->type) && tsr_type_is_quantized(b->type))
		return 0;
	if (!tsr_type_is_integer(a->type) && a->type == b->type)
		return 0;
	return tsr_fail(-EINVAL, "%s: operands are %s and %s; they must both be int8 or uint8, or "
			"of one floating-point type", what, tsr_type_name(a->type),
			tsr_type_name(b->type));
}

int tsr_check_bias(const struct tsr_graph *graph, tsr_tensor bias, enum tsr_type operand,
		   int64_t channels, const char *what)
{
	const struct tsr_graph_tensor *tensor;

	if (bias == TSR_NO_TENSOR)
		return 0;
	tensor = tsr_graph_get(graph, bias, "bias");
	if (!tensor)
		return -EINVAL;
	if (tensor->info.rank != 1 || tensor->info.dim[0] != channels)
		return tsr_fail(-EINVAL, "%s: bias %s must have the shape [%lld]", what,
				tensor->name, (long long)channels);
	if (tensor->info.type != (tsr_type_is_quantized(operand) ? TSR_INT32 : TSR_FP32))
		return tsr_fail(-EINVAL, "%s: bias %s is %s; it must be int32 for integer "
				"operands, else fp32", what, tensor->name,
				tsr_type_name(tensor->info.type));
	return 0;
}

static int check_shapes(const struct tsr_tensor_info *x, const struct tsr_tensor_info *w,
			uint32_t groups)
{
	if (x->rank != 4 || w->rank != 4)
		return tsr_fail(-EINVAL, "conv: input and weights need 4 dimensions, have %u and "
				"%u", x->rank, w->rank);
	if (x->dim[1] % groups || w->dim[0] % groups || w->dim[1] != x->dim[1] / groups)
		return tsr_fail(-EINVAL, "conv: %lld input channels, weights for %lld, %lld "
				"output channels and %u groups do not fit together",
				(long long)x->dim[1], (long long)w->dim[1], (long long)w->dim[0],
				groups);
	return 0;
}

static int infer(const struct tsr_tensor_info *x, const struct tsr_tensor_info *w,
		 const struct tsr_conv_options *options, struct tsr_tensor_info *info)
{
	const int64_t kernel[2] = { w->dim[2], w->dim[3] };

	info->rank = 4;
	info->dim[0] = x->dim[0];
	info->dim[1] = w->dim[0];
	return tsr_window_infer("conv", x, kernel, options->stride, options->dilation,
				options->pad, info);
}

tsr_tensor tsr_graph_conv(struct tsr_graph *graph, tsr_tensor x, tsr_tensor w, tsr_tensor bias,
			  const struct tsr_conv_options *options,
			  const struct tsr_quantization *out)
{
	const struct tsr_graph_tensor *input = tsr_graph_get(graph, x, "conv input");
	const struct tsr_graph_tensor *weights = tsr_graph_get(graph, w, "conv weights");
	tsr_tensor operands[] = { x, w, bias };
	struct tsr_graph_node node = {
		.op = TSR_OPERATOR_CONV, .in = operands, .in_count = 3,
	};
	struct tsr_tensor_info info = { 0 };
	int error;

	if (!input || !weights)
		return -EINVAL;
	error = read_options(&node.conv, options);
	if (!error)
		error = check_shapes(&input->info, &weights->info, node.conv.groups);
	if (!error)
		error = tsr_check_operands(&input->info, &weights->info, "conv");
	if (!error)
		error = tsr_check_bias(graph, bias, input->info.type, weights->info.dim[0], "conv");
	if (!error)
		error = infer(&input->info, &weights->info, &node.conv, &info);
	if (!error)
		error = tsr_info_set_output(&info, &input->info, out);
	return error ? error : tsr_graph_add(graph, &node, &info);
}
