// SPDX-License-Identifier: MIT
#include "network.h"

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COUNT	4096
#define MAX_CHANNELS	65536
#define MAX_SIDE	1024

static const char magic[8] = "TSRINT8\n";

/* The file being read, for messages. */
struct source {
	FILE *file;
	const char *path;
};

static void read_bytes(struct source *from, void *to, size_t size)
{
	if (fread(to, 1, size, from->file) != size)
		errx(1, "%s: cut short; write it again with export.py", from->path);
}

static int32_t read_number(struct source *from, int32_t least, int32_t most)
{
	int32_t value;

	read_bytes(from, &value, sizeof(value));
	if (value < least || value > most)
		errx(1, "%s: %d found where %d to %d is possible; write it again with export.py",
		     from->path, value, least, most);
	return value;
}

static void read_pair(struct source *from, int32_t pair[2], int32_t least)
{
	for (int i = 0; i < 2; i++)
		pair[i] = read_number(from, least, MAX_SIDE);
}

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		err(1, "%zu elements of %zu bytes", count, size);
	return memory;
}

size_t tensor_size(const struct tensor *tensor)
{
	return (size_t)tensor->channels * tensor->rows * tensor->columns;
}

size_t window_size(const struct network *network, const struct layer *layer)
{
	size_t channels = network->tensors[layer->input].channels / layer->groups;

	return channels * layer->kernel[0] * layer->kernel[1];
}

static void read_tensor(struct source *from, struct tensor *tensor)
{
	struct quantization *q = &tensor->quantization;

	tensor->channels = read_number(from, 1, MAX_CHANNELS);
	tensor->rows = read_number(from, 1, MAX_SIDE);
	tensor->columns = read_number(from, 1, MAX_SIDE);
	q->zero_point = read_number(from, -128, 255);
	q->lowest = read_number(from, -128, 0);
	q->highest = read_number(from, 127, 255);
	read_bytes(from, &q->scale, sizeof(q->scale));
}

static void read_weights(struct source *from, const struct network *network, struct layer *layer)
{
	size_t outputs = network->tensors[layer->output].channels;
	size_t count = outputs * window_size(network, layer);
	int8_t *codes = allocate(count, sizeof(*codes));

	layer->weights = allocate(count, sizeof(*layer->weights));
	layer->weight_scales = allocate(outputs, sizeof(*layer->weight_scales));
	layer->bias = allocate(outputs, sizeof(*layer->bias));
	read_bytes(from, codes, count);
	for (size_t i = 0; i < count; i++)
		layer->weights[i] = codes[i];
	free(codes);
	read_bytes(from, layer->weight_scales, outputs * sizeof(*layer->weight_scales));
	read_bytes(from, layer->bias, outputs * sizeof(*layer->bias));
}

/* Whether the tensors of a layer have sizes that go together. */
static bool sizes_fit(const struct network *network, const struct layer *layer)
{
	const struct tensor *in = &network->tensors[layer->input];
	const struct tensor *out = &network->tensors[layer->output];

	switch (layer->kind) {
	case LAYER_CONVOLUTION:
		return in->channels % layer->groups == 0 && out->channels % layer->groups == 0;
	case LAYER_MAX_POOL:
		return in->channels == out->channels;
	case LAYER_AVERAGE_POOL:
		return tensor_size(out) == (size_t)in->channels;
	case LAYER_ADD:
		return tensor_size(&network->tensors[layer->second]) == tensor_size(out) &&
		       tensor_size(in) == tensor_size(out);
	case LAYER_COPY:
		return tensor_size(in) == tensor_size(out);
	case LAYER_KINDS:
		break;
	}
	return false;
}

static void read_layer(struct source *from, const struct network *network, struct layer *layer)
{
	int32_t last = network->tensor_count - 1;

	layer->kind = read_number(from, 0, LAYER_KINDS - 1);
	layer->input = read_number(from, 0, last);
	layer->second = read_number(from, layer->kind == LAYER_ADD ? 0 : -1, last);
	layer->output = read_number(from, 0, last);
	read_pair(from, layer->kernel, 1);
	read_pair(from, layer->stride, 1);
	read_pair(from, layer->dilation, 1);
	read_pair(from, layer->pad, 0);
	layer->groups = read_number(from, 1, network->tensors[layer->input].channels);
	if (!sizes_fit(network, layer))
		errx(1, "%s: sizes of a layer's tensors do not fit; write it again with export.py",
		     from->path);
	if (layer->kind == LAYER_CONVOLUTION)
		read_weights(from, network, layer);
}

/* Give each tensor its place and find the room the convolutions need. */
static void lay_out(struct network *network)
{
	for (int32_t i = 0; i < network->tensor_count; i++) {
		network->tensors[i].start = network->codes;
		network->codes += tensor_size(&network->tensors[i]);
	}
	for (int32_t i = 0; i < network->layer_count; i++) {
		const struct layer *layer = &network->layers[i];
		const struct tensor *output = &network->tensors[layer->output];
		size_t needed = (size_t)output->rows * output->columns *
				window_size(network, layer);

		if (layer->kind == LAYER_CONVOLUTION && needed > network->patches)
			network->patches = needed;
	}
}

struct network *network_load(const char *path)
{
	struct network *network = allocate(1, sizeof(*network));
	struct source from = { .file = fopen(path, "rb"), .path = path };
	char found[sizeof(magic)];

	if (!from.file)
		err(1, "%s", path);
	read_bytes(&from, found, sizeof(found));
	if (memcmp(found, magic, sizeof(magic)))
		errx(1, "%s: not a network written by export.py", path);
	network->tensor_count = read_number(&from, 1, MAX_COUNT);
	network->layer_count = read_number(&from, 1, MAX_COUNT);
	network->input = read_number(&from, 0, network->tensor_count - 1);
	network->output = read_number(&from, 0, network->tensor_count - 1);
	network->tensors = allocate(network->tensor_count, sizeof(*network->tensors));
	network->layers = allocate(network->layer_count, sizeof(*network->layers));
	for (int32_t i = 0; i < network->tensor_count; i++)
		read_tensor(&from, &network->tensors[i]);
	for (int32_t i = 0; i < network->layer_count; i++)
		read_layer(&from, network, &network->layers[i]);
	fclose(from.file);
	lay_out(network);
	return network;
}

void network_free(struct network *network)
{
	for (int32_t i = 0; i < network->layer_count; i++) {
		free(network->layers[i].weights);
		free(network->layers[i].weight_scales);
		free(network->layers[i].bias);
	}
	free(network->layers);
	free(network->tensors);
	free(network);
}
