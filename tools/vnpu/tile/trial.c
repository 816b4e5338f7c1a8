/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include "onednn.h"
#include "smaller.h"

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
	int64_t samples = (int64_t)smaller(larger((uint64_t)(MAX_WORK / depth), 1), SAMPLES);

	return elements / samples | 1;
}

/* No sum of a trial. */
#define MARK	0.5f

void trial_mark(int64_t m, int64_t n, int64_t pitch, float *c)
{
	for (int64_t row = 0; row < m; row++, c += pitch)
		for (int64_t i = n; i < pitch; i++)
			c[i] = MARK;
}

bool trial_kept(int64_t m, int64_t n, int64_t pitch, const float *c)
{
	for (int64_t row = 0; row < m; row++, c += pitch)
		for (int64_t i = n; i < pitch; i++)
			if (c[i] != MARK)
				return false;
	return true;
}

bool trial_matmul(int64_t m, int64_t n, int64_t k, int64_t pitch, const float *a, const float *b,
		  const float *c)
{
	int64_t step = step_of(m * n, k);

	for (int64_t i = 0; i < m * n; i += step) {
		const float *row = a + i / n * k;
		const float *column = b + i % n;
		float sum = 0;

		for (int64_t depth = 0; depth < k; depth++)
			sum += row[depth] * column[depth * pitch];
		if (sum != c[i / n * pitch + i % n])
			return false;
	}
	return true;
}

void trial_fill_codes(unsigned int kind, uint8_t *x, int64_t n, int8_t *w, int64_t m)
{
	static const int8_t most[TRIAL_KINDS][8] = {
		{ INT8_MAX, INT8_MAX, INT8_MAX, INT8_MAX, INT8_MAX, INT8_MAX, INT8_MAX, 1 },
		{ INT8_MIN, INT8_MIN, INT8_MIN, INT8_MIN, INT8_MIN, INT8_MIN, INT8_MIN, 1 },
		{ INT8_MIN, INT8_MAX, INT8_MIN, INT8_MAX, INT8_MIN, INT8_MAX, 0, 1 },
	};
	uint32_t seed = kind;

	for (int64_t i = 0; i < n; i++) {
		seed = seed * 1664525u + 1013904223u;
		x[i] = seed >> 28 ? UINT8_MAX : 1;
	}
	for (int64_t i = 0; i < m; i++) {
		seed = seed * 1664525u + 1013904223u;
		w[i] = most[kind][seed >> 29];
	}
}

/* Operands of a trial, of one of both kinds. */
struct operands {
	const struct onednn_conv *conv;
	const void *x;
	const void *w;
};

static int64_t x_at(const struct operands *operands, int64_t i)
{
	return operands->conv->product == ONEDNN_F32 ? (int64_t)((const float *)operands->x)[i] :
						       ((const uint8_t *)operands->x)[i];
}

static int64_t w_at(const struct operands *operands, int64_t i)
{
	return operands->conv->product == ONEDNN_F32 ? (int64_t)((const float *)operands->w)[i] :
						       ((const int8_t *)operands->w)[i];
}

/* One tap of the window: the channels of one pixel times their weights. */
static int64_t tap(const struct operands *operands, int64_t pixel, int64_t weights)
{
	const struct onednn_conv *conv = operands->conv;
	int64_t channels = conv->channels / conv->groups;
	int64_t outputs = conv->outputs / conv->groups;
	int64_t sum = 0;

	for (int64_t c = 0; c < channels; c++)
		sum += x_at(operands, pixel + c) * w_at(operands, weights + c * outputs);
	return sum;
}

static int64_t window(const struct operands *operands, int64_t image, int64_t line, int64_t column,
		      int64_t output)
{
	const struct onednn_conv *conv = operands->conv;
	int64_t channels = conv->channels / conv->groups;
	int64_t outputs = conv->outputs / conv->groups;
	int64_t group = output / outputs;
	int64_t taps = conv->kernel[0] * conv->kernel[1];
	int64_t w = group * taps * channels * outputs + output % outputs;
	int64_t sum = 0;

	for (int64_t i = 0; i < taps; i++) {
		int64_t h = line * conv->stride[0] + i / conv->kernel[1] * conv->dilation[0] -
			    conv->pad_before[0];
		int64_t v = column * conv->stride[1] + i % conv->kernel[1] * conv->dilation[1] -
			    conv->pad_before[1];
		int64_t pixel = (image * conv->height + h) * conv->width + v;

		if (h < 0 || v < 0 || h >= conv->height || v >= conv->width)
			continue;
		sum += tap(operands, pixel * conv->channels + group * channels,
			   w + i * channels * outputs);
	}
	return sum;
}

bool trial_conv(const struct onednn_conv *conv, const void *x, const void *w, const void *d)
{
	const struct operands operands = { conv, x, w };
	int64_t pixels = conv->out_height * conv->out_width;
	int64_t depth = conv->kernel[0] * conv->kernel[1] * conv->channels / conv->groups;
	int64_t elements = conv->images * pixels * conv->outputs;
	int64_t step = step_of(elements, depth);

	for (int64_t i = 0; i < elements; i += step) {
		int64_t pixel = i / conv->outputs % pixels;
		int64_t sum = window(&operands, i / conv->outputs / pixels,
				     pixel / conv->out_width, pixel % conv->out_width,
				     i % conv->outputs);

		if (conv->product == ONEDNN_F32 ? ((const float *)d)[i] != (float)sum :
						  ((const int32_t *)d)[i] != (int32_t)(uint32_t)sum)
			return false;
	}
	return true;
}
