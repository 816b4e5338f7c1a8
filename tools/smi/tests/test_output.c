// SPDX-License-Identifier: MIT
/* What tessera-smi makes of a device's own bytes, and of members that are not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "smi.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define REPLACED	"\xef\xbf\xbd"

static void expect_made(const char *bytes, size_t size, const char *expected)
{
	struct json_object *string = smi_string(bytes, size);

	assert_string_equal(json_object_get_string(string), expected);
	assert_int_equal(json_object_get_string_len(string), strlen(expected));
	json_object_put(string);
}

static void text_is_kept_up_to_its_end(void **state)
{
	(void)state;
	expect_made("Tessera Edge", 12, "Tessera Edge");
	expect_made("Tessera Edge", 7, "Tessera");
	expect_made("Tessera\0Edge", 12, "Tessera");
	expect_made("", 0, "");
	expect_made(" ~", 2, " ~");
}

/* The first and the last code of each length, and of each gap between them. */
static void every_code_that_may_be_shown_is_kept(void **state)
{
	static const char *const kept[] = {
		"\x20", "\x7e", "\xc2\xa0", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(kept); i++)
		expect_made(kept[i], strlen(kept[i]), kept[i]);
}

static void control_characters_are_replaced(void **state)
{
	(void)state;
	expect_made("a\x1f" "b", 3, "a" REPLACED "b");
	expect_made("a\x01\x7f" "b", 4, "a" REPLACED REPLACED "b");
	expect_made("\xc2\x80", 2, REPLACED REPLACED);
	expect_made("\xc2\x9f", 2, REPLACED REPLACED);
}

/*
 * One replacement for each byte: too long a form, surrogates, past the last code, no start, no end.
 */
static void bytes_that_are_not_utf8_are_replaced_one_by_one(void **state)
{
	static const struct {
		const char *bytes;
		const char *expected;
	} cases[] = {
		{ "\xc1\xbf", REPLACED REPLACED },
		{ "\xe0\x9f\xbf", REPLACED REPLACED REPLACED },
		{ "\xed\xa0\x80", REPLACED REPLACED REPLACED },
		{ "\xed\xbf\xbf", REPLACED REPLACED REPLACED },
		{ "\xf0\x8f\xbf\xbf", REPLACED REPLACED REPLACED REPLACED },
		{ "\xf4\x90\x80\x80", REPLACED REPLACED REPLACED REPLACED },
		{ "\xf5\x80\x80\x80", REPLACED REPLACED REPLACED REPLACED },
		{ "\x80" "a", REPLACED "a" },
		{ "\xc3" "a", REPLACED "a" },
		{ "\xe2\x82" "a", REPLACED REPLACED "a" },
		{ "\xff", REPLACED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		expect_made(cases[i].bytes, strlen(cases[i].bytes), cases[i].expected);
}

static void sequence_cut_off_by_the_end_is_replaced(void **state)
{
	(void)state;
	expect_made("a\xe2\x82\xac", 3, "a" REPLACED REPLACED);
	expect_made("a\xe2\x82\xac", 4, "a\xe2\x82\xac");
}

static void absent_members_are_empty_or_zero(void **state)
{
	struct json_object *document = smi_document("name", json_object_new_string("edge"));

	(void)state;
	json_object_object_add(document, "clock", json_object_new_double(1.5));
	assert_true(smi_number(document, "schema") == 1);
	assert_string_equal(smi_text(document, "name"), "edge");
	assert_true(smi_number(document, "clock") == 1.5);
	assert_string_equal(smi_text(document, "path"), "");
	assert_true(smi_number(document, "path") == 0);
	json_object_put(document);
}

static void bytes_become_two_digits_each(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x0f, 0xa5, 0xff };
	char text[2 * sizeof(bytes) + 1];

	(void)state;
	smi_hex(bytes, sizeof(bytes), text);
	assert_string_equal(text, "000fa5ff");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_kept_up_to_its_end),
		cmocka_unit_test(every_code_that_may_be_shown_is_kept),
		cmocka_unit_test(control_characters_are_replaced),
		cmocka_unit_test(bytes_that_are_not_utf8_are_replaced_one_by_one),
		cmocka_unit_test(sequence_cut_off_by_the_end_is_replaced),
		cmocka_unit_test(absent_members_are_empty_or_zero),
		cmocka_unit_test(bytes_become_two_digits_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
