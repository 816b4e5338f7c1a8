// SPDX-License-Identifier: MIT
/* Pad with a constant: the tensor joined with constants on either side. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

/* The code that stands for @value, or -1000 when none does exactly. */
#define NO_CODE	(-1000)

static int code_of(enum tsr_type type, float scale, int32_t zero_point, float value)
{
	int low = type == TSR_INT8 ? INT8_MIN : 0, high = type == TSR_INT8 ? INT8_MAX : UINT8_MAX;
	float code = nearbyintf(value / scale) + (float)zero_point;

	if (!(code >= (float)low && code <= (float)high) ||
	    (code - (float)zero_point) * scale != value)
		return NO_CODE;
	return (int)code;
}

/* Codes are padded with codes where the value is one; else reals are padded. */
static bool pads_codes(struct importer *im, float value)
{
	const struct codes *codes;

	if (!import_is_quantized(im, 0))
		return false;
	codes = &import_find(im, im->node->input[0])->codes;
	return !codes->scales && tsr_type_is_quantized(codes->type) &&
	       code_of(codes->type, codes->scale, codes->zero_point, value) != NO_CODE;
}

/* A constant like @like, but @extent wide along @axis, all of it @value. */
static tsr_tensor border(struct importer *im, const struct tsr_tensor_info *like,
			 unsigned int axis, int64_t extent, float value)
{
	bool codes = tsr_type_is_quantized(like->type);
	struct tsr_tensor_info info = *like;
	size_t count = 1, i, size;
	tsr_tensor tensor;
	uint8_t *data;

	info.dim[axis] = extent;
	for (i = 0; i < info.rank; i++)
		if (__builtin_mul_overflow(count, (size_t)info.dim[i], &count))
			return import_fail(im, -E2BIG, "the padding is too large");
	size = count * tsr_type_size(info.type);
	/* Once here, once in the graph. */
	if (budget_take(im, count, 2 * tsr_type_size(info.type), "the padding") ||
	    budget_take(im, 1, TENSOR_COST, "the padding"))
		return -E2BIG;
	data = malloc(size);
	if (!data)
		return import_fail(im, -ENOMEM, "out of memory");
	if (codes)
		memset(data, code_of(like->type, like->scale, like->zero_point, value), size);
	for (i = 0; i < count && !codes; i++)
		memcpy(data + i * sizeof(value), &value, sizeof(value));
	tensor = tsr_graph_constant(im->graph, "padding", &info, data, size);
	free(data);
	return tensor;
}

static tsr_tensor pad_axis(struct importer *im, tsr_tensor x, unsigned int axis,
			   const int64_t pad[2], float value)
{
	const struct tsr_tensor_info info = *tsr_graph_tensor_info(im->graph, x);
	const struct tsr_quantization same = { info.type, info.scale, info.zero_point };
	tsr_tensor parts[3];
	size_t count = 0;

	if (!pad[0] && !pad[1])
		return x;
	if (pad[0])
		parts[count++] = border(im, &info, axis, pad[0], value);
	parts[count++] = x;
	if (pad[1])
		parts[count++] = border(im, &info, axis, pad[1], value);
	if (parts[0] < 0 || parts[count - 1] < 0)
		return parts[0] < 0 ? parts[0] : parts[count - 1];
	return tsr_graph_concat(im->graph, parts, count, axis, &same);
}

/* Begins and ends of the padded dimensions, which are all unless input 3 lists them. */
static int place_pads(struct importer *im, unsigned int rank, const struct literal *given,
		      int64_t *pads)
{
	const struct literal *axes = NULL;
	size_t count = rank, i;

	if (im->opset >= 18 && import_has_input(im, 3)) {
		axes = import_literal(im, 3, ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
		if (!axes)
			return -EOPNOTSUPP;
		count = axes->count;
	}
	if (given->count != 2 * count)
		return import_fail(im, -EBADMSG, "%zu pads for %zu dimensions", given->count,
				   count);
	memset(pads, 0, 2 * rank * sizeof(*pads));
	for (i = 0; i < count; i++) {
		int axis = axes ? import_axis(im, ((int64_t *)axes->data)[i], rank) : (int)i;

		if (axis < 0)
			return axis;
		pads[axis] = ((int64_t *)given->data)[i];
		pads[rank + (unsigned int)axis] = ((int64_t *)given->data)[count + i];
	}
	return 0;
}

static int read_value(struct importer *im, float *value)
{
	const struct literal *literal;

	*value = 0;
	if (!import_has_input(im, 2))
		return 0;
	literal = import_reals(im, 2);
	if (!literal || literal->count != 1)
		return import_fail(im, -EOPNOTSUPP, "the value must be one constant number");
	*value = *(float *)literal->data;
	return 0;
}

/* Before operator set 11 pads and value are attributes, then inputs. */
static int read_pads(struct importer *im, unsigned int rank, int64_t *pads, float *value)
{
	const struct literal *given;
	int found, error;

	if (im->opset < 11) {
		*value = attribute_float(im, "value", 0);
		found = attribute_ints(im, "pads", pads, 2 * rank);
		if (found)
			return found < 0 ? found : 0;
		return import_fail(im, -EBADMSG, "pads are missing");
	}
	given = import_literal(im, 1, ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
	if (!given)
		return -EOPNOTSUPP;
	error = place_pads(im, rank, given, pads);
	return error ? error : read_value(im, value);
}

static int check_pads(struct importer *im, unsigned int rank, const int64_t *pads)
{
	unsigned int i;

	for (i = 0; i < 2 * rank; i++)
		if (pads[i] < 0 || pads[i] > INT32_MAX)
			return import_fail(im, -EOPNOTSUPP, "a pad is %lld", (long long)pads[i]);
	return 0;
}

/* Of the modes only the constant one is read; the others are refused with the attribute. */
int import_pad(struct importer *im)
{
	struct value *value = import_input(im, 0);
	int64_t pads[2 * IMPORT_RANK_MAX], dim[IMPORT_RANK_MAX];
	unsigned int rank, i;
	float number;
	tsr_tensor x;
	int error;

	attribute_is(im, "mode", "constant");
	error = value ? import_shape(im, value, &rank, dim) : -EBADMSG;
	if (!error)
		error = read_pads(im, rank, pads, &number);
	if (!error)
		error = check_pads(im, rank, pads);
	if (error)
		return error;
	x = import_operand(im, 0, pads_codes(im, number));
	for (i = 0; i < rank && x >= 0; i++)
		x = pad_axis(im, x, i, (int64_t[]){ pads[i], pads[rank + i] }, number);
	return import_finish(im, x, false, im->node->output[0]);
}
