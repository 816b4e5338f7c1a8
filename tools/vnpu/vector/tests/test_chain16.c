/* SPDX-License-Identifier: MIT */
/* Chains in lanes of 16 bits: which ones, and that they give what the reference gives. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include <number/load.h>
#include <number/store.h>

#include "random.h"
#include "reference.h"
#include "vector/run.h"

#define INPUTS		3
#define MOST_LINKS	8
#define ELEMENTS	(3 * CHAIN_BLOCK)
#define CONSTANT	(TSR_HW_VECTOR_VALUE + 1)
#define CARRIED		(TSR_HW_VECTOR_VALUE + 2)

/* A chain, its elements in memory and in registers. */
struct chain_case {
	struct vector_program program;
	struct chain16_ends ends;
	_Alignas(64) char stored[INPUTS][ELEMENTS * sizeof(int16_t)];
	int32_t loaded[INPUTS][ELEMENTS];
};

static const uint8_t operations[] = {
	TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_SUB, TSR_HW_VECTOR_MUL, TSR_HW_VECTOR_MIN,
	TSR_HW_VECTOR_MAX,
};

static const struct vector_setting setting = { .dims = { ELEMENTS } };

/* @code has @links instructions behind the one that is for the constant. */
static void check_program(struct chain_case *one, struct tsr_hw_insn *code, unsigned int links,
			  uint64_t constant)
{
	const struct tsr_hw_vector head = {
		.insns = (uint8_t)(links + 1), .inputs = INPUTS, .consts = 1, .result = CARRIED,
	};
	const struct vector_given given = { .input = { NUMBER_I32, NUMBER_I32, NUMBER_I32 },
					    .rank = 1 };

	code[0] = (struct tsr_hw_insn){
		.op = TSR_HW_VECTOR_CONSTANT, .type = TSR_HW_VECTOR_TYPE_I32, .dst = CONSTANT,
	};
	assert_null(vector_check(&head, &constant, code, &given, &one->program));
}

static struct tsr_hw_insn link_of(unsigned int op, unsigned int a, unsigned int b)
{
	return (struct tsr_hw_insn){
		.op = (uint8_t)op, .type = TSR_HW_VECTOR_TYPE_I32, .dst = CARRIED,
		.a = (uint8_t)a, .b = (uint8_t)b,
	};
}

static void random_chain(uint64_t *state, struct chain_case *one)
{
	static const unsigned int others[] = { 0, 1, 2, CONSTANT };
	struct tsr_hw_insn code[MOST_LINKS + 1];
	unsigned int links = 1 + random_next(state) % MOST_LINKS;
	int32_t constant = (int32_t)(random_next(state) % 1024) - 512;

	for (unsigned int i = 1; i <= links; i++) {
		unsigned int op = operations[random_next(state) % sizeof(operations)];
		unsigned int carried = i == 1 ? 0 : CARRIED, other = others[random_next(state) % 4];

		code[i] = random_next(state) % 2 ? link_of(op, carried, other) :
						   link_of(op, other, carried);
	}
	check_program(one, code, links, (uint32_t)constant);
}

static void random_ends(uint64_t *state, struct chain_case *one)
{
	static const uint8_t types[] = {
		TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT16,
	};

	one->ends = (struct chain16_ends){
		.result = random_next(state) % 2 ? TSR_HW_TYPE_INT8 : TSR_HW_TYPE_UINT8,
		.wraps = random_next(state) % 4 == 0,
	};
	for (unsigned int i = 0; i < INPUTS; i++)
		one->ends.type[i] = types[random_next(state) % sizeof(types)];
}

/* Limits, numbers next to zero, and all others. */
static int16_t random_element(uint64_t *state)
{
	static const int16_t special[] = { INT16_MIN, INT16_MAX, INT8_MIN, INT8_MAX, -1, 0, 1, 2 };
	uint64_t number = random_next(state);

	return number % 2 ? (int16_t)(number >> 8) : special[number / 2 % 8];
}

static void fill(uint64_t *state, struct chain_case *one)
{
	for (unsigned int i = 0; i < INPUTS; i++) {
		size_t size = number_bits(one->ends.type[i]) / 8;

		for (size_t k = 0; k < ELEMENTS; k++) {
			int16_t element = random_element(state);

			memcpy(one->stored[i] + k * size, &element, size);
		}
		number_load(one->ends.type[i], one->stored[i], one->loaded[i], ELEMENTS);
	}
}

static int8_t wanted(const struct chain_case *one, size_t at)
{
	union value given[PLAN_GIVEN] = { { .i64 = 0 } };
	uint64_t divisions = 0;
	union value value;
	int8_t stored;

	for (unsigned int i = 0; i < INPUTS; i++)
		given[i].i32 = one->loaded[i][at];
	value = reference_run(&one->program, &setting, given, at, &divisions);
	number_store(NUMBER_I32, &value.i32, one->ends.result, one->ends.wraps ? NUMBER_WRAP : 0,
		     &stored, 1);
	return stored;
}

/* Return: whether there was a way; results are right then. */
static bool stores_right(const struct chain_case *one, uint64_t seed)
{
	const struct vector_strip strip = {
		.given = { one->stored[0], one->stored[1], one->stored[2] }, .n = ELEMENTS,
	};
	struct vector_run *run = vector_begin(&one->program, &setting);
	int8_t got[ELEMENTS];
	bool stores;

	assert_non_null(run);
	stores = vector_store(run, &strip, &one->ends, got);
	assert_int_equal(vector_store(run, &strip, &one->ends, got), stores);
	for (size_t i = 0; stores && i < ELEMENTS; i++) {
		if (got[i] == wanted(one, i))
			continue;
		fprintf(stderr, "seed %llu, element %zu: got %d, expected %d\n",
			(unsigned long long)seed, i, got[i], wanted(one, i));
		fail();
	}
	vector_end(run);
	return stores;
}

static void random_chains_give_what_the_reference_gives(void **state)
{
	unsigned int stored = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 4000; seed++) {
		static struct chain_case one;
		uint64_t numbers = seed;

		random_chain(&numbers, &one);
		random_ends(&numbers, &one);
		fill(&numbers, &one);
		stored += stores_right(&one, seed);
	}
	assert_in_range(stored, 1000, 3900);
}

/* (x + y) y - x, of which a product is one too large for 16 bits, between x and y. */
static void between(struct chain_case *one, uint8_t type)
{
	struct tsr_hw_insn code[] = {
		{ 0 }, link_of(TSR_HW_VECTOR_ADD, 0, 1), link_of(TSR_HW_VECTOR_MUL, CARRIED, 1),
		link_of(TSR_HW_VECTOR_SUB, CARRIED, 0), link_of(TSR_HW_VECTOR_MAX, CARRIED, 1),
		link_of(TSR_HW_VECTOR_MIN, CARRIED, 0),
	};

	check_program(one, code, 5, 0);
	one->ends = (struct chain16_ends){
		.type = { type, type, type }, .result = TSR_HW_TYPE_INT8,
	};
	for (unsigned int i = 0; i < INPUTS; i++)
		memset(one->loaded[i], 0, sizeof(one->loaded[i]));
}

/* What lies between numbers of 8 bits again, its low bits are right as well. */
static void a_value_is_exact_again_between_limits(void **state)
{
	static struct chain_case one;
	uint64_t numbers = 5;

	(void)state;
	between(&one, TSR_HW_TYPE_INT8);
	fill(&numbers, &one);
	for (unsigned int i = 0; i < 256; i++) {
		one.stored[0][i] = (char)i;
		one.stored[1][i] = (char)(i % 2 ? INT8_MIN : INT8_MAX);
	}
	for (unsigned int i = 0; i < INPUTS; i++)
		number_load(TSR_HW_TYPE_INT8, one.stored[i], one.loaded[i], ELEMENTS);
	assert_true(stores_right(&one, 0));
	one.ends.wraps = true;
	assert_true(stores_right(&one, 0));
}

static bool has_way(const struct chain_case *one, size_t n)
{
	const struct vector_strip strip = {
		.given = { one->stored[0], one->stored[1], one->stored[2] }, .n = n,
	};
	struct vector_run *run = vector_begin(&one->program, &setting);
	int8_t to[ELEMENTS];
	bool stores;

	assert_non_null(run);
	stores = vector_store(run, &strip, &one->ends, to);
	vector_end(run);
	return stores;
}

static void what_16_bits_do_not_hold_is_refused(void **state)
{
	static const uint8_t refused[] = { TSR_HW_TYPE_UINT16, TSR_HW_TYPE_INT32,
					   TSR_HW_TYPE_NONE };
	static const uint8_t results[] = { TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT32, TSR_HW_TYPE_FP32 };
	static struct chain_case one;

	(void)state;
	between(&one, TSR_HW_TYPE_INT8);
	assert_true(has_way(&one, ELEMENTS));
	assert_false(has_way(&one, ELEMENTS - 1));
	for (unsigned int i = 0; i < sizeof(refused); i++) {
		between(&one, TSR_HW_TYPE_INT8);
		one.ends.type[1] = refused[i];
		assert_false(has_way(&one, ELEMENTS));
	}
	for (unsigned int i = 0; i < sizeof(results); i++) {
		between(&one, TSR_HW_TYPE_INT8);
		one.ends.result = results[i];
		assert_false(has_way(&one, ELEMENTS));
	}
	/* The sum of two, by a third: that wraps in 32 bits. */
	between(&one, TSR_HW_TYPE_INT16);
	assert_false(has_way(&one, ELEMENTS));
}

static void a_product_that_is_too_large_keeps_no_low_bits(void **state)
{
	struct tsr_hw_insn code[] = { { 0 }, link_of(TSR_HW_VECTOR_MUL, 0, CONSTANT) };
	static struct chain_case one;

	(void)state;
	check_program(&one, code, 1, 255);
	one.ends = (struct chain16_ends){
		.type = { TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT8 },
		.result = TSR_HW_TYPE_UINT8, .wraps = true,
	};
	assert_true(has_way(&one, ELEMENTS));
	check_program(&one, code, 1, 257);
	assert_false(has_way(&one, ELEMENTS));
	one.ends.wraps = false;
	assert_true(has_way(&one, ELEMENTS));
	check_program(&one, code, 1, 1 << 15);
	assert_false(has_way(&one, ELEMENTS));
}

/* Numbers of 16 bits and a constant, where the result's low bits are wanted. */
static bool keeps_low_bits(int32_t constant)
{
	struct tsr_hw_insn code[] = { { 0 }, link_of(TSR_HW_VECTOR_ADD, 0, CONSTANT) };
	static struct chain_case one;

	check_program(&one, code, 1, (uint32_t)constant);
	one.ends = (struct chain16_ends){
		.type = { TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT16 },
		.result = TSR_HW_TYPE_INT8, .wraps = true,
	};
	return has_way(&one, ELEMENTS);
}

static void a_sum_that_just_fits_16_bits_keeps_its_low_bits(void **state)
{
	(void)state;
	assert_true(keeps_low_bits(0));
	assert_false(keeps_low_bits(1));
	assert_false(keeps_low_bits(-1));
}

/* Behind a value that was cut off, sums take from what is known of it. */
static void sums_behind_a_large_product_are_counted(void **state)
{
	struct tsr_hw_insn code[] = {
		{ 0 }, link_of(TSR_HW_VECTOR_MUL, 0, 1),
		link_of(TSR_HW_VECTOR_ADD, CARRIED, CONSTANT),
	};
	static struct chain_case one;

	(void)state;
	check_program(&one, code, 2, 32767 - 255);
	one.ends = (struct chain16_ends){
		.type = { TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT16, TSR_HW_TYPE_INT8 },
		.result = TSR_HW_TYPE_UINT8,
	};
	assert_true(has_way(&one, ELEMENTS));
	check_program(&one, code, 2, 32767 - 254);
	assert_false(has_way(&one, ELEMENTS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_chains_give_what_the_reference_gives),
		cmocka_unit_test(a_value_is_exact_again_between_limits),
		cmocka_unit_test(what_16_bits_do_not_hold_is_refused),
		cmocka_unit_test(a_product_that_is_too_large_keeps_no_low_bits),
		cmocka_unit_test(a_sum_that_just_fits_16_bits_keeps_its_low_bits),
		cmocka_unit_test(sums_behind_a_large_product_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
