// SPDX-License-Identifier: MIT
/* The operators of ONNX that have a handler. */
#include <stdlib.h>
#include <string.h>

#include "importer.h"

/* Sorted by name; since is the operator set it came with. */
static const struct {
	const char *op;
	int since;
	import_handler handler;
} operators[] = {
	{ "Abs", 1, import_unary },
	{ "Add", 1, import_binary },
	{ "AveragePool", 1, import_pool },
	{ "BatchNormalization", 1, import_batch_normalization },
	{ "Cast", 1, import_cast },
	{ "Clip", 1, import_clip },
	{ "Concat", 1, import_concat },
	{ "Constant", 1, import_constant },
	{ "Conv", 1, import_conv },
	{ "DequantizeLinear", 10, import_dequantize },
	{ "Div", 1, import_binary },
	{ "Dropout", 1, import_dropout },
	{ "Erf", 9, import_unary },
	{ "Exp", 1, import_unary },
	{ "Flatten", 1, import_flatten },
	{ "Gather", 1, import_gather },
	{ "Gemm", 1, import_gemm },
	{ "GlobalAveragePool", 1, import_global_pool },
	{ "GlobalMaxPool", 1, import_global_pool },
	{ "HardSigmoid", 1, import_unary },
	{ "Identity", 1, import_identity },
	{ "LeakyRelu", 1, import_unary },
	{ "MatMul", 1, import_matmul },
	{ "Max", 1, import_binary },
	{ "MaxPool", 1, import_pool },
	{ "Min", 1, import_binary },
	{ "Mul", 1, import_binary },
	{ "Neg", 1, import_unary },
	{ "Pad", 1, import_pad },
	{ "QuantizeLinear", 10, import_quantize },
	{ "ReduceMax", 1, import_reduce },
	{ "ReduceMean", 1, import_reduce },
	{ "ReduceMin", 1, import_reduce },
	{ "ReduceSum", 1, import_reduce },
	{ "Relu", 1, import_unary },
	{ "Reshape", 1, import_reshape },
	{ "Shape", 1, import_shape_of },
	{ "Sigmoid", 1, import_unary },
	{ "Softmax", 1, import_softmax },
	{ "Sqrt", 1, import_unary },
	{ "Squeeze", 1, import_squeeze },
	{ "Sub", 1, import_binary },
	{ "Tanh", 1, import_unary },
	{ "Transpose", 1, import_transpose },
	{ "Unsqueeze", 1, import_unsqueeze },
};

#define OPERATORS	(sizeof(operators) / sizeof(operators[0]))

const char *const *operator_names(void)
{
	static const char *names[OPERATORS + 1];
	size_t i;

	for (i = 0; i < OPERATORS; i++)
		names[i] = operators[i].op;
	return names;
}

static int compare(const void *op, const void *entry)
{
	return strcmp(op, *(const char *const *)entry);
}

import_handler operator_find(const char *op, int *since)
{
	const void *found = bsearch(op, operators, OPERATORS, sizeof(operators[0]), compare);
	const __typeof__(operators[0]) *entry = found;

	if (!entry)
		return NULL;
	*since = entry->since;
	return entry->handler;
}
