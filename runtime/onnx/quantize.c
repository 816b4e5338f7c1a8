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


static enum tsr_type code_type(int32_t type)
{
	switch (type) {
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT8:
		return TSR_INT8;
	case ONNX__TENSOR_PROTO__DATA_TYPE__UINT8:
		return TSR_UINT8;
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT32:
		return TSR_INT32;
	default:
		return 0;
	}
}

static int read_zero_point(struct importer *im, const struct value *value, struct codes *codes)
{
	const struct literal *literal = value->literal;
	size_t i;

	if (value->kind != VALUE_LITERAL || !literal->count)
		return import_fail(im, -EOPNOTSUPP, "the zero point must be a constant");
	codes->type = code_type(literal->type);
	if (!codes->type)
		return import_fail(im, -EOPNOTSUPP, "zero points of data type %d are not supported",
				   literal->type);
	if (literal->count != 1 && literal->count != codes->scale_count)
		return import_fail(im, -EBADMSG, "%zu zero points for %zu scales", literal->count,
				   codes->scales ? codes->scale_count : 1);
	codes->zero_point = literal_code(literal, 0);
	for (i = 1; i < literal->count; i++)
		if (literal_code(literal, i) != codes->zero_point)
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

/* Attributes that later operator sets added; what they say of other types does not matter. */
static int read_attributes(struct importer *im, struct codes *codes)
{
	bool quantizes = !strcmp(im->node->op_type, "QuantizeLinear");
	int64_t type;

	codes->given_axis = im->opset >= 13 ? attribute_int(im, "axis", 1) : 1;
	if (im->opset >= 19 && quantizes)
		attribute_int(im, "saturate", 1);
	if (im->opset < 21)
		return 0;
	if (attribute_int(im, "block_size", 0))
		return import_fail(im, -EOPNOTSUPP, "only attribute block_size 0 is supported");
	type = quantizes ? attribute_int(im, "output_dtype", 0) : 0;
	if (!type)
		return 0;
	codes->type = type == (int32_t)type ? code_type((int32_t)type) : 0;
	if (!codes->type)
		return import_fail(im, -EOPNOTSUPP, "attribute output_dtype %lld is not supported",
				   (long long)type);
	return 0;
}

static int read_scale(struct importer *im, struct codes *codes)
{
	const struct literal *scale = import_literal(im, 1, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);

	if (!scale || check_scale(im, scale))
		return -EOPNOTSUPP;
	if (scale->rank > 1)
		return import_fail(im, -EOPNOTSUPP, "scales of blocks are not supported");
	if (scale->count == 1) {
		codes->scale = *(float *)scale->data;
	} else {
		codes->scales = scale->data;
		codes->scale_count = scale->count;
	}
	return 0;
}

/* Scale, zero point and type of codes; the type is 0 where the node does not say it. */
static int read_codes(struct importer *im, struct codes *codes)
{
	enum tsr_type type;
	struct value *zero_point;
	int error;

	*codes = (struct codes){ 0 };
	error = read_attributes(im, codes);
	if (!error)
		error = read_scale(im, codes);
	if (error || !import_has_input(im, 2))
		return error;
	type = codes->type;
	zero_point = import_input(im, 2);
	error = zero_point ? read_zero_point(im, zero_point, codes) : -EBADMSG;
	if (!error && type && type != codes->type)
		return import_fail(im, -EBADMSG, "attribute output_dtype is not the zero point's "
				   "type");
	return error;
}

static int check_channels(struct importer *im, const struct literal *literal,
			  struct codes *codes)
{
	int axis;

	if (!codes->scales)
		return 0;
	axis = import_axis(im, codes->given_axis, literal->rank);
	if (axis < 0)
		return axis;
	codes->axis = (unsigned int)axis;
	if (literal->dim[axis] != (int64_t)codes->scale_count)
		return import_fail(im, -EBADMSG, "%zu scales for %lld channels",
				   codes->scale_count, (long long)literal->dim[axis]);
	return 0;
}

/* The type of the codes is their tensor's; a zero point of another one is no zero point. */
static int check_type(struct importer *im, const struct value *value, struct codes *codes,
		      enum tsr_type type)
{
	if (!tsr_type_is_integer(type))
		return import_fail(im, -EOPNOTSUPP, "%s is not of an integer type", value->name);
	if (codes->type && codes->type != type)
		return import_fail(im, -EBADMSG, "the zero point is of another type than %s",
				   value->name);
	codes->type = type;
	return 0;
}

static int dequantize_literal(struct importer *im, const struct value *value, struct codes *codes)
{
	int error = check_type(im, value, codes, literal_graph_type(value->literal));

	return error ? error : check_channels(im, value->literal, codes);
}

static int dequantize_tensor(struct importer *im, const struct value *value, struct codes *codes)
{
	const struct tsr_tensor_info *info = tsr_graph_tensor_info(im->graph, value->tensor);
	int error = check_type(im, value, codes, info->type);

	if (error)
		return error;
	if (value->kind != VALUE_TENSOR || codes->scales || info->scale != codes->scale ||
	    info->zero_point != codes->zero_point)
		return import_fail(im, -EOPNOTSUPP, "scale and zero point are not those %s was "
				   "quantized with", value->name);
	return 0;
}

int import_dequantize(struct importer *im)
{
	struct value *value = import_input(im, 0), result;
	struct codes codes;
	int error;

	if (!value)
		return -EBADMSG;
	error = read_codes(im, &codes);
	if (!error)
		error = value->kind == VALUE_LITERAL ? dequantize_literal(im, value, &codes) :
						       dequantize_tensor(im, value, &codes);
	if (error)
		return error;
	result = (struct value){
		.kind = VALUE_DEQUANTIZED, .tensor = value->tensor, .literal = value->literal,
		.codes = codes,
	};
	return import_bind(im, im->node->output[0], &result);
}

static bool same_codes(const struct codes *a, const struct tsr_quantization *b)
{
	return !a->scales && a->type == b->type && a->scale == b->scale &&
	       a->zero_point == b->zero_point;
}

/* What an operator can make at run time; uint8 where the node does not say it. */
static bool makes_codes(const struct codes *codes, struct tsr_quantization *out)
{
	out->type = codes->type ? codes->type : TSR_UINT8;
	out->scale = codes->scale;
	out->zero_point = codes->zero_point;
	return !codes->scales && tsr_type_is_quantized(out->type);
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
	if (!makes_codes(&codes, &out))
		return import_fail(im, -EOPNOTSUPP, "only int8 and uint8 with one scale can be "
				   "made at run time");
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
	tsr_tensor made;

	if (!value)
		return -EBADMSG;
	if (!value->literal)
		return value->tensor;
	if (value->constant)
		return value->constant - 1;
	made = literal_constant(im, value->literal, &value->codes, value->name);
	if (made >= 0)
		value->constant = made + 1;
	return made;
}

tsr_tensor import_operand(struct importer *im, size_t i, bool quantized)
{
	return quantized ? import_codes(im, i) : import_tensor(im, i);
}

/* The one node that reads @text, or NULL when there are none, several, or it is an output. */
static Onnx__NodeProto *sole_reader(const struct importer *im, const char *text, size_t *number)
{
	const struct name *name = name_find(im, text);

	*number = name ? name->reader : 0;
	if (!name || name->readers != 1 || name->is_output)
		return NULL;
	return im->model->node[name->reader];
}

static bool is_op(const Onnx__NodeProto *node, const char *op)
{
	return node && node->op_type && !strcmp(node->op_type, op) && node->n_output &&
	       node->output[0] && *node->output[0] && (!node->domain || !*node->domain ||
						       !strcmp(node->domain, "ai.onnx"));
}

#define QUANTIZE_INPUTS	3

/*
 * The codes that QuantizeLinear @reader makes, if it makes what an operator can. One
 * with anything this does not read is left to its own handler, which refuses it.
 */
static bool codes_of(struct importer *im, Onnx__NodeProto *reader, enum tsr_type only,
		     struct tsr_quantization *out)
{
	const Onnx__NodeProto *node = im->node;
	const struct usage usage = im->usage;
	bool inputs[QUANTIZE_INPUTS] = { true }, usable;
	struct tsr_quantization made;
	struct codes codes;

	if (reader->n_input > QUANTIZE_INPUTS || reader->n_attribute > ATTRIBUTES_MAX)
		return false;
	im->node = reader;
	im->usage = (struct usage){ .inputs = inputs };
	usable = !read_codes(im, &codes) && !node_is_read(im) && makes_codes(&codes, &made) &&
		 (!only || made.type == only);
	im->node = node;
	im->usage = usage;
	if (usable)
		*out = made;
	return usable;
}

/*
 * Rounding to codes and clamping commute, so an operator before an activation may make
 * the codes already; the activation then keeps them, and both become one command.
 */
static void look_past_activation(struct importer *im, Onnx__NodeProto *activation,
				 enum tsr_type only, struct tsr_quantization *out)
{
	Onnx__NodeProto *reader;
	size_t number;

	if (!is_op(activation, "Relu") && !is_op(activation, "Clip"))
		return;
	reader = sole_reader(im, activation->output[0], &number);
	if (is_op(reader, "QuantizeLinear"))
		codes_of(im, reader, only, out);
}

bool import_result(struct importer *im, enum tsr_type only, struct tsr_quantization *out,
		   const char **name)
{
	Onnx__NodeProto *reader;
	size_t number;

	*name = im->node->output[0];
	*out = (struct tsr_quantization){ .type = TSR_FP32 };
	reader = sole_reader(im, *name, &number);
	if (!is_op(reader, "QuantizeLinear")) {
		look_past_activation(im, reader, only, out);
		return false;
	}
	if (!codes_of(im, reader, only, out))
		return false;
	*name = reader->output[0];
	im->done[number] = true;
	return true;
}

/* A product of two codes without their zero points reaches 255 times 255. */
bool import_sum_fits(uint64_t count)
{
	return count <= INT32_MAX / (255 * 255);
}

int import_mean(struct importer *im, uint64_t count, struct mean *m)
{
	const struct value *value;

	*m = (struct mean){ .name = im->node->output[0] };
	m->codes = import_is_quantized(im, 0) && count <= INT32_MAX / 255;
	if (m->codes) {
		value = import_find(im, im->node->input[0]);
		m->quantized = import_result(im, value->codes.type, &m->out, &m->name);
		m->codes = m->out.type != TSR_FP32;
	}
	m->x = import_operand(im, 0, m->codes);
	return m->x < 0 ? m->x : 0;
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
static tsr_tensor real_bias(struct importer *im, size_t i)
{
	const struct literal *reals = import_reals(im, i);
	struct literal flat;

	if (!reals)
		return -EOPNOTSUPP;
	flat = *reals;
	flat.rank = 1;
	flat.dim[0] = (int64_t)flat.count;
	return literal_constant(im, &flat, NULL, import_find(im, im->node->input[i])->name);
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
		*bias = real_bias(im, i);
	return *bias < 0 ? import_fail(im, *bias, "%s", tsr_error()) : 0;
}
