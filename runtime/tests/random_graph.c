// SPDX-License-Identifier: MIT
#include "random_graph.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../graph/graph.h"
#include "random.h"

#define OUTPUTS_MAX	4
#define CODES_SCALE	0.05f

struct draft {
	struct tsr_graph *graph;
	uint64_t *random;
	enum tsr_type type;
};

static uint64_t below(struct draft *d, uint64_t bound)
{
	return random_below(d->random, bound);
}

static const struct tsr_tensor_info *info_of(struct draft *d, tsr_tensor tensor)
{
	return tsr_graph_tensor_info(d->graph, tensor);
}

static enum tsr_type draw_code_type(struct draft *d)
{
	return below(d, 2) ? TSR_INT8 : TSR_UINT8;
}

/* Codes of an output: another zero point, for half of them another scale as well. */
static struct tsr_quantization draw_codes(struct draft *d, enum tsr_type type)
{
	return (struct tsr_quantization){
		.type = type,
		.scale = CODES_SCALE * (below(d, 2) ? 1 : 1 + (float)below(d, 100) / 50),
		.zero_point = type == TSR_INT8 ? (int32_t)below(d, 40) - 20 :
						 (int32_t)below(d, 255),
	};
}

static struct tsr_quantization draw_output(struct draft *d)
{
	if (d->type != TSR_INT8)
		return (struct tsr_quantization){ .type = d->type };
	return draw_codes(d, draw_code_type(d));
}

static void fill(struct draft *d, enum tsr_type type, void *data, size_t count, float magnitude)
{
	size_t i;

	for (i = 0; i < count; i++) {
		float value = random_real(d->random) * magnitude;
		uint32_t bits;

		switch (type) {
		case TSR_FP32:
			((float *)data)[i] = value;
			break;
		case TSR_FP16:
			((_Float16 *)data)[i] = (_Float16)value;
			break;
		case TSR_BF16:
			memcpy(&bits, &value, sizeof(bits));
			((uint16_t *)data)[i] = (uint16_t)(bits >> 16);
			break;
		case TSR_INT32:
			((int32_t *)data)[i] = (int32_t)below(d, 2000) - 1000;
			break;
		default:
			((uint8_t *)data)[i] = (uint8_t)random_next(d->random);
		}
	}
}

static tsr_tensor add_constant(struct draft *d, struct tsr_tensor_info *info, float magnitude)
{
	size_t count = 1, size;
	tsr_tensor tensor;
	unsigned int i;
	void *data;

	for (i = 0; i < info->rank; i++)
		count *= (size_t)info->dim[i];
	size = count * tsr_type_size(info->type);
	data = malloc(size);
	fill(d, info->type, data, count, magnitude);
	tensor = tsr_graph_constant(d->graph, "constant", info, data, size);
	free(data);
	return tensor;
}

/* Weights for a product of @depth terms, so that results stay of the size of the operands. */
static tsr_tensor draw_weights(struct draft *d, struct tsr_tensor_info info, unsigned int axis,
			       int64_t depth)
{
	float scales[64];
	int64_t i;

	info.type = d->type == TSR_INT8 ? draw_code_type(d) : d->type;
	if (d->type != TSR_INT8)
		return add_constant(d, &info, 1.5f / sqrtf((float)depth));
	info.scale = 0.02f / sqrtf((float)depth);
	info.zero_point = info.type == TSR_INT8 ? 0 : 128;
	if (info.dim[axis] <= 64 && below(d, 2)) {
		for (i = 0; i < info.dim[axis]; i++)
			scales[i] = info.scale * (1 + (float)below(d, 100) / 100);
		info.scale = 0;
		info.scales = scales;
		info.scale_count = (size_t)info.dim[axis];
		info.scale_axis = axis;
	}
	return add_constant(d, &info, 0);
}

static tsr_tensor draw_bias(struct draft *d, int64_t channels)
{
	struct tsr_tensor_info info = {
		.type = d->type == TSR_INT8 ? TSR_INT32 : TSR_FP32, .rank = 1, .dim = { channels },
	};

	return below(d, 3) ? add_constant(d, &info, 0.5f) : TSR_NO_TENSOR;
}

static tsr_tensor draw_conv(struct draft *d, tsr_tensor x)
{
	const struct tsr_tensor_info in = *info_of(d, x);
	struct tsr_conv_options options = { .size = sizeof(options) };
	int64_t kernel = 1 + 2 * (int64_t)below(d, 2), channels = 1 + (int64_t)below(d, 9);
	struct tsr_quantization out = draw_output(d);
	struct tsr_tensor_info weights = { .rank = 4 };
	unsigned int i;

	options.groups = below(d, 4) ? 1 : (uint32_t)in.dim[1];
	if (options.groups > 1)
		channels = in.dim[1] * (1 + (int64_t)below(d, 2));
	for (i = 0; i < 2; i++)
		options.stride[i] = 1 + (uint32_t)below(d, 2);
	for (i = 0; i < 4; i++)
		options.pad[i] = (uint32_t)(kernel / 2);
	weights.dim[0] = channels;
	weights.dim[1] = in.dim[1] / options.groups;
	weights.dim[2] = kernel;
	weights.dim[3] = kernel;
	return tsr_graph_conv(d->graph, x,
			      draw_weights(d, weights, 0, weights.dim[1] * kernel * kernel),
			      draw_bias(d, channels), &options, &out);
}

static tsr_tensor draw_gemm(struct draft *d, tsr_tensor a)
{
	const struct tsr_tensor_info in = *info_of(d, a);
	int64_t depth = in.dim[in.rank - 1], columns = 1 + (int64_t)below(d, 20);
	struct tsr_quantization out = draw_output(d);
	bool transpose = below(d, 2);
	struct tsr_tensor_info weights = { .rank = 2 };

	weights.dim[transpose ? 1 : 0] = depth;
	weights.dim[transpose ? 0 : 1] = columns;
	return tsr_graph_gemm(d->graph, a, draw_weights(d, weights, transpose ? 0 : 1, depth),
			      transpose, draw_bias(d, columns), &out);
}

static tsr_tensor draw_pool(struct draft *d, tsr_tensor x)
{
	enum tsr_pool_mode mode = (enum tsr_pool_mode)below(d, 3);
	struct tsr_pool_options options = { .size = sizeof(options) };
	const struct tsr_tensor_info in = *info_of(d, x);
	struct tsr_quantization out = draw_codes(d, in.type);
	unsigned int i;

	if (below(d, 4))
		for (i = 0; i < 2; i++) {
			options.kernel[i] = 1 + (uint32_t)below(d, 3);
			options.stride[i] = 1 + (uint32_t)below(d, 2);
			options.pad[i] = (uint32_t)below(d, options.kernel[i]);
			options.pad[2 + i] = (uint32_t)below(d, options.kernel[i]);
		}
	if (d->type != TSR_INT8 || mode == TSR_POOL_MODE_MAX)
		return tsr_graph_pool(d->graph, x, mode, &options, NULL);
	return tsr_graph_pool(d->graph, x, mode, &options, &out);
}

static tsr_tensor draw_unary(struct draft *d, tsr_tensor x)
{
	static const enum tsr_function reals[] = {
		TSR_RELU, TSR_CLIP, TSR_NEG, TSR_ABS, TSR_LEAKY_RELU, TSR_SIGMOID, TSR_TANH,
		TSR_ERF, TSR_HARD_SIGMOID,
	};
	enum tsr_function function = reals[below(d, d->type == TSR_INT8 ? 5 : 9)];
	struct tsr_quantization out = draw_codes(d, info_of(d, x)->type);
	bool keep = d->type != TSR_INT8 || below(d, 2);
	float alpha = 0, beta = 0;

	if (function == TSR_CLIP || function == TSR_HARD_SIGMOID)
		beta = 0.75f;
	if (function == TSR_CLIP)
		alpha = -0.5f;
	if (function == TSR_LEAKY_RELU || function == TSR_HARD_SIGMOID)
		alpha = 0.125f;
	return tsr_graph_unary(d->graph, function, x, alpha, beta, keep ? NULL : &out);
}

/* A second operand: a constant that broadcasts, or a tensor of the same shape. */
static tsr_tensor draw_partner(struct draft *d, tsr_tensor x)
{
	struct tsr_tensor_info info = *info_of(d, x), *other;
	unsigned int i;
	tsr_tensor t;

	for (t = (tsr_tensor)d->graph->tensor_count - 1; t >= 0; t--) {
		other = &d->graph->tensors[t].info;
		if (t != x && !d->graph->tensors[t].data && other->rank == info.rank &&
		    !memcmp(other->dim, info.dim, info.rank * sizeof(info.dim[0])))
			return t;
	}
	for (i = 0; i < info.rank; i++)
		if (below(d, 2))
			info.dim[i] = 1;
	return add_constant(d, &info, 1);
}

static tsr_tensor draw_binary(struct draft *d, tsr_tensor x)
{
	static const enum tsr_function functions[] = { TSR_ADD, TSR_ADD, TSR_SUB, TSR_MUL, TSR_MIN,
						       TSR_MAX };
	enum tsr_function function = functions[below(d, 6)];
	tsr_tensor other = draw_partner(d, x);
	struct tsr_quantization out = draw_output(d);

	return below(d, 2) ? tsr_graph_binary(d->graph, function, x, other, &out) :
			     tsr_graph_binary(d->graph, function, other, x, &out);
}

static tsr_tensor draw_reduce(struct draft *d, tsr_tensor x)
{
	const struct tsr_tensor_info in = *info_of(d, x);
	enum tsr_reduction reduction = (enum tsr_reduction)(1 + below(d, 3));
	uint32_t axes = 1 + (uint32_t)below(d, (1u << in.rank) - 1);
	struct tsr_quantization out = draw_codes(d, in.type);

	if (d->type == TSR_INT8 && reduction == TSR_REDUCTION_MEAN)
		return tsr_graph_reduce(d->graph, reduction, x, axes, &out);
	if (d->type != TSR_INT8 && below(d, 3) == 0)
		return tsr_graph_softmax(d->graph, x, axes, NULL);
	return tsr_graph_reduce(d->graph, reduction, x, axes, NULL);
}

static tsr_tensor draw_reshape(struct draft *d, tsr_tensor x)
{
	const struct tsr_tensor_info in = *info_of(d, x);
	int64_t dim[TSR_RANK_MAX] = { in.dim[0], 1 };
	unsigned int i;

	for (i = 1; i < in.rank; i++)
		dim[1] *= in.dim[i];
	if (in.rank != 2)
		return tsr_graph_reshape(d->graph, x, 2, dim);
	/* Back to four dimensions, so that convolutions may follow. */
	dim[3] = in.dim[1] % 2 ? 1 : 2;
	dim[2] = in.dim[1] % 3 ? 1 : 3;
	if (in.dim[1] % (dim[2] * dim[3]))
		dim[2] = 1;
	dim[1] = in.dim[1] / (dim[2] * dim[3]);
	return tsr_graph_reshape(d->graph, x, 4, dim);
}

static tsr_tensor draw_transpose(struct draft *d, tsr_tensor x)
{
	unsigned int permutation[TSR_RANK_MAX] = { 0, 1, 2, 3, 4 }, rank = info_of(d, x)->rank, i;

	for (i = rank; i > 1; i--) {
		unsigned int other = (unsigned int)below(d, i), swap = permutation[i - 1];

		permutation[i - 1] = permutation[other];
		permutation[other] = swap;
	}
	return tsr_graph_transpose(d->graph, x, permutation);
}

static tsr_tensor draw_concat(struct draft *d, tsr_tensor x)
{
	unsigned int rank = info_of(d, x)->rank, axis = (unsigned int)below(d, rank);
	tsr_tensor parts[] = { x, draw_partner(d, x), x };
	struct tsr_quantization out = draw_output(d);

	/* A partner that broadcasts does not join. */
	if (memcmp(info_of(d, parts[1])->dim, info_of(d, x)->dim, rank * sizeof(int64_t)))
		parts[1] = x;
	return tsr_graph_concat(d->graph, parts, 2 + below(d, 2), axis, &out);
}

static tsr_tensor draw_convert(struct draft *d, tsr_tensor x)
{
	struct tsr_quantization out = draw_output(d);

	return tsr_graph_convert(d->graph, x, &out);
}

/* The latest tensors most often, so that graphs get deep. */
static tsr_tensor draw_tensor(struct draft *d)
{
	tsr_tensor last = (tsr_tensor)d->graph->tensor_count - 1, t;

	do {
		t = last - (tsr_tensor)(below(d, 3) ? below(d, 3) : below(d, (uint64_t)last + 1));
	} while (t < 0 || d->graph->tensors[t].data);
	return t;
}

static void draw_operator(struct draft *d)
{
	tsr_tensor x = draw_tensor(d);
	bool image = info_of(d, x)->rank == 4;

	switch (below(d, 13)) {
	case 0:
	case 1:
	case 2:
		image ? draw_conv(d, x) : draw_gemm(d, x);
		break;
	case 3:
	case 4:
		image ? draw_pool(d, x) : draw_gemm(d, x);
		break;
	case 5:
	case 6:
		draw_unary(d, x);
		break;
	case 7:
	case 8:
		draw_binary(d, x);
		break;
	case 9:
		draw_reduce(d, x);
		break;
	case 10:
		below(d, 2) ? draw_reshape(d, x) : draw_convert(d, x);
		break;
	case 11:
		draw_transpose(d, x);
		break;
	default:
		draw_concat(d, x);
	}
}

static void add_input(struct draft *d)
{
	struct tsr_quantization codes = draw_output(d);
	struct tsr_tensor_info info = {
		.type = codes.type, .scale = codes.scale, .zero_point = codes.zero_point, .rank = 4,
		.dim = { 1 + (int64_t)below(d, 3), 1 + (int64_t)below(d, 6),
			 1 + (int64_t)below(d, 9), 1 + (int64_t)below(d, 9) },
	};

	tsr_graph_input(d->graph, "input", &info);
}

static bool is_read(const struct tsr_graph *graph, tsr_tensor tensor)
{
	size_t n, i;

	for (n = 0; n < graph->node_count; n++)
		for (i = 0; i < graph->nodes[n].in_count; i++)
			if (graph->nodes[n].in[i] == tensor)
				return true;
	return false;
}

struct tsr_graph *random_graph(enum tsr_type type, unsigned int operators, uint64_t *random)
{
	struct draft d = { .random = random, .type = type };
	unsigned int outputs = 0;
	uint64_t inputs;
	tsr_tensor t;

	if (tsr_graph_create("random", &d.graph))
		return NULL;
	for (inputs = 1 + below(&d, 2); inputs; inputs--)
		add_input(&d);
	/* An operator that does not fit the shape it met is refused; another follows. */
	while (d.graph->node_count < operators)
		draw_operator(&d);
	for (t = (tsr_tensor)d.graph->tensor_count - 1; t >= 0 && outputs < OUTPUTS_MAX; t--)
		if (d.graph->tensors[t].producer >= 0 && !is_read(d.graph, t))
			outputs += !tsr_graph_output(d.graph, NULL, t);
	return d.graph;
}
