// SPDX-License-Identifier: MIT
#include "rounding.h"

#include <assert.h>
#include <float.h>
#include <math.h>

/* An expression on floats below is rounded to single precision after every operator. */
static_assert(FLT_EVAL_METHOD == 0, "the rules need single precision between operators");

int32_t to_code(float steps, const struct quantization *q)
{
	float nearest = rintf(steps);

	if (isnan(nearest))
		return q->zero_point;
	if (nearest <= (float)(q->lowest - q->zero_point))
		return q->lowest;
	if (nearest >= (float)(q->highest - q->zero_point))
		return q->highest;
	return (int32_t)nearest + q->zero_point;
}

float to_real(int32_t code, const struct quantization *q)
{
	return (float)(code - q->zero_point) * q->scale;
}

int32_t requantize_sum(int32_t sum, float input_scale, float weight_scale,
		       const struct quantization *output)
{
	float multiplier = input_scale * weight_scale / output->scale;

	return to_code((float)sum * multiplier, output);
}

int32_t requantize_mean(int32_t sum, int32_t count, float input_scale,
			const struct quantization *output)
{
	float multiplier = input_scale / output->scale;

	return to_code((float)sum * multiplier / (float)count, output);
}

int32_t requantize_real(float value, const struct quantization *output)
{
	return to_code(value / output->scale, output);
}
