// SPDX-License-Identifier: MIT
/* Constants of the model: initializers and what is folded from them. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"

#define FLOAT32	ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
#define ELEMENTS_MAX	((size_t)1 << 40)

/* The description of a constant, and what an allocator adds. */
#define LITERAL_COST	(sizeof(struct literal) + 64)

size_t literal_element(int32_t type)
{
	switch (type) {
	case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT32:
		return 4;
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT8:
	case ONNX__TENSOR_PROTO__DATA_TYPE__UINT8:
	case ONNX__TENSOR_PROTO__DATA_TYPE__BOOL:
		return 1;
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
	case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE:
		return 8;
	case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16:
		return 2;
	default:
		return 0;
	}
}

static int count_elements(struct importer *im, unsigned int rank, const int64_t *dim,
			  size_t *count)
{
	unsigned int i;

	*count = 1;
	for (i = 0; i < rank; i++)
		if (dim[i] < 0 || __builtin_mul_overflow(*count, (size_t)dim[i], count) ||
		    *count > ELEMENTS_MAX)
			return import_fail(im, -EBADMSG, "a constant has an impossible shape");
	return 0;
}

struct literal *literal_new(struct importer *im, int32_t type, unsigned int rank,
			    const int64_t *dim)
{
	struct literal *literal;
	size_t count;

	if (rank > IMPORT_RANK_MAX) {
		import_fail(im, -EOPNOTSUPP, "a constant has %u dimensions, at most %d are "
			    "supported", rank, IMPORT_RANK_MAX);
		return NULL;
	}
	if (count_elements(im, rank, dim, &count) ||
	    budget_take(im, count + 1, literal_element(type), "a constant") ||
	    budget_take(im, 1, LITERAL_COST, "a constant"))
		return NULL;
	literal = calloc(1, sizeof(*literal));
	if (literal)
		literal->data = calloc(count + 1, literal_element(type));
	if (!literal || !literal->data) {
		free(literal);
		import_fail(im, -ENOMEM, "out of memory");
		return NULL;
	}
	literal->type = type;
	literal->rank = rank;
	literal->count = count;
	if (rank)
		memcpy(literal->dim, dim, rank * sizeof(*dim));
	literal->next = im->literals;
	im->literals = literal;
	return literal;
}

static bool copy_raw(struct literal *literal, const Onnx__TensorProto *proto)
{
	size_t size = literal->count * literal_element(literal->type);

	if (proto->raw_data.len != size)
		return false;
	if (size)
		memcpy(literal->data, proto->raw_data.data, size);
	return true;
}

static bool fits(int32_t type, int32_t value)
{
	switch (type) {
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT8:
		return value == (int8_t)value;
	case ONNX__TENSOR_PROTO__DATA_TYPE__UINT8:
		return value == (uint8_t)value;
	case ONNX__TENSOR_PROTO__DATA_TYPE__BOOL:
		return value == 0 || value == 1;
	case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16:
		return value == (uint16_t)value;
	default:
		return true;
	}
}

/* int8, uint8, fp16 and bool come widened to int32. */
static bool copy_int32(struct literal *literal, const Onnx__TensorProto *proto)
{
	size_t i;

	if (proto->n_int32_data != literal->count)
		return false;
	for (i = 0; i < literal->count; i++) {
		if (!fits(literal->type, proto->int32_data[i]))
			return false;
		switch (literal_element(literal->type)) {
		case 1:
			((uint8_t *)literal->data)[i] = (uint8_t)proto->int32_data[i];
			break;
		case 2:
			((uint16_t *)literal->data)[i] = (uint16_t)proto->int32_data[i];
			break;
		default:
			((int32_t *)literal->data)[i] = proto->int32_data[i];
		}
	}
	return true;
}

static bool copy_array(struct literal *literal, const void *data, size_t count)
{
	if (count != literal->count)
		return false;
	if (count)
		memcpy(literal->data, data, count * literal_element(literal->type));
	return true;
}

static bool copy_typed(struct literal *literal, const Onnx__TensorProto *proto)
{
	switch (literal->type) {
	case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
		return copy_array(literal, proto->float_data, proto->n_float_data);
	case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE:
		return copy_array(literal, proto->double_data, proto->n_double_data);
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
		return copy_array(literal, proto->int64_data, proto->n_int64_data);
	default:
		return copy_int32(literal, proto);
	}
}

/* fp16 and double constants are used as fp32. */
static int widen(struct importer *im, struct literal *literal)
{
	float *data;
	size_t i;

	if (literal->type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16 &&
	    literal->type != ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE)
		return 0;
	if (budget_take(im, literal->count + 1, sizeof(*data), "a constant"))
		return -E2BIG;
	data = malloc((literal->count + 1) * sizeof(*data));
	if (!data)
		return import_fail(im, -ENOMEM, "out of memory");
	for (i = 0; i < literal->count; i++)
		data[i] = literal->type == ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE ?
			  (float)((double *)literal->data)[i] :
			  (float)((_Float16 *)literal->data)[i];
	free(literal->data);
	literal->data = data;
	literal->type = FLOAT32;
	return 0;
}

struct literal *literal_of(struct importer *im, const Onnx__TensorProto *proto)
{
	const char *name = proto->name ? proto->name : "(unnamed)";
	struct literal *literal;

	if (!literal_element(proto->data_type)) {
		import_fail(im, -EOPNOTSUPP, "constant %s has data type %d, which is not supported",
			    name, proto->data_type);
		return NULL;
	}
	if (proto->n_external_data || proto->data_location) {
		import_fail(im, -EOPNOTSUPP, "constant %s is in an external file; convert the "
			    "model to a single file", name);
		return NULL;
	}
	if (proto->segment) {
		import_fail(im, -EOPNOTSUPP, "constant %s is one segment of several", name);
		return NULL;
	}
	if (proto->n_dims > IMPORT_RANK_MAX) {
		import_fail(im, -EOPNOTSUPP, "constant %s has %zu dimensions, at most %d are "
			    "supported", name, proto->n_dims, IMPORT_RANK_MAX);
		return NULL;
	}
	literal = literal_new(im, proto->data_type, (unsigned int)proto->n_dims, proto->dims);
	if (!literal)
		return NULL;
	if (!(proto->has_raw_data ? copy_raw(literal, proto) : copy_typed(literal, proto))) {
		import_fail(im, -EBADMSG, "constant %s has not as many elements as its shape says, "
			    "or one that does not fit its type", name);
		return NULL;
	}
	return widen(im, literal) ? NULL : literal;
}

int32_t literal_code(const struct literal *literal, size_t i)
{
	switch (literal->type) {
	case ONNX__TENSOR_PROTO__DATA_TYPE__INT8:
		return ((int8_t *)literal->data)[i];
	case ONNX__TENSOR_PROTO__DATA_TYPE__UINT8:
		return ((uint8_t *)literal->data)[i];
	default:
		return ((int32_t *)literal->data)[i];
	}
}

struct literal *literal_reals(struct importer *im, const struct literal *literal,
			      const struct codes *codes)
{
	struct literal *reals = literal_new(im, FLOAT32, literal->rank, literal->dim);
	size_t i, below = 1;
	unsigned int d;

	if (!reals)
		return NULL;
	for (d = codes->axis + 1; codes->scales && d < literal->rank; d++)
		below *= (size_t)literal->dim[d];
	for (i = 0; i < literal->count; i++) {
		float scale = codes->scales ? codes->scales[i / below % codes->scale_count] :
					      codes->scale;

		((float *)reals->data)[i] =
			(float)((int64_t)literal_code(literal, i) - codes->zero_point) * scale;
	}
	return reals;
}

enum tsr_type literal_graph_type(const struct literal *literal)
{
	switch (literal->type) {
	case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
		return TSR_FP32;
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

tsr_tensor literal_constant(struct importer *im, const struct literal *literal,
			    const struct codes *codes, const char *name)
{
	struct tsr_tensor_info info = {
		.type = literal_graph_type(literal),
		.rank = literal->rank ? literal->rank : 1,
		.dim = { 1 },
	};

	if (!info.type || info.rank > TSR_RANK_MAX)
		return import_fail(im, -EOPNOTSUPP, "constant %s has a type or rank the NPU does "
				   "not compute with", name);
	if (literal->rank)
		memcpy(info.dim, literal->dim, literal->rank * sizeof(info.dim[0]));
	if (codes) {
		info.scale = codes->scales ? 0 : codes->scale;
		info.scales = codes->scales;
		info.scale_count = codes->scale_count;
		info.scale_axis = codes->axis;
		info.zero_point = codes->zero_point;
	}
	if (budget_take(im, 1, TENSOR_COST + strlen(name) + 1, "a constant of the graph") ||
	    budget_take(im, literal->count, literal_element(literal->type),
			"a constant of the graph") ||
	    budget_take(im, info.scale_count, sizeof(*info.scales), "scales of a constant"))
		return -E2BIG;
	return tsr_graph_constant(im->graph, name, &info, literal->data,
				  literal->count * literal_element(literal->type));
}
