/* SPDX-License-Identifier: MIT */
/*
 * Around every rounding boundary of every type of at most 16 bits, and random values of
 * every class as every type, against the definition of the types.
 */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "number/bits.h"
#include "number/store.h"
#include "reference.h"
#include "values.h"

/* More than store's turn, and no multiple of a vector. */
#define COUNT	4099u

#define ROUNDS	12u

static union {
	float f32[COUNT];
	int32_t i32[COUNT];
	int64_t i64[COUNT];
	uint8_t boolean[COUNT];
} from;

static union {
	uint8_t bits8[COUNT];
	uint16_t bits16[COUNT];
	uint32_t bits32[COUNT];
	uint64_t bits64[COUNT];
} to;

static uint64_t code_at(unsigned int type, size_t i)
{
	switch (number_bits(type)) {
	case 64:
		return to.bits64[i];
	case 32:
		return to.bits32[i];
	case 16:
		return to.bits16[i];
	}
	return to.bits8[i];
}

static long double value_at(enum number_class class, size_t i)
{
	switch (class) {
	case NUMBER_F32:
		return (long double)from.f32[i];
	case NUMBER_I32:
		return from.i32[i];
	case NUMBER_I64:
		return from.i64[i];
	case NUMBER_BOOL:
		return from.boolean[i];
	}
	return 0;
}

/* Low bits of an element of an integer class. */
static uint64_t low_bits(enum number_class class, unsigned int type, size_t i)
{
	uint64_t bits = class == NUMBER_I32 ? (uint64_t)from.i32[i] :
			class == NUMBER_I64 ? (uint64_t)from.i64[i] : from.boolean[i];

	return bits & (UINT64_MAX >> (64 - number_bits(type)));
}

static uint64_t wanted(enum number_class class, unsigned int type, unsigned int flags, size_t i)
{
	long double value = value_at(class, i);

	if (type == TSR_HW_TYPE_BOOL)
		return value != 0;
	if (type == TSR_HW_TYPE_FP32)
		return fp32_bits((float)value);
	if (reference_is_small(type))
		return reference_code(type, value,
				      flags & NUMBER_SATURATE && number_bits(type) <= 8);
	if (class != NUMBER_F32 && flags & NUMBER_WRAP)
		return low_bits(class, type, i);
	if (class == NUMBER_I64 && type == TSR_HW_TYPE_UINT64)
		return low_bits(class, type, i);
	return reference_integer(type, value);
}

/* Not-a-numbers have many codes. */
static bool is_same(unsigned int type, uint64_t got, uint64_t want)
{
	if (type == TSR_HW_TYPE_FP32 && isnan(fp32_of_bits((uint32_t)want)))
		return isnan(fp32_of_bits((uint32_t)got));
	if (reference_is_small(type) && reference_is_nan(type, (uint32_t)want))
		return got < reference_codes(type) && reference_is_nan(type, (uint32_t)got);
	return got == want;
}

static void check(enum number_class class, unsigned int type, unsigned int flags, size_t n)
{
	memset(&to, 0xee, sizeof(to));
	number_store(class, &from, type, flags, &to, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t want = wanted(class, type, flags, i);

		if (!is_same(type, code_at(type, i), want))
			fail_msg("%La of class %u as type %u, flags %u is %#llx and gave %#llx",
				 value_at(class, i), class, type, flags,
				 (unsigned long long)want, (unsigned long long)code_at(type, i));
	}
	if (n < COUNT)
		assert_int_equal(((const uint8_t *)&to)[n * ((number_bits(type) + 7) / 8)], 0xee);
}

static void make(enum number_class class, uint64_t seed)
{
	int64_t integers[COUNT];

	values_integers(seed, integers, COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		if (class == NUMBER_I32)
			from.i32[i] = (int32_t)integers[i];
		else if (class == NUMBER_I64)
			from.i64[i] = integers[i];
		else
			from.boolean[i] = integers[i] & 1;
	}
	if (class == NUMBER_F32)
		values_floats(seed, from.f32, COUNT);
}

static void check_class(enum number_class class)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		make(class, round);
		for (unsigned int type = 1; type < TSR_HW_TYPE_COUNT; type++)
			check(class, type, round & (NUMBER_SATURATE | NUMBER_WRAP),
			      COUNT - round);
	}
}

static void f32_is_stored_as_every_type(void **state)
{
	(void)state;
	check_class(NUMBER_F32);
}

static void i32_is_stored_as_every_type(void **state)
{
	(void)state;
	check_class(NUMBER_I32);
}

static void i64_is_stored_as_every_type(void **state)
{
	(void)state;
	check_class(NUMBER_I64);
}

static void bool_is_stored_as_every_type(void **state)
{
	(void)state;
	check_class(NUMBER_BOOL);
}

/* Each value, halfway to the next, and the fp32 before and behind. */
static size_t around(unsigned int type, uint32_t code, size_t n)
{
	float between = (float)reference_between(type, code);

	from.f32[n++] = (float)reference_value(type, code);
	from.f32[n++] = between;
	from.f32[n++] = nextafterf(between, INFINITY);
	from.f32[n++] = nextafterf(between, -INFINITY);
	return n;
}

static void rounding_is_right_at_every_boundary(void **state)
{
	(void)state;
	for (unsigned int type = 1; type < TSR_HW_TYPE_COUNT; type++) {
		uint32_t codes = reference_is_small(type) ? reference_codes(type) : 0;
		size_t n = 0;

		for (uint32_t code = 0; code < codes; code++) {
			n = around(type, code, n);
			if (n + 4 <= COUNT && code + 1 < codes)
				continue;
			check(NUMBER_F32, type, 0, n);
			check(NUMBER_F32, type, NUMBER_SATURATE, n);
			n = 0;
		}
	}
}

/* fp32 first and the type then would round twice, and to the other side. */
static void integers_are_rounded_once(void **state)
{
	static const struct {
		int64_t value;
		uint16_t bf16;
	} cases[] = {	/* next to halfway between two bf16 */
		{ 0x01010001, 0x4b81 }, { -0x01010001, 0xcb81 }, { 0x0100ffff, 0x4b80 },
		{ (1ll << 52) + (1ll << 44) + 1, 0x5981 }, { (1ll << 52) + (1ll << 44), 0x5980 },
		{ (1ll << 53) + (1ll << 45) + 1, 0x5a01 }, { (1ll << 53) + (1ll << 45), 0x5a00 },
		{ (1ll << 62) + (1ll << 54) + 1, 0x5e81 }, { (1ll << 62) + (1ll << 54), 0x5e80 },
		{ (1ll << 62) + (1ll << 54) - 1, 0x5e80 },
		{ -(1ll << 62) - (1ll << 54) - 1, 0xde81 },
		{ INT64_MAX, 0x5f00 }, { INT64_MIN, 0xdf00 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		from.i64[0] = cases[i].value;
		check(NUMBER_I64, TSR_HW_TYPE_BF16, 0, 1);
		assert_int_equal(to.bits16[0], cases[i].bf16);
		if (cases[i].value != (int32_t)cases[i].value)
			continue;
		from.i32[0] = (int32_t)cases[i].value;
		check(NUMBER_I32, TSR_HW_TYPE_BF16, 0, 1);
		assert_int_equal(to.bits16[0], cases[i].bf16);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(f32_is_stored_as_every_type),
		cmocka_unit_test(i32_is_stored_as_every_type),
		cmocka_unit_test(i64_is_stored_as_every_type),
		cmocka_unit_test(bool_is_stored_as_every_type),
		cmocka_unit_test(rounding_is_right_at_every_boundary),
		cmocka_unit_test(integers_are_rounded_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
