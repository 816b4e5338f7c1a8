/* SPDX-License-Identifier: MIT */
/* How many rows of a product are worked on at a time, and the memory that is said to take. */
#include "suite.h"

#include <number/types.h>
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "tile/accumulate.h"
#include "tile/matmul.h"
#include "tile/pairing.h"

#define MIB	(1ull << 20)

/* Bytes of an element of each operand as it is multiplied, in all planes, and of a sum. */
struct product {
	uint8_t first, second;
	bool narrow;
	uint64_t first_size, second_size, sum_size;
};

static const struct product products[] = {
	{ TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, false, 4, 4, 4 },
	{ TSR_HW_TYPE_FP16, TSR_HW_TYPE_FP16, false, 4, 4, 4 },
	{ TSR_HW_TYPE_BF16, TSR_HW_TYPE_BF16, false, 4, 4, 4 },
	{ TSR_HW_TYPE_BF16, TSR_HW_TYPE_BF16, true, 2, 2, 4 },
	{ TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, false, 1, 1, 4 },
	{ TSR_HW_TYPE_INT4, TSR_HW_TYPE_INT4, false, 1, 1, 4 },
	{ TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT8, false, 2, 1, 8 },
	{ TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT16, false, 2, 2, 8 },
};

#define PRODUCTS	(sizeof(products) / sizeof(products[0]))

static struct pairing pairing_for(const struct product *product)
{
	struct pairing pairing;

	assert_int_equal(pairing_of(product->first, product->second, false, &pairing),
			 TSR_HW_ERR_NONE);
	if (product->narrow)
		pairing_narrow(&pairing);
	assert_int_equal(pairing.narrow, product->narrow);
	return pairing;
}

static void rows_of_a_chunk_fill_a_cache(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRODUCTS; i++) {
		const struct pairing pairing = pairing_for(&products[i]);
		uint64_t row = 512 * products[i].first_size + 64 * products[i].sum_size;

		assert_int_equal(accumulate_rows(&pairing, 512, 64, 1u << 20), 8 * MIB / row);
		assert_int_equal(accumulate_rows(&pairing, 512, 64, 100), 100);
	}
}

/* As long as these have four times as much. */
static void they_are_256_of_long_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRODUCTS; i++) {
		const struct pairing pairing = pairing_for(&products[i]);
		uint64_t k = MIB / 8 / products[i].first_size;

		assert_int_equal(accumulate_rows(&pairing, k / 2, 0, 1000), 256);
		assert_int_equal(accumulate_rows(&pairing, k, 0, 1000), 256);
		assert_int_equal(accumulate_rows(&pairing, 2 * k, 0, 1000), 128);
		assert_int_equal(accumulate_rows(&pairing, 1024 * k, 0, 1000), 1);
	}
}

/* Such products are cut by columns, so that the parts are square. */
static void they_are_512_of_wide_fp32_products(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRODUCTS; i++) {
		const struct pairing pairing = pairing_for(&products[i]);
		bool fp32 = products[i].first_size == sizeof(float) && !products[i].narrow;

		assert_int_equal(accumulate_rows(&pairing, 2048, 2048, 1000), fp32 ? 512 : 256);
		assert_int_equal(accumulate_rows(&pairing, 4096, 4096, 1000), 64);
	}
}

static void empty_rows_are_worked_on_together(void **state)
{
	const struct pairing pairing = pairing_for(&products[0]);

	(void)state;
	assert_int_equal(accumulate_rows(&pairing, 0, 0, 1000), 1000);
	assert_int_equal(accumulate_rows(&pairing, 3, 5, 0), 1);
}

/* Both operands and the sums; integers of 64 bits have sums of 32 and parts of rows beside them. */
static void a_chunk_is_said_to_take_what_its_buffers_do(void **state)
{
	static const uint64_t shapes[][3] = {
		{ 1, 1u << 20, 1000 }, { 1u << 14, 16, 1000 }, { 1u << 12, 1u << 12, 64 },
		{ 64, 64, 1u << 16 }, { 1, 1, 1u << 20 },
	};

	(void)state;
	for (size_t i = 0; i < PRODUCTS * sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct product *product = &products[i % PRODUCTS];
		const struct pairing pairing = pairing_for(product);
		uint64_t k = shapes[i / PRODUCTS][0], n = shapes[i / PRODUCTS][1];
		uint64_t chunk = accumulate_rows(&pairing, k, n, shapes[i / PRODUCTS][2]);
		uint64_t said = accumulate_staging(&pairing, k, n, shapes[i / PRODUCTS][2]);
		uint64_t least = chunk * k * product->first_size + k * n * product->second_size +
				 chunk * n * product->sum_size + 2 * chunk * sizeof(int64_t) +
				 2 * n * product->sum_size + 2 * (k / 32 + 1) * n * sizeof(int64_t);

		if (product->sum_size == sizeof(int64_t))
			least += chunk * n * sizeof(int32_t) + chunk * (k < 65536 ? k : 65536);
		least += (product->narrow ? 2 : 1) * matmul_staging(chunk, n, k);
		assert_in_range(said, least, least + least / 64 + MIB / 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_a_chunk_fill_a_cache),
		cmocka_unit_test(they_are_256_of_long_ones),
		cmocka_unit_test(they_are_512_of_wide_fp32_products),
		cmocka_unit_test(empty_rows_are_worked_on_together),
		cmocka_unit_test(a_chunk_is_said_to_take_what_its_buffers_do),
	};

	return cmocka_run_group_tests_name("tile: chunks of rows", tests, NULL, NULL);
}
