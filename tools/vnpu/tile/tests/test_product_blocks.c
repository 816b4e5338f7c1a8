/* SPDX-License-Identifier: MIT */
/* Blocks of products: their fields, what suits an array, what fits a ring. */
#include "suite.h"

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/types.h>

#include "tile/product_blocks.h"

#define RING	(56 * 1024)

static const struct tsr_hw_fuses fuses = {
	.array_columns = 32, .array_ports = 2,
	.macs[TSR_HW_TYPE_INT8] = 32 * 2 * 16, .weight_path = 16, .block_cycles_log2 = 10,
	.array_rows = 16,
};

static struct tsr_hw_blocks good(void)
{
	return (struct tsr_hw_blocks){ .bm = 1, .bn = 1, .bk = 1, .bg = 1 };
}

static int error_of(struct tsr_hw_blocks raw)
{
	struct product_blocks blocks;

	return product_blocks_decode(&raw, 2, &blocks);
}

static void no_extent_is_zero_and_no_order_unknown(void **state)
{
	struct tsr_hw_blocks raw = good();

	(void)state;
	raw.order = TSR_HW_ORDER_B_RESIDENT;
	raw.bg = 2;
	assert_int_equal(error_of(raw), TSR_HW_ERR_NONE);
	raw.order++;
	assert_int_equal(error_of(raw), TSR_HW_ERR_COMMAND);
	raw = good();
	raw.bg = 3;
	assert_int_equal(error_of(raw), TSR_HW_ERR_COMMAND);
	raw.bg = 0;
	assert_int_equal(error_of(raw), TSR_HW_ERR_COMMAND);
	raw = good();
	raw.bm = 0;
	assert_int_equal(error_of(raw), TSR_HW_ERR_COMMAND);
	raw = good();
	raw.bn = 0;
	assert_int_equal(error_of(raw), TSR_HW_ERR_COMMAND);
	raw = good();
	raw.bk = 0;
	assert_int_equal(error_of(raw), TSR_HW_ERR_COMMAND);
	for (unsigned int i = 0; i < sizeof(raw.mbz); i++) {
		raw = good();
		raw.mbz[i] = 1;
		assert_int_equal(error_of(raw), TSR_HW_ERR_COMMAND);
	}
}

static int check(const struct product_blocks *blocks, const struct product_extents *extents,
		 const struct product_held *held)
{
	return product_blocks_check(&fuses, RING, blocks, extents, held);
}

static void cuts_lie_between_rows_and_columns_of_the_array(void **state)
{
	const struct product_held held = { .outputs = 1 };
	const struct product_extents extents = { .n = 65, .k = 33, .type = TSR_HW_TYPE_INT8 };
	struct product_blocks blocks = { .bm = 1, .bn = 64, .bk = 32, .bg = 1 };

	(void)state;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_NONE);
	blocks.bk = 24;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_COMMAND);
	blocks.bk = 33;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_NONE);
	blocks.bn = 48;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_COMMAND);
	blocks.bn = 65;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_NONE);
}

/* By hand: 4 * 10 accumulators, 10 outputs of 16 bits, and blocks of 100 and 7 bytes. */
static void a_kept_operand_has_room_for_all_k(void **state)
{
	const struct product_held held = { .outputs = 10, .output_bits = 16, .a = 100, .b = 7,
					   .inputs = 3 };
	const struct product_extents extents = { .n = 1, .k = 33, .type = TSR_HW_TYPE_INT8 };
	struct product_held wide = held;
	struct product_blocks blocks = { .bm = 1, .bn = 1, .bk = 16, .bg = 1 };

	(void)state;
	assert_int_equal(product_blocks_set(&blocks, &extents, &held), 60 + 214 + 3);
	blocks.order = TSR_HW_ORDER_A_RESIDENT;
	assert_int_equal(product_blocks_set(&blocks, &extents, &held), 60 + 314 + 3);
	blocks.order = TSR_HW_ORDER_B_RESIDENT;
	assert_int_equal(product_blocks_set(&blocks, &extents, &held), 60 + 221 + 3);
	wide.wide = true;
	assert_int_equal(product_blocks_set(&blocks, &extents, &wide), 100 + 221 + 3);
}

static void a_working_set_fits_the_ring(void **state)
{
	const struct product_extents extents = { .n = 1, .k = 1, .type = TSR_HW_TYPE_INT8 };
	const struct product_blocks blocks = { .bm = 1, .bn = 1, .bk = 1, .bg = 1 };
	struct product_held held = { .inputs = RING };

	(void)state;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_NONE);
	held.inputs++;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_COMMAND);
	held.inputs = UINT64_MAX;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_COMMAND);
	held = (struct product_held){ .a = UINT64_MAX / 2 + 1 };
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_COMMAND);
}

/* 32 columns and 16 rows of weights change in 32 cycles; 976 of 1,024 are left beside filling. */
static void the_array_is_busy_with_a_block_for_a_bounded_time(void **state)
{
	struct product_extents extents = { .m = 2 * 61, .n = 128, .k = 64, .type = TSR_HW_TYPE_INT8,
					   .weight_bits = 8 };
	struct product_blocks blocks = { .bm = 1000, .bn = 128, .bk = 64, .bg = 1 };
	const struct product_held held = { .outputs = 1 };

	(void)state;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_NONE);
	extents.m++;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_COMMAND);
	blocks.bk = 48;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_NONE);
	blocks.bg = 2;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_COMMAND);
	extents.m = 1;
	extents.n = extents.k = blocks.bk = blocks.bn = 256;
	extents.weight_bits = 4;
	blocks.bg = 1;
	assert_int_equal(check(&blocks, &extents, &held), TSR_HW_ERR_COMMAND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_extent_is_zero_and_no_order_unknown),
		cmocka_unit_test(cuts_lie_between_rows_and_columns_of_the_array),
		cmocka_unit_test(a_kept_operand_has_room_for_all_k),
		cmocka_unit_test(the_array_is_busy_with_a_block_for_a_bounded_time),
		cmocka_unit_test(a_working_set_fits_the_ring),
	};

	return cmocka_run_group_tests_name("blocks of products", tests, NULL, NULL);
}
