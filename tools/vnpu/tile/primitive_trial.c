/* SPDX-License-Identifier: MIT */
#include "primitive_trial.h"

#include <errno.h>
#include <string.h>

#include <number/half.h>

#include "lent.h"
#include "onednn.h"
#include "primitive.h"
#include "staging.h"
#include "trial.h"

/* Of a row of A or a column of B: its code, and the code of its first element. */
struct extreme {
	int code;
	int first;
};

/*
 * Highest or lowest code, and every other time a first element of 1. Four neighbours
 * have all there is.
 */
static struct extreme extreme_of(int64_t index, int highest, int lowest)
{
	int code = index & 1 ? lowest : highest;

	return (struct extreme){ code, index & 2 ? 1 : code };
}

/*
 * The extreme cases have closed forms: an entry of C is the product of the firsts and
 * k - 1 times that of the codes. Pairs of products overflow 16 bits there, a library
 * that halves the weights loses their last bit, and one that passes through fp32 that
 * of an odd sum.
 */
static int check_extremes(const struct primitive *primitive, int64_t row, int64_t column,
			  uint8_t *a, int8_t *b, int32_t *c)
{
	const int64_t *shape = primitive->key.shape;
	int ret;

	for (int64_t m = 0; m < shape[0]; m++) {
		struct extreme x = extreme_of(m + row, UINT8_MAX, 0);

		memset(a + m * shape[2], x.code, (size_t)shape[2]);
		a[m * shape[2]] = (uint8_t)x.first;
	}
	for (int64_t k = 0; k < shape[2]; k++) {
		for (int64_t n = 0; n < shape[1]; n++) {
			struct extreme y = extreme_of(n + column, INT8_MAX, INT8_MIN);

			b[k * shape[1] + n] = (int8_t)(k ? y.code : y.first);
		}
	}
	ret = primitive_multiply(primitive, a, b, c, true);
	for (int64_t m = 0; !ret && m < shape[0]; m++) {
		struct extreme x = extreme_of(m + row, UINT8_MAX, 0);

		for (int64_t n = 0; n < shape[1]; n++) {
			struct extreme y = extreme_of(n + column, INT8_MAX, INT8_MIN);
			int64_t sum = (shape[2] - 1) * x.code * y.code + x.first * y.first;

			if (c[m * shape[1] + n] != (int32_t)(uint32_t)sum)
				return -ENOTSUP;
		}
	}
	return ret;
}

/* Few rows or columns are tried as each of four neighbours. */
static int check_neighbours(const struct primitive *primitive, uint8_t *a, int8_t *b, int32_t *c)
{
	const int64_t *shape = primitive->key.shape;
	int ret = 0;

	for (int64_t row = 0; !ret && row < (shape[0] < 4 ? 4 : 1); row++)
		for (int64_t column = 0; !ret && column < (shape[1] < 4 ? 4 : 1); column++)
			ret = check_extremes(primitive, row, column, a, b, c);
	return ret;
}

static int try_integers(const struct primitive *primitive)
{
	const int64_t *shape = primitive->key.shape;
	uint8_t *a = staging_get((size_t)(shape[0] * shape[2]));
	int8_t *b = staging_get((size_t)(shape[2] * shape[1]));
	struct lent c = { 0 };
	int ret = -ENOMEM, back;

	if (a && b)
		ret = lent_get(&c, (size_t)(shape[0] * shape[1]) * sizeof(int32_t),
			       primitive->largest);
	if (!ret)
		ret = check_neighbours(primitive, a, b, (int32_t *)c.at);
	staging_put(a);
	staging_put(b);
	back = lent_put(&c);
	return ret ? ret : back;
}

/* Values of the trial are those of bf16, too. */
static int multiply_narrow(const struct primitive *primitive, const float *a, const float *b,
			   float *c)
{
	const int64_t *shape = primitive->key.shape;
	size_t a_size = (size_t)(shape[0] * shape[2]), b_size = (size_t)(shape[2] * shape[1]);
	uint16_t *narrow_a = staging_get(a_size * sizeof(*narrow_a));
	uint16_t *narrow_b = staging_get(b_size * sizeof(*narrow_b));
	int ret = -ENOMEM;

	if (narrow_a && narrow_b) {
		bf16_round(a, narrow_a, a_size);
		bf16_round(b, narrow_b, b_size);
		ret = primitive_multiply(primitive, narrow_a, narrow_b, c, true);
	}
	staging_put(narrow_a);
	staging_put(narrow_b);
	return ret;
}

static int compare(const struct primitive *primitive, const float *a, const float *b, float *c,
		   const struct onednn_conv *conv)
{
	const int64_t *shape = primitive->key.shape;
	bool narrow = primitive->key.kind == ONEDNN_BF16;
	int ret = conv ? primitive_convolve(primitive, a, b, c, true) :
		  narrow ? multiply_narrow(primitive, a, b, c) :
			   primitive_multiply(primitive, a, b, c, true);
	bool right;

	if (ret)
		return ret;
	right = conv ? trial_conv(conv, a, b, c) :
		       trial_matmul(shape[0], shape[1], shape[2], shape[3], a, b, c) &&
		       trial_kept(shape[0], shape[1], shape[3], c);
	return right ? 0 : -ENOTSUP;
}

/* Operands of the trial's sizes, and what the primitive makes of them. */
static int try_primitive(const struct primitive *primitive, int64_t a_size, int64_t b_size,
			 int64_t c_size, const struct onednn_conv *conv)
{
	float *a = staging_get((size_t)a_size * sizeof(*a));
	float *b = staging_get((size_t)b_size * sizeof(*b));
	struct lent c = { 0 };
	int ret = -ENOMEM, back;

	if (a && b)
		ret = lent_get(&c, (size_t)c_size * sizeof(float), primitive->largest);
	if (!ret) {
		trial_fill(a, a_size, 1);
		trial_fill(b, b_size, 2);
		if (!conv)
			trial_mark(primitive->key.shape[0], primitive->key.shape[1],
				   primitive->key.shape[3], (float *)c.at);
		ret = compare(primitive, a, b, (float *)c.at, conv);
	}
	staging_put(a);
	staging_put(b);
	back = lent_put(&c);
	return ret ? ret : back;
}

static int try_matmul(const struct primitive *primitive)
{
	const int64_t *shape = primitive->key.shape;

	return try_primitive(primitive, shape[0] * shape[2], shape[2] * shape[3],
			     shape[0] * shape[3], NULL);
}

/* Elements of a convolution's operands and result. */
static int64_t inputs_of(const struct onednn_conv *conv)
{
	return conv->images * conv->height * conv->width * conv->channels;
}

static int64_t weights_of(const struct onednn_conv *conv)
{
	return conv->kernel[0] * conv->kernel[1] * conv->channels / conv->groups * conv->outputs;
}

static int64_t results_of(const struct onednn_conv *conv)
{
	return conv->images * conv->out_height * conv->out_width * conv->outputs;
}

static int check_codes(const struct primitive *primitive, const struct onednn_conv *conv,
		       uint8_t *x, int8_t *w, void *d)
{
	int ret = 0;

	for (unsigned int kind = 0; !ret && kind < TRIAL_KINDS; kind++) {
		trial_fill_codes(kind, x, inputs_of(conv), w, weights_of(conv));
		ret = primitive_convolve(primitive, x, w, d, true);
		if (!ret && !trial_conv(conv, x, w, d))
			ret = -ENOTSUP;
	}
	return ret;
}

static int try_conv_codes(const struct primitive *primitive, const struct onednn_conv *conv)
{
	uint8_t *x = staging_get((size_t)inputs_of(conv));
	int8_t *w = staging_get((size_t)weights_of(conv));
	struct lent d = { 0 };
	int ret = -ENOMEM, back;

	if (x && w)
		ret = lent_get(&d, (size_t)results_of(conv) * sizeof(int32_t), true);
	if (!ret)
		ret = check_codes(primitive, conv, x, w, d.at);
	staging_put(x);
	staging_put(w);
	back = lent_put(&d);
	return ret ? ret : back;
}

static int try_conv(const struct primitive *primitive)
{
	struct onednn_conv conv;

	memcpy(&conv, primitive->key.shape, sizeof(conv));
	if (conv.product != ONEDNN_F32)
		return try_conv_codes(primitive, &conv);
	return try_primitive(primitive, inputs_of(&conv), weights_of(&conv), results_of(&conv),
			     &conv);
}

int primitive_try(const struct primitive *primitive)
{
	switch (primitive->key.kind) {
	case ONEDNN_U8S8:
		return try_integers(primitive);
	case ONEDNN_F32:
	case ONEDNN_BF16:
		return try_matmul(primitive);
	default:
		return try_conv(primitive);
	}
}
