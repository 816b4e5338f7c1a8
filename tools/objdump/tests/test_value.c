// SPDX-License-Identifier: MIT
/* Numbers as words and back, with every enumeration, flags and fields of the contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <tsr_hw/decode.h>

#include "value.h"

static const uint64_t numbers[] = {
	0, 1, 2, 3, 0x10, 0xff, 0xffff, 0x10000, 0x12345678, 0xffffffff, 0xfedcba9876543210, ~0ull,
};

#define NUMBERS	(sizeof(numbers) / sizeof(numbers[0]))

static char *word_of(const struct tsr_hw_meaning *meaning, uint64_t value)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	value_print(out, meaning, value);
	fclose(out);
	return text;
}

static void expect_back(const struct tsr_hw_meaning *meaning, uint64_t value)
{
	char *text = word_of(meaning, value);
	uint64_t back;

	assert_true(value_parse(text, meaning, &back));
	assert_true(back == value);
	free(text);
}

static void every_number_comes_back_from_its_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUMBERS; i++)
		expect_back(NULL, numbers[i]);
	for (size_t m = 0; m < tsr_hw_meaning_count; m++) {
		const struct tsr_hw_meaning *meaning = tsr_hw_meanings[m];

		for (size_t i = 0; i < NUMBERS; i++)
			expect_back(meaning, numbers[i]);
		for (size_t i = 0; i < meaning->count; i++)
			expect_back(meaning, meaning->names[i].value);
	}
}

static void expect_word(const char *meaning, uint64_t value, const char *word)
{
	char *text = word_of(meaning ? tsr_hw_find_meaning(meaning) : NULL, value);

	assert_string_equal(text, word);
	free(text);
}

static void words_are_names_bits_or_digits(void **state)
{
	(void)state;
	expect_word(NULL, 65535, "65535");
	expect_word(NULL, 65536, "0x10000");
	expect_word("TYPE", 1, "FP32");
	expect_word("TYPE", 99, "99");
	expect_word("SLOT", 0, "0");
	expect_word("SLOT", 3, "READ|WRITE");
	expect_word("SLOT", 0x101, "READ|256");
	expect_word("PTE", 0x43, "VALID|READ|APERTURE:2");
}

static void what_is_no_word_is_refused(void **state)
{
	static const char *const words[] = {
		"", "-1", "+1", " 1", "1 ", "0x", "0xg", "1x", "18446744073709551616", "fp32",
		"FP33", "READ|", "|READ", "READ||WRITE", "APERTURE:4", "APERTURE:", "APERTURE:x",
		"READ:2",
	};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_false(value_parse(words[i], NULL, &value));
		assert_false(value_parse(words[i], tsr_hw_find_meaning("TYPE"), &value));
		assert_false(value_parse(words[i], tsr_hw_find_meaning("PTE"), &value));
	}
}

static const struct tsr_hw_member *member_named(const char *structure, const char *name)
{
	const struct tsr_hw_structure *found = tsr_hw_find(structure);

	for (size_t i = 0; i < found->member_count; i++)
		if (!strcmp(found->members[i].name, name))
			return &found->members[i];
	fail_msg("%s has no member %s", structure, name);
	return NULL;
}

/* An element of a member, as a word and back. */
static void expect_element(const char *structure, const char *name, uint64_t value,
			   const char *word)
{
	const struct tsr_hw_member *member = member_named(structure, name);
	uint64_t back;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	value_print_element(out, member, value);
	fclose(out);
	assert_string_equal(text, word);
	assert_true(value_parse_element(text, member, &back));
	assert_true(back == value);
	free(text);
}

static void parameters_are_numbers_behind_a_dollar(void **state)
{
	(void)state;
	expect_element("fill", "size", 0x4000000000000000, "$0");
	expect_element("fill", "size", 0x40000000000000ff, "$255");
	expect_element("fill", "size", 0x4000000000000100, "0x4000000000000100");
	expect_element("fill", "size", 0xc000000000000001, "0xc000000000000001");
	expect_element("fill", "size", 255, "255");
	expect_element("tensor", "dim", 0x80000007, "$7");
	expect_element("tensor", "dim", 0x80000100, "0x80000100");
	expect_element("tensor", "dim", 7, "7");
}

static void where_no_parameter_may_stand_none_is_read_or_written(void **state)
{
	static const char *const words[] = { "$", "$256", "$-1", "$x", "$1x", "$$1", "1$" };
	uint64_t value;

	(void)state;
	expect_element("fill", "value", 0x4000000000000003, "0x4000000000000003");
	assert_false(value_parse_element("$3", member_named("fill", "value"), &value));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_false(value_parse_element(words[i], member_named("fill", "size"), &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_comes_back_from_its_word),
		cmocka_unit_test(words_are_names_bits_or_digits),
		cmocka_unit_test(what_is_no_word_is_refused),
		cmocka_unit_test(parameters_are_numbers_behind_a_dollar),
		cmocka_unit_test(where_no_parameter_may_stand_none_is_read_or_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
