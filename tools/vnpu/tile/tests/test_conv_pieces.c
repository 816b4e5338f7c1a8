/* SPDX-License-Identifier: MIT */
/* Convolutions whose windows are too many to be staged at once. */
#include "suite.h"

#include "bench.h"
#include "products.h"

/* Rows of windows have more bytes together than are staged, of each group. */
#define GROUPS		2u
#define CHANNELS	1100u
#define OUTPUTS		3u
#define SIDE		48u
#define PERIOD		31u

static void tensor(struct bench *bench, struct tsr_hw_tensor *at, uint32_t a, uint32_t b,
		   uint32_t side, uint32_t flags)
{
	const uint32_t dim[] = { a, b, side, side };

	bench_plain(bench, at, TSR_HW_TYPE_FP32, 4, dim, LAYOUT_DENSE, flags);
}

static void put(struct bench *bench, const struct tsr_hw_tensor *at, uint64_t n, float value)
{
	fake_memory_poke(bench->memory, bench_plain_address(bench, at, n), &value, sizeof(value));
}

/* Channels of a place have one value, weights of an output another. */
static void make(struct bench *bench, struct tsr_hw_conv *conv)
{
	const uint32_t channels = GROUPS * CHANNELS, outputs = GROUPS * OUTPUTS;

	*conv = (struct tsr_hw_conv){
		.head = { .op = TSR_HW_OP_CONV, .size = sizeof(*conv) },
		.groups = GROUPS, .dims = 2, .blocks = { 1, OUTPUTS, CHANNELS, 1, 0, { 0 } },
		.window = { { 1, 1, 1, 1, 0, 0 }, { 1, 1, 1, 1, 0, 0 } },
	};
	tensor(bench, &conv->x, 1, channels, SIDE, TSR_HW_SLOT_READ);
	tensor(bench, &conv->w, outputs, CHANNELS, 1, TSR_HW_SLOT_READ);
	tensor(bench, &conv->d, 1, outputs, SIDE, TSR_HW_SLOT_WRITE);
	products_no_quant(&conv->qx);
	products_no_quant(&conv->qw);
	for (uint64_t n = 0; n < (uint64_t)channels * SIDE * SIDE; n++)
		put(bench, &conv->x, n, (float)(n % (SIDE * SIDE) % PERIOD));
	for (uint64_t n = 0; n < (uint64_t)outputs * CHANNELS; n++)
		put(bench, &conv->w, n, (float)(1 + n / CHANNELS));
}

static void every_output_is_stored_where_it_belongs(void **state)
{
	struct tsr_hw_conv conv;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, PRODUCTS_SKU, 32 << 20, 771);
	bench.strict = true;
	make(&bench, &conv);
	bench_run(&bench, &conv, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	for (uint64_t n = 0; n < (uint64_t)GROUPS * OUTPUTS * SIDE * SIDE; n++) {
		float want = (float)(CHANNELS * (n % (SIDE * SIDE) % PERIOD) *
				     (1 + n / (SIDE * SIDE)));
		float got;

		fake_memory_peek(bench.memory, bench_plain_address(&bench, &conv.d, n), &got,
				 sizeof(got));
		assert_float_equal(got, want, 0);
	}
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_output_is_stored_where_it_belongs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
