// SPDX-License-Identifier: MIT
/* ReduceMean and its relatives, Softmax. */
#include <errno.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

/* The operator set whose ReduceSum, or whose other reductions, have axes as an input. */
#define SUM_AXES_INPUT		13
#define REDUCE_AXES_INPUT	18

static int axes_input(const struct importer *im)
{
	return strcmp(im->node->op_type, "ReduceSum") ? REDUCE_AXES_INPUT : SUM_AXES_INPUT;
}

/* No axes means all of them, or none where an attribute says so. */
static int read_axes(struct importer *im, unsigned int rank, uint32_t *axes)
{
	int count = import_axes(im, axes_input(im), rank, axes);
	bool none = im->opset >= axes_input(im) && attribute_int(im, "noop_with_empty_axes", 0);

	if (!count && !none)
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

/* Elements of input 0 that one result is made of, and the axes they lie along. */
static int measure(struct importer *im, uint32_t *axes, uint64_t *count)
{
	struct value *value = import_input(im, 0);
	int64_t dim[IMPORT_RANK_MAX];
	unsigned int rank, i;
	int error = value ? import_shape(im, value, &rank, dim) : -EBADMSG;

	*count = 1;
	*axes = 0;
	if (!error && !rank)
		return import_fail(im, -EOPNOTSUPP, "the input has no dimensions");
	if (!error)
		error = read_axes(im, rank, axes);
	for (i = 0; !error && i < rank; i++)
		if (*axes >> i & 1 && __builtin_mul_overflow(*count, (uint64_t)dim[i], count))
			*count = UINT64_MAX;
	return error;
}

/* A maximum or minimum keeps the codes; a QuantizeLinear after it sees that. */
static int choose_operand(struct importer *im, enum tsr_reduction reduction, uint64_t count,
			  struct mean *m)
{
	if (reduction == TSR_REDUCTION_MEAN || reduction == TSR_REDUCTION_SUM)
		return import_mean(im, count, m);
	*m = (struct mean){
		.x = import_operand(im, 0, import_is_quantized(im, 0)),
		.name = im->node->output[0],
	};
	return m->x < 0 ? m->x : 0;
}

int import_reduce(struct importer *im)
{
	enum tsr_reduction reduction = reduction_of(im->node->op_type);
	bool keeps = attribute_int(im, "keepdims", 1);
	uint64_t count;
	uint32_t axes;
	struct mean m;
	tsr_tensor y;
	int error = measure(im, &axes, &count);

	if (error)
		return error;
	if (!axes)
		return import_identity(im);
	error = choose_operand(im, reduction, count, &m);
	if (error)
		return error;
	y = tsr_graph_reduce(im->graph, reduction, m.x, axes, m.codes ? &m.out : NULL);
	if (y >= 0 && !keeps)
		y = drop_axes(im, y, axes);
	return import_finish(im, y, m.quantized, m.name);
}

/* Before opset 13 Softmax flattens: all dimensions from the axis on belong together. */
int import_softmax(struct importer *im)
{
	bool codes = import_is_quantized(im, 0), quantized;
	struct tsr_quantization out = { .type = TSR_FP32 };
	tsr_tensor x = import_operand(im, 0, codes);
	const char *name = im->node->output[0];
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
	quantized = codes && import_result(im, 0, &out, &name);
	return import_finish(im, tsr_graph_softmax(im->graph, x, axes, &out), quantized, name);
}
