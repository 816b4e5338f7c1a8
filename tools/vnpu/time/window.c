// SPDX-License-Identifier: MIT
#include "window.h"

/* Where tap @tap of output @output lies in the dilated input. */
static int64_t position(const struct window *window, uint64_t output, uint64_t tap)
{
	return (int64_t)(output * window->stride) - window->before +
	       (int64_t)(tap * window->dilation);
}

/* Closed, because a window has as many taps, and zeros between inputs, as its sender likes. */
struct range window_hit(const struct window *window, struct range outputs, uint64_t inputs)
{
	int64_t dilation = window->input_dilation;
	int64_t low = position(window, outputs.start, 0);
	int64_t high = position(window, outputs.start + outputs.size - 1, window->kernel - 1);

	if (!inputs || !outputs.size || high < 0)
		return (struct range){ 0, 0 };
	low = low <= 0 ? 0 : (low - 1) / dilation + 1;
	high = high / dilation;
	high = high < (int64_t)inputs ? high : (int64_t)inputs - 1;
	if (low > high)
		return (struct range){ 0, 0 };
	return (struct range){ (uint64_t)low, (uint64_t)(high - low) + 1 };
}

uint64_t window_span(const struct window *window, uint64_t outputs, uint64_t inputs)
{
	uint64_t positions = (outputs - 1) * window->stride +
			     (uint64_t)window->dilation * (window->kernel - 1);
	uint64_t span = positions / window->input_dilation + 1;

	return span < inputs ? span : inputs;
}
