// SPDX-License-Identifier: MIT
/* Gemm and MatMul. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

static tsr_tensor transpose2(struct importer *im, tsr_tensor x)
{
	static const unsigned int swap[] = { 1, 0 };

	return tsr_graph_transpose(im->graph, x, swap);
}

/* alpha and beta other than 1 are a multiplication of their own. */
static tsr_tensor scaled(struct importer *im, tsr_tensor x, float factor)
{
	const struct tsr_tensor_info one = { .type = TSR_FP32, .rank = 1, .dim = { 1 } };
	tsr_tensor constant;

	if (factor == 1 || x < 0)
		return x;
	constant = tsr_graph_constant(im->graph, "factor", &one, &factor, sizeof(factor));
	if (constant < 0)
		return constant;
	return tsr_graph_binary(im->graph, TSR_MUL, x, constant, NULL);
}

/* Can C be the bias of the operator: a constant with one value per column? */
static bool is_bias(struct importer *im, int64_t columns)
{
	struct value *value = import_find(im, im->node->input[2]);
	unsigned int i;

	if (!value || !value->literal || (int64_t)value->literal->count != columns ||
	    attribute_float(im, "beta", 1) != 1)
		return false;
	for (i = 0; i + 1 < value->literal->rank; i++)
		if (value->literal->dim[i] != 1)
			return false;
	return true;
}

/* C may repeat along the product, not the product along C. */
static bool fits_product(struct importer *im, tsr_tensor product, tsr_tensor c)
{
	const struct tsr_tensor_info *p = tsr_graph_tensor_info(im->graph, product);
	const struct tsr_tensor_info *info = tsr_graph_tensor_info(im->graph, c);
	unsigned int i;

	if (info->rank > p->rank)
		return false;
	for (i = 1; i <= info->rank; i++)
		if (info->dim[info->rank - i] != 1 &&
		    info->dim[info->rank - i] != p->dim[p->rank - i])
			return false;
	return true;
}

static int finish_with_addend(struct importer *im, tsr_tensor product)
{
	tsr_tensor c;

	if (product < 0)
		return import_fail(im, product, "%s", tsr_error());
	c = scaled(im, import_tensor(im, 2), attribute_float(im, "beta", 1));
	if (c < 0)
		return c;
	if (!fits_product(im, product, c))
		return import_fail(im, -EBADMSG, "C does not broadcast to the product");
	return import_bind_tensor(im, tsr_graph_binary(im->graph, TSR_ADD, product, c, NULL));
}

static int multiply(struct importer *im, tsr_tensor a, tsr_tensor b, bool transpose_b, bool codes,
		    bool addend)
{
	const struct tsr_tensor_info *w = tsr_graph_tensor_info(im->graph, b);
	unsigned int axis = w->rank < 2 ? 0 : w->rank - (transpose_b ? 2 : 1);
	struct tsr_quantization out = { .type = TSR_FP32 };
	tsr_tensor bias = TSR_NO_TENSOR;
	const char *name = im->node->output[0];
	bool quantized;
	int error;

	if (addend && is_bias(im, w->dim[axis])) {
		error = import_bias(im, 2, a, b, axis, &bias);
		if (error)
			return error;
		addend = false;
	}
	if (addend)
		return finish_with_addend(im, tsr_graph_gemm(im->graph, a, b, transpose_b, bias,
							     &out));
	quantized = codes && import_result(im, 0, &out, &name);
	return import_finish(im, tsr_graph_gemm(im->graph, a, b, transpose_b, bias, &out),
			     quantized, name);
}

/* Constant codes carry alpha in their scale, and cost nothing. */
static tsr_tensor scaled_codes(struct importer *im, float alpha)
{
	struct value *value = import_input(im, 1);
	struct codes codes;
	struct literal *scales;
	int64_t count;
	size_t i;

	if (!value)
		return -EBADMSG;
	codes = value->codes;
	codes.scale *= alpha;
	if (codes.scales) {
		count = (int64_t)codes.scale_count;
		scales = literal_new(im, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 1, &count);
		if (!scales)
			return -ENOMEM;
		for (i = 0; i < codes.scale_count; i++)
			((float *)scales->data)[i] = codes.scales[i] * alpha;
		codes.scales = scales->data;
	}
	return literal_constant(im, value->literal, &codes, value->name);
}

static bool carries_alpha(struct importer *im, float alpha)
{
	struct value *value = import_find(im, im->node->input[1]);

	return alpha == 1 || (alpha > 0 && value && value->literal);
}

/* Codes are multiplied as integers where int32 holds the sum over dimension @k of input @i. */
static bool uses_codes(struct importer *im, size_t i, int k)
{
	int64_t dim[IMPORT_RANK_MAX];
	unsigned int rank;

	if (!import_is_quantized(im, 0) || !import_is_quantized(im, 1) ||
	    import_shape(im, import_find(im, im->node->input[i]), &rank, dim) || rank < 2)
		return false;
	return import_sum_fits((uint64_t)dim[k < 0 ? (int)rank + k : k]);
}

/* As in BLAS: what beta 0 multiplies is not read, whatever it is. */
static bool has_addend(struct importer *im)
{
	if (!import_has_input(im, 2))
		return false;
	if (attribute_float(im, "beta", 1) != 0)
		return true;
	import_input(im, 2);
	return false;
}

static int check_matrix(struct importer *im, tsr_tensor x)
{
	unsigned int rank = tsr_graph_tensor_info(im->graph, x)->rank;

	if (rank != 2)
		return import_fail(im, -EBADMSG, "an operand has %u dimensions, not 2", rank);
	return 0;
}

int import_gemm(struct importer *im)
{
	float alpha = attribute_float(im, "alpha", 1);
	bool transpose_a = attribute_int(im, "transA", 0);
	bool transpose_b = attribute_int(im, "transB", 0);
	bool codes = uses_codes(im, 0, transpose_a ? 0 : -1) && carries_alpha(im, alpha);
	tsr_tensor a = import_operand(im, 0, codes), b;

	b = codes && alpha != 1 ? scaled_codes(im, alpha) : import_operand(im, 1, codes);
	if (a < 0 || b < 0)
		return a < 0 ? a : b;
	if (check_matrix(im, a) || check_matrix(im, b))
		return -EBADMSG;
	attribute_float(im, "beta", 1);
	if (transpose_a)
		a = transpose2(im, a);
	if (!codes)
		a = scaled(im, a, alpha);
	if (a < 0)
		return import_fail(im, a, "%s", tsr_error());
	return multiply(im, a, b, transpose_b, codes, has_addend(im));
}

/* numpy lets the left operand have fewer dimensions than the right. */
static tsr_tensor widen_left(struct importer *im, tsr_tensor a, tsr_tensor b)
{
	const struct tsr_tensor_info *left = tsr_graph_tensor_info(im->graph, a);
	const struct tsr_tensor_info *right = tsr_graph_tensor_info(im->graph, b);
	int64_t dim[TSR_RANK_MAX] = { 1, 1, 1, 1, 1 };
	unsigned int missing;

	if (left->rank >= right->rank || left->rank < 2)
		return a;
	missing = right->rank - left->rank;
	memcpy(&dim[missing], left->dim, left->rank * sizeof(dim[0]));
	return tsr_graph_reshape(im->graph, a, right->rank, dim);
}

static tsr_tensor widen_right(struct importer *im, tsr_tensor a, tsr_tensor b)
{
	const struct tsr_tensor_info *left = tsr_graph_tensor_info(im->graph, a);
	const struct tsr_tensor_info *right = tsr_graph_tensor_info(im->graph, b);
	int64_t dim[TSR_RANK_MAX] = { 1, 1, 1, 1, 1 };

	if (right->rank == 2 || right->rank >= left->rank || right->rank < 2)
		return b;
	memcpy(&dim[left->rank - right->rank], right->dim, right->rank * sizeof(dim[0]));
	return tsr_graph_reshape(im->graph, b, left->rank, dim);
}

int import_matmul(struct importer *im)
{
	bool codes = uses_codes(im, 0, -1);
	tsr_tensor a = import_operand(im, 0, codes), b = import_operand(im, 1, codes);

	if (a < 0 || b < 0)
		return a < 0 ? a : b;
	if (tsr_graph_tensor_info(im->graph, a)->rank < 2 ||
	    tsr_graph_tensor_info(im->graph, b)->rank < 2)
		return import_fail(im, -EOPNOTSUPP, "operands with one dimension are not "
				   "supported");
	a = widen_left(im, a, b);
	if (a >= 0)
		b = widen_right(im, a, b);
	if (a < 0 || b < 0)
		return import_fail(im, -EINVAL, "%s", tsr_error());
	return multiply(im, a, b, false, codes, false);
}
