// SPDX-License-Identifier: MIT
/*
 * Operators that rename or reorder elements. On constants they are done here;
 * on tensors they become views. Codes stay codes.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

#define INT64	ONNX__TENSOR_PROTO__DATA_TYPE__INT64
#define FLOAT32	ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT

/* The operator set in which Squeeze and Unsqueeze take axes as an input. */
#define AXES_INPUT	13

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
	bool zero = im->opset >= 14 && attribute_int(im, "allowzero", 0);
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
		if (!dim[i] && i < rank && !zero)
			dim[i] = in[i];
		if (dim[i] == -1 && unknown < 0)
			unknown = (int)i;
		else if (dim[i] < 1 || __builtin_mul_overflow(known, dim[i], &known))
			return import_fail(im, -EBADMSG, "impossible extent %lld%s",
					   (long long)dim[i], zero && !dim[i] ?
					   ", which attribute allowzero keeps" : "");
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
	count = import_axes(im, AXES_INPUT, rank, &axes);
	if (count < 0)
		return count;
	for (i = 0; i < rank; i++)
		if (axes >> i & 1 && in[i] != 1)
			return import_fail(im, -EBADMSG, "axes list dimension %u, whose extent is "
					   "%lld, not 1", i, (long long)in[i]);
	for (i = 0; i < rank; i++)
		if (count ? !(axes >> i & 1) : in[i] != 1)
			dim[kept++] = in[i];
	return reshape_to(im, kept, dim);
}

int import_unsqueeze(struct importer *im)
{
	int64_t in[IMPORT_RANK_MAX], dim[IMPORT_RANK_MAX];
	unsigned int rank, i, from = 0, wide;
	const int64_t *list;
	uint32_t axes;
	size_t added;

	if (input_shape(im, &rank, in))
		return -EBADMSG;
	if (import_axes_list(im, AXES_INPUT, &list, &added))
		return -EOPNOTSUPP;
	if (!added || rank + added > IMPORT_RANK_MAX)
		return import_fail(im, -EOPNOTSUPP, "%zu axes added to %u dimensions", added, rank);
	wide = rank + (unsigned int)added;
	if (import_axes(im, AXES_INPUT, wide, &axes) < 0)
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
		if (found && (given[i] < 0 || given[i] >= rank))
			return import_fail(im, -EBADMSG, "perm is not a permutation");
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

/* What input @i adds to input 0 along @axis, which is all they may differ in. */
static int join_shape(struct importer *im, size_t i, int axis, struct literal *joined)
{
	const struct literal *part = import_input(im, i)->literal;
	unsigned int d;

	if (part->type != joined->type || part->rank != joined->rank)
		return import_fail(im, -EBADMSG,
				   "input %zu is of another type or rank than input 0", i);
	for (d = 0; d < part->rank; d++)
		if (d != (unsigned int)axis && part->dim[d] != joined->dim[d])
			return import_fail(im, -EBADMSG, "extents %lld and %lld of dimension %u "
					   "differ", (long long)joined->dim[d],
					   (long long)part->dim[d], d);
	if (i && __builtin_add_overflow(joined->dim[axis], part->dim[axis], &joined->dim[axis]))
		return import_fail(im, -EBADMSG, "input %zu is too large", i);
	return 0;
}

/* Rows of the parts in turn; a row is all elements from the axis on. */
static void join_elements(struct importer *im, int axis, struct literal *joined)
{
	size_t rows = 1, row, i, at = 0;
	int d;

	for (d = 0; d < axis; d++)
		rows *= (size_t)joined->dim[d];
	for (row = 0; row < rows; row++)
		for (i = 0; i < im->node->n_input; i++) {
			const struct literal *part = import_input(im, i)->literal;
			size_t size = part->count / rows * literal_element(part->type);

			memcpy((char *)joined->data + at, (char *)part->data + row * size, size);
			at += size;
		}
}

/* Constants are joined here: in shape arithmetic, lists of integers. */
static int concat_literals(struct importer *im)
{
	const struct literal *first = import_input(im, 0)->literal;
	int axis = import_axis(im, attribute_int(im, "axis", 0), first->rank), error;
	struct literal shape = *first, *joined;
	size_t i;

	if (axis < 0)
		return axis;
	for (i = 0; i < im->node->n_input; i++) {
		error = join_shape(im, i, axis, &shape);
		if (error)
			return error;
	}
	joined = literal_new(im, shape.type, shape.rank, shape.dim);
	if (!joined)
		return -ENOMEM;
	if (joined->count)
		join_elements(im, axis, joined);
	return import_bind_literal(im, joined);
}

static int concat_tensors(struct importer *im, tsr_tensor *parts, bool codes)
{
	struct tsr_quantization out = { .type = TSR_FP32 };
	const char *name = im->node->output[0];
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
	axis = import_axis(im, attribute_int(im, "axis", 0), info->rank);
	if (axis < 0)
		return axis;
	quantized = codes && import_result(im, 0, &out, &name);
	return import_finish(im, tsr_graph_concat(im->graph, parts, im->node->n_input,
						  (unsigned int)axis, &out), quantized, name);
}

int import_concat(struct importer *im)
{
	tsr_tensor *parts;
	int error;

	if (!attribute_find(im, "axis", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT))
		return import_fail(im, -EBADMSG, "attribute axis is missing");
	if (all_inputs(im, VALUE_LITERAL))
		return concat_literals(im);
	if (budget_take(im, im->node->n_input + 1, 2 * sizeof(*parts), "inputs of a node"))
		return -E2BIG;
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
	return import_bind(im, im->node->output[0], &copy);
}

/* In inference it changes nothing; the ratio and seed are those of training. */
int import_dropout(struct importer *im)
{
	const struct literal *training;

	if (im->opset < 12) {
		attribute_float(im, "ratio", 0);
		return import_identity(im);
	}
	attribute_int(im, "seed", 0);
	if (import_has_input(im, 1))
		import_input(im, 1);
	if (import_has_input(im, 2)) {
		training = import_literal(im, 2, ONNX__TENSOR_PROTO__DATA_TYPE__BOOL);
		if (!training)
			return -EOPNOTSUPP;
		if (training->count != 1 || *(uint8_t *)training->data)
			return import_fail(im, -EOPNOTSUPP, "training mode is not supported");
	}
	return import_identity(im);
}

/* A list of @count elements of @type at @data; a single number without dimensions. */
static struct literal *literal_from(struct importer *im, int32_t type, bool is_list, size_t count,
				    const void *data)
{
	int64_t dim = (int64_t)count;
	struct literal *literal = literal_new(im, type, is_list, &dim);

	if (literal && count)
		memcpy(literal->data, data, count * literal_element(type));
	return literal;
}

/* Since operator set 12. */
static struct literal *constant_number(struct importer *im)
{
	const Onnx__AttributeProto *a;

	a = attribute_find(im, "value_float", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
	if (a)
		return literal_from(im, FLOAT32, false, 1, &a->f);
	a = attribute_find(im, "value_floats", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS);
	if (a)
		return literal_from(im, FLOAT32, true, a->n_floats, a->floats);
	a = attribute_find(im, "value_int", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
	if (a)
		return literal_from(im, INT64, false, 1, &a->i);
	a = attribute_find(im, "value_ints", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
	if (a)
		return literal_from(im, INT64, true, a->n_ints, a->ints);
	/* Values of other types are attributes that are not read. */
	if (!node_is_read(im))
		import_fail(im, -EBADMSG, "it has no value");
	return NULL;
}

/* It has one attribute; a second one stays unread, and is refused with its name. */
int import_constant(struct importer *im)
{
	const Onnx__AttributeProto *value =
		attribute_find(im, "value", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);
	struct literal *literal;

	if (value && value->t)
		literal = literal_of(im, value->t);
	else if (im->opset >= 12)
		literal = constant_number(im);
	else
		return node_is_read(im) ? -EOPNOTSUPP :
					  import_fail(im, -EBADMSG, "it has no value");
	return literal ? import_bind_literal(im, literal) : -EBADMSG;
}

/* A place in a shape of @rank extents, clamped as in numpy's slices. */
static unsigned int slice_place(int64_t place, unsigned int rank)
{
	if (place < 0)
		place += rank;
	return place < 0 ? 0 : place > rank ? rank : (unsigned int)place;
}

int import_shape_of(struct importer *im)
{
	unsigned int rank, start = 0, end;
	int64_t dim[IMPORT_RANK_MAX];
	struct literal *literal;

	if (input_shape(im, &rank, dim))
		return -EBADMSG;
	end = rank;
	if (im->opset >= 15) {
		start = slice_place(attribute_int(im, "start", 0), rank);
		end = slice_place(attribute_int(im, "end", rank), rank);
	}
	if (end < start)
		end = start;
	literal = literal_from(im, INT64, true, end - start, dim + start);
	return literal ? import_bind_literal(im, literal) : -ENOMEM;
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
	if (from->rank != 1)
		return import_fail(im, -EOPNOTSUPP, "only entries of constant lists can be "
				   "gathered");
	if (import_axis(im, attribute_int(im, "axis", 0), from->rank) < 0)
		return -EBADMSG;
	to = literal_new(im, INT64, index->rank, index->dim);
	if (!to)
		return -ENOMEM;
	for (i = 0; i < index->count; i++) {
		at = ((int64_t *)index->data)[i];
		if (at < 0)
			at += (int64_t)from->count;
		if (at < 0 || at >= (int64_t)from->count)
			return import_fail(im, -EBADMSG, "entry %lld of a list of %zu",
					   (long long)((int64_t *)index->data)[i], from->count);
		((int64_t *)to->data)[i] = ((int64_t *)from->data)[at];
	}
	return import_bind_literal(im, to);
}

/* Of the narrow types Cast has bf16 since operator set 13. */
static enum tsr_type narrow_type(const struct importer *im, int64_t type)
{
	if (type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16)
		return TSR_FP16;
	return type == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16 && im->opset >= 13 ? TSR_BF16 : 0;
}

/* To nearest, ties to even; not-a-number stays one. */
static float rounded_to_bf16(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	if (isnan(value))
		bits |= 0x400000;
	else
		bits += 0x7fff + (bits >> 16 & 1);
	bits &= 0xffff0000;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static int cast_literal(struct importer *im, const struct literal *from, enum tsr_type narrow)
{
	struct literal *to = literal_new(im, FLOAT32, from->rank, from->dim);
	size_t i;

	if (!to)
		return -ENOMEM;
	for (i = 0; i < from->count; i++) {
		float value = ((float *)from->data)[i];

		((float *)to->data)[i] = narrow == TSR_FP16 ? (float)(_Float16)value :
							      rounded_to_bf16(value);
	}
	return import_bind_literal(im, to);
}

/* Rounding to the narrow type is what the model asks for; what follows computes in fp32. */
static int cast_tensor(struct importer *im, enum tsr_type narrow)
{
	const struct tsr_quantization rounded = { .type = narrow }, wide = { .type = TSR_FP32 };
	tsr_tensor x = import_tensor(im, 0);

	if (x < 0)
		return x;
	x = tsr_graph_convert(im->graph, x, &rounded);
	if (x >= 0)
		x = tsr_graph_convert(im->graph, x, &wide);
	return import_bind_tensor(im, x);
}

static bool is_real(const struct importer *im, const struct value *value)
{
	if (value->kind == VALUE_LITERAL)
		return value->literal->type == FLOAT32;
	return value->kind == VALUE_DEQUANTIZED ||
	       tsr_graph_tensor_info(im->graph, value->tensor)->type == TSR_FP32;
}

/* Among floating-point types, and constants of shapes to what they are. */
int import_cast(struct importer *im)
{
	struct value *value = import_input(im, 0);
	int64_t to = attribute_int(im, "to", 0);
	enum tsr_type narrow = narrow_type(im, to);

	if (!value)
		return -EBADMSG;
	/* It says what becomes of numbers too large for 8-bit floating point. */
	if (im->opset >= 19)
		attribute_int(im, "saturate", 1);
	if (is_real(im, value) && narrow)
		return value->kind == VALUE_LITERAL ? cast_literal(im, value->literal, narrow) :
						      cast_tensor(im, narrow);
	if (is_real(im, value) ? to == FLOAT32 : value->literal && value->literal->type == to)
		return import_identity(im);
	return import_fail(im, -EOPNOTSUPP, "attribute to: a conversion to data type %lld is not "
			   "supported", (long long)to);
}
