// SPDX-License-Identifier: MIT
/*
 * Operators that rename or reorder elements. On constants they are done here;
 * on tensors they become views. Codes stay codes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

#define INT64	ONNX__TENSOR_PROTO__DATA_TYPE__INT64

static struct literal *copy_literal(struct importer *im, const struct literal *from,
				    unsigned int rank, const int64_t *dim)
{
	struct literal *to = literal_new(im, from->type, rank, dim);

	if (to && to->count != from->count) {
		import_fail(im, -EBADMSG, "a constant of %zu elements gets a shape of %zu",
			    from->count, to->count);
		return NULL;
	}
	if (to)
		memcpy(to->data, from->data, from->count * literal_element(from->type));
	return to;
}

/* Give input 0 another shape, whatever it is. */
static int reshape_to(struct importer *im, unsigned int rank, const int64_t *dim)
{
	struct value *value = import_input(im, 0);
	struct literal *literal;
	bool codes;
	tsr_tensor x;

	if (!value)
		return -EBADMSG;
	if (value->kind == VALUE_LITERAL) {
		literal = copy_literal(im, value->literal, rank, dim);
		return literal ? import_bind_literal(im, literal) : -EBADMSG;
	}
	if (rank > TSR_RANK_MAX)
		return import_fail(im, -EOPNOTSUPP, "%u dimensions, at most %d are supported", rank,
				   TSR_RANK_MAX);
	codes = value->kind == VALUE_DEQUANTIZED;
	x = import_operand(im, 0, codes);
	if (x < 0)
		return x;
	x = tsr_graph_reshape(im->graph, x, rank ? rank : 1, rank ? dim : (int64_t[]){ 1 });
	return import_finish(im, x, false, im->node->output[0]);
}

static int input_shape(struct importer *im, unsigned int *rank, int64_t dim[IMPORT_RANK_MAX])
{
	struct value *value = import_input(im, 0);

	return value ? import_shape(im, value, rank, dim) : -EBADMSG;
}

/* 0 copies the input's extent, -1 is what is left. */
int import_reshape(struct importer *im)
{
	int64_t in[IMPORT_RANK_MAX], dim[IMPORT_RANK_MAX], total = 1, known = 1;
	const struct literal *shape = import_literal(im, 1, INT64);
	unsigned int rank, i;
	int unknown = -1;

	if (!shape || input_shape(im, &rank, in))
		return -EOPNOTSUPP;
	if (shape->count > IMPORT_RANK_MAX)
		return import_fail(im, -EOPNOTSUPP, "%zu dimensions", shape->count);
	for (i = 0; i < rank; i++)
		total *= in[i];
	for (i = 0; i < shape->count; i++) {
		dim[i] = ((int64_t *)shape->data)[i];
		if (!dim[i] && i < rank && !attribute_int(im, "allowzero", 0))
			dim[i] = in[i];
		if (dim[i] == -1 && unknown < 0)
			unknown = (int)i;
		else if (dim[i] < 1 || __builtin_mul_overflow(known, dim[i], &known))
			return import_fail(im, -EBADMSG, "impossible extent %lld",
					   (long long)dim[i]);
	}
	if (unknown >= 0)
		dim[unknown] = total / known;
	return reshape_to(im, (unsigned int)shape->count, dim);
}

int import_flatten(struct importer *im)
{
	int64_t in[IMPORT_RANK_MAX], dim[2] = { 1, 1 }, given = attribute_int(im, "axis", 1);
	unsigned int rank, i;

	if (input_shape(im, &rank, in))
		return -EBADMSG;
	if (given < -(int64_t)rank || given > (int64_t)rank)
		return import_fail(im, -EBADMSG, "axis %lld", (long long)given);
	if (given < 0)
		given += rank;
	for (i = 0; i < rank; i++)
		dim[i >= given] *= in[i];
	return reshape_to(im, 2, dim);
}

int import_squeeze(struct importer *im)
{
	int64_t in[IMPORT_RANK_MAX], dim[IMPORT_RANK_MAX];
	unsigned int rank, i, kept = 0;
	uint32_t axes;
	int count;

	if (input_shape(im, &rank, in))
		return -EBADMSG;
	count = import_axes(im, rank, &axes);
	if (count < 0)
		return count;
	for (i = 0; i < rank; i++)
		if (count ? !(axes >> i & 1) : in[i] != 1)
			dim[kept++] = in[i];
	return reshape_to(im, kept, dim);
}

int import_unsqueeze(struct importer *im)
{
	int64_t in[IMPORT_RANK_MAX], dim[IMPORT_RANK_MAX];
	const struct literal *literal;
	unsigned int rank, i, from = 0, wide;
	uint32_t axes;
	size_t added;

	if (input_shape(im, &rank, in))
		return -EBADMSG;
	attribute_list(im, "axes", &added);
	if (import_has_input(im, 1)) {
		literal = import_literal(im, 1, INT64);
		added = literal ? literal->count : 0;
	}
	if (!added || rank + added > IMPORT_RANK_MAX)
		return import_fail(im, -EOPNOTSUPP, "%zu axes added to %u dimensions", added, rank);
	wide = rank + (unsigned int)added;
	if (import_axes(im, wide, &axes) < 0)
		return -EBADMSG;
	for (i = 0; i < wide; i++) {
		if (!(axes >> i & 1) && from == rank)
			return import_fail(im, -EBADMSG, "axes repeat");
		dim[i] = axes >> i & 1 ? 1 : in[from++];
	}
	return reshape_to(im, wide, dim);
}

static void permute_literal(const struct literal *from, const unsigned int *permutation,
			    struct literal *to)
{
	size_t element = literal_element(from->type), i, source, rest;
	size_t stride[IMPORT_RANK_MAX];
	unsigned int d;

	for (d = from->rank, source = 1; d-- > 0; source *= (size_t)from->dim[d])
		stride[d] = source;
	for (i = 0; i < to->count; i++) {
		for (d = to->rank, rest = i, source = 0; d-- > 0;) {
			source += rest % (size_t)to->dim[d] * stride[permutation[d]];
			rest /= (size_t)to->dim[d];
		}
		memcpy((char *)to->data + i * element, (char *)from->data + source * element,
		       element);
	}
}

static int transpose_literal(struct importer *im, const struct literal *from,
			     const unsigned int *permutation)
{
	int64_t dim[IMPORT_RANK_MAX];
	struct literal *to;
	unsigned int i;

	for (i = 0; i < from->rank; i++)
		dim[i] = from->dim[permutation[i]];
	to = literal_new(im, from->type, from->rank, dim);
	if (!to)
		return -ENOMEM;
	permute_literal(from, permutation, to);
	return import_bind_literal(im, to);
}

int import_transpose(struct importer *im)
{
	int64_t in[IMPORT_RANK_MAX], given[IMPORT_RANK_MAX];
	unsigned int permutation[IMPORT_RANK_MAX], rank, i;
	struct value *value = import_input(im, 0);
	uint32_t seen = 0;
	tsr_tensor x;
	int found;

	if (!value || import_shape(im, value, &rank, in))
		return -EBADMSG;
	found = attribute_ints(im, "perm", given, rank);
	if (found < 0)
		return found;
	for (i = 0; i < rank; i++) {
		permutation[i] = found ? (unsigned int)given[i] : rank - 1 - i;
		if (permutation[i] < rank)
			seen |= 1u << permutation[i];
	}
	if (seen != (1u << rank) - 1)
		return import_fail(im, -EBADMSG, "perm is not a permutation");
	if (value->kind == VALUE_LITERAL)
		return transpose_literal(im, value->literal, permutation);
	x = import_operand(im, 0, value->kind == VALUE_DEQUANTIZED);
	if (x < 0)
		return x;
	return import_finish(im, tsr_graph_transpose(im->graph, x, permutation), false,
			     im->node->output[0]);
}

static bool all_inputs(struct importer *im, enum value_kind kind)
{
	struct value *value;
	size_t i;

	for (i = 0; i < im->node->n_input; i++) {
		value = import_has_input(im, i) ? import_find(im, im->node->input[i]) : NULL;
		if (!value || value->kind != kind)
			return false;
	}
	return im->node->n_input > 0;
}

/* Shape arithmetic: one-dimensional lists of int64 joined. */
static int concat_literals(struct importer *im)
{
	struct literal *joined;
	const struct literal *part;
	int64_t total = 0, at = 0;
	size_t i;

	for (i = 0; i < im->node->n_input; i++) {
		part = import_literal(im, i, INT64);
		if (!part)
			return -EOPNOTSUPP;
		total += (int64_t)part->count;
	}
	joined = literal_new(im, INT64, 1, &total);
	if (!joined)
		return -ENOMEM;
	for (i = 0; i < im->node->n_input; i++) {
		part = import_literal(im, i, INT64);
		memcpy((int64_t *)joined->data + at, part->data, part->count * sizeof(int64_t));
		at += (int64_t)part->count;
	}
	return import_bind_literal(im, joined);
}

static int concat_tensors(struct importer *im, tsr_tensor *parts, bool codes)
{
	struct tsr_quantization out = { .type = TSR_FP32 };
	const char *name = im->node->n_output ? im->node->output[0] : "";
	const struct tsr_tensor_info *info;
	bool quantized;
	size_t i;
	int axis;

	for (i = 0; i < im->node->n_input; i++) {
		parts[i] = import_operand(im, i, codes);
		if (parts[i] < 0)
			return parts[i];
	}
	info = tsr_graph_tensor_info(im->graph, parts[0]);
	axis = import_axis(im, attribute_int(im, "axis", 1), info->rank);
	if (axis < 0)
		return axis;
	quantized = codes && import_result(im, &out, &name);
	return import_finish(im, tsr_graph_concat(im->graph, parts, im->node->n_input,
						  (unsigned int)axis, &out), quantized, name);
}

int import_concat(struct importer *im)
{
	tsr_tensor *parts;
	int error;

	if (all_inputs(im, VALUE_LITERAL))
		return concat_literals(im);
	parts = calloc(im->node->n_input + 1, sizeof(*parts));
	if (!parts)
		return import_fail(im, -ENOMEM, "out of memory");
	error = im->node->n_input ? concat_tensors(im, parts, all_inputs(im, VALUE_DEQUANTIZED)) :
				    import_fail(im, -EBADMSG, "nothing to join");
	free(parts);
	return error;
}

int import_identity(struct importer *im)
{
	struct value *value = import_input(im, 0), copy;

	if (!value)
		return -EBADMSG;
	copy = *value;
	return import_bind(im, im->node->n_output ? im->node->output[0] : NULL, &copy);
}

int import_constant(struct importer *im)
{
	const Onnx__AttributeProto *value = attribute_find(im, "value");
	const Onnx__AttributeProto *number = attribute_find(im, "value_float");
	const Onnx__AttributeProto *list = attribute_find(im, "value_ints");
	struct literal *literal = NULL;
	int64_t count;

	if (value && value->t) {
		literal = literal_of(im, value->t);
	} else if (number) {
		literal = literal_new(im, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 0, NULL);
		if (literal)
			*(float *)literal->data = number->f;
	} else if (list) {
		count = (int64_t)list->n_ints;
		literal = literal_new(im, INT64, 1, &count);
		if (literal)
			memcpy(literal->data, list->ints, list->n_ints * sizeof(int64_t));
	} else {
		return import_fail(im, -EOPNOTSUPP, "only tensors, a float and a list of integers "
				   "are supported as values");
	}
	return literal ? import_bind_literal(im, literal) : -EBADMSG;
}

int import_shape_of(struct importer *im)
{
	int64_t dim[IMPORT_RANK_MAX], count;
	struct literal *literal;
	unsigned int rank;

	if (input_shape(im, &rank, dim))
		return -EBADMSG;
	count = rank;
	literal = literal_new(im, INT64, 1, &count);
	if (!literal)
		return -ENOMEM;
	memcpy(literal->data, dim, rank * sizeof(*dim));
	return import_bind_literal(im, literal);
}

/* Only what shape arithmetic needs: entries of a list. */
int import_gather(struct importer *im)
{
	const struct literal *from = import_literal(im, 0, INT64);
	const struct literal *index = import_literal(im, 1, INT64);
	struct literal *to;
	int64_t at;
	size_t i;

	if (!from || !index)
		return -EOPNOTSUPP;
	to = literal_new(im, INT64, index->rank, index->dim);
	if (!to)
		return -ENOMEM;
	for (i = 0; i < index->count; i++) {
		at = ((int64_t *)index->data)[i];
		if (at < 0)
			at += (int64_t)from->count;
		if (from->rank != 1 || at < 0 || at >= (int64_t)from->count)
			return import_fail(im, -EOPNOTSUPP, "only entries of constant lists can be "
					   "gathered");
		((int64_t *)to->data)[i] = ((int64_t *)from->data)[at];
	}
	return import_bind_literal(im, to);
}

/* Among floating-point types the compiler chooses; others are constants of shapes. */
int import_cast(struct importer *im)
{
	struct value *value = import_input(im, 0);
	int64_t to = attribute_int(im, "to", 0);

	if (!value)
		return -EBADMSG;
	if (value->kind == VALUE_LITERAL ? value->literal->type == to :
	    to == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT ||
	    to == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16 ||
	    to == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16)
		return import_identity(im);
	return import_fail(im, -EOPNOTSUPP, "a conversion to data type %lld", (long long)to);
}
