/* SPDX-License-Identifier: MIT */
/* Chains of fp32 and i32, with conversions between both, give what the reference gives. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <number/store.h>

#include "random.h"
#include "reference.h"
#include "vector/run.h"

#define INPUTS		4
#define MOST_LINKS	8
#define ELEMENTS	(2 * CHAIN_BLOCK)
#define REAL_CONSTANT	(TSR_HW_VECTOR_VALUE + 1)
#define WHOLE_CONSTANT	(TSR_HW_VECTOR_VALUE + 2)
#define CARRIED		(TSR_HW_VECTOR_VALUE + 3)

#define F32		TSR_HW_VECTOR_TYPE_F32
#define I32		TSR_HW_VECTOR_TYPE_I32

/* Inputs 0 and 1 are fp32, 2 and 3 are i32; all have 4 bytes. */
struct chain_case {
	struct vector_program program;
	union value given[INPUTS][ELEMENTS];
	uint32_t strip[INPUTS][ELEMENTS];
};

static const struct vector_setting setting = { .dims = { ELEMENTS } };

static void check_program(struct chain_case *one, struct tsr_hw_insn *code, unsigned int links,
			  unsigned int flags)
{
	static const uint64_t constants[] = { 0x3f19999a /* 0.6 */, 37 };
	const struct tsr_hw_vector head = {
		.insns = (uint8_t)(links + 2), .inputs = INPUTS, .consts = 2, .result = CARRIED,
		.flags = (uint16_t)flags,
	};
	const struct vector_given given = {
		.input = { NUMBER_F32, NUMBER_F32, NUMBER_I32, NUMBER_I32 }, .rank = 1,
	};

	code[0] = (struct tsr_hw_insn){
		.op = TSR_HW_VECTOR_CONSTANT, .type = F32, .dst = REAL_CONSTANT,
	};
	code[1] = (struct tsr_hw_insn){
		.op = TSR_HW_VECTOR_CONSTANT, .type = I32, .dst = WHOLE_CONSTANT, .imm = 1,
	};
	assert_null(vector_check(&head, constants, code, &given, &one->program));
}

static struct tsr_hw_insn conversion(unsigned int from, unsigned int a)
{
	return (struct tsr_hw_insn){
		.op = TSR_HW_VECTOR_CONVERT, .type = (uint8_t)from, .dst = CARRIED, .a = (uint8_t)a,
		.imm = from == F32 ? I32 : F32,
	};
}

static struct tsr_hw_insn random_link(uint64_t *state, unsigned int type, unsigned int carried)
{
	static const uint8_t operations[] = {
		TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_SUB, TSR_HW_VECTOR_MUL, TSR_HW_VECTOR_MIN,
		TSR_HW_VECTOR_MAX,
	};
	static const uint8_t others[][3] = {
		[F32] = { 0, 1, REAL_CONSTANT }, [I32] = { 2, 3, WHOLE_CONSTANT },
	};
	uint8_t other = others[type][random_next(state) % 3];
	bool swapped = random_next(state) % 2;

	return (struct tsr_hw_insn){
		.op = operations[random_next(state) % sizeof(operations)], .type = (uint8_t)type,
		.dst = CARRIED, .a = swapped ? other : (uint8_t)carried,
		.b = swapped ? (uint8_t)carried : other,
	};
}

static void random_chain(uint64_t *state, struct chain_case *one)
{
	unsigned int links = 1 + random_next(state) % MOST_LINKS;
	unsigned int type = random_next(state) % 2 ? F32 : I32;
	unsigned int carried = type == F32 ? 0 : 2;
	struct tsr_hw_insn code[MOST_LINKS + 2];

	for (unsigned int i = 0; i < links; i++, carried = CARRIED) {
		bool converts = random_next(state) % 3 == 0;

		code[i + 2] = converts ? conversion(type, carried) :
					 random_link(state, type, carried);
		if (converts)
			type = type == F32 ? I32 : F32;
	}
	check_program(one, code, links,
		      type == I32 && random_next(state) % 2 ? TSR_HW_VECTOR_STORE_WRAP : 0);
}

/* Halves between integers, limits of types, zeros of both signs, infinities, not-a-number. */
static float random_real(uint64_t *state)
{
	static const float special[] = {
		NAN, INFINITY, -INFINITY, -0.0f, 0x1p31f, -0x1p31f, 0x1.fffffep30f, 0x1p23f, 127.5f,
		-128.5f, 255.5f, 0.5f,
	};
	uint64_t number = random_next(state);

	if (number % 4 == 0)
		return special[number / 4 % (sizeof(special) / sizeof(special[0]))];
	return (float)((int64_t)(number / 4 % 2048) - 1024) / 2;
}

static int32_t random_whole(uint64_t *state)
{
	static const int32_t special[] = { INT32_MIN, INT32_MAX, INT8_MIN, INT8_MAX, 255, -1, 0 };
	uint64_t number = random_next(state);

	if (number % 4 == 0)
		return special[number / 4 % (sizeof(special) / sizeof(special[0]))];
	return number % 4 == 1 ? (int32_t)(number >> 16) : (int32_t)(number / 4 % 1024) - 512;
}

static void fill(uint64_t *state, struct chain_case *one)
{
	for (unsigned int i = 0; i < INPUTS; i++) {
		for (size_t k = 0; k < ELEMENTS; k++) {
			union value *value = &one->given[i][k];

			if (i < 2)
				value->f32 = random_real(state);
			else
				value->i32 = random_whole(state);
			memcpy(&one->strip[i][k], value, sizeof(one->strip[i][k]));
		}
	}
}

static union value wanted(const struct chain_case *one, size_t at)
{
	union value given[PLAN_GIVEN] = { { .i64 = 0 } };
	uint64_t divisions = 0;

	for (unsigned int i = 0; i < INPUTS; i++)
		given[i] = one->given[i][at];
	return reference_run(&one->program, &setting, given, at, &divisions);
}

static struct vector_strip strip_of(const struct chain_case *one)
{
	return (struct vector_strip){
		.given = { one->strip[0], one->strip[1], one->strip[2], one->strip[3] },
		.n = ELEMENTS,
	};
}

static void expect_results(const struct chain_case *one, struct vector_run *run, uint64_t seed)
{
	const struct vector_strip strip = strip_of(one);
	const uint32_t *got = vector_strip(run, &strip);

	for (size_t i = 0; i < ELEMENTS; i++) {
		union value value = { .i64 = 0 };

		memcpy(&value, &got[i], sizeof(got[i]));
		if (!reference_equal(one->program.result, value, wanted(one, i)))
			fail_msg("seed %llu, element %zu: got 0x%x", (unsigned long long)seed, i,
				 got[i]);
	}
}

static void expect_stored(const struct chain_case *one, struct vector_run *run, unsigned int type,
			  uint64_t seed)
{
	const struct vector_strip strip = strip_of(one);
	uint8_t got[ELEMENTS];

	vector_strip_stored(run, &strip, type, got);
	for (size_t i = 0; i < ELEMENTS; i++) {
		union value value = wanted(one, i);
		uint8_t stored;

		number_store(one->program.result, &value, type, one->program.head.flags, &stored,
			     1);
		if (got[i] != stored)
			fail_msg("seed %llu, element %zu: got %u, expected %u",
				 (unsigned long long)seed, i, got[i], stored);
	}
}

static void random_chains_give_what_the_reference_gives(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		static struct chain_case one;
		struct vector_run *run;
		uint64_t numbers = seed;

		random_chain(&numbers, &one);
		fill(&numbers, &one);
		run = vector_begin(&one.program, &setting);
		assert_non_null(run);
		/* It is one, or this would not test what it should. */
		assert_true(vector_bears_change(run, ELEMENTS));
		assert_false(vector_bears_change(run, ELEMENTS - 1));
		expect_results(&one, run, seed);
		expect_stored(&one, run, TSR_HW_TYPE_INT8, seed);
		expect_stored(&one, run, TSR_HW_TYPE_UINT8, seed);
		vector_end(run);
	}
}

/* A value that is not the one carried on ends up nowhere: such a program is none. */
static void a_conversion_of_another_value_is_no_link(void **state)
{
	struct tsr_hw_insn code[] = {
		{ 0 }, { 0 }, conversion(I32, 2), conversion(I32, 3),
	};
	static struct chain_case one;
	struct vector_run *run;
	uint64_t numbers = 3;

	(void)state;
	check_program(&one, code, 2, 0);
	fill(&numbers, &one);
	run = vector_begin(&one.program, &setting);
	assert_non_null(run);
	assert_false(vector_bears_change(run, ELEMENTS));
	expect_results(&one, run, 0);
	expect_stored(&one, run, TSR_HW_TYPE_INT8, 0);
	vector_end(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_chains_give_what_the_reference_gives),
		cmocka_unit_test(a_conversion_of_another_value_is_no_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
