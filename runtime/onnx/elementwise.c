// SPDX-License-Identifier: MIT
/* Operators that look at one element at a time. */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

struct function {
	const char *op;
	enum tsr_function function;
	const char *alpha;	/* attribute names and defaults */
	float alpha_default;
	const char *beta;
	float beta_default;
};

static const struct function functions[] = {
	{ "Abs", TSR_ABS, NULL, 0, NULL, 0 },
	{ "Erf", TSR_ERF, NULL, 0, NULL, 0 },
	{ "Exp", TSR_EXP, NULL, 0, NULL, 0 },
	{ "HardSigmoid", TSR_HARD_SIGMOID, "alpha", 0.2f, "beta", 0.5f },
	{ "LeakyRelu", TSR_LEAKY_RELU, "alpha", 0.01f, NULL, 0 },
	{ "Neg", TSR_NEG, NULL, 0, NULL, 0 },
	{ "Relu", TSR_RELU, NULL, 0, NULL, 0 },
	{ "Sigmoid", TSR_SIGMOID, NULL, 0, NULL, 0 },
	{ "Sqrt", TSR_SQRT, NULL, 0, NULL, 0 },
	{ "Tanh", TSR_TANH, NULL, 0, NULL, 0 },
	{ "Add", TSR_ADD, NULL, 0, NULL, 0 },
	{ "Sub", TSR_SUB, NULL, 0, NULL, 0 },
	{ "Mul", TSR_MUL, NULL, 0, NULL, 0 },
	{ "Div", TSR_DIV, NULL, 0, NULL, 0 },
	{ "Min", TSR_MIN, NULL, 0, NULL, 0 },
	{ "Max", TSR_MAX, NULL, 0, NULL, 0 },
};

static const struct function *find_function(const char *op)
{
	size_t i = 0;

	while (strcmp(functions[i].op, op))
		i++;
	return &functions[i];
}

static int add_unary(struct importer *im, enum tsr_function function, float alpha, float beta)
{
	bool codes = import_is_quantized(im, 0), quantized;
	struct tsr_quantization out = { .type = TSR_FP32 };
	tsr_tensor x = import_operand(im, 0, codes);
	const char *name = im->node->output[0];

	if (x < 0)
		return x;
	quantized = codes && import_result(im, 0, &out, &name);
	return import_finish(im, tsr_graph_unary(im->graph, function, x, alpha, beta, &out),
			     quantized, name);
}

int import_unary(struct importer *im)
{
	const struct function *f = find_function(im->node->op_type);

	return add_unary(im, f->function,
			 f->alpha ? attribute_float(im, f->alpha, f->alpha_default) : 0,
			 f->beta ? attribute_float(im, f->beta, f->beta_default) : 0);
}

/* Before operator set 11 the bounds are attributes, then inputs. */
static int read_bound(struct importer *im, size_t i, const char *attribute, float *bound)
{
	const struct literal *literal;

	if (im->opset < 11) {
		*bound = attribute_float(im, attribute, *bound);
		return 0;
	}
	if (!import_has_input(im, i))
		return 0;
	literal = import_reals(im, i);
	if (!literal || literal->count != 1)
		return import_fail(im, -EOPNOTSUPP, "bound %zu must be one constant number", i);
	*bound = *(float *)literal->data;
	return 0;
}

/* A bound that is an attribute has the largest finite number as its default. */
int import_clip(struct importer *im)
{
	float high = im->opset < 11 ? FLT_MAX : INFINITY, low = -high;
	int error = read_bound(im, 1, "min", &low);

	if (!error)
		error = read_bound(im, 2, "max", &high);
	return error ? error : add_unary(im, TSR_CLIP, low, high);
}

/* Min and Max take any number of inputs: a chain of pairs. */
static int import_chain(struct importer *im, enum tsr_function function)
{
	tsr_tensor result = import_tensor(im, 0), next;
	size_t i;

	for (i = 1; i < im->node->n_input && result >= 0; i++) {
		next = import_tensor(im, i);
		if (next < 0)
			return next;
		result = tsr_graph_binary(im->graph, function, result, next, NULL);
	}
	return import_bind_tensor(im, result);
}

static bool takes_any_number(enum tsr_function function)
{
	return function == TSR_MIN || function == TSR_MAX;
}

int import_binary(struct importer *im)
{
	enum tsr_function function = find_function(im->node->op_type)->function;
	bool codes = import_is_quantized(im, 0) && import_is_quantized(im, 1), quantized;
	struct tsr_quantization out = { .type = TSR_FP32 };
	const char *name = im->node->output[0];
	tsr_tensor a, b;

	if (im->node->n_input != 2 && takes_any_number(function))
		return import_chain(im, function);
	a = import_operand(im, 0, codes);
	b = import_operand(im, 1, codes);
	if (a < 0 || b < 0)
		return a < 0 ? a : b;
	quantized = codes && import_result(im, 0, &out, &name);
	return import_finish(im, tsr_graph_binary(im->graph, function, a, b, &out), quantized,
			     name);
}

/* y = x * factor + shift, per channel, folded to two constants. */
static int fold_normalization(struct importer *im, const struct literal *p[4], unsigned int rank,
			      float epsilon, tsr_tensor *factor, tsr_tensor *shift)
{
	int64_t dim[TSR_RANK_MAX] = { 1, (int64_t)p[0]->count, 1, 1, 1 };
	struct literal *f = literal_new(im, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, rank, dim);
	struct literal *s = literal_new(im, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, rank, dim);
	size_t i;

	if (!f || !s)
		return -ENOMEM;
	for (i = 0; i < p[0]->count; i++) {
		double scale = ((float *)p[0]->data)[i] /
			       sqrt((double)((float *)p[3]->data)[i] + epsilon);

		((float *)f->data)[i] = (float)scale;
		((float *)s->data)[i] = (float)(((float *)p[1]->data)[i] -
						scale * ((float *)p[2]->data)[i]);
	}
	*factor = literal_constant(im, f, NULL, "normalization factor");
	*shift = literal_constant(im, s, NULL, "normalization shift");
	return *factor < 0 || *shift < 0 ? -ENOMEM : 0;
}

/* As in inference: the statistics are inputs, momentum would only update them. */
static int check_inference(struct importer *im)
{
	attribute_float(im, "momentum", 0);
	if (im->opset < 9 && attribute_int(im, "spatial", 1) != 1)
		return import_fail(im, -EOPNOTSUPP, "only attribute spatial 1 is supported");
	if (im->opset >= 14 && attribute_int(im, "training_mode", 0))
		return import_fail(im, -EOPNOTSUPP, "only attribute training_mode 0 is supported");
	return 0;
}

static int read_parameters(struct importer *im, int64_t channels, const struct literal *p[4])
{
	size_t i;

	for (i = 0; i < 4; i++) {
		p[i] = import_reals(im, i + 1);
		if (!p[i])
			return -EOPNOTSUPP;
		if ((int64_t)p[i]->count != channels)
			return import_fail(im, -EBADMSG, "input %zu has %zu elements for %lld "
					   "channels", i + 1, p[i]->count, (long long)channels);
	}
	return 0;
}

int import_batch_normalization(struct importer *im)
{
	int error = check_inference(im);
	const struct tsr_tensor_info *info;
	tsr_tensor x, factor, shift;
	const struct literal *p[4];

	if (error)
		return error;
	x = import_tensor(im, 0);
	if (x < 0)
		return x;
	info = tsr_graph_tensor_info(im->graph, x);
	if (info->rank < 2)
		return import_fail(im, -EBADMSG, "the input has no channels");
	error = read_parameters(im, info->dim[1], p);
	if (!error)
		error = fold_normalization(im, p, info->rank, attribute_float(im, "epsilon", 1e-5f),
					   &factor, &shift);
	if (error)
		return error;
	x = tsr_graph_binary(im->graph, TSR_MUL, x, factor, NULL);
	if (x >= 0)
		x = tsr_graph_binary(im->graph, TSR_ADD, x, shift, NULL);
	return import_bind_tensor(im, x);
}
