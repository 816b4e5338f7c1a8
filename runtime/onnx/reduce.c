// SPDX-License-Identifier: MIT
/* ReduceMean and its relatives, Softmax. */
#include <errno.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

/* No axes means all of them. */
static int read_axes(struct importer *im, unsigned int rank, uint32_t *axes)
{
	int count = import_axes(im, rank, axes);

	if (!count)
		*axes = (1u << rank) - 1;
	return count < 0 ? count : 0;
}

static enum tsr_reduction reduction_of(const char *op)
{
	if (!strcmp(op, "ReduceSum"))
		return TSR_REDUCTION_SUM;
	if (!strcmp(op, "ReduceMax"))
		return TSR_REDUCTION_MAX;
	return strcmp(op, "ReduceMin") ? TSR_REDUCTION_MEAN : TSR_REDUCTION_MIN;
}

static tsr_tensor drop_axes(struct importer *im, tsr_tensor x, uint32_t axes)
{
	const struct tsr_tensor_info *info = tsr_graph_tensor_info(im->graph, x);
	int64_t dim[TSR_RANK_MAX] = { 1 };
	unsigned int i, rank = 0;

	for (i = 0; i < info->rank; i++)
		if (!(axes >> i & 1))
			dim[rank++] = info->dim[i];
	return tsr_graph_reshape(im->graph, x, rank ? rank : 1, dim);
}

int import_reduce(struct importer *im)
{
	enum tsr_reduction reduction = reduction_of(im->node->op_type);
	bool codes = import_is_quantized(im, 0) && attribute_int(im, "keepdims", 1), quantized;
	tsr_tensor x = import_operand(im, 0, codes);
	struct tsr_quantization out;
	const char *name = im->node->n_output ? im->node->output[0] : "";
	uint32_t axes;
	int error;

	if (x < 0)
		return x;
	error = read_axes(im, tsr_graph_tensor_info(im->graph, x)->rank, &axes);
	if (error)
		return error;
	quantized = codes && (reduction == TSR_REDUCTION_MEAN || reduction == TSR_REDUCTION_SUM) &&
		    import_result(im, &out, &name);
	x = tsr_graph_reduce(im->graph, reduction, x, axes, quantized ? &out : NULL);
	if (x >= 0 && !attribute_int(im, "keepdims", 1))
		x = drop_axes(im, x, axes);
	return import_finish(im, x, quantized, name);
}

/* Before opset 13 Softmax flattens: all dimensions from the axis on belong together. */
int import_softmax(struct importer *im)
{
	bool codes = import_is_quantized(im, 0), quantized;
	struct tsr_quantization out = { .type = TSR_FP32 };
	tsr_tensor x = import_operand(im, 0, codes);
	const char *name = im->node->n_output ? im->node->output[0] : "";
	unsigned int rank;
	uint32_t axes;
	int axis;

	if (x < 0)
		return x;
	rank = tsr_graph_tensor_info(im->graph, x)->rank;
	axis = import_axis(im, attribute_int(im, "axis", im->opset < 13 ? 1 : -1), rank);
	if (axis < 0)
		return axis;
	axes = im->opset < 13 ? ((1u << rank) - 1) & ~((1u << axis) - 1) : 1u << axis;
	quantized = codes && import_result(im, &out, &name);
	return import_finish(im, tsr_graph_softmax(im->graph, x, axes, &out), quantized, name);
}
