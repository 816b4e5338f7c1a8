/* SPDX-License-Identifier: MIT */
#include "random_windows.h"

static uint32_t some(struct bench *bench, uint32_t most)
{
	return bench_below(bench, 2) ? 1 : 1 + bench_below(bench, most);
}

void random_window(struct bench *bench, struct tsr_hw_window *window, uint32_t out, uint32_t *in)
{
	int64_t way, before, pads;

	window->kernel = some(bench, 5);
	window->stride = some(bench, 4);
	window->dilation = some(bench, 4);
	window->input_dilation = some(bench, 4);
	/* From the first element to the last, and behind it what is too short for a window. */
	way = (int64_t)window->dilation * (window->kernel - 1) + 1 +
	      (int64_t)(out - 1) * window->stride + bench_below(bench, window->stride);
	if (!out)
		way = (int64_t)window->dilation * (window->kernel - 1) -
		      bench_below(bench, window->stride);
	*in = bench_extent(bench, (uint32_t)(way > 0 ? way : 1) + 4);
	pads = way - (*in ? (int64_t)(*in - 1) * window->input_dilation + 1 : 0);
	before = bench_below(bench, 3) ? pads / 2 : (int64_t)bench_below(bench, 9) - 4;
	window->before = (uint64_t)before;
	window->after = (uint64_t)(pads - before);
}
