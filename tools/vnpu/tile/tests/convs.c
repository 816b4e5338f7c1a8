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

static void random_pool_window(struct bench *bench, struct tsr_hw_pool *pool)
{
	uint32_t reach_h;
	uint32_t reach_w;

	pool->kernel_h = 1 + bench_below(bench, 4);
	pool->kernel_w = 1 + bench_below(bench, 4);
	pool->stride_h = 1 + bench_below(bench, 3);
	pool->stride_w = 1 + bench_below(bench, 3);
	pool->dilation_h = 1 + bench_below(bench, 2);
	pool->dilation_w = 1 + bench_below(bench, 3);
	reach_h = pool->dilation_h * (pool->kernel_h - 1) + 1;
	reach_w = pool->dilation_w * (pool->kernel_w - 1) + 1;
	pool->pad_top = bench_below(bench, reach_h);
	pool->pad_left = bench_below(bench, reach_w);
	pool->pad_bottom = bench_below(bench, reach_h);
	pool->pad_right = bench_below(bench, reach_w);
}

void pool_random(struct bench *bench, struct tsr_hw_pool *pool)
{
	static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16,
					 TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8 };
	unsigned int type = types[bench_below(bench, 5)];
	uint32_t x[4];
	uint32_t d[4];

	memset(pool, 0, sizeof(*pool));
	pool->head.op = TSR_HW_OP_POOL;
	pool->head.size = sizeof(*pool);
	pool->mode = bench_below(bench, 3);
	random_pool_window(bench, pool);
	x[0] = d[0] = 1 + bench_below(bench, 3);
	x[1] = d[1] = 1 + bench_below(bench, 20);
	x[2] = pool->dilation_h * (pool->kernel_h - 1) + 1 + bench_below(bench, 8);
	x[3] = pool->dilation_w * (pool->kernel_w - 1) + 1 + bench_below(bench, 8);
	if (!bench_below(bench, 8))	/* windows may miss a picture this small */
		x[2] = 1;
	d[2] = x[2] + pool->pad_top + pool->pad_bottom <
	       pool->dilation_h * (pool->kernel_h - 1) + 1 ? 0 :
	       window_extent(x[2], pool->kernel_h, pool->stride_h, pool->dilation_h,
			     pool->pad_top, pool->pad_bottom);
	if (!d[2]) {
		x[2] = pool->dilation_h * (pool->kernel_h - 1) + 1;
		d[2] = window_extent(x[2], pool->kernel_h, pool->stride_h, pool->dilation_h,
				     pool->pad_top, pool->pad_bottom);
	}
	d[3] = window_extent(x[3], pool->kernel_w, pool->stride_w, pool->dilation_w,
			     pool->pad_left, pool->pad_right);
	bench_tensor(bench, &pool->x, type, 4, x, bench_any_layout(bench) | LAYOUT_REPEAT,
		     TSR_HW_SLOT_READ);
	bench_tensor(bench, &pool->d, type, 4, d, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	if (pool->mode == TSR_HW_POOL_MAX) {
		pool->d.scale = pool->x.scale;
		pool->d.zero_point = pool->x.zero_point;
	}
}
