/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "classes.h"
#include "convs.h"
#include "gemms.h"


static void cost_of(const struct bench *bench, const void *command, struct tile_cost *cost)
{
	const struct tsr_hw_command *head = command;
	struct outcome outcome;
	struct tile_job *job = bench_prepare(bench, TSR_HW_ENGINE_TENSOR, command, head->size,
					     &outcome);

	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	*cost = outcome.cost;
	tile_free(job);
}

/* cycles >= operations / peak and cycles >= bytes / bandwidth, in exact arithmetic. */
static void assert_bounds(const struct bench *bench, const struct tile_cost *cost,
			  uint32_t macs_per_cycle)
{
	const struct tsr_hw_fuses *fuses = sku_fuses(bench->sku);
	unsigned __int128 bytes = cost->bytes_read + cost->bytes_written;
	unsigned __int128 time = (unsigned __int128)cost->cycles * fuses->memory_mb_s * 1000;

	assert_true(time >= bytes * fuses->clock_khz);
	assert_true((unsigned __int128)cost->cycles * macs_per_cycle >= cost->macs);
	assert_true(cost->blocks >= 1 || !cost->bytes_written);
	assert_true(cost->energy >= 1);
}

static void cycles_are_at_least_peak_and_bandwidth(void **state)
{
	struct bench bench;

	(void)state;
	for (unsigned int i = 0; i < CLASSES; i++) {
		bench_open(&bench, classes[i], MEMORY_BYTES, 100 + i);
		for (int n = 0; n < CASES; n++) {
			const uint32_t *macs = sku_fuses(bench.sku)->macs;
			struct tsr_hw_gemm gemm;
			struct tsr_hw_conv conv;
			struct tile_cost cost;

			bench_reset(&bench);
			gemm_random(&bench, &gemm, true);
			cost_of(&bench, &gemm, &cost);
			assert_bounds(&bench, &cost, macs[gemm.a.type]);
			bench_reset(&bench);
			conv_random(&bench, &conv, true);
			cost_of(&bench, &conv, &cost);
			assert_bounds(&bench, &cost, macs[conv.x.type]);
		}
		bench_close(&bench);
	}
}

/* Share of the array's peak, in permille. */
static uint64_t utilisation(const struct bench *bench, const struct tile_cost *cost,
			    unsigned int type)
{
	return cost->macs * 1000 / (cost->cycles * sku_fuses(bench->sku)->macs[type]);
}

static uint64_t gemm_utilisation(unsigned int type, uint32_t m, uint32_t n, uint32_t k)
{
	struct tsr_hw_gemm gemm;
	struct tile_cost cost;
	struct bench bench;
	uint64_t permille;

	bench_open(&bench, "edge", MEMORY_BYTES, 110);
	gemm_plain(&bench, &gemm, type, type, TSR_HW_TYPE_FP32, m, n, k);
	cost_of(&bench, &gemm, &cost);
	permille = utilisation(&bench, &cost, type);
	bench_close(&bench);
	return permille;
}

static void large_square_gemm_uses_the_array(void **state)
{
	(void)state;
	assert_in_range(gemm_utilisation(TSR_HW_TYPE_FP16, 768, 768, 768), 950, 1000);
}

static void one_row_leaves_the_array_idle(void **state)
{
	(void)state;
	assert_in_range(gemm_utilisation(TSR_HW_TYPE_FP16, 1, 768, 768), 1, 20);
}

static void depth_17_leaves_rows_idle(void **state)
{
	(void)state;
	/* 17 of 2 x 16 and of 32 rows: 53 % at most of both; 33 of 3 x 16: 68.8 %. */
	assert_in_range(gemm_utilisation(TSR_HW_TYPE_FP16, 768, 64, 17), 1, 531);
	assert_in_range(gemm_utilisation(TSR_HW_TYPE_INT8, 768, 64, 17), 1, 531);
	assert_in_range(gemm_utilisation(TSR_HW_TYPE_FP16, 768, 64, 33), 1, 688);
}

static void stem_of_three_channels_leaves_rows_idle(void **state)
{
	const struct tsr_hw_window windows[] = { { 0, 2, 1, 1, 3, 3 }, { 0, 2, 1, 1, 3, 3 } };
	const uint32_t x[] = { 1, 3, 224, 224 }, w[] = { 64, 3, 7, 7 };
	const unsigned int types[] = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8 };
	struct tsr_hw_conv conv;
	struct tile_cost cost;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 111);
	conv_make(&bench, &conv, types, x, w, windows, 1);
	cost_of(&bench, &conv, &cost);
	/* 147 of 160 rows and all columns: 92 % before overhead and memory. */
	assert_in_range(utilisation(&bench, &cost, TSR_HW_TYPE_INT8), 450, 918);
	bench_close(&bench);
}

static void a_stream_without_commands_is_the_no_op(void **state)
{
	struct outcome outcome;
	struct tile_job *job;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 112);
	job = bench_prepare(&bench, TSR_HW_ENGINE_DMA, NULL, 0, &outcome);
	assert_non_null(job);
	assert_int_equal(outcome.cost.cycles, 16);
	assert_int_equal(outcome.cost.blocks, 1);
	assert_int_equal(outcome.cost.macs, 0);
	tile_free(job);
	bench_close(&bench);
}

/* One figure by hand: edge, fp16, 16 rows x 32 columns, 34.133 bytes per cycle. */
static void cost_equals_the_hand_calculation(void **state)
{
	struct tsr_hw_gemm gemm;
	struct tile_cost cost;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 113);
	gemm_plain(&bench, &gemm, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16,
		   100, 100, 100);
	cost_of(&bench, &gemm, &cost);
	/* ceil(100 / 16) * ceil(100 / 32) * ceil(100 / 3) + 32 + 32 = 1016; 60000 / 34.133 = 1758. */
	assert_int_equal(cost.cycles, 64 + 1758);
	assert_int_equal(cost.macs, 1000000);
	assert_int_equal(cost.bytes_read, 40000);
	assert_int_equal(cost.bytes_written, 20000);
	assert_int_equal(cost.blocks, 7 * 4);
	/* 700 fJ per MAC, 40000 per byte, 60000 per cycle. */
	assert_int_equal(cost.energy, 700000 + 2400000 + 109320);
	bench_close(&bench);
}

/* Costs are facts of the command: not of the addresses, the data or the host. */
static void cost_does_not_depend_on_the_slots(void **state)
{
	struct tsr_hw_gemm gemm;
	struct tile_cost before;
	struct tile_cost after;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 114);
	gemm_random(&bench, &gemm, false);
	cost_of(&bench, &gemm, &before);
	for (uint32_t i = 0; i < bench.slots; i++)
		bench.slot[i].address += 1u << 20;
	cost_of(&bench, &gemm, &after);
	assert_memory_equal(&before, &after, sizeof(before));
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cycles_are_at_least_peak_and_bandwidth),
		cmocka_unit_test(large_square_gemm_uses_the_array),
		cmocka_unit_test(one_row_leaves_the_array_idle),
		cmocka_unit_test(depth_17_leaves_rows_idle),
		cmocka_unit_test(stem_of_three_channels_leaves_rows_idle),
		cmocka_unit_test(a_stream_without_commands_is_the_no_op),
		cmocka_unit_test(cost_equals_the_hand_calculation),
		cmocka_unit_test(cost_does_not_depend_on_the_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
