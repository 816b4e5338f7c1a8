/* SPDX-License-Identifier: MIT */
#include "convs.h"

#include <string.h>

#include "epilogues.h"

uint32_t window_extent(uint32_t in, uint32_t kernel, uint32_t stride, uint32_t dilation,
		       uint32_t before, uint32_t after)
{
	return (in + before + after - dilation * (kernel - 1) - 1) / stride + 1;
}

static void random_window(struct bench *bench, struct tsr_hw_conv *conv)
{
	conv->stride_h = 1 + bench_below(bench, 3);
	conv->stride_w = 1 + bench_below(bench, 3);
	conv->dilation_h = 1 + bench_below(bench, 2);
	conv->dilation_w = 1 + bench_below(bench, 3);
	conv->pad_top = bench_below(bench, 3);
	conv->pad_left = bench_below(bench, 4);
	conv->pad_bottom = bench_below(bench, 3);
	conv->pad_right = bench_below(bench, 3);
}

/* Often the padding is what makes room for the window at all. */
static uint32_t random_extent(struct bench *bench, uint32_t reach, uint32_t padding)
{
	uint32_t least = reach > padding ? reach - padding : 1;

	return least + bench_below(bench, 7);
}

void conv_random(struct bench *bench, struct tsr_hw_conv *conv, bool integer)
{
	unsigned int types[3];
	uint32_t x[4];
	uint32_t w[4];
	uint32_t d[4];

	memset(conv, 0, sizeof(*conv));
	conv->head.op = TSR_HW_OP_CONV;
	conv->head.size = sizeof(*conv);
	operand_types(bench, integer, &types[0], &types[1], &types[2]);
	random_window(bench, conv);
	conv->groups = bench_below(bench, 2) ? 1 : 1 + bench_below(bench, 4);
	w[1] = 1 + bench_below(bench, 5);
	w[0] = conv->groups * (1 + bench_below(bench, 5));
	w[2] = 1 + bench_below(bench, 3);
	w[3] = 1 + bench_below(bench, 4);
	x[0] = 1 + bench_below(bench, 3);
	x[1] = w[1] * conv->groups;
	x[2] = random_extent(bench, conv->dilation_h * (w[2] - 1) + 1,
			     conv->pad_top + conv->pad_bottom);
	x[3] = random_extent(bench, conv->dilation_w * (w[3] - 1) + 1,
			     conv->pad_left + conv->pad_right);
	d[0] = x[0];
	d[1] = w[0];
	d[2] = window_extent(x[2], w[2], conv->stride_h, conv->dilation_h, conv->pad_top,
			     conv->pad_bottom);
	d[3] = window_extent(x[3], w[3], conv->stride_w, conv->dilation_w, conv->pad_left,
			     conv->pad_right);
	bench_tensor(bench, &conv->x, types[0], 4, x, bench_any_layout(bench) | LAYOUT_REPEAT,
		     TSR_HW_SLOT_READ);
	bench_tensor(bench, &conv->w, types[1], 4, w, bench_any_layout(bench), TSR_HW_SLOT_READ);
	bench_tensor(bench, &conv->d, types[2], 4, d, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	if (integer && bench_below(bench, 2))
		bench_channels(bench, &conv->w, w[0]);
	epilogue_random(bench, &conv->epilogue, &conv->d, w[0], integer);
}
