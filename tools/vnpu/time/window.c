// SPDX-License-Identifier: MIT
#include "window.h"

/* a / b, b positive, towards minus infinity. */
static int64_t floor_of(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Where tap @tap of output @output lies in the dilated input. */
static int64_t position(const struct window *window, int64_t output, uint64_t tap)
{
	return output * window->stride - window->before + (int64_t)(tap * window->dilation);
}

/*
 * The input that the first (direction 1) or the last (-1) of the outputs from @output to @end
 * hits with a tap; -1: none. An element of x is each input_dilation-th position.
 */
static int64_t first_hit(const struct window *window, int64_t output, int64_t end,
			 int64_t direction, uint64_t tap)
{
	for (uint32_t i = 0; i < window->input_dilation; i++, output += direction) {
		int64_t at = position(window, output, tap);

		if ((end - output) * direction < 0)
			return -1;
		if (at % window->input_dilation == 0)
			return at / window->input_dilation;
	}
	return -1;
}

/* The outputs of which a tap lies within the input: from *@low to *@high. */
static void clip(const struct window *window, uint64_t tap, int64_t inputs, int64_t *low,
		 int64_t *high)
{
	int64_t origin = position(window, 0, tap);
	int64_t end = (inputs - 1) * (int64_t)window->input_dilation;
	int64_t least = -floor_of(origin, window->stride);
	int64_t most = floor_of(end - origin, window->stride);

	*low = *low > least ? *low : least;
	*high = *high < most ? *high : most;
}

struct range window_hit(const struct window *window, struct range outputs, uint64_t inputs)
{
	int64_t lowest = INT64_MAX, highest = -1;

	for (uint64_t tap = 0; tap < window->kernel; tap++) {
		int64_t low = (int64_t)outputs.start, high = low + (int64_t)outputs.size - 1;
		int64_t first, last;

		clip(window, tap, (int64_t)inputs, &low, &high);
		first = first_hit(window, low, high, 1, tap);
		last = first_hit(window, high, low, -1, tap);
		if (first >= 0 && first < lowest)
			lowest = first;
		if (last > highest)
			highest = last;
	}
	if (highest < 0)
		return (struct range){ 0, 0 };
	return (struct range){ (uint64_t)lowest, (uint64_t)(highest - lowest) + 1 };
}

uint64_t window_span(const struct window *window, uint64_t outputs, uint64_t inputs)
{
	uint64_t positions = (outputs - 1) * window->stride +
			     (uint64_t)window->dilation * (window->kernel - 1);
	uint64_t span = positions / window->input_dilation + 1;

	return span < inputs ? span : inputs;
}
