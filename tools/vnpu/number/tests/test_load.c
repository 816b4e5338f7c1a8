/* SPDX-License-Identifier: MIT */
/* Every code of every type of at most 16 bits; of wider types the values that matter. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "number/bits.h"
#include "number/load.h"
#include "number/types.h"
#include "reference.h"

#define COUNT	65536u

static uint16_t stored[COUNT];
static int64_t loaded[COUNT + 1];

/* All codes, those of up to 8 bits in bytes of any upper half. */
static size_t load_every_code(unsigned int type)
{
	size_t n = number_bits(type) == 16 ? COUNT : 256;
	uint8_t *bytes = (uint8_t *)stored;

	for (size_t i = 0; i < n; i++) {
		if (number_bits(type) == 16)
			stored[i] = (uint16_t)i;
		else
			bytes[i] = (uint8_t)i;
	}
	memset(loaded, 0xee, sizeof(loaded));
	number_load(type, stored, loaded, n);
	assert_int_equal(((uint8_t *)loaded)[n * number_class_size(number_class_of(type))], 0xee);
	return n;
}

static void every_code_of_a_floating_type_has_its_value(void **state)
{
	const float *values = (const float *)loaded;

	(void)state;
	for (unsigned int type = 1; type < TSR_HW_TYPE_COUNT; type++) {
		size_t n = reference_is_small(type) ? load_every_code(type) : 0;

		for (size_t i = 0; i < n; i++) {
			uint32_t code = (uint32_t)i & (reference_codes(type) - 1);
			float want = (float)reference_value(type, code);

			if (reference_is_nan(type, code))
				assert_true(isnan(values[i]));
			else
				assert_int_equal(fp32_bits(values[i]), fp32_bits(want));
		}
	}
}

static int32_t small_integer(unsigned int type, size_t code)
{
	switch (type) {
	case TSR_HW_TYPE_INT4:
		return code % 16 < 8 ? (int32_t)(code % 16) : (int32_t)(code % 16) - 16;
	case TSR_HW_TYPE_UINT4:
		return (int32_t)(code % 16);
	case TSR_HW_TYPE_INT8:
		return code < 128 ? (int32_t)code : (int32_t)code - 256;
	case TSR_HW_TYPE_INT16:
		return code < 32768 ? (int32_t)code : (int32_t)code - 65536;
	}
	return (int32_t)code;
}

static void every_code_of_a_small_integer_has_its_value(void **state)
{
	static const unsigned int types[] = { TSR_HW_TYPE_INT4, TSR_HW_TYPE_UINT4, TSR_HW_TYPE_INT8,
		TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT16, TSR_HW_TYPE_UINT16 };
	const int32_t *values = (const int32_t *)loaded;

	(void)state;
	for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
		size_t n = load_every_code(types[k]);

		for (size_t i = 0; i < n; i++)
			assert_int_equal(values[i], small_integer(types[k], i));
	}
}

static void every_byte_but_0_is_true(void **state)
{
	const uint8_t *values = (const uint8_t *)loaded;
	size_t n = load_every_code(TSR_HW_TYPE_BOOL);

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(values[i], i != 0);
}

static void a_uint32_is_not_negative(void **state)
{
	const uint32_t from[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffff };

	(void)state;
	number_load(TSR_HW_TYPE_UINT32, from, loaded, 5);
	for (int i = 0; i < 5; i++)
		assert_true(loaded[i] == (int64_t)from[i]);
}

/* fp32, int32, int64, and uint64, which a register has no room for but keeps. */
static void types_of_registers_are_loaded_bit_by_bit(void **state)
{
	const uint64_t from[] = { 0x7fa0000180000000, 0xffffffffffffffff, 1 };
	static const unsigned int types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_INT32,
					      TSR_HW_TYPE_INT64, TSR_HW_TYPE_UINT64 };

	(void)state;
	for (size_t k = 0; k < 4; k++) {
		memset(loaded, 0, sizeof(from));
		number_load(types[k], from, loaded, sizeof(from) * 8 / number_bits(types[k]));
		assert_memory_equal(loaded, from, sizeof(from));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_of_a_floating_type_has_its_value),
		cmocka_unit_test(every_code_of_a_small_integer_has_its_value),
		cmocka_unit_test(every_byte_but_0_is_true),
		cmocka_unit_test(a_uint32_is_not_negative),
		cmocka_unit_test(types_of_registers_are_loaded_bit_by_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
