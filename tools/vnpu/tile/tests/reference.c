/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stored.h"

/* Where one multiply-accumulate element lies, and how much it weighs. */
struct sum {
	uint32_t exact;		/* integers, modulo 2^32 */
	double value;
	double magnitude;	/* sum of absolute products, for the tolerance */
	uint64_t terms;
};

bool reference_is_integer(unsigned int type)
{
	return type == TSR_HW_TYPE_INT8 || type == TSR_HW_TYPE_UINT8;
}

static void range_of(unsigned int type, double *low, double *high)
{
	*low = type == TSR_HW_TYPE_UINT8 ? 0 : type == TSR_HW_TYPE_INT8 ? -128 : INT32_MIN;
	*high = type == TSR_HW_TYPE_UINT8 ? 255 : type == TSR_HW_TYPE_INT8 ? 127 : INT32_MAX;
}

int32_t reference_quantize(const struct tsr_hw_scaled_tensor *d, float t)
{
	double zero = (int32_t)d->zero_point;
	double low;
	double high;

	range_of(d->type, &low, &high);
	if (isnan(t))
		return (int32_t)zero;
	return (int32_t)fmin(fmax(nearbyint((double)t) + zero, low), high);
}

float reference_load(const struct bench *bench, const struct tsr_hw_scaled_tensor *tensor,
		     uint64_t va)
{
	float difference;

	if (!reference_is_integer(tensor->type) && tensor->type != TSR_HW_TYPE_INT32)
		return (float)bench_value(bench, tensor, va);
	difference = (float)((int64_t)bench_code(bench, tensor, va) -
			     (int32_t)tensor->zero_point);
	return difference * bench_float(tensor->scale);
}

static bool wrong(const char *what, uint64_t va, double got, double want)
{
	fprintf(stderr, "%s at %#llx: %.9g, expected %.9g\n", what, (unsigned long long)va, got,
		want);
	return false;
}

static void add_product(const struct bench *bench, const struct tsr_hw_scaled_tensor *a,
			uint64_t a_va, const struct tsr_hw_scaled_tensor *b, uint64_t b_va,
			struct sum *sum)
{
	double product;

	sum->terms++;
	if (reference_is_integer(a->type)) {
		int32_t left = bench_code(bench, a, a_va) - (int32_t)a->zero_point;
		int32_t right = bench_code(bench, b, b_va) - (int32_t)b->zero_point;

		sum->exact += (uint32_t)(left * right);
		return;
	}
	product = bench_value(bench, a, a_va) * bench_value(bench, b, b_va);
	sum->value += product;
	sum->magnitude += fabs(product);
}

static float activate(const struct tsr_hw_epilogue *epilogue, float t, float unit)
{
	if (epilogue->activation == TSR_HW_ACT_RELU)
		return t < 0 ? 0 : t;
	if (epilogue->activation == TSR_HW_ACT_CLIP) {
		float low = bench_float(epilogue->alpha) / unit;
		float high = bench_float(epilogue->beta) / unit;

		return t < low ? low : t > high ? high : t;
	}
	return t;
}

static uint32_t int_bias(const struct bench *bench, const struct tsr_hw_scaled_tensor *bias,
			 uint64_t channel)
{
	return bias->slot == TSR_HW_SLOT_NONE ? 0 :
	       (uint32_t)bench_code(bench, bias, bench_address(bench, bias, channel));
}

/* t = fl(fl(acc) * m), residual, activation: all in units of the output. */
static float requantize(const struct bench *bench, const struct tsr_hw_epilogue *epilogue,
			float both, float unit, int32_t acc, const uint64_t *at)
{
	const struct tsr_hw_scaled_tensor *residual = &epilogue->residual;
	float m = both / unit;
	float t = (float)acc * m;

	if (residual->slot != TSR_HW_SLOT_NONE) {
		uint64_t va = bench_at(bench, residual, at);
		float r;

		if (reference_is_integer(residual->type)) {
			float ratio = bench_float(residual->scale) / unit;

			r = (float)(bench_code(bench, residual, va) -
				    (int32_t)residual->zero_point);
			r = r * ratio;
		} else {
			r = (float)bench_value(bench, residual, va);
			r = r / unit;
		}
		t = t + r;
	}
	return activate(epilogue, t, unit);
}

static bool check_integer(const struct bench *bench, const struct tsr_hw_scaled_tensor *a,
			  const struct tsr_hw_scaled_tensor *b,
			const struct tsr_hw_scaled_tensor *d,
			  const struct tsr_hw_epilogue *epilogue, const struct sum *sum,
			  uint64_t channel, const uint64_t *at)
{
	bool fp = d->type == TSR_HW_TYPE_FP32 || d->type == TSR_HW_TYPE_FP16;
	int32_t acc = (int32_t)(sum->exact + int_bias(bench, &epilogue->bias, channel));
	uint64_t va = bench_at(bench, d, at);
	float both;
	float t;

	if (d->type == TSR_HW_TYPE_INT32)
		return bench_code(bench, d, va) == acc ||
		       wrong("int32", va, bench_code(bench, d, va), acc);
	both = bench_float(a->scale) * bench_scale(bench, b, (uint32_t)channel);
	t = requantize(bench, epilogue, both, fp ? 1.0f : bench_float(d->scale), acc, at);
	if (fp)
		return bench_value(bench, d, va) == stored_round(d->type, t) ||
		       wrong("fp of integers", va, bench_value(bench, d, va), t);
	return bench_code(bench, d, va) == reference_quantize(d, t) ||
	       wrong("code", va, bench_code(bench, d, va), reference_quantize(d, t));
}

/* Any order of an fp32 sum stays this close to the exact one. */
static double tolerance_of(const struct sum *sum)
{
	return (double)(sum->terms + 4) * 0x1p-24 * sum->magnitude;
}

static bool is_close(const struct tsr_hw_scaled_tensor *d, double got, double want,
		     double tolerance)
{
	double low = stored_round(d->type, want - tolerance);
	double high = stored_round(d->type, want + tolerance);

	return got >= low && got <= high;
}

static bool check_fp(const struct bench *bench, const struct tsr_hw_scaled_tensor *d,
		     const struct tsr_hw_epilogue *epilogue, struct sum *sum,
		     uint64_t channel, const uint64_t *at)
{
	uint64_t va = bench_at(bench, d, at);
	double got = bench_value(bench, d, va);

	if (epilogue->bias.slot != TSR_HW_SLOT_NONE) {
		double bias = bench_value(bench, &epilogue->bias,
					  bench_address(bench, &epilogue->bias, channel));

		sum->value += bias;
		sum->magnitude += fabs(bias);
	}
	if (epilogue->residual.slot != TSR_HW_SLOT_NONE) {
		double r = bench_value(bench, &epilogue->residual,
				       bench_at(bench, &epilogue->residual, at));

		sum->value += r;
		sum->magnitude += fabs(r);
	}
	if (epilogue->activation == TSR_HW_ACT_RELU)
		sum->value = fmax(sum->value, 0);
	if (epilogue->activation == TSR_HW_ACT_CLIP)
		sum->value = fmin(fmax(sum->value, bench_float(epilogue->alpha)),
				  bench_float(epilogue->beta));
	return is_close(d, got, sum->value, tolerance_of(sum)) ||
	       wrong("fp", va, got, sum->value);
}

static bool check(const struct bench *bench, const struct tsr_hw_scaled_tensor *a,
		  const struct tsr_hw_scaled_tensor *b, const struct tsr_hw_scaled_tensor *d,
		  const struct tsr_hw_epilogue *epilogue, struct sum *sum, uint64_t channel,
		  const uint64_t *at)
{
	if (reference_is_integer(a->type))
		return check_integer(bench, a, b, d, epilogue, sum, channel, at);
	return check_fp(bench, d, epilogue, sum, channel, at);
}

static void split(const struct tsr_hw_scaled_tensor *tensor, uint64_t index, uint64_t *at)
{
	memset(at, 0, TSR_HW_MAX_RANK * sizeof(*at));
	for (unsigned int i = tensor->rank; i-- > 0;) {
		at[i] = index % tensor->dim[i];
		index /= tensor->dim[i];
	}
}

static void convolve(const struct bench *bench, const struct tsr_hw_conv *conv,
		     const uint64_t *at, struct sum *sum)
{
	uint32_t depth = conv->w.dim[1];
	uint32_t group = (uint32_t)(at[1] / (conv->w.dim[0] / conv->groups));

	for (uint32_t c = 0; c < depth; c++)
		for (uint32_t kh = 0; kh < conv->w.dim[2]; kh++)
			for (uint32_t kw = 0; kw < conv->w.dim[3]; kw++) {
				int64_t h = (int64_t)at[2] * conv->stride_h +
					    (int64_t)kh * conv->dilation_h - conv->pad_top;
				int64_t w = (int64_t)at[3] * conv->stride_w +
					    (int64_t)kw * conv->dilation_w - conv->pad_left;
				uint64_t x[4] = { at[0], group * depth + c, (uint64_t)h,
						  (uint64_t)w };
				uint64_t weight[4] = { at[1], c, kh, kw };

				if (h < 0 || w < 0 || h >= conv->x.dim[2] ||
				    w >= conv->x.dim[3])
					continue;
				add_product(bench, &conv->x, bench_at(bench, &conv->x, x),
					    &conv->w, bench_at(bench, &conv->w, weight), sum);
			}
}

bool reference_conv(const struct bench *bench, const struct tsr_hw_conv *conv)
{
	for (uint64_t index = 0; index < bench_elements(&conv->d); index++) {
		struct sum sum = { 0 };
		uint64_t at[TSR_HW_MAX_RANK];

		split(&conv->d, index, at);
		convolve(bench, conv, at, &sum);
		if (!check(bench, &conv->x, &conv->w, &conv->d, &conv->epilogue, &sum, at[1], at))
			return false;
	}
	return true;
}
