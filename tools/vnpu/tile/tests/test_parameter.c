/* SPDX-License-Identifier: MIT */
/* Fields of tensors that name parameters: their values, and what they must not be. */
#include "suite.h"

#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>

#include "tile/sku.h"
#include "tile/tensor.h"
#include "tile/tile.h"

#define NAME_32(number)	(TSR_HW_PARAMETER_32 + (number))
#define NAME_64(number)	(TSR_HW_PARAMETER_64 + (number))
#define COUNT		3u

static uint64_t parameters[COUNT];

static const struct tsr_hw_slot slot = {
	.address = 0x100000, .size = 1u << 20, .flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
};

static const struct tile_request request = {
	.kind = TSR_HW_ENGINE_TENSOR, .slots = &slot, .slot_count = 1,
	.parameters = parameters, .parameter_count = COUNT,
};

/* int32 [4, 8], dense, from byte 64 on. */
static struct tsr_hw_tensor good(void)
{
	return (struct tsr_hw_tensor){
		.type = TSR_HW_TYPE_INT32, .rank = 2, .offset = 64,
		.dim = { 4, 8 }, .stride = { 8, 1 },
	};
}

static int decode(const struct tsr_hw_tensor *raw, struct tensor *tensor)
{
	return tensor_decode(&request, raw, TYPES_BYTES, 0, tensor);
}

static int error_of(const struct tsr_hw_tensor *raw)
{
	struct tensor tensor;

	return decode(raw, &tensor);
}

/* Each field in turn: with parameters the tensor is what it is with plain values. */
static void a_field_has_the_value_of_its_parameter(void **state)
{
	struct tsr_hw_tensor plain = good(), named;
	struct tensor expected, got;

	(void)state;
	plain.stride[1] = -(uint64_t)1;
	plain.offset = 128;
	assert_int_equal(decode(&plain, &expected), TSR_HW_ERR_NONE);
	for (unsigned int i = 0; i < 5; i++) {
		named = plain;
		if (i == 0) {
			parameters[2] = named.offset;
			named.offset = NAME_64(2);
		} else if (i < 3) {
			parameters[2] = named.dim[i - 1];
			named.dim[i - 1] = NAME_32(2);
		} else {
			parameters[2] = named.stride[i - 3];
			named.stride[i - 3] = NAME_64(2);
		}
		memset(&got, 0xff, sizeof(got));
		assert_int_equal(decode(&named, &got), TSR_HW_ERR_NONE);
		assert_int_equal(got.va, expected.va);
		assert_memory_equal(got.dim, expected.dim, sizeof(got.dim));
		assert_memory_equal(got.stride, expected.stride, sizeof(got.stride));
	}
}

static void one_parameter_may_serve_several_fields(void **state)
{
	struct tsr_hw_tensor raw = good();
	struct tensor tensor;

	(void)state;
	parameters[0] = 16;
	raw.dim[1] = NAME_32(0);
	raw.stride[0] = NAME_64(0);
	assert_int_equal(decode(&raw, &tensor), TSR_HW_ERR_NONE);
	assert_int_equal(tensor.dim[1], 16);
	assert_int_equal(tensor.stride[0], 64);
}

static void a_parameter_that_is_not_there_is_an_error(void **state)
{
	struct tsr_hw_tensor raw = good();

	(void)state;
	parameters[2] = 4;
	raw.dim[0] = NAME_32(2);
	assert_int_equal(error_of(&raw), TSR_HW_ERR_NONE);
	raw.dim[0] = NAME_32(3);
	assert_int_equal(error_of(&raw), TSR_HW_ERR_PARAMETER);
	raw = good();
	raw.stride[0] = NAME_64(255);
	assert_int_equal(error_of(&raw), TSR_HW_ERR_PARAMETER);
}

static void a_name_has_no_other_bits(void **state)
{
	struct tsr_hw_tensor raw;

	(void)state;
	parameters[0] = 4;
	for (unsigned int bit = 8; bit < 31; bit++) {
		raw = good();
		raw.dim[0] = NAME_32(0) | 1u << bit;
		assert_int_equal(error_of(&raw), TSR_HW_ERR_COMMAND);
	}
	for (unsigned int bit = 8; bit < 62; bit++) {
		raw = good();
		raw.offset = NAME_64(0) | 1ull << bit;
		assert_int_equal(error_of(&raw), TSR_HW_ERR_COMMAND);
	}
}

static void a_value_is_one_that_the_field_could_have(void **state)
{
	struct tsr_hw_tensor raw = good();

	(void)state;
	raw.dim[0] = NAME_32(0);
	raw.dim[1] = 0;
	parameters[0] = INT32_MAX;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_NONE);
	parameters[0] = 1ull << 31;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_PARAMETER);
	parameters[0] = NAME_32(1);
	assert_int_equal(error_of(&raw), TSR_HW_ERR_PARAMETER);
	parameters[0] = (1ull << 32) + 4;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_PARAMETER);
	raw = good();
	raw.offset = NAME_64(0);
	parameters[0] = NAME_64(1);
	assert_int_equal(error_of(&raw), TSR_HW_ERR_PARAMETER);
	parameters[0] = 66;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_PARAMETER);
	parameters[0] = 68;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_NONE);
}

static void a_type_that_is_none_is_refused_all_the_same(void **state)
{
	struct tsr_hw_tensor raw = good();

	(void)state;
	parameters[0] = 67;
	raw.offset = NAME_64(0);
	raw.type = 255;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_COMMAND);
	raw.type = TSR_HW_TYPE_INT4;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_UNSUPPORTED);
}

/* What fields say together is judged as if the values stood there. */
static void values_are_held_to_the_bounds_of_the_slot(void **state)
{
	struct tsr_hw_tensor raw = good();

	(void)state;
	raw.offset = NAME_64(0);
	parameters[0] = slot.size - 4 * 8 * 4;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_NONE);
	parameters[0] += 4;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_SLOT);
}

static void fields_beyond_the_rank_name_nothing(void **state)
{
	struct tsr_hw_tensor raw = good();

	(void)state;
	parameters[0] = 0;
	raw.dim[2] = NAME_32(0);
	assert_int_equal(error_of(&raw), TSR_HW_ERR_COMMAND);
	raw = good();
	raw.stride[7] = NAME_64(0);
	assert_int_equal(error_of(&raw), TSR_HW_ERR_COMMAND);
	raw = good();
	raw.rank = 255;
	assert_int_equal(error_of(&raw), TSR_HW_ERR_COMMAND);
}

/* The whole command, on one slot: int32 [4] to [4 + pads]. */
static int error_of_move(struct tsr_hw_move *move)
{
	const struct tile_request node = {
		.kind = TSR_HW_ENGINE_TENSOR, .stream = move, .stream_size = sizeof(*move),
		.slots = &slot, .slot_count = 1,
		.parameters = parameters, .parameter_count = COUNT,
	};
	char error[256];
	struct tile_result result;
	struct tile_size node_size;
	struct tile_job *job;
	struct sku *sku;

	assert_int_equal(sku_load(SKU_DIR "/edge.json", &sku, error, sizeof(error)), 0);
	tile_prepare(sku, &node, &job, &node_size, &result);
	tile_free(job);
	sku_free(sku);
	return result.error;
}

static void pads_of_move_have_the_values_of_parameters(void **state)
{
	struct tsr_hw_move move = {
		.head = { .op = TSR_HW_OP_MOVE, .size = sizeof(move) },
		.x = { .type = TSR_HW_TYPE_INT32, .rank = 1, .dim = { 4 }, .stride = { 1 } },
		.d = { .type = TSR_HW_TYPE_INT32, .rank = 1, .offset = 4096, .dim = { 9 },
		       .stride = { 1 } },
		.before = { NAME_64(0) },
		.after = { NAME_64(1) },
		.step.block = { 1 },
	};

	(void)state;
	parameters[0] = -(uint64_t)2;
	parameters[1] = 7;
	assert_int_equal(error_of_move(&move), TSR_HW_ERR_NONE);
	parameters[1] = 8;
	assert_int_equal(error_of_move(&move), TSR_HW_ERR_COMMAND);
	parameters[0] = 1ull << 31;
	parameters[1] = 5 - (1ull << 31);
	assert_int_equal(error_of_move(&move), TSR_HW_ERR_PARAMETER);
	move.before[0] = NAME_64(COUNT);
	assert_int_equal(error_of_move(&move), TSR_HW_ERR_PARAMETER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_has_the_value_of_its_parameter),
		cmocka_unit_test(one_parameter_may_serve_several_fields),
		cmocka_unit_test(a_parameter_that_is_not_there_is_an_error),
		cmocka_unit_test(a_name_has_no_other_bits),
		cmocka_unit_test(a_value_is_one_that_the_field_could_have),
		cmocka_unit_test(a_type_that_is_none_is_refused_all_the_same),
		cmocka_unit_test(values_are_held_to_the_bounds_of_the_slot),
		cmocka_unit_test(fields_beyond_the_rank_name_nothing),
		cmocka_unit_test(pads_of_move_have_the_values_of_parameters),
	};

	return cmocka_run_group_tests_name("parameters", tests, NULL, NULL);
}
