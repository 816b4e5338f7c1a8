// SPDX-License-Identifier: MIT
/*
 * Quantized models say what they mean by QuantizeLinear and DequantizeLinear
 * around ordinary operators. An operator whose inputs are dequantized codes and
 * whose result only a QuantizeLinear reads is one integer operator.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"


static int read_zero_point(struct importer *im, const struct value *value, struct codes *codes)
{
	const struct literal *literal = value->literal;
	size_t i;

	if (value->kind != VALUE_LITERAL || !literal->count)
		return import_fail(im, -EOPNOTSUPP, "the zero point must be a constant");
	switch (literal->type) {
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT8:
		codes->type = TSR_INT8;
		codes->zero_point = *(int8_t *)literal->data;
		break;
	case ONNX__TENSOR_PROTO__DATA_TYPE__UINT8:
		codes->type = TSR_UINT8;
		codes->zero_point = *(uint8_t *)literal->data;
		break;
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT32:
		codes->type = TSR_INT32;
		codes->zero_point = *(int32_t *)literal->data;
		break;
	default:
		return import_fail(im, -EOPNOTSUPP, "zero points of data type %d are not supported",
				   literal->type);
	}
	for (i = 1; i < literal->count; i++)
		if (memcmp((char *)literal->data + i * literal_element(literal->type),
			   literal->data, literal_element(literal->type)))
			return import_fail(im, -EOPNOTSUPP, "zero points differ between channels");
	return 0;
}

static int check_scale(struct importer *im, const struct literal *literal)
{
	const float *scale = literal->data;
	size_t i;

	for (i = 0; i < literal->count; i++)
		if (!(scale[i] > 0) || !isfinite(scale[i]))
			return import_fail(im, -EBADMSG, "scale %zu is not a finite number above 0",
					   i);
	return literal->count ? 0 : import_fail(im, -EBADMSG, "the scale is empty");
}

/* Scale and zero point of a QuantizeLinear or DequantizeLinear. */
static int read_codes(struct importer *im, struct codes *codes)
{
	const struct literal *scale;
	struct value *zero_point;

	*codes = (struct codes){ .type = TSR_UINT8 };
	scale = import_literal(im, 1, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);
	if (!scale || check_scale(im, scale))
		return -EOPNOTSUPP;
	if (scale->count == 1) {
		codes->scale = *(float *)scale->data;
	} else {
		codes->scales = scale->data;
		codes->scale_count = scale->count;
	}
	if (!import_has_input(im, 2))
		return 0;
	zero_point = import_input(im, 2);
	return zero_point ? read_zero_point(im, zero_point, codes) : -EBADMSG;
}

static int check_channels(struct importer *im, const struct literal *literal,
			  struct codes *codes)
{
	int axis;

	if (!codes->scales)
		return 0;
	axis = import_axis(im, attribute_int(im, "axis", 1), literal->rank);
	if (axis < 0)
		return axis;
	codes->axis = (unsigned int)axis;
	if (literal->dim[axis] != (int64_t)codes->scale_count)
		return import_fail(im, -EBADMSG, "%zu scales for %lld channels",
				   codes->scale_count, (long long)literal->dim[axis]);
	return 0;
}

int import_dequantize(struct importer *im)
{
	struct value *value = import_input(im, 0), result;
	const struct tsr_tensor_info *info;
	struct codes codes;
	int error;

	if (!value)
		return -EBADMSG;
	result = *value;
	result.kind = VALUE_DEQUANTIZED;
	error = read_codes(im, &codes);
	if (error)
		return error;
	if (value->kind == VALUE_LITERAL) {
		codes.type = literal_graph_type(value->literal);
		if (!codes.type || codes.type == TSR_FP32)
			return import_fail(im, -EOPNOTSUPP, "constant %s is not of an integer type",
					   value->name);
		error = check_channels(im, value->literal, &codes);
		if (error)
			return error;
	} else {
		info = tsr_graph_tensor_info(im->graph, value->tensor);
		if (value->kind != VALUE_TENSOR || codes.scales || info->type != codes.type ||
		    info->scale != codes.scale || info->zero_point != codes.zero_point)
			return import_fail(im, -EOPNOTSUPP, "scale and zero point are not those "
					   "%s was quantized with", value->name);
	}
	result.codes = codes;
	return import_bind(im, im->node->output[0], &result);
}

static bool same_codes(const struct codes *a, const struct tsr_quantization *b)
{
	return !a->scales && a->type == b->type && a->scale == b->scale &&
	       a->zero_point == b->zero_point;
}

int import_quantize(struct importer *im)
{
	struct tsr_quantization out;
	struct codes codes;
	struct value *value;
	tsr_tensor x;

	if (read_codes(im, &codes))
		return -EOPNOTSUPP;
	value = import_input(im, 0);
	if (!value)
		return -EBADMSG;
	if (codes.scales || codes.type == TSR_INT32)
		return import_fail(im, -EOPNOTSUPP, "only int8 and uint8 with one scale can be "
				   "made at run time");
	out = (struct tsr_quantization){ codes.type, codes.scale, codes.zero_point };
	if (value->kind == VALUE_DEQUANTIZED && !value->literal &&
	    same_codes(&value->codes, &out))
		return import_bind(im, im->node->output[0],
				   &(struct value){ .kind = VALUE_TENSOR,
						    .tensor = value->tensor });
	x = import_operand(im, 0, value->kind == VALUE_DEQUANTIZED && !value->literal);
	if (x < 0)
		return x;
	return import_bind_tensor(im, tsr_graph_convert(im->graph, x, &out));
}

bool import_is_quantized(struct importer *im, size_t i)
{
	struct value *value = import_has_input(im, i) ? import_find(im, im->node->input[i]) : NULL;

	return value && value->kind == VALUE_DEQUANTIZED;
}

tsr_tensor import_codes(struct importer *im, size_t i)
{
	struct value *value = import_input(im, i);

	if (!value)
		return -EBADMSG;
	if (!value->literal)
		return value->tensor;
	return literal_constant(im, value->literal, &value->codes, value->name);
}

tsr_tensor import_operand(struct importer *im, size_t i, bool quantized)
{
	return quantized ? import_codes(im, i) : import_tensor(im, i);
}

/* The one node that reads @name, or NULL when there are none, several, or it is an output. */
static Onnx__NodeProto *sole_reader(const struct importer *im, const char *name, size_t *number)
{
	Onnx__NodeProto *reader = NULL;
	size_t n, i;

	for (n = 0; n < im->model->n_output; n++)
		if (im->model->output[n]->name && !strcmp(im->model->output[n]->name, name))
			return NULL;
	for (n = 0; n < im->model->n_node; n++)
		for (i = 0; i < im->model->node[n]->n_input; i++) {
			if (strcmp(im->model->node[n]->input[i], name))
				continue;
			if (reader)
				return NULL;
			reader = im->model->node[n];
			*number = n;
		}
	return reader;
}

static bool is_op(const Onnx__NodeProto *node, const char *op)
{
	return node && node->op_type && !strcmp(node->op_type, op) && node->n_output &&
	       node->output[0];
}

/* The codes that QuantizeLinear @reader makes, if it makes what an operator can. */
static bool codes_of(struct importer *im, Onnx__NodeProto *reader, struct tsr_quantization *out)
{
	const Onnx__NodeProto *node = im->node;
	struct codes codes;
	bool usable;

	im->node = reader;
	usable = !read_codes(im, &codes) && !codes.scales && codes.type != TSR_INT32;
	im->node = node;
	if (usable)
		*out = (struct tsr_quantization){ codes.type, codes.scale, codes.zero_point };
	return usable;
}

/*
 * Rounding to codes and clamping commute, so an operator before an activation may make
 * the codes already; the activation then keeps them, and both become one command.
 */
static void look_past_activation(struct importer *im, Onnx__NodeProto *activation,
				 struct tsr_quantization *out)
{
	Onnx__NodeProto *reader;
	size_t number;

	if (!is_op(activation, "Relu") && !is_op(activation, "Clip"))
		return;
	reader = sole_reader(im, activation->output[0], &number);
	if (is_op(reader, "QuantizeLinear"))
		codes_of(im, reader, out);
}

bool import_result(struct importer *im, struct tsr_quantization *out, const char **name)
{
	Onnx__NodeProto *reader;
	size_t number;

	*name = im->node->n_output ? im->node->output[0] : "";
	*out = (struct tsr_quantization){ .type = TSR_FP32 };
	reader = sole_reader(im, *name, &number);
	if (!is_op(reader, "QuantizeLinear")) {
		look_past_activation(im, reader, out);
		return false;
	}
	if (!codes_of(im, reader, out))
		return false;
	*name = reader->output[0];
	im->done[number] = true;
	return true;
}

/* Codes keep standing for reals until a QuantizeLinear or a float operator reads them. */
int import_finish(struct importer *im, tsr_tensor tensor, bool quantized, const char *name)
{
	struct value value = { .kind = VALUE_TENSOR, .tensor = tensor };
	const struct tsr_tensor_info *info;

	if (tensor < 0)
		return import_fail(im, tensor, "%s", tsr_error());
	if (import_name(im, tensor))
		return -ENOMEM;
	info = tsr_graph_tensor_info(im->graph, tensor);
	if (!quantized && tsr_type_is_quantized(info->type)) {
		value.kind = VALUE_DEQUANTIZED;
		value.codes = (struct codes){
			.type = info->type, .scale = info->scale, .zero_point = info->zero_point,
		};
	}
	return import_bind(im, name, &value);
}

static float weight_scale(const struct tsr_tensor_info *w, int64_t channel)
{
	return w->scales ? w->scales[channel] : w->scale;
}

static double bias_real(const struct value *value, int64_t i)
{
	const struct codes *codes = &value->codes;

	if (value->kind != VALUE_DEQUANTIZED)
		return (double)((float *)value->literal->data)[i];
	return (double)((int32_t *)value->literal->data)[i] *
	       (double)(codes->scales ? codes->scales[i] : codes->scale);
}

/* Are the codes at the scale of the products already, but for rounding of that scale? */
static bool is_code(const struct value *value, int64_t i, double scale)
{
	const struct codes *codes = &value->codes;

	return value->kind == VALUE_DEQUANTIZED &&
	       fabs((double)(codes->scales ? codes->scales[i] : codes->scale) / scale - 1) < 1e-6;
}

/* The manual's bias is int32 at the scale of the products. */
static tsr_tensor integer_bias(struct importer *im, const struct value *value, tsr_tensor x,
			       tsr_tensor w, unsigned int w_axis)
{
	const struct tsr_tensor_info *a = tsr_graph_tensor_info(im->graph, x);
	const struct tsr_tensor_info *b = tsr_graph_tensor_info(im->graph, w);
	const struct literal *given = value->literal;
	int64_t channels = b->dim[w_axis], i;
	struct literal *bias;

	if (given->type != (value->kind == VALUE_DEQUANTIZED ?
			    ONNX__TENSOR_PROTO__DATA_TYPE__INT32 :
			    ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT) ||
	    (int64_t)given->count != channels ||
	    (value->codes.scales && (int64_t)value->codes.scale_count != channels))
		return import_fail(im, -EOPNOTSUPP, "bias %s fits no quantized operator",
				   value->name);
	bias = literal_new(im, ONNX__TENSOR_PROTO__DATA_TYPE__INT32, 1, &channels);
	if (!bias)
		return -ENOMEM;
	for (i = 0; i < channels; i++) {
		double scale = (double)a->scale * (double)weight_scale(b, i);
		double units = is_code(value, i, scale) ? ((int32_t *)given->data)[i] :
			       nearbyint(bias_real(value, i) / scale);

		if (!(fabs(units) <= INT32_MAX))
			return import_fail(im, -EOPNOTSUPP, "bias %lld does not fit int32 at the "
					   "scale of the products", (long long)i);
		((int32_t *)bias->data)[i] = (int32_t)units;
	}
	return literal_constant(im, bias, NULL, value->name);
}

/* The manual's bias has one dimension. */
static tsr_tensor real_bias(struct importer *im, size_t i, const struct value *value)
{
	struct literal flat = *value->literal;

	if (value->kind != VALUE_LITERAL || flat.type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
		return import_tensor(im, i);
	flat.rank = 1;
	flat.dim[0] = (int64_t)flat.count;
	return literal_constant(im, &flat, NULL, value->name);
}

int import_bias(struct importer *im, size_t i, tsr_tensor x, tsr_tensor w, unsigned int w_axis,
		tsr_tensor *bias)
{
	const struct tsr_tensor_info *info = tsr_graph_tensor_info(im->graph, x);
	struct value *value;

	*bias = TSR_NO_TENSOR;
	if (!import_has_input(im, i))
		return 0;
	value = import_input(im, i);
	if (!value)
		return -EBADMSG;
	if (!value->literal)
		return import_fail(im, -EOPNOTSUPP, "the bias must be a constant");
	if (tsr_type_is_quantized(info->type))
		*bias = integer_bias(im, value, x, w, w_axis);
	else
		*bias = real_bias(im, i, value);
	return *bias < 0 ? import_fail(im, *bias, "%s", tsr_error()) : 0;
}
