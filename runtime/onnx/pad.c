// SPDX-License-Identifier: MIT
/* Pad with a constant: the tensor joined with constants on either side. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "../error.h"

static uint8_t code_of(const struct tsr_tensor_info *info, float value)
{
	float low = info->type == TSR_INT8 ? INT8_MIN : 0;
	float high = info->type == TSR_INT8 ? INT8_MAX : UINT8_MAX;
	float code = nearbyintf(value / info->scale) + (float)info->zero_point;

	return (uint8_t)(int)fmaxf(low, fminf(high, code));
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
		if (__builtin_mul_overflow(count, (size_t)info.dim[i], &count) || count > INT32_MAX)
			return import_fail(im, -EOPNOTSUPP, "the padding is too large");
	size = count * tsr_type_size(info.type);
	data = malloc(size);
	if (!data)
		return import_fail(im, -ENOMEM, "out of memory");
	if (codes)
		memset(data, code_of(like, value), size);
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

/* Before opset 11 pads and value are attributes, then inputs. */
static int read_pads(struct importer *im, unsigned int rank, int64_t *pads, float *value)
{
	const struct literal *literal;
	unsigned int i;
	int found;

	*value = attribute_float(im, "value", 0);
	found = attribute_ints(im, "pads", pads, 2 * rank);
	if (found < 0)
		return found;
	if (!found) {
		literal = import_literal(im, 1, ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
		if (!literal || literal->count != 2 * rank || import_has_input(im, 3))
			return import_fail(im, -EOPNOTSUPP, "pads must be a constant with two "
					   "values for each of %u dimensions", rank);
		memcpy(pads, literal->data, 2 * rank * sizeof(*pads));
	}
	if (import_has_input(im, 2)) {
		literal = import_reals(im, 2);
		if (!literal || literal->count != 1)
			return import_fail(im, -EOPNOTSUPP, "the value must be one constant "
					   "number");
		*value = *(float *)literal->data;
	}
	for (i = 0; i < 2 * rank; i++)
		if (pads[i] < 0 || pads[i] > INT32_MAX)
			return import_fail(im, -EOPNOTSUPP, "a pad is %lld", (long long)pads[i]);
	return 0;
}

int import_pad(struct importer *im)
{
	bool codes = import_is_quantized(im, 0);
	int64_t pads[2 * TSR_RANK_MAX];
	tsr_tensor x;
	unsigned int rank, i;
	float value;
	int error;

	if (attribute_find(im, "mode") && !attribute_is(im, "mode", "constant"))
		return import_fail(im, -EOPNOTSUPP, "only mode constant is supported");
	x = import_operand(im, 0, codes);
	if (x < 0)
		return x;
	rank = tsr_graph_tensor_info(im->graph, x)->rank;
	error = read_pads(im, rank, pads, &value);
	if (error)
		return error;
	for (i = 0; i < rank && x >= 0; i++)
		x = pad_axis(im, x, i, (int64_t[]){ pads[i], pads[rank + i] }, value);
	return import_finish(im, x, false, im->node->output[0]);
}
