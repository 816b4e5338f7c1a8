/* SPDX-License-Identifier: MIT */
#include "windows.h"

static int64_t dilated(const struct tsr_hw_window *window, int64_t in)
{
	return in ? (in - 1) * window->input_dilation + 1 : 0;
}

/* Outputs of one dimension, or less than 1. */
static int64_t outputs(const struct tsr_hw_window *window, int64_t in)
{
	int64_t reach = (int64_t)window->dilation * (window->kernel - 1) + 1;
	int64_t room = dilated(window, in) + (int64_t)window->before + (int64_t)window->after -
		       reach;

	return room < 0 ? 0 : room / window->stride + 1;
}

static void one_window(struct bench *bench, unsigned int dims, struct tsr_hw_window *window,
		       uint32_t *in, uint32_t *out)
{
	do {
		*window = (struct tsr_hw_window){
			.kernel = 1 + bench_below(bench, dims < 3 ? 4 : 3),
			.stride = 1 + bench_below(bench, 3),
			.dilation = 1 + bench_below(bench, 3),
			.input_dilation = 1 + (bench_below(bench, 3) ? 0 : bench_below(bench, 3)),
			.before = (uint64_t)((int64_t)bench_below(bench, 6) - 2),
			.after = (uint64_t)((int64_t)bench_below(bench, 6) - 2),
		};
		*in = 1 + bench_below(bench, dims == 1 ? 40 : dims == 2 ? 9 : 5);
		*out = (uint32_t)outputs(window, *in);
	} while (!*out);
}

void windows_random(struct bench *bench, struct tsr_hw_window *windows, unsigned int dims,
		    uint32_t *in, uint32_t *out)
{
	for (unsigned int i = 0; i < dims; i++)
		one_window(bench, dims, &windows[i], &in[i], &out[i]);
}

uint64_t windows_taps(const struct tsr_hw_window *windows, unsigned int dims)
{
	uint64_t taps = 1;

	for (unsigned int i = 0; i < dims; i++)
		taps *= windows[i].kernel;
	return taps;
}

void windows_tap(const struct tsr_hw_window *windows, unsigned int dims, uint64_t tap,
		 uint64_t *at)
{
	for (unsigned int i = dims; i-- > 0; tap /= windows[i].kernel)
		at[i] = tap % windows[i].kernel;
}

bool windows_source(const struct tsr_hw_window *windows, unsigned int dims, const uint32_t *in,
		    uint64_t tap, const uint64_t *out, uint64_t *at)
{
	bool inside = true;

	for (unsigned int i = dims; i-- > 0; tap /= windows[i].kernel) {
		const struct tsr_hw_window *window = &windows[i];
		int64_t place = (int64_t)(out[i] * window->stride +
					  tap % window->kernel * window->dilation) -
				(int64_t)window->before;
		int64_t step = window->input_dilation;

		inside = inside && place >= 0 && place % step == 0 && place / step < in[i];
		at[i] = (uint64_t)(place / step);
	}
	return inside;
}
