/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "cases.h"

/* At least as many cases as there were when this was written. */
#define CASES	325

static bool is_refused(const struct vector_case *one)
{
	struct vector_program program;
	const char *wrong = case_check(one, &program);

	if (!wrong || strcmp(wrong, one->rule))
		fprintf(stderr, "said: %s; expected: %s\n", wrong ? wrong : "nothing", one->rule);
	return wrong && !strcmp(wrong, one->rule);
}

static bool is_taken(const struct vector_case *one)
{
	struct vector_program program;
	const char *wrong = case_check(one, &program);

	if (wrong)
		fprintf(stderr, "said: %s\n", wrong);
	return !wrong;
}

static void a_defect_is_refused_and_named(void **state)
{
	(void)state;
	assert_true(cases_each("malformed.txt", is_refused) >= CASES);
}

static void the_same_without_the_defect_is_taken(void **state)
{
	(void)state;
	assert_int_equal(cases_each("twins.txt", is_taken),
			 cases_each("malformed.txt", is_refused));
}

static const struct vector_given on_f32 = {
	.input = { NUMBER_F32, NUMBER_F32, NUMBER_F32, NUMBER_F32 },
	.rank = 1,
};

static void a_program_without_instructions_costs_one_cycle_a_strip(void **state)
{
	const struct tsr_hw_vector head = { .inputs = 1 };
	struct vector_program program;

	(void)state;
	assert_null(vector_check(&head, NULL, NULL, &on_f32, &program));
	assert_int_equal(program.weight, 1);
	assert_int_equal(program.result, NUMBER_F32);
}

static void the_largest_program_is_taken(void **state)
{
	const struct tsr_hw_vector head = { .insns = 32, .consts = 16, .inputs = 4, .result = 15 };
	const uint64_t constants[16] = { 0 };
	struct tsr_hw_insn code[32];
	struct vector_program program;

	(void)state;
	for (unsigned int i = 0; i < 32; i++)
		code[i] = (struct tsr_hw_insn){ .op = TSR_HW_VECTOR_POW, .dst = 15, .a = 3 };
	assert_null(vector_check(&head, constants, code, &on_f32, &program));
	assert_int_equal(program.weight, 32 * 16);
}

static unsigned int parameters_of(uint16_t const_p, uint64_t constant, uint16_t imm)
{
	const struct tsr_hw_vector head = { .insns = 1, .consts = 2, .const_p = const_p };
	const uint64_t constants[2] = { constant, 7 };
	const struct tsr_hw_insn code = { .op = TSR_HW_VECTOR_PARAMETER,
					  .type = TSR_HW_VECTOR_TYPE_I64, .imm = imm };
	struct vector_program program;

	assert_null(vector_check(&head, constants, &code, &on_f32, &program));
	return program.parameters;
}

static void the_highest_parameter_that_is_named_is_told(void **state)
{
	(void)state;
	assert_int_equal(parameters_of(0, 100, 3), 4);
	assert_int_equal(parameters_of(1, 100, 3), 101);
	assert_int_equal(parameters_of(2, 100, 3), 8);
	assert_int_equal(parameters_of(3, 5, 200), 201);
}

static void a_parameter_one_above_the_highest_so_far_is_told(void **state)
{
	(void)state;
	assert_int_equal(parameters_of(0, 100, 0), 1);
	assert_int_equal(parameters_of(1, 3, 4), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_defect_is_refused_and_named),
		cmocka_unit_test(the_same_without_the_defect_is_taken),
		cmocka_unit_test(a_program_without_instructions_costs_one_cycle_a_strip),
		cmocka_unit_test(the_largest_program_is_taken),
		cmocka_unit_test(the_highest_parameter_that_is_named_is_told),
		cmocka_unit_test(a_parameter_one_above_the_highest_so_far_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
