// SPDX-License-Identifier: MIT
#include "resnet50.h"

#define STAGES		4
#define WIDER		4	/* channels behind a block to those inside */

struct list {
	struct square_conv *next;
};

static void add(struct list *list, uint32_t channels, uint32_t size, uint32_t outputs,
		uint32_t kernel, uint32_t stride)
{
	*list->next++ = (struct square_conv){ channels, size, outputs, kernel, stride, kernel / 2 };
}

/* 1 x 1, 3 x 3, 1 x 1; the first block of a stage has one more, beside them. */
static void add_block(struct list *list, uint32_t channels, uint32_t size, uint32_t width,
		      uint32_t stride)
{
	add(list, channels, size, width, 1, 1);
	add(list, width, size, width, 3, stride);
	add(list, width, size / stride, width * WIDER, 1, 1);
	if (channels != width * WIDER)
		add(list, channels, size, width * WIDER, 1, stride);
}

void resnet50_convs(struct square_conv conv[RESNET50_CONVS])
{
	static const uint32_t blocks[STAGES] = { 3, 4, 6, 3 };
	struct list list = { conv };
	uint32_t channels = 64, size = 56, width = 64;

	add(&list, 3, 224, 64, 7, 2);
	for (uint32_t stage = 0; stage < STAGES; stage++, width *= 2)
		for (uint32_t block = 0; block < blocks[stage]; block++) {
			uint32_t stride = stage && !block ? 2 : 1;

			add_block(&list, channels, size, width, stride);
			channels = width * WIDER;
			size /= stride;
		}
}

uint32_t conv_out(const struct square_conv *conv)
{
	return (conv->size + 2 * conv->pad - conv->kernel) / conv->stride + 1;
}

size_t conv_inputs(const struct square_conv *conv)
{
	return (size_t)conv->size * conv->size * conv->channels;
}

size_t conv_weights(const struct square_conv *conv)
{
	return (size_t)conv->kernel * conv->kernel * conv->channels * conv->outputs;
}

size_t conv_outputs(const struct square_conv *conv)
{
	return (size_t)conv_out(conv) * conv_out(conv) * conv->outputs;
}
