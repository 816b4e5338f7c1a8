// SPDX-License-Identifier: MIT
/* Blocks that the compiler chooses for convolutions: the time model of every class takes them. */
#include "cmocka_prelude.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/fuse.h>

#include "../compiler/compiler.h"
#include "measure/class.h"
#include "random.h"
#include "tile/sku.h"
#include "tile/tests/classes.h"
#include "time/steps.h"

#define CASES	3000

/* A convolution over pictures, and its extents. */
struct layer {
	uint64_t images;
	uint64_t channels;	/* of a group */
	uint64_t outputs;	/* of a group */
	uint64_t groups;
	uint64_t in[2];
	uint64_t out[2];
	uint32_t kernel[2];
	uint32_t stride;
	uint32_t dilation;
	uint32_t pad;
	bool residual;
};

static uint64_t below(uint64_t *seed, uint64_t n)
{
	return (random_next(seed) >> 16) % n;
}

/* 1 to @most, small ones as often as large ones. */
static uint64_t extent(uint64_t *seed, unsigned int bits)
{
	return 1 + below(seed, 1ull << below(seed, bits + 1));
}

static bool make(uint64_t *seed, struct layer *layer)
{
	*layer = (struct layer){
		.images = extent(seed, 4), .channels = extent(seed, 11),
		.outputs = extent(seed, 11), .groups = below(seed, 3) ? 1 : extent(seed, 10),
		.stride = 1 + (uint32_t)below(seed, 3), .dilation = 1 + (uint32_t)below(seed, 3),
		.pad = (uint32_t)below(seed, 4), .residual = below(seed, 2),
	};
	for (unsigned int i = 0; i < 2; i++) {
		layer->in[i] = extent(seed, 10);
		layer->kernel[i] = 1 + (uint32_t)below(seed, 7);
		if (layer->in[i] + 2 * layer->pad < (layer->kernel[i] - 1) * layer->dilation + 1)
			return false;
		layer->out[i] = (layer->in[i] + 2 * layer->pad -
				 (layer->kernel[i] - 1) * layer->dilation - 1) / layer->stride + 1;
	}
	return true;
}

/* [first, second, rows, columns], dense. */
static struct operand operand(uint64_t size, uint64_t first, uint64_t second,
			      const uint64_t *spatial)
{
	return (struct operand){
		.bits = (uint8_t)(8 * size), .rank = 4,
		.extent = { first, second, spatial[0], spatial[1] },
		.stride = { (int64_t)(second * spatial[0] * spatial[1]),
			    (int64_t)(spatial[0] * spatial[1]), (int64_t)spatial[1], 1 },
	};
}

/* One for each channel of the output. */
static struct operand channels(const struct operand *d)
{
	struct operand operand = *d;

	operand.bits = 32;
	memset(operand.stride, 0, sizeof(operand.stride));
	operand.stride[1] = 1;
	return operand;
}

static struct command command_of(const struct layer *layer, uint64_t size, uint32_t macs,
				 const struct tsr_hw_blocks *blocks)
{
	const uint64_t kernel[] = { layer->kernel[0], layer->kernel[1] };
	struct command command = { .kind = KIND_CONV };
	struct conv *conv = &command.conv;

	conv->x = operand(size, layer->images, layer->channels * layer->groups, layer->in);
	conv->w = operand(size, layer->outputs * layer->groups, layer->channels, kernel);
	conv->d = operand(size, layer->images, layer->outputs * layer->groups, layer->out);
	conv->dims = 2;
	conv->groups = layer->groups;
	conv->precision.macs = macs;
	for (unsigned int i = 0; i < 2; i++)
		conv->window[i] = (struct window){ layer->kernel[i], layer->stride, layer->dilation,
						   1, layer->pad };
	conv->blocks = (struct blocks){
		.bm = le32toh(blocks->bm), .bn = le32toh(blocks->bn), .bk = le32toh(blocks->bk),
		.bg = le32toh(blocks->bg), .order = (enum order)blocks->order,
	};
	conv->post = (struct program){ .present = true, .weight = 1, .inputs = 2 };
	conv->post.input[0] = conv->post.input[1] = channels(&conv->d);
	if (layer->residual)
		conv->post.input[conv->post.inputs++] = conv->d;
	return command;
}

static struct tsr_product product_of(const struct layer *layer, enum tsr_type type, uint64_t size)
{
	return (struct tsr_product){
		.m = layer->images * layer->out[0], .n = layer->outputs,
		.k = layer->channels * layer->kernel[0] * layer->kernel[1],
		.groups = layer->groups, .type = type,
		.window = {
			.taps = layer->kernel[0] * layer->kernel[1], .line = layer->out[1],
			.in_line = layer->in[1], .lines = layer->out[0],
			.in_lines = layer->in[0], .stride = layer->stride,
			.reach = (layer->kernel[0] - 1) * layer->dilation + 1,
		},
		.sizes = { size, size, size, layer->residual ? size : 0 },
	};
}

/* Whether the compiler has blocks; the time model has to take them. */
static bool is_taken(const struct tsr_hw_fuses *fuses, struct walks *walks,
		     const struct layer *layer, enum tsr_type type, uint64_t size)
{
	const struct time_class class = class_of(fuses);
	const struct tsr_product product = product_of(layer, type, size);
	struct tsr_hw_blocks blocks;
	struct command command;
	struct steps steps;

	if (!tsr_product_blocks(fuses, &product, &blocks))
		return false;
	command = command_of(layer, size, fuses->macs[type], &blocks);
	assert_int_equal(steps_begin(&steps, &class, walks, &command), 0);
	if (steps.working_set > sku_ring(fuses))
		fail_msg("%llu bytes, the ring has %llu: %llu x %llu x %llu, %llu groups, %llu lines of %llu",
			 (unsigned long long)steps.working_set,
			 (unsigned long long)sku_ring(fuses),
			 (unsigned long long)command.conv.blocks.bm,
			 (unsigned long long)command.conv.blocks.bn,
			 (unsigned long long)command.conv.blocks.bk,
			 (unsigned long long)command.conv.blocks.bg,
			 (unsigned long long)layer->out[0], (unsigned long long)layer->out[1]);
	return true;
}

static void every_class_takes_the_blocks_of_every_convolution(void **state)
{
	static const struct { enum tsr_type type; uint64_t size; } types[] = {
		{ TSR_FP32, 4 }, { TSR_FP16, 2 }, { TSR_INT8, 1 },
	};
	struct walks *walks = walks_create();
	uint64_t seed = 1;

	(void)state;
	assert_non_null(walks);
	for (unsigned int c = 0; c < CLASSES; c++) {
		char path[256], error[256];
		unsigned int taken = 0, tried = 0;
		struct sku *sku;

		snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, classes[c]);
		assert_int_equal(sku_load(path, &sku, error, sizeof(error)), 0);
		for (unsigned int i = 0; i < CASES; i++) {
			unsigned int type = (unsigned int)below(&seed, 3);
			struct layer layer;

			if (!make(&seed, &layer) || !sku_fuses(sku)->macs[types[type].type])
				continue;
			tried++;
			taken += is_taken(sku_fuses(sku), walks, &layer, types[type].type,
					  types[type].size);
		}
		/* Lines that do not fit are rare. */
		if (taken <= tried * 3 / 4)
			fail_msg("%s: %u of %u", classes[c], taken, tried);
		sku_free(sku);
	}
	walks_destroy(walks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_takes_the_blocks_of_every_convolution),
	};

	return cmocka_run_group_tests_name("conv-blocks", tests, NULL, NULL);
}
