/* SPDX-License-Identifier: MIT */
/* The convolutions of ResNet-50 on one picture of 224 x 224. */
#ifndef BENCH_RESNET50_H
#define BENCH_RESNET50_H

#include <stddef.h>
#include <stdint.h>

#define RESNET50_CONVS	53

/**
 * struct square_conv - a convolution whose pictures and windows are squares
 * @channels: of the input
 * @size: rows and columns of the input
 * @outputs: channels of the output
 * @kernel: rows and columns of a window
 * @stride: from a window to the next
 * @pad: zeros on each side
 */
struct square_conv {
	uint32_t channels;
	uint32_t size;
	uint32_t outputs;
	uint32_t kernel;
	uint32_t stride;
	uint32_t pad;
};

/** resnet50_convs() - all of them, in the order of the network */
void resnet50_convs(struct square_conv conv[RESNET50_CONVS]);

/** conv_out() - rows and columns of the output */
uint32_t conv_out(const struct square_conv *conv);

/** conv_inputs() - elements of the input */
size_t conv_inputs(const struct square_conv *conv);

/** conv_weights() - elements of the weights */
size_t conv_weights(const struct square_conv *conv);

/** conv_outputs() - elements of the output */
size_t conv_outputs(const struct square_conv *conv);

#endif
