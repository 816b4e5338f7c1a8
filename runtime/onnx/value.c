// SPDX-License-Identifier: MIT
/* Names of the model and what they stand for. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

int import_fail(const struct importer *im, int error, const char *format, ...)
{
	const Onnx__NodeProto *node = im->node;
	char text[320];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (!node)
		return tsr_fail(error, "%s", text);
	return tsr_fail(error, "node %s (%s): %s", node->name && *node->name ? node->name :
			node->n_output && node->output[0] ? node->output[0] : "?",
			node->op_type ? node->op_type : "?", text);
}

struct value *import_find(struct importer *im, const char *name)
{
	size_t i;

	for (i = im->value_count; i-- > 0;)
		if (!strcmp(im->values[i].name, name))
			return &im->values[i];
	return NULL;
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
	value = import_find(im, im->node->input[i]);
	if (!value)
		import_fail(im, -EBADMSG, "nothing makes its input %s; nodes must be in order",
			    im->node->input[i]);
	return value;
}

int import_bind(struct importer *im, const char *name, const struct value *value)
{
	struct value *grown;

	if (!name || !*name)
		return 0;
	if (im->value_count == im->value_capacity) {
		im->value_capacity = im->value_capacity ? 2 * im->value_capacity : 64;
		grown = reallocarray(im->values, im->value_capacity, sizeof(*grown));
		if (!grown)
			return import_fail(im, -ENOMEM, "out of memory");
		im->values = grown;
	}
	im->values[im->value_count] = *value;
	im->values[im->value_count++].name = name;
	return 0;
}

static const char *first_output(const struct importer *im)
{
	return im->node->n_output ? im->node->output[0] : NULL;
}

/* Profiles and messages call an operator as the model does. */
int import_name(struct importer *im, tsr_tensor tensor)
{
	const char *name = im->node->name && *im->node->name ? im->node->name : first_output(im);

	return name ? tsr_graph_rename(im->graph, tensor, name) : 0;
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
static tsr_tensor dequantize(struct importer *im, struct value *value)
{
	const struct tsr_quantization real = { .type = TSR_FP32 };
	tsr_tensor codes = value->tensor, real_tensor;

	if (value->literal) {
		struct literal *reals = literal_reals(im, value->literal, &value->codes);

		return reals ? literal_constant(im, reals, NULL, value->name) : -ENOMEM;
	}
	if (codes < 0)
		return codes;
	real_tensor = tsr_graph_convert(im->graph, codes, &real);
	if (real_tensor >= 0 && tsr_graph_rename(im->graph, real_tensor, value->name))
		return -ENOMEM;
	return real_tensor;
}

tsr_tensor import_tensor(struct importer *im, size_t i)
{
	struct value *value = import_input(im, i);

	if (!value)
		return -EBADMSG;
	switch (value->kind) {
	case VALUE_LITERAL:
		if (value->literal->type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
			return import_fail(im, -EOPNOTSUPP, "constant %s is not of a floating-"
					   "point type", value->name);
		return literal_constant(im, value->literal, NULL, value->name);
	case VALUE_DEQUANTIZED:
		return dequantize(im, value);
	default:
		return value->tensor;
	}
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

int import_axes(struct importer *im, unsigned int rank, uint32_t *axes)
{
	const struct literal *literal;
	const int64_t *list;
	size_t count, i;
	int axis;

	list = attribute_list(im, "axes", &count);
	if (import_has_input(im, 1)) {
		literal = import_literal(im, 1, ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
		if (!literal)
			return -EOPNOTSUPP;
		list = literal->data;
		count = literal->count;
	}
	*axes = 0;
	for (i = 0; i < count; i++) {
		axis = import_axis(im, list[i], rank);
		if (axis < 0)
			return axis;
		*axes |= 1u << axis;
	}
	return (int)count;
}
