/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "time/strips.h"

static const struct time_class class = { .vector_operations = 16 };

static void strips_of_an_epilogue_are_those_of_its_elements(void **state)
{
	struct program program = { .present = true, .weight = 3 }, none = { 0 };

	/* 100 elements are seven strips of 16. */
	(void)state;
	assert_int_equal(strips_linear(&class, &program, 100), 21);
	assert_int_equal(strips_linear(&class, &none, 100), 0);
}

static void dense_dimensions_merge(void **state)
{
	struct program program = { .present = true, .weight = 1 };
	struct operand d = { .rank = 3, .stride = { 30, 6, 1 } };
	uint64_t size[] = { 4, 5, 6 };

	/* 120 elements in one piece: eight strips. */
	(void)state;
	assert_int_equal(strips_box(&class, &program, &d, size), 8);
}

static void a_gap_ends_a_strip(void **state)
{
	struct program program = { .present = true, .weight = 2 };
	struct operand d = { .rank = 3, .stride = { 64, 6, 1 } };
	uint64_t size[] = { 4, 5, 6 };

	/* Four pieces of 30 elements: two strips each. */
	(void)state;
	assert_int_equal(strips_box(&class, &program, &d, size), 16);
}

static void every_operand_has_to_be_contiguous(void **state)
{
	struct program program = {
		.present = true, .weight = 1, .inputs = 1,
		.input = { { .rank = 2, .stride = { 0, 1 } } },
	};
	struct operand d = { .rank = 2, .stride = { 20, 1 } };
	uint64_t size[] = { 4, 20 };

	/*
	 * The input's row is broadcast: two strips a row. A row without it is dense: five strips.
	 */
	(void)state;
	assert_int_equal(strips_box(&class, &program, &d, size), 8);
	program.input[0].stride[1] = 0;
	assert_int_equal(strips_box(&class, &program, &d, size), 5);
}

static void dimensions_of_one_element_do_not_part_others(void **state)
{
	struct program program = { .present = true, .weight = 1 };
	struct operand d = { .rank = 4, .stride = { 8, 1000, 1, 77 } };
	uint64_t size[] = { 4, 1, 8, 1 }, one[] = { 1, 1, 1, 1 };

	(void)state;
	assert_int_equal(strips_box(&class, &program, &d, size), 2);
	assert_int_equal(strips_box(&class, &program, &d, one), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strips_of_an_epilogue_are_those_of_its_elements),
		cmocka_unit_test(dense_dimensions_merge),
		cmocka_unit_test(a_gap_ends_a_strip),
		cmocka_unit_test(every_operand_has_to_be_contiguous),
		cmocka_unit_test(dimensions_of_one_element_do_not_part_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
