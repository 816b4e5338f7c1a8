// SPDX-License-Identifier: MIT
/* Names of the model and what they stand for. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

static const char *node_name(const Onnx__NodeProto *node)
{
	if (node->name && *node->name)
		return node->name;
	return node->n_output && node->output[0] ? node->output[0] : "?";
}

/* A sentence that names the node already is kept. */
int import_fail(const struct importer *im, int error, const char *format, ...)
{
	const Onnx__NodeProto *node = im->node;
	char text[320], prefix[160] = "";
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (node)
		snprintf(prefix, sizeof(prefix), "node %.100s (%.40s): ", node_name(node),
			 node->op_type ? node->op_type : "?");
	if (!strncmp(text, prefix, strlen(prefix)))
		prefix[0] = '\0';
	return tsr_fail(error, "%s%s", prefix, text);
}

struct value *import_find(const struct importer *im, const char *text)
{
	struct name *name = name_find(im, text);

	return name && name->bound ? &name->value : NULL;
}

bool import_has_input(const struct importer *im, size_t i)
{
	return i < im->node->n_input && im->node->input[i] && *im->node->input[i];
}

struct value *import_input(struct importer *im, size_t i)
{
	struct value *value;

	if (!import_has_input(im, i)) {
		import_fail(im, -EBADMSG, "input %zu is missing", i);
		return NULL;
	}
	im->usage.inputs[i] = true;
	value = import_find(im, im->node->input[i]);
	if (!value)
		import_fail(im, -EBADMSG, "nothing has made its input %s before it; nodes must be "
			    "in order", im->node->input[i]);
	return value;
}

int import_bind(struct importer *im, const char *text, const struct value *value)
{
	struct name *name = text ? name_find(im, text) : NULL;

	if (!name || name->bound)
		return import_fail(im, -EBADMSG, "the result %s can not be named",
				   text ? text : "");
	name->value = *value;
	name->value.name = name->text;
	name->bound = true;
	return 0;
}

static const char *first_output(const struct importer *im)
{
	return im->node->n_output ? im->node->output[0] : NULL;
}

/*
 * Profiles and messages call an operator as the model does. An operator that adds
 * nothing to the graph has its input's tensor as its result: that one has a name.
 */
int import_name(struct importer *im, tsr_tensor tensor)
{
	const char *name = im->node->name && *im->node->name ? im->node->name : first_output(im);
	int error;

	if (!name || (size_t)tensor < im->node_tensors)
		return 0;
	error = budget_take(im, 1, strlen(name) + 1, "names of the graph");
	return error ? error : tsr_graph_rename(im->graph, tensor, name);
}

int import_bind_tensor(struct importer *im, tsr_tensor tensor)
{
	if (tensor < 0)
		return import_fail(im, tensor, "%s", tsr_error());
	if (import_name(im, tensor))
		return -ENOMEM;
	return import_bind(im, first_output(im),
			   &(struct value){ .kind = VALUE_TENSOR, .tensor = tensor });
}

int import_bind_literal(struct importer *im, struct literal *literal)
{
	return import_bind(im, first_output(im),
			   &(struct value){ .kind = VALUE_LITERAL, .literal = literal });
}

/* The reals of integer codes, as a tensor: constants are converted here, others by a node. */
static tsr_tensor dequantize(struct importer *im, const struct value *value)
{
	const struct tsr_quantization real = { .type = TSR_FP32 };
	tsr_tensor real_tensor;

	if (value->literal) {
		struct literal *reals = literal_reals(im, value->literal, &value->codes);

		return reals ? literal_constant(im, reals, NULL, value->name) : -ENOMEM;
	}
	if (budget_take(im, 1, strlen(value->name) + 1, "names of the graph"))
		return -E2BIG;
	real_tensor = tsr_graph_convert(im->graph, value->tensor, &real);
	if (real_tensor >= 0 && tsr_graph_rename(im->graph, real_tensor, value->name))
		return -ENOMEM;
	return real_tensor;
}

static tsr_tensor make_reals(struct importer *im, const struct value *value)
{
	if (value->kind == VALUE_DEQUANTIZED)
		return dequantize(im, value);
	if (value->literal->type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
		return import_fail(im, -EOPNOTSUPP, "constant %s is not of a floating-point type",
				   value->name);
	return literal_constant(im, value->literal, NULL, value->name);
}

/* However many nodes read a constant, the graph has it once. */
tsr_tensor import_tensor(struct importer *im, size_t i)
{
	struct value *value = import_input(im, i);
	tsr_tensor made;

	if (!value)
		return -EBADMSG;
	if (value->kind == VALUE_TENSOR)
		return value->tensor;
	if (value->reals)
		return value->reals - 1;
	made = make_reals(im, value);
	if (made >= 0)
		value->reals = made + 1;
	return made;
}

const struct literal *import_literal(struct importer *im, size_t i, int32_t type)
{
	struct value *value = import_input(im, i);

	if (!value)
		return NULL;
	if (value->kind != VALUE_LITERAL || value->literal->type != type) {
		import_fail(im, -EOPNOTSUPP, "input %s must be a constant of data type %d",
			    value->name, type);
		return NULL;
	}
	return value->literal;
}

const struct literal *import_reals(struct importer *im, size_t i)
{
	struct value *value = import_input(im, i);

	if (value && value->kind == VALUE_DEQUANTIZED && value->literal)
		return literal_reals(im, value->literal, &value->codes);
	return import_literal(im, i, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);
}

int import_shape(struct importer *im, const struct value *value, unsigned int *rank,
		 int64_t dim[IMPORT_RANK_MAX])
{
	const struct tsr_tensor_info *info;

	if (value->literal) {
		*rank = value->literal->rank;
		memcpy(dim, value->literal->dim, sizeof(value->literal->dim));
		return 0;
	}
	info = tsr_graph_tensor_info(im->graph, value->tensor);
	if (!info)
		return -EINVAL;
	*rank = info->rank;
	memcpy(dim, info->dim, info->rank * sizeof(*dim));
	return 0;
}

int import_axis(const struct importer *im, int64_t axis, unsigned int rank)
{
	if (axis < -(int64_t)rank || axis >= (int64_t)rank)
		return import_fail(im, -EBADMSG, "axis %lld of a tensor with %u dimensions",
				   (long long)axis, rank);
	return (int)(axis < 0 ? axis + rank : axis);
}

int import_axes_list(struct importer *im, int input_since, const int64_t **list, size_t *count)
{
	const struct literal *literal;

	if (im->opset < input_since) {
		*list = attribute_list(im, "axes", count);
		return 0;
	}
	*list = NULL;
	*count = 0;
	if (!import_has_input(im, 1))
		return 0;
	literal = import_literal(im, 1, ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
	if (!literal)
		return -EOPNOTSUPP;
	*list = literal->data;
	*count = literal->count;
	return 0;
}

int import_axes(struct importer *im, int input_since, unsigned int rank, uint32_t *axes)
{
	const int64_t *list;
	size_t count, i;
	int axis, error = import_axes_list(im, input_since, &list, &count);

	*axes = 0;
	for (i = 0; i < count && !error; i++) {
		axis = import_axis(im, list[i], rank);
		if (axis < 0)
			return axis;
		if (*axes >> axis & 1)
			return import_fail(im, -EBADMSG, "axis %d is given twice", axis);
		*axes |= 1u << axis;
	}
	return error ? error : (int)count;
}
