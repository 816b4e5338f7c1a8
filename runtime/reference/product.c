// SPDX-License-Identifier: MIT
/* Convolution and matrix product. */
#include "operators.h"

/* A sum of products: exact codes for integers, doubles else. */
struct sum {
	bool codes;
	uint32_t integer;	/* two's complement */
	double real;
};

static void accumulate(struct sum *sum, const struct array *a, size_t i, const struct array *b,
		       size_t k)
{
	if (sum->codes)
		sum->integer += (uint32_t)(array_code(a, i) * array_code(b, k));
	else
		sum->real += (double)array_real(a, i) * (double)array_real(b, k);
}

static float channel_scale(const struct tsr_tensor_info *weights, size_t channel)
{
	return weights->scales ? weights->scales[channel] : weights->scale;
}

static void store_codes(const struct array *in, uint32_t sum, size_t channel, struct array *out,
			size_t i)
{
	float scale = in[0].info->scale * channel_scale(in[1].info, channel);
	int32_t integer;

	if (in[2].data)
		sum += (uint32_t)((int32_t *)in[2].data)[channel];
	integer = (int32_t)sum;
	if (out->info->type == TSR_INT32)
		((int32_t *)out->data)[i] = integer;
	else if (tsr_type_is_quantized(out->info->type))
		array_store_units(out, i, (float)integer * (scale / out->info->scale));
	else
		array_store(out, i, (float)integer * scale);
}

static void store_sum(const struct array *in, const struct sum *sum, size_t channel,
		      struct array *out, size_t i)
{
	if (sum->codes)
		store_codes(in, sum->integer, channel, out, i);
	else
		array_store(out, i, (float)(sum->real + (in[2].data ?
				    (double)array_real(&in[2], channel) : 0)));
}

static void sum_window(const struct tsr_conv_options *options, const struct array *x,
		       const struct array *w, const int64_t at[TSR_RANK_MAX], struct sum *sum)
{
	int64_t channels = w->info->dim[1], first, c, kh, kw;
	const int64_t *size = &x->info->dim[2];

	first = at[1] / (w->info->dim[0] / options->groups) * channels;
	for (c = 0; c < channels; c++)
		for (kh = 0; kh < w->info->dim[2]; kh++)
			for (kw = 0; kw < w->info->dim[3]; kw++) {
				int64_t row = at[2] * options->stride[0] +
					      kh * options->dilation[0] - options->pad[0];
				int64_t column = at[3] * options->stride[1] +
						 kw * options->dilation[1] - options->pad[1];
				int64_t from[TSR_RANK_MAX] = { at[0], first + c, row, column };
				int64_t weight[TSR_RANK_MAX] = { at[1], c, kh, kw };

				if (row < 0 || row >= size[0] || column < 0 || column >= size[1])
					continue;
				accumulate(sum, x, array_index(x, from), w, array_index(w, weight));
			}
}

void reference_conv(const struct tsr_graph_node *node, const struct array *in, struct array *out)
{
	int64_t at[TSR_RANK_MAX];
	size_t i;

	for (i = 0; i < out->count; i++) {
		struct sum sum = { .codes = tsr_type_is_quantized(in[0].info->type) };

		array_locate(out, i, at);
		sum_window(&node->conv, &in[0], &in[1], at, &sum);
		store_sum(in, &sum, (size_t)at[1], out, i);
	}
}

/* The place in an operand: leading extents of 1 repeat, missing ones too. */
static void operand_place(const struct array *operand, const struct array *out,
			  const int64_t at[TSR_RANK_MAX], int64_t place[TSR_RANK_MAX])
{
	unsigned int missing = out->info->rank - operand->info->rank, d;

	for (d = 0; d + 2 < operand->info->rank; d++)
		place[d] = operand->info->dim[d] == 1 ? 0 : at[d + missing];
}

void reference_gemm(const struct tsr_graph_node *node, const struct array *in, struct array *out)
{
	int64_t at[TSR_RANK_MAX], a[TSR_RANK_MAX], b[TSR_RANK_MAX], k;
	unsigned int ra = in[0].info->rank, rb = in[1].info->rank, rank = out->info->rank;
	size_t i;

	for (i = 0; i < out->count; i++) {
		struct sum sum = { .codes = tsr_type_is_quantized(in[0].info->type) };

		array_locate(out, i, at);
		operand_place(&in[0], out, at, a);
		operand_place(&in[1], out, at, b);
		a[ra - 2] = at[rank - 2];
		b[rb - (node->gemm.transpose_b ? 2 : 1)] = at[rank - 1];
		for (k = 0; k < in[0].info->dim[ra - 1]; k++) {
			a[ra - 1] = k;
			b[rb - (node->gemm.transpose_b ? 1 : 2)] = k;
			accumulate(&sum, &in[0], array_index(&in[0], a), &in[1],
				   array_index(&in[1], b));
		}
		store_sum(in, &sum, (size_t)at[rank - 1], out, i);
	}
}
