/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "number/types.h"

static void codes_of_the_contract_are_types(void **state)
{
	(void)state;
	assert_false(number_is_type(TSR_HW_TYPE_NONE));
	for (unsigned int type = 1; type < TSR_HW_TYPE_COUNT; type++)
		assert_true(number_is_type(type));
	assert_false(number_is_type(TSR_HW_TYPE_COUNT));
	assert_false(number_is_type(UINT32_MAX));
}

static void facts_are_those_of_the_manual(void **state)
{
	static const struct {
		unsigned int type, bits;
		bool floating, integer, is_signed;
		enum number_class class;
	} facts[] = {
		{ TSR_HW_TYPE_FP32, 32, true, false, true, NUMBER_F32 },
		{ TSR_HW_TYPE_FP16, 16, true, false, true, NUMBER_F32 },
		{ TSR_HW_TYPE_BF16, 16, true, false, true, NUMBER_F32 },
		{ TSR_HW_TYPE_FP8_E4M3, 8, true, false, true, NUMBER_F32 },
		{ TSR_HW_TYPE_FP8_E5M2, 8, true, false, true, NUMBER_F32 },
		{ TSR_HW_TYPE_INT8, 8, false, true, true, NUMBER_I32 },
		{ TSR_HW_TYPE_UINT8, 8, false, true, false, NUMBER_I32 },
		{ TSR_HW_TYPE_INT4, 4, false, true, true, NUMBER_I32 },
		{ TSR_HW_TYPE_UINT4, 4, false, true, false, NUMBER_I32 },
		{ TSR_HW_TYPE_INT16, 16, false, true, true, NUMBER_I32 },
		{ TSR_HW_TYPE_UINT16, 16, false, true, false, NUMBER_I32 },
		{ TSR_HW_TYPE_INT32, 32, false, true, true, NUMBER_I32 },
		{ TSR_HW_TYPE_UINT32, 32, false, true, false, NUMBER_I64 },
		{ TSR_HW_TYPE_INT64, 64, false, true, true, NUMBER_I64 },
		{ TSR_HW_TYPE_UINT64, 64, false, true, false, NUMBER_I64 },
		{ TSR_HW_TYPE_BOOL, 8, false, false, false, NUMBER_BOOL },
		{ TSR_HW_TYPE_E8M0, 8, true, false, false, NUMBER_F32 },
		{ TSR_HW_TYPE_FP4_E2M1, 4, true, false, true, NUMBER_F32 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		unsigned int type = facts[i].type;

		assert_int_equal(number_bits(type), facts[i].bits);
		assert_int_equal(number_bytes(type), facts[i].bits < 8 ? 1 : facts[i].bits / 8);
		assert_int_equal(number_is_floating(type), facts[i].floating);
		assert_int_equal(number_is_integer(type), facts[i].integer);
		assert_int_equal(number_is_signed(type), facts[i].is_signed);
		assert_int_equal(number_class_of(type), facts[i].class);
	}
}

static void classes_have_the_sizes_of_their_c_types(void **state)
{
	(void)state;
	assert_int_equal(number_class_size(NUMBER_F32), sizeof(float));
	assert_int_equal(number_class_size(NUMBER_I32), sizeof(int32_t));
	assert_int_equal(number_class_size(NUMBER_I64), sizeof(int64_t));
	assert_int_equal(number_class_size(NUMBER_BOOL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_of_the_contract_are_types),
		cmocka_unit_test(facts_are_those_of_the_manual),
		cmocka_unit_test(classes_have_the_sizes_of_their_c_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
