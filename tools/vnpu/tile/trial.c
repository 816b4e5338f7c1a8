/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include "onednn.h"

/* Elements checked at most, and the work that may cost. */
#define SAMPLES		4096
#define MAX_WORK	(1 << 22)

void trial_fill(float *values, int64_t n, uint32_t seed)
{
	for (int64_t i = 0; i < n; i++) {
		seed = seed * 1664525u + 1013904223u;
		values[i] = (float)((int)((seed >> 16) % 3) - 1);
	}
}

/* Distance of the elements to check: odd, so that it meets every row and column. */
static int64_t step_of(int64_t elements, int64_t depth)
{
	int64_t samples = MAX_WORK / depth;

	if (samples > SAMPLES)
		samples = SAMPLES;
	if (samples < 1)
		samples = 1;
	return elements <= samples ? 1 : elements / samples | 1;
}

bool trial_matmul(int64_t m, int64_t n, int64_t k, const float *a, const float *b,
		  const float *c)
{
	int64_t step = step_of(m * n, k);

	for (int64_t i = 0; i < m * n; i += step) {
		const float *row = a + i / n * k;
		const float *column = b + i % n;
		float sum = 0;

		for (int64_t depth = 0; depth < k; depth++)
			sum += row[depth] * column[depth * n];
		if (sum != c[i])
			return false;
	}
	return true;
}

/* One tap of the window: the channels of one pixel times their weights. */
static float tap(const struct onednn_conv *conv, const float *pixel, const float *weights)
{
	int64_t channels = conv->channels / conv->groups;
	int64_t outputs = conv->outputs / conv->groups;
	float sum = 0;

	for (int64_t c = 0; c < channels; c++)
		sum += pixel[c] * weights[c * outputs];
	return sum;
}

static float window(const struct onednn_conv *conv, const float *x, const float *w, int64_t line,
		    int64_t column, int64_t output)
{
	int64_t channels = conv->channels / conv->groups;
	int64_t outputs = conv->outputs / conv->groups;
	int64_t group = output / outputs;
	int64_t taps = conv->kernel[0] * conv->kernel[1];
	float sum = 0;

	w += group * taps * channels * outputs + output % outputs;
	for (int64_t i = 0; i < taps; i++) {
		int64_t h = line * conv->stride[0] + i / conv->kernel[1] * conv->dilation[0] -
			    conv->pad_before[0];
		int64_t v = column * conv->stride[1] + i % conv->kernel[1] * conv->dilation[1] -
			    conv->pad_before[1];

		if (h < 0 || v < 0 || h >= conv->height || v >= conv->width)
			continue;
		sum += tap(conv, x + (h * conv->width + v) * conv->channels + group * channels,
			   w + i * channels * outputs);
	}
	return sum;
}

bool trial_conv(const struct onednn_conv *conv, const float *x, const float *w, const float *d)
{
	int64_t pixels = conv->out_height * conv->out_width;
	int64_t picture = conv->height * conv->width * conv->channels;
	int64_t depth = conv->kernel[0] * conv->kernel[1] * conv->channels / conv->groups;
	int64_t elements = conv->images * pixels * conv->outputs;
	int64_t step = step_of(elements, depth);

	for (int64_t i = 0; i < elements; i += step) {
		int64_t pixel = i / conv->outputs % pixels;

		if (d[i] != window(conv, x + i / conv->outputs / pixels * picture, w,
				   pixel / conv->out_width, pixel % conv->out_width,
				   i % conv->outputs))
			return false;
	}
	return true;
}
