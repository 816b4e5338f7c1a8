/* SPDX-License-Identifier: MIT */
/* Trials of the library's primitives take what is right and refuse what is wrong anywhere. */
#include "suite.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tile/onednn.h"
#include "tile/trial.h"

/* Elements of an operand of these tests at most. */
#define MOST	4096

struct operands {
	float x[MOST];
	float w[MOST];
	uint8_t x_codes[MOST];
	int8_t w_codes[MOST];
	float d[MOST];
	int32_t sums[MOST];
};

static const struct onednn_conv convs[] = {
	/* One pixel, one tap. */
	{ .images = 1, .channels = 5, .height = 1, .width = 1, .outputs = 3, .out_height = 1,
	  .out_width = 1, .kernel = { 1, 1 }, .stride = { 1, 1 }, .dilation = { 1, 1 },
	  .groups = 1 },
	/* Everything is different in both directions. */
	{ .images = 2, .channels = 6, .height = 9, .width = 7, .outputs = 4, .out_height = 5,
	  .out_width = 3, .kernel = { 3, 2 }, .stride = { 2, 3 }, .dilation = { 2, 3 },
	  .pad_before = { 2, 1 }, .pad_after = { 2, 3 }, .groups = 2 },
	/* Padding is all that some windows see. */
	{ .images = 3, .channels = 2, .height = 2, .width = 3, .outputs = 2, .out_height = 6,
	  .out_width = 7, .kernel = { 2, 3 }, .stride = { 1, 1 }, .dilation = { 1, 1 },
	  .pad_before = { 3, 2 }, .pad_after = { 2, 4 }, .groups = 1 },
	/* Depthwise. */
	{ .images = 2, .channels = 8, .height = 5, .width = 6, .outputs = 8, .out_height = 3,
	  .out_width = 4, .kernel = { 3, 3 }, .stride = { 1, 1 }, .dilation = { 1, 1 },
	  .groups = 8 },
};

#define CONVS	(sizeof(convs) / sizeof(convs[0]))

static int64_t at_of(const int64_t *at, const int64_t *extent, unsigned int rank)
{
	int64_t sum = 0;

	for (unsigned int i = 0; i < rank; i++)
		sum = sum * extent[i] + at[i];
	return sum;
}

/* One product of operands; 0 outside of the picture. */
static int64_t product(const struct onednn_conv *conv, const struct operands *operands,
		       const int64_t *out, const int64_t *tap)
{
	int64_t channels = conv->channels / conv->groups, outputs = conv->outputs / conv->groups;
	int64_t group = out[3] / outputs;
	int64_t h = out[1] * conv->stride[0] + tap[0] * conv->dilation[0] - conv->pad_before[0];
	int64_t v = out[2] * conv->stride[1] + tap[1] * conv->dilation[1] - conv->pad_before[1];
	const int64_t x_at[] = { out[0], h, v, group * channels + tap[2] };
	const int64_t x_extent[] = { conv->images, conv->height, conv->width, conv->channels };
	const int64_t w_at[] = { group, tap[0], tap[1], tap[2], out[3] % outputs };
	const int64_t w_extent[] = { conv->groups, conv->kernel[0], conv->kernel[1], channels,
				     outputs };
	int64_t from = at_of(x_at, x_extent, 4), weight = at_of(w_at, w_extent, 5);

	if (h < 0 || h >= conv->height || v < 0 || v >= conv->width)
		return 0;
	return conv->product == ONEDNN_F32 ?
	       (int64_t)(operands->x[from] * operands->w[weight]) :
	       operands->x_codes[from] * operands->w_codes[weight];
}

static int64_t sum_of(const struct onednn_conv *conv, const struct operands *operands,
		      const int64_t *out)
{
	int64_t sum = 0, tap[3];

	for (tap[0] = 0; tap[0] < conv->kernel[0]; tap[0]++)
		for (tap[1] = 0; tap[1] < conv->kernel[1]; tap[1]++)
			for (tap[2] = 0; tap[2] < conv->channels / conv->groups; tap[2]++)
				sum += product(conv, operands, out, tap);
	return sum;
}

/* Return: elements of the result. */
static int64_t convolve(const struct onednn_conv *conv, struct operands *operands)
{
	const int64_t extent[] = { conv->images, conv->out_height, conv->out_width, conv->outputs };
	int64_t out[4], at = 0;

	for (out[0] = 0; out[0] < extent[0]; out[0]++)
		for (out[1] = 0; out[1] < extent[1]; out[1]++)
			for (out[2] = 0; out[2] < extent[2]; out[2]++)
				for (out[3] = 0; out[3] < extent[3]; out[3]++, at++) {
					operands->sums[at] =
						(int32_t)sum_of(conv, operands, out);
					operands->d[at] = (float)operands->sums[at];
				}
	assert_true(at <= MOST);
	return at;
}

static bool passes(const struct onednn_conv *conv, const struct operands *operands)
{
	return conv->product == ONEDNN_F32 ?
	       trial_conv(conv, operands->x, operands->w, operands->d) :
	       trial_conv(conv, operands->x_codes, operands->w_codes, operands->sums);
}

/* So few elements are all looked at. */
static void check_conv(const struct onednn_conv *conv, struct operands *operands)
{
	int64_t elements = convolve(conv, operands);

	assert_true(passes(conv, operands));
	for (int64_t i = 0; i < elements; i++) {
		operands->d[i] += 1;
		operands->sums[i] += 1;
		assert_false(passes(conv, operands));
		operands->d[i] -= 1;
		operands->sums[i] -= 1;
	}
}

static void convolution_is_judged_by_every_element(void **state)
{
	struct operands *operands = calloc(1, sizeof(*operands));

	(void)state;
	assert_non_null(operands);
	for (unsigned int i = 0; i < CONVS; i++) {
		struct onednn_conv conv = convs[i];

		conv.product = ONEDNN_F32;
		trial_fill(operands->x, MOST, 1);
		trial_fill(operands->w, MOST, 2);
		check_conv(&conv, operands);
		conv.product = ONEDNN_U8S8;
		for (unsigned int kind = 0; kind < TRIAL_KINDS; kind++) {
			trial_fill_codes(kind, operands->x_codes, MOST, operands->w_codes, MOST);
			check_conv(&conv, operands);
		}
	}
	free(operands);
}

struct product {
	int64_t m;
	int64_t n;
	int64_t k;
	float *a;
	float *b;
	float *c;
};

static void make_product(struct product *p)
{
	p->a = calloc((size_t)(p->m * p->k), sizeof(float));
	p->b = calloc((size_t)(p->k * p->n), sizeof(float));
	p->c = calloc((size_t)(p->m * p->n), sizeof(float));
	assert_true(p->a && p->b && p->c);
	trial_fill(p->a, p->m * p->k, 1);
	trial_fill(p->b, p->k * p->n, 2);
	for (int64_t i = 0; i < p->m; i++)
		for (int64_t j = 0; j < p->n; j++)
			for (int64_t k = 0; k < p->k; k++)
				p->c[i * p->n + j] += p->a[i * p->k + k] * p->b[k * p->n + j];
}

static void free_product(struct product *p)
{
	free(p->a);
	free(p->b);
	free(p->c);
}

static bool product_passes(const struct product *p)
{
	return trial_matmul(p->m, p->n, p->k, p->n, p->a, p->b, p->c);
}

static void small_product_is_judged_by_every_element(void **state)
{
	struct product p = { .m = 5, .n = 7, .k = 9 };

	(void)state;
	make_product(&p);
	assert_true(product_passes(&p));
	for (int64_t i = 0; i < p.m * p.n; i++) {
		p.c[i] += 1;
		assert_false(product_passes(&p));
		p.c[i] -= 1;
	}
	free_product(&p);
}

/* Of a large one some elements are looked at, in each row and in each column. */
static void large_product_is_judged_by_every_row_and_column(void **state)
{
	struct product p = { .m = 96, .n = 128, .k = 3 };

	(void)state;
	make_product(&p);
	assert_true(product_passes(&p));
	for (int64_t i = 0; i < p.m; i++) {
		for (int64_t j = 0; j < p.n; j++)
			p.c[i * p.n + j] += 1;
		assert_false(product_passes(&p));
		for (int64_t j = 0; j < p.n; j++)
			p.c[i * p.n + j] -= 1;
	}
	for (int64_t j = 0; j < p.n; j++) {
		for (int64_t i = 0; i < p.m; i++)
			p.c[i * p.n + j] += 1;
		assert_false(product_passes(&p));
		for (int64_t i = 0; i < p.m; i++)
			p.c[i * p.n + j] -= 1;
	}
	free_product(&p);
}

/* Each third of many, each fifth of deep ones: to look at all of them costs more than they do. */
static void elements_of_a_large_product_are_looked_at_now_and_then(void **state)
{
	static const struct { struct product product; int64_t step; } cases[] = {
		{ { .m = 96, .n = 128, .k = 3 }, 3 }, { { .m = 64, .n = 64, .k = 4096 }, 5 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct product p = cases[i].product;

		make_product(&p);
		for (int64_t at = 0; at < 3 * cases[i].step; at++) {
			p.c[at] += 1;
			assert_int_equal(product_passes(&p), at % cases[i].step != 0);
			p.c[at] -= 1;
		}
		free_product(&p);
	}
}

/* Rows of B and C are further apart than the columns of the product. */
static void columns_are_judged_where_they_lie(void **state)
{
	enum { M = 3, N = 2, K = 4, PITCH = 5 };
	float a[M * K], b[K * PITCH], c[M * PITCH];

	(void)state;
	trial_fill(a, M * K, 1);
	trial_fill(b, K * PITCH, 2);
	trial_mark(M, N, PITCH, c);
	for (int i = 0; i < M; i++) {
		for (int j = 0; j < N; j++) {
			c[i * PITCH + j] = 0;
			for (int k = 0; k < K; k++)
				c[i * PITCH + j] += a[i * K + k] * b[k * PITCH + j];
		}
	}
	assert_true(trial_matmul(M, N, K, PITCH, a, b, c) && trial_kept(M, N, PITCH, c));
	for (int i = 0; i < M * PITCH; i++) {
		bool product = i % PITCH < N;

		c[i] += 1;
		assert_int_equal(trial_matmul(M, N, K, PITCH, a, b, c), !product);
		assert_int_equal(trial_kept(M, N, PITCH, c), product);
		c[i] -= 1;
	}
}

static void operands_are_all_of_minus_one_zero_and_one(void **state)
{
	float values[2][999];
	unsigned int met[3] = { 0 };

	(void)state;
	trial_fill(values[0], 999, 1);
	trial_fill(values[1], 999, 2);
	for (unsigned int i = 0; i < 999; i++) {
		assert_true(values[0][i] == -1 || values[0][i] == 0 || values[0][i] == 1);
		met[(int)values[0][i] + 1]++;
	}
	for (unsigned int i = 0; i < 3; i++)
		assert_in_range(met[i], 250, 420);
	assert_memory_not_equal(values[0], values[1], sizeof(values[0]));
}

/* Sums as large as they can be, as small, and mixed, and most of them odd. */
static void codes_are_the_extreme_ones(void **state)
{
	static const bool has[TRIAL_KINDS][2] = { { true, false }, { false, true },
						  { true, true } };
	uint8_t x[MOST];
	int8_t w[MOST];

	(void)state;
	for (unsigned int kind = 0; kind < TRIAL_KINDS; kind++) {
		unsigned int most = 0, highest = 0, lowest = 0, ones = 0;

		trial_fill_codes(kind, x, MOST, w, MOST);
		for (unsigned int i = 0; i < MOST; i++) {
			assert_true(x[i] == UINT8_MAX || x[i] == 1);
			most += x[i] == UINT8_MAX;
			highest += w[i] == INT8_MAX;
			lowest += w[i] == INT8_MIN;
			ones += w[i] == 1;
		}
		assert_in_range(most, MOST * 7 / 8, MOST - 1);
		assert_in_range(ones, MOST / 12, MOST / 6);
		assert_int_equal(highest > 0, has[kind][0]);
		assert_int_equal(lowest > 0, has[kind][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(convolution_is_judged_by_every_element),
		cmocka_unit_test(small_product_is_judged_by_every_element),
		cmocka_unit_test(large_product_is_judged_by_every_row_and_column),
		cmocka_unit_test(elements_of_a_large_product_are_looked_at_now_and_then),
		cmocka_unit_test(columns_are_judged_where_they_lie),
		cmocka_unit_test(operands_are_all_of_minus_one_zero_and_one),
		cmocka_unit_test(codes_are_the_extreme_ones),
	};

	return cmocka_run_group_tests_name("tile: trials", tests, NULL, NULL);
}
