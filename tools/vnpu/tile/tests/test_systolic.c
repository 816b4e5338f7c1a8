/* SPDX-License-Identifier: MIT */
/*
 * The cycle model against the closed form of a weight-stationary systolic array
 * with double-buffered weights, derived here on its own:
 *
 *   R rows, C columns, F = ceil(K / R) * ceil(N / C) folds per product.
 *   Weights come at W bytes a cycle: a fold's take w = R * C * bytes / W cycles. The first
 *   ones are waited for; later ones load while the fold before them streams its M rows,
 *   P in a cycle, so a fold occupies the array for max(M / P, w) cycles.
 *   The last row of A enters the array skewed over R rows and leaves over C columns:
 *   R + C - 2 cycles more. Memory moves every operand once, at its own pace beside
 *   the array, and the slower of the two decides.
 */
#include "suite.h"

#include <math.h>
#include <stdio.h>

#include "bench.h"
#include "convs.h"
#include "gemms.h"

/* A convolution, or with kernel 0 a matrix product [batch] m x k x n. */
struct shape {
	const char *name;
	const char *sku;
	unsigned int type;
	uint32_t batch;		/* pictures, or products */
	uint32_t channels;	/* k */
	uint32_t outputs;	/* n */
	uint32_t extent;	/* of the input picture, or m */
	uint32_t kernel;
	uint32_t stride;
	uint32_t groups;
};

static const struct shape shapes[] = {
	{ "resnet50 stem 7x7/2", "edge", TSR_HW_TYPE_INT8, 1, 3, 64, 224, 7, 2, 1 },
	{ "resnet50 res2 1x1", "edge", TSR_HW_TYPE_INT8, 1, 64, 256, 56, 1, 1, 1 },
	{ "resnet50 res2 3x3", "edge", TSR_HW_TYPE_INT8, 1, 64, 64, 56, 3, 1, 1 },
	{ "resnet50 res3 3x3/2", "edge", TSR_HW_TYPE_FP16, 1, 128, 128, 56, 3, 2, 1 },
	{ "resnet50 res4 3x3", "edge", TSR_HW_TYPE_FP16, 1, 256, 256, 14, 3, 1, 1 },
	{ "resnet50 res5 3x3", "edge", TSR_HW_TYPE_INT8, 1, 512, 512, 7, 3, 1, 1 },
	{ "resnet50 classifier", "edge", TSR_HW_TYPE_INT8, 1, 2048, 1000, 1, 0, 0, 1 },
	{ "mobilenet pointwise", "edge", TSR_HW_TYPE_INT8, 1, 32, 64, 112, 1, 1, 1 },
	{ "mobilenet depthwise", "edge", TSR_HW_TYPE_INT8, 1, 64, 64, 56, 3, 1, 64 },
	{ "fashion conv 3x3", "edge", TSR_HW_TYPE_FP16, 500, 16, 32, 14, 3, 1, 1 },
	{ "square 1024", "edge", TSR_HW_TYPE_FP32, 1, 1024, 1024, 1024, 0, 0, 1 },
	{ "square 4096", "edge", TSR_HW_TYPE_BF16, 1, 4096, 4096, 4096, 0, 0, 1 },
	{ "depth 17", "edge", TSR_HW_TYPE_INT8, 1, 17, 512, 4096, 0, 0, 1 },
	{ "one row", "edge", TSR_HW_TYPE_INT8, 1, 4096, 4096, 1, 0, 0, 1 },
	{ "bert query", "pc", TSR_HW_TYPE_FP16, 1, 768, 768, 384, 0, 0, 1 },
	{ "bert feed-forward", "pc", TSR_HW_TYPE_INT8, 1, 768, 3072, 384, 0, 0, 1 },
	{ "bert attention", "pc", TSR_HW_TYPE_FP16, 12, 64, 384, 384, 0, 0, 1 },
	{ "lane detection 3x3", "adas", TSR_HW_TYPE_INT8, 6, 128, 128, 80, 3, 1, 1 },
	{ "decoder prompt", "server", TSR_HW_TYPE_BF16, 1, 4096, 11008, 2048, 0, 0, 1 },
	{ "decoder prompt", "dc", TSR_HW_TYPE_FP16, 1, 8192, 28672, 4096, 0, 0, 1 },
	{ "keyword spotting", "ulp", TSR_HW_TYPE_INT8, 1, 64, 64, 25, 3, 1, 1 },
};

/* A dense tensor in a slot of its own; nothing is there, nothing will be touched. */
static void place(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		  unsigned int rank, const uint32_t *dim)
{
	uint64_t elements = 1;

	*tensor = (struct tsr_hw_tensor){
		.slot = (uint16_t)bench->slots, .type = (uint8_t)type, .rank = (uint8_t)rank,
	};
	for (unsigned int i = rank; i-- > 0;) {
		tensor->dim[i] = dim[i];
		tensor->stride[i] = elements;
		elements *= dim[i];
	}
	bench->slot[bench->slots++] = (struct tsr_hw_slot){
		.address = FAKE_BASE, .size = elements * bench_size(type), .flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE };
}

static uint64_t price(const struct bench *bench, const void *command, struct tile_cost *cost)
{
	const struct tsr_hw_command *head = command;
	struct outcome outcome;
	struct tile_job *job = bench_prepare(bench, TSR_HW_ENGINE_TENSOR, command, head->size,
					     &outcome);

	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	tile_free(job);
	*cost = outcome.cost;
	return outcome.cost.cycles;
}

static uint64_t price_gemm(struct bench *bench, const struct shape *shape,
			   struct tile_cost *cost)
{
	struct tsr_hw_gemm gemm;
	const uint32_t a[] = { shape->batch, shape->extent, shape->channels };
	const uint32_t b[] = { shape->batch, shape->channels, shape->outputs };
	const uint32_t d[] = { shape->batch, shape->extent, shape->outputs };

	gemm_plain(bench, &gemm, shape->type, shape->type, shape->type, 1, 1, 1);
	place(bench, &gemm.a, shape->type, 3, a);
	place(bench, &gemm.b, shape->type, 3, b);
	place(bench, &gemm.d, shape->type, 3, d);
	gemm_blocks(bench, &gemm);
	return price(bench, &gemm, cost);
}

static uint64_t price_conv(struct bench *bench, const struct shape *shape,
			   struct tile_cost *cost)
{
	uint32_t pad = shape->kernel / 2;
	uint32_t out = (shape->extent + 2 * pad - shape->kernel) / shape->stride + 1;
	const struct tsr_hw_window window = { 0, shape->stride, 1, 1, pad, pad };
	const struct tsr_hw_window windows[] = { window, window };
	const unsigned int types[] = { shape->type, shape->type, shape->type };
	const uint32_t small[] = { 1, shape->groups, shape->kernel, shape->kernel };
	const uint32_t one[] = { shape->groups, 1, shape->kernel, shape->kernel };
	struct tsr_hw_conv conv;
	const uint32_t x[] = { shape->batch, shape->channels, shape->extent, shape->extent };
	const uint32_t w[] = { shape->outputs, shape->channels / shape->groups, shape->kernel,
			       shape->kernel };
	const uint32_t d[] = { shape->batch, shape->outputs, out, out };

	conv_make(bench, &conv, types, small, one, windows, shape->groups);
	place(bench, &conv.x, shape->type, 4, x);
	place(bench, &conv.w, shape->type, 4, w);
	place(bench, &conv.d, shape->type, 4, d);
	conv_blocks(bench, &conv);
	return price(bench, &conv, cost);
}

static double closed_form(const struct bench *bench, const struct shape *shape,
			  const struct tile_cost *cost)
{
	const struct tsr_hw_fuses *fuses = sku_fuses(bench->sku);
	double columns = fuses->array_columns;
	double rows = fuses->macs[shape->type] / columns / fuses->array_ports;
	double weights = rows * columns * bench_size(shape->type) / fuses->weight_path;
	double m = shape->extent;
	double k = shape->channels;
	double n = shape->outputs;
	double products = shape->batch;
	double memory = (double)(cost->bytes_read + cost->bytes_written) *
			fuses->clock_khz / (fuses->memory_mb_s * 1e3);
	double array;

	if (shape->kernel) {
		double out = floor((m + 2 * (shape->kernel / 2) - shape->kernel) /
				   shape->stride) + 1;

		m = products * out * out;
		k = k / shape->groups * shape->kernel * shape->kernel;
		n = n / shape->groups;
		products = shape->groups;
	}
	array = weights + products * ceil(k / rows) * ceil(n / columns) *
				  fmax(m / fuses->array_ports, weights) +
		rows + columns - 2;
	return fmax(array, memory);
}

static void check(const struct shape *shape)
{
	struct tile_cost cost;
	struct bench bench;
	uint64_t cycles;
	double expected;
	double peak;

	bench_open(&bench, shape->sku, 16 * FAKE_PAGE, 1);
	cycles = shape->kernel ? price_conv(&bench, shape, &cost) :
				 price_gemm(&bench, shape, &cost);
	expected = closed_form(&bench, shape, &cost);
	peak = (double)cycles * sku_fuses(bench.sku)->macs[shape->type];
	printf("%-22s %-7s %12llu %14.0f %+7.2f %% %6.1f %%\n", shape->name, shape->sku,
	       (unsigned long long)cycles, expected,
	       ((double)cycles / expected - 1) * 100, (double)cost.macs / peak * 100);
	assert_true(fabs((double)cycles / expected - 1) <= 0.15);
	bench_close(&bench);
}

static void model_is_within_15_percent_of_the_closed_form(void **state)
{
	(void)state;
	printf("%-22s %-7s %12s %14s %9s %8s\n", "shape", "SKU", "cycles", "closed form",
	       "off by", "of peak");
	for (unsigned int i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		check(&shapes[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(model_is_within_15_percent_of_the_closed_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
