/* SPDX-License-Identifier: MIT */
/* Zero points and block scales of operands: what is taken, and what is refused. */
#include "suite.h"

#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "tile/quant.h"
#include "tile/tile.h"

#define ALL	(1u << TSR_HW_QUANT_ZERO | 1u << TSR_HW_QUANT_ZEROS | 1u << TSR_HW_QUANT_BLOCKS)
#define DEPTH	100u
#define OTHERS	6u

static uint64_t parameters[1];

static const struct tsr_hw_slot slot = {
	.address = 0x100000, .size = 1u << 20, .flags = TSR_HW_SLOT_READ,
};

static const struct tile_request request = {
	.kind = TSR_HW_ENGINE_TENSOR, .slots = &slot, .slot_count = 1,
	.parameters = parameters, .parameter_count = 1,
};

static struct tensor operand(unsigned int type)
{
	return (struct tensor){ .type = type, .rank = 3, .size = 1, .dim = { 4, DEPTH, OTHERS } };
}

static struct tsr_hw_tensor absent(void)
{
	return (struct tsr_hw_tensor){ .slot = TSR_HW_SLOT_NONE };
}

static struct tsr_hw_tensor dense(unsigned int type, uint32_t batch, uint32_t rows,
				  uint32_t columns)
{
	return (struct tsr_hw_tensor){
		.type = (uint8_t)type, .rank = 3, .dim = { batch, rows, columns },
		.stride = { (uint64_t)rows * columns, columns, 1 },
	};
}

static struct tsr_hw_quant none(void)
{
	return (struct tsr_hw_quant){ .scale = absent(), .zeros = absent() };
}

/* fp16 scales with zero points, one for each 32 k of a second operand of int8. */
static struct tsr_hw_quant block_scales(void)
{
	return (struct tsr_hw_quant){
		.kind = TSR_HW_QUANT_BLOCKS, .block = 32,
		.scale = dense(TSR_HW_TYPE_FP16, 1, 4, OTHERS),
		.zeros = dense(TSR_HW_TYPE_INT8, 4, 4, OTHERS),
	};
}

static struct tsr_hw_quant vector(void)
{
	return (struct tsr_hw_quant){
		.kind = TSR_HW_QUANT_ZEROS, .scale = absent(),
		.zeros = dense(TSR_HW_TYPE_INT32, 4, 1, OTHERS),
	};
}

static int decode(const struct tsr_hw_quant *raw, unsigned int type, unsigned int kinds,
		  struct quant *quant)
{
	const struct tensor tensor = operand(type);
	const struct quant_operand of = { &tensor, 1, OTHERS, DEPTH, false, kinds };

	return quant_decode(&request, raw, &of, quant);
}

static int error_of(const struct tsr_hw_quant *raw)
{
	struct quant quant;

	return decode(raw, TSR_HW_TYPE_INT8, ALL, &quant);
}

static void assert_refused(struct tsr_hw_quant raw, int error)
{
	assert_int_equal(error_of(&raw), error);
}

static void each_kind_is_taken(void **state)
{
	struct tsr_hw_quant raw = none();
	struct quant quant;

	(void)state;
	assert_int_equal(decode(&raw, TSR_HW_TYPE_FP8_E4M3, 0, &quant), TSR_HW_ERR_NONE);
	assert_int_equal(quant.block, 0);
	raw.kind = TSR_HW_QUANT_ZERO;
	raw.zero = -(uint64_t)5;
	assert_int_equal(decode(&raw, TSR_HW_TYPE_INT8, ALL, &quant), TSR_HW_ERR_NONE);
	assert_int_equal(quant.zero, -5);
	raw = vector();
	assert_int_equal(decode(&raw, TSR_HW_TYPE_INT8, ALL, &quant), TSR_HW_ERR_NONE);
	assert_int_equal(quant.block, DEPTH);
	assert_int_equal(quant_bytes(&quant), 4 * OTHERS * 4);
	raw = block_scales();
	assert_int_equal(decode(&raw, TSR_HW_TYPE_INT8, ALL, &quant), TSR_HW_ERR_NONE);
	assert_int_equal(quant.block, 32);
	assert_int_equal(quant_bytes(&quant), 4 * OTHERS * 2 + 16 * OTHERS);
}

static void scales_of_a_first_operand_have_their_blocks_last(void **state)
{
	const struct tensor tensor = operand(TSR_HW_TYPE_INT8);
	struct quant_operand of = { &tensor, 1, OTHERS, DEPTH, true, ALL };
	struct tsr_hw_quant raw = block_scales();
	struct quant quant;

	(void)state;
	assert_int_equal(quant_decode(&request, &raw, &of, &quant), TSR_HW_ERR_COMMAND);
	raw.scale = dense(TSR_HW_TYPE_FP16, 1, OTHERS, 4);
	raw.zeros = absent();
	assert_int_equal(quant_decode(&request, &raw, &of, &quant), TSR_HW_ERR_NONE);
}

static void a_kind_that_the_operand_has_not_is_refused(void **state)
{
	struct tsr_hw_quant raw = vector();
	struct quant quant;

	(void)state;
	assert_int_equal(decode(&raw, TSR_HW_TYPE_INT8, ALL & ~(1u << TSR_HW_QUANT_ZEROS), &quant),
			 TSR_HW_ERR_COMMAND);
	raw.kind = TSR_HW_QUANT_BLOCKS + 1;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = block_scales();
	assert_int_equal(decode(&raw, TSR_HW_TYPE_INT8, 0, &quant), TSR_HW_ERR_COMMAND);
}

static void floating_point_has_no_zero_points(void **state)
{
	struct tsr_hw_quant raw = block_scales();
	struct quant quant;

	(void)state;
	assert_int_equal(decode(&raw, TSR_HW_TYPE_FP8_E4M3, ALL, &quant), TSR_HW_ERR_COMMAND);
	raw.zeros = absent();
	assert_int_equal(decode(&raw, TSR_HW_TYPE_FP8_E4M3, ALL, &quant), TSR_HW_ERR_NONE);
	raw = vector();
	assert_int_equal(decode(&raw, TSR_HW_TYPE_FP8_E4M3, ALL, &quant), TSR_HW_ERR_COMMAND);
	raw = none();
	raw.kind = TSR_HW_QUANT_ZERO;
	assert_int_equal(decode(&raw, TSR_HW_TYPE_FP16, ALL, &quant), TSR_HW_ERR_COMMAND);
}

static void a_zero_point_is_an_int32_or_a_parameter(void **state)
{
	struct tsr_hw_quant raw = none();
	struct quant quant;

	(void)state;
	raw.kind = TSR_HW_QUANT_ZERO;
	raw.zero = 1ull << 31;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw.zero = TSR_HW_PARAMETER_64;
	parameters[0] = -(uint64_t)(1ull << 31);
	assert_int_equal(decode(&raw, TSR_HW_TYPE_INT8, ALL, &quant), TSR_HW_ERR_NONE);
	assert_int_equal(quant.zero, INT32_MIN);
	parameters[0]--;
	assert_refused(raw, TSR_HW_ERR_PARAMETER);
	raw.zero = TSR_HW_PARAMETER_64 + 1;
	assert_refused(raw, TSR_HW_ERR_PARAMETER);
}

static void what_a_kind_does_not_use_is_zero(void **state)
{
	struct tsr_hw_quant raw = none();

	(void)state;
	raw.zero = 1;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = none();
	raw.block = 32;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = none();
	raw.scale = block_scales().scale;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = none();
	raw.zeros = vector().zeros;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = vector();
	raw.scale = block_scales().scale;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = vector();
	raw.zeros = absent();
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	for (unsigned int i = 0; i < 3; i++) {
		raw = none();
		raw.mbz[i] = 1;
		assert_refused(raw, TSR_HW_ERR_COMMAND);
	}
}

static void blocks_have_one_of_three_sizes_or_all_k(void **state)
{
	struct tsr_hw_quant raw = block_scales();

	(void)state;
	raw.block = DEPTH;
	raw.scale.dim[1] = 1;
	raw.zeros.dim[1] = 1;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_NONE);
	raw.block = 128;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_NONE);
	raw.block = 256;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw.block = 0;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = block_scales();
	raw.block = 64;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
}

static void shapes_and_types_are_those_of_the_operand(void **state)
{
	struct tsr_hw_quant raw = block_scales();

	(void)state;
	raw.scale.dim[0] = 2;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = block_scales();
	raw.scale.type = TSR_HW_TYPE_BF16;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = block_scales();
	raw.zeros.type = TSR_HW_TYPE_UINT8;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = block_scales();
	raw.scale.rank = 2;
	raw.scale.dim[2] = raw.scale.stride[2] = 0;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = vector();
	raw.zeros.dim[2]++;
	assert_refused(raw, TSR_HW_ERR_COMMAND);
	raw = vector();
	raw.zeros.offset = 1u << 20;
	assert_refused(raw, TSR_HW_ERR_SLOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_taken),
		cmocka_unit_test(scales_of_a_first_operand_have_their_blocks_last),
		cmocka_unit_test(a_kind_that_the_operand_has_not_is_refused),
		cmocka_unit_test(floating_point_has_no_zero_points),
		cmocka_unit_test(a_zero_point_is_an_int32_or_a_parameter),
		cmocka_unit_test(what_a_kind_does_not_use_is_zero),
		cmocka_unit_test(blocks_have_one_of_three_sizes_or_all_k),
		cmocka_unit_test(shapes_and_types_are_those_of_the_operand),
	};

	return cmocka_run_group_tests_name("quant", tests, NULL, NULL);
}
