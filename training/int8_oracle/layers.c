// SPDX-License-Identifier: MIT
#include "layers.h"

#include <string.h>

#include "network.h"

/* One layer at work on one picture. */
struct work {
	const struct network *network;
	const struct layer *layer;
	const struct tensor *in;
	const struct tensor *out;
	const int16_t *x;
	int16_t *d;
};

/* Row of the input that element i of the window of an output row lies on. */
static int32_t window_row(const struct layer *layer, int32_t row, int32_t i)
{
	return row * layer->stride[0] - layer->pad[0] + i * layer->dilation[0];
}

static int32_t window_column(const struct layer *layer, int32_t column, int32_t j)
{
	return column * layer->stride[1] - layer->pad[1] + j * layer->dilation[1];
}

/* A code of the input, NULL for the padding around it. */
static const int16_t *code_at(const struct work *work, int32_t channel, int32_t row,
			      int32_t column)
{
	const struct tensor *in = work->in;

	if (row < 0 || row >= in->rows || column < 0 || column >= in->columns)
		return NULL;
	return &work->x[((size_t)channel * in->rows + row) * in->columns + column];
}

/* Code less its zero point; padding is zero. */
static int16_t centred(const struct work *work, int32_t channel, int32_t row, int32_t column)
{
	const int16_t *code = code_at(work, channel, row, column);

	return code ? *code - work->in->quantization.zero_point : 0;
}

/* Copy the part of the input that output (row, column) of a group is made of. */
static void gather_window(const struct work *work, int32_t group, int32_t row, int32_t column,
			  int16_t *window)
{
	const struct layer *layer = work->layer;
	int32_t channels = work->in->channels / layer->groups;

	for (int32_t c = group * channels; c < (group + 1) * channels; c++)
		for (int32_t i = 0; i < layer->kernel[0]; i++)
			for (int32_t j = 0; j < layer->kernel[1]; j++)
				*window++ = centred(work, c, window_row(layer, row, i),
						    window_column(layer, column, j));
}

static void gather_windows(const struct work *work, int32_t group, int16_t *patches)
{
	size_t size = window_size(work->network, work->layer);

	for (int32_t row = 0; row < work->out->rows; row++)
		for (int32_t column = 0; column < work->out->columns; column++) {
			gather_window(work, group, row, column, patches);
			patches += size;
		}
}

static int32_t sum_of_products(const int16_t *a, const int16_t *b, size_t count)
{
	int32_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Sums wrap as the tile's 32-bit accumulators do. */
static int32_t wrapping_sum(int32_t a, int32_t b)
{
	return (int32_t)((uint32_t)a + (uint32_t)b);
}

static void convolve_channel(const struct work *work, int32_t channel, const int16_t *patches)
{
	const struct layer *layer = work->layer;
	size_t size = window_size(work->network, layer);
	size_t pixels = (size_t)work->out->rows * work->out->columns;
	const int16_t *weights = layer->weights + channel * size;

	for (size_t i = 0; i < pixels; i++) {
		int32_t sum = sum_of_products(patches + i * size, weights, size);

		sum = wrapping_sum(sum, layer->bias[channel]);
		work->d[channel * pixels + i] =
			requantize_sum(sum, work->in->quantization.scale,
				       layer->weight_scales[channel], &work->out->quantization);
	}
}

static void convolve(const struct work *work, int16_t *patches)
{
	int32_t groups = work->layer->groups;
	int32_t channels = work->out->channels / groups;

	for (int32_t group = 0; group < groups; group++) {
		gather_windows(work, group, patches);
		for (int32_t i = 0; i < channels; i++)
			convolve_channel(work, group * channels + i, patches);
	}
}

static int16_t highest_of_window(const struct work *work, int32_t channel, int32_t row,
				 int32_t column)
{
	const struct layer *layer = work->layer;
	int16_t highest = work->in->quantization.lowest;

	for (int32_t i = 0; i < layer->kernel[0]; i++)
		for (int32_t j = 0; j < layer->kernel[1]; j++) {
			const int16_t *code = code_at(work, channel, window_row(layer, row, i),
						      window_column(layer, column, j));

			if (code && *code > highest)
				highest = *code;
		}
	return highest;
}

static void max_pool(const struct work *work)
{
	int16_t *d = work->d;

	for (int32_t c = 0; c < work->out->channels; c++)
		for (int32_t row = 0; row < work->out->rows; row++)
			for (int32_t column = 0; column < work->out->columns; column++)
				*d++ = highest_of_window(work, c, row, column);
}

static void average_planes(const struct work *work)
{
	int32_t pixels = work->in->rows * work->in->columns;

	for (int32_t c = 0; c < work->in->channels; c++) {
		int32_t sum = 0;

		for (int32_t i = 0; i < pixels; i++)
			sum += work->x[c * pixels + i] - work->in->quantization.zero_point;
		work->d[c] = requantize_mean(sum, pixels, work->in->quantization.scale,
					     &work->out->quantization);
	}
}

static void add(const struct work *work, const struct tensor *other, const int16_t *y)
{
	for (size_t i = 0; i < tensor_size(work->out); i++) {
		float a = to_real(work->x[i], &work->in->quantization);
		float b = to_real(y[i], &other->quantization);

		work->d[i] = requantize_real(a + b, &work->out->quantization);
	}
}

static void run_layer(const struct network *network, const struct layer *layer, int16_t *codes,
		      int16_t *patches)
{
	const struct tensor *tensors = network->tensors;
	struct work work = {
		.network = network,
		.layer = layer,
		.in = &tensors[layer->input],
		.out = &tensors[layer->output],
		.x = codes + tensors[layer->input].start,
		.d = codes + tensors[layer->output].start,
	};

	switch (layer->kind) {
	case LAYER_CONVOLUTION:
		convolve(&work, patches);
		break;
	case LAYER_MAX_POOL:
		max_pool(&work);
		break;
	case LAYER_AVERAGE_POOL:
		average_planes(&work);
		break;
	case LAYER_ADD:
		add(&work, &tensors[layer->second], codes + tensors[layer->second].start);
		break;
	case LAYER_COPY:
		memcpy(work.d, work.x, tensor_size(work.out) * sizeof(*work.d));
		break;
	case LAYER_KINDS:
		break;
	}
}

void run_layers(const struct network *network, int16_t *codes, int16_t *patches)
{
	for (int32_t i = 0; i < network->layer_count; i++)
		run_layer(network, &network->layers[i], codes, patches);
}
