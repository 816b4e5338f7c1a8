/* SPDX-License-Identifier: MIT */
/*
 * Rates are executable: for each type that a class promises there is a dense product on scratchpad
 * operands that reaches 95 % of the promised rate in device time, and none exceeds it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "measure/class.h"
#include "number/types.h"
#include "tile/sku.h"
#include "tile/tests/classes.h"
#include "time/alone.h"

/* Blocks of the product in both directions. */
#define TIMES	8

#define LEAST_PERMILLE	950


/* A class and a type that it promises. */
struct promise {
	const struct tsr_hw_fuses *fuses;
	struct time_class class;
	struct alone *alone;
	unsigned int type;
	uint8_t bits;
	uint8_t output_bits;
	uint32_t macs;
};

/* Outputs of products are of whole bytes. */
#define OUTPUT_BITS_MIN	8

static struct operand scratchpad(uint8_t bits, uint64_t rows, uint64_t columns)
{
	return (struct operand){
		.bits = bits, .rank = 2, .memory = MEMORY_SCRATCHPAD,
		.extent = { rows, columns }, .stride = { (int64_t)columns, 1 },
	};
}

static struct command product(const struct promise *promise, const struct blocks *blocks)
{
	uint64_t m = blocks->bm * TIMES, n = blocks->bn * TIMES, k = blocks->bk;

	return (struct command){
		.kind = KIND_GEMM,
		.gemm = {
			.a = scratchpad(promise->bits, m, k),
			.b = scratchpad(promise->bits, k, n),
			.d = scratchpad(promise->output_bits, m, n),
			.qa.block = k, .qb.block = k,
			.blocks = *blocks,
			.precision = {
				.macs = promise->macs,
				.floating = number_is_floating(promise->type),
				.wide = promise->type == TSR_HW_TYPE_INT16,
			},
			.post = { .present = true, .weight = 1 },
		},
	};
}

static uint64_t operand_bytes(const struct command *command)
{
	const struct operand *operands[] = { &command->gemm.a, &command->gemm.b, &command->gemm.d };
	uint64_t bits = 0;

	for (unsigned int i = 0; i < 3; i++)
		bits += operands[i]->bits * operands[i]->extent[0] * operands[i]->extent[1];
	return bits / 8;
}

/* Share of the promised rate that a product reaches, 0 if the class has no room for it. */
static double share_of(const struct promise *promise, const struct blocks *blocks)
{
	static const unsigned int one[2] = { 1, 1 }, first[2] = { 0, 0 };
	const struct command command = product(promise, blocks);
	const struct stream stream = { &command, 1, NULL };
	uint64_t ring = sku_ring(promise->fuses), used = operand_bytes(&command);
	uint64_t cycles = 0, step;
	double products = (double)blocks->bm * TIMES * (double)blocks->bn * TIMES *
			  (double)blocks->bk;

	if (used >= ring ||
	    alone_begin(promise->alone, one, first, ring - used, &stream))
		return 0;
	while (alone_step(promise->alone, &step))
		cycles += step;
	return products / promise->macs / (double)cycles;
}

/* The best of products whose rows hide the change of weights. */
static double best_share(const struct promise *promise)
{
	const struct tsr_hw_fuses *fuses = promise->fuses;
	uint64_t rows = promise->macs / ((uint64_t)fuses->array_columns * fuses->array_ports);
	uint64_t change = divide_up(rows * fuses->array_columns * promise->bits,
				    8ull * fuses->weight_path);
	double best = 0;

	for (unsigned int i = 0; i < 20; i++) {
		const struct blocks blocks = {
			.bm = change * fuses->array_ports * (1 + i % 2),
			.bn = (uint64_t)fuses->array_columns * (1 + i / 2 % 2),
			.bk = 256ull << (i / 4), .bg = 1, .order = OUTPUT_N,
		};
		double share = share_of(promise, &blocks);

		assert_true(share <= 1);
		best = share > best ? share : best;
	}
	return best;
}

/* Return: promised rates that no product reaches. */
static unsigned int below(const char *name, const struct sku *sku)
{
	struct promise promise = { .fuses = sku_fuses(sku), .class = class_of(sku_fuses(sku)) };
	unsigned int count = 0;

	promise.alone = alone_create(&promise.class);
	assert_non_null(promise.alone);
	for (unsigned int type = 1; type < TSR_HW_FUSE_TYPES; type++) {
		double share;

		promise.macs = promise.fuses->macs[type];
		if (!promise.macs)
			continue;
		promise.type = type;
		promise.bits = (uint8_t)number_bits(type);
		promise.output_bits = promise.bits < OUTPUT_BITS_MIN ? OUTPUT_BITS_MIN :
								       promise.bits;
		share = best_share(&promise);
		printf("# figure rate-%s-%u %.1f percent\n", name, type, 100 * share);
		count += share * 1000 < LEAST_PERMILLE;
	}
	alone_destroy(promise.alone);
	return count;
}

static void products_on_scratchpad_operands_reach_the_promised_rates(void **state)
{
	unsigned int count = 0;

	(void)state;
	for (size_t i = 0; i < CLASSES; i++) {
		char path[512], error[256];
		struct sku *sku;

		snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, classes[i]);
		assert_int_equal(sku_load(path, &sku, error, sizeof(error)), 0);
		count += below(classes[i], sku);
		sku_free(sku);
	}
	printf("# metric rates_below %u count <= 0\n", count);
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(products_on_scratchpad_operands_reach_the_promised_rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
