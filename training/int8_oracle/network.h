/* SPDX-License-Identifier: MIT */
/* The network written by export.py: integer tensors and the layers between them. */
#ifndef ORACLE_NETWORK_H
#define ORACLE_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "rounding.h"

enum layer_kind {
	LAYER_CONVOLUTION,
	LAYER_MAX_POOL,
	LAYER_AVERAGE_POOL,
	LAYER_ADD,
	LAYER_COPY,
	LAYER_KINDS
};

/**
 * struct tensor - one activation of one picture
 * @channels: number of planes
 * @rows: rows of a plane
 * @columns: columns of a plane
 * @quantization: meaning of its codes
 * @start: place of its first code in the codes of a picture
 */
struct tensor {
	int32_t channels;
	int32_t rows;
	int32_t columns;
	struct quantization quantization;
	size_t start;
};

/**
 * struct layer - one operator
 * @kind: what it does
 * @input: number of the tensor it reads
 * @second: number of the second one, of LAYER_ADD only
 * @output: number of the tensor it writes
 * @kernel: rows and columns of the window
 * @stride: rows and columns between windows
 * @dilation: rows and columns between elements of a window
 * @pad: rows above and columns left of the input
 * @groups: of LAYER_CONVOLUTION
 * @weights: codes [outputs][inputs / groups][rows][columns], widened
 * @weight_scales: one per output
 * @bias: one per output
 */
struct layer {
	enum layer_kind kind;
	int32_t input;
	int32_t second;
	int32_t output;
	int32_t kernel[2];
	int32_t stride[2];
	int32_t dilation[2];
	int32_t pad[2];
	int32_t groups;
	int16_t *weights;
	float *weight_scales;
	int32_t *bias;
};

/**
 * struct network - tensors and layers in the order of computation
 * @tensors: the tensors
 * @layers: the layers
 * @tensor_count: number of tensors
 * @layer_count: number of layers
 * @input: number of the tensor holding the picture
 * @output: number of the tensor holding the logits
 * @codes: codes all tensors of one picture take
 * @patches: codes the largest set of convolution windows takes
 */
struct network {
	struct tensor *tensors;
	struct layer *layers;
	int32_t tensor_count;
	int32_t layer_count;
	int32_t input;
	int32_t output;
	size_t codes;
	size_t patches;
};

/**
 * tensor_size() - codes of one picture's tensor
 * @tensor: the tensor
 */
size_t tensor_size(const struct tensor *tensor);

/**
 * window_size() - products that go into one sum of a convolution
 * @network: the network
 * @layer: the convolution
 */
size_t window_size(const struct network *network, const struct layer *layer);

/**
 * network_load() - read a network
 * @path: file written by export.py
 *
 * Ends the program with a message when the file cannot be read or makes no sense.
 *
 * Return: the network, to be given to network_free().
 */
struct network *network_load(const char *path);

/**
 * network_free() - free a network
 * @network: the network
 */
void network_free(struct network *network);

#endif
