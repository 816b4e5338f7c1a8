/* SPDX-License-Identifier: MIT */
/* Where in a text a member or an element stands. Texts lie in memory that ends with them. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "guarded.h"
#include "tile/json_place.h"

/* Of a whole number of cache lines, so that the first byte behind it cannot be read. */
static char *text_of(const char *json)
{
	size_t size = (strlen(json) / 64 + 1) * 64;
	char *text = guarded_get(size);

	memset(text, ' ', size);
	strcpy(text + size - strlen(json) - 1, json);
	return text;
}

static size_t begin_of(const char *text)
{
	return strspn(text, " ");
}

/* Member "c" of an object is the last "c" of its text. */
static void expect_last(const char *json)
{
	char *text = text_of(json);
	size_t at = json_place_member(text, begin_of(text), "c");
	const char *last = text;

	for (const char *next = text; (next = strstr(next, "\"c\"")); next++)
		last = next;
	assert_ptr_equal(text + at, last);
	guarded_put(text);
}

static void a_member_is_found_behind_values_that_have_one_of_its_name(void **state)
{
	(void)state;
	expect_last("{\"c\": 1}");
	expect_last("{ \"a\" : \"c\",\n\t\"cc\": 2, \"b\": {\"c\": [1, {\"c\": 2}]}, \"c\": 3 }");
	expect_last("{\"a\": [\"]\", \"c\", [\"c\"]], \"c\": 3}");
}

static void a_quote_behind_a_backslash_does_not_end_a_string(void **state)
{
	(void)state;
	expect_last("{\"a\": \"1\\\", \\\"c\\\": 2\", \"c\": 3}");
	expect_last("{\"a\": \"\\\\\", \"c\": 3}");
	expect_last("{\"a\\\"\": \"\\\\\\\"\", \"c\": 3}");
}

static void a_member_that_is_not_there_is_its_object(void **state)
{
	static const char *const texts[] = {
		"{}", "{\"a\": {\"c\": 1}}", "{\"a\": [\"c\"]}", "{\"a\": \"c", "{\"a\": \"\\",
		"{\"a\":", "{\"a\"", "{\"", "{", "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *text = text_of(texts[i]);

		assert_int_equal(json_place_member(text, begin_of(text), "c"), begin_of(text));
		guarded_put(text);
	}
}

static void the_value_of_a_member_is_behind_its_colon(void **state)
{
	char *text = text_of("{\"a\\\"\" :\t7}");

	(void)state;
	assert_int_equal(text[json_place_value(text, begin_of(text) + 1)], '7');
	guarded_put(text);
}

static void an_element_is_found_by_its_number(void **state)
{
	char *text = text_of("[ \"1],\\\"\" , [2, 3], {\"a\": [4, 5]},6 ]");
	static const char first[] = "\"[{6]]";

	(void)state;
	for (size_t i = 0; i < sizeof(first) - 1; i++)
		assert_int_equal(text[json_place_element(text, begin_of(text), i)], first[i]);
	guarded_put(text);
}

static void lines_are_counted_from_one(void **state)
{
	static const char text[] = "a\nb\n\nc";

	(void)state;
	assert_int_equal(json_place_line(text, 0), 1);
	assert_int_equal(json_place_line(text, 1), 1);
	assert_int_equal(json_place_line(text, 2), 2);
	assert_int_equal(json_place_line(text, 5), 4);
	assert_int_equal(json_place_line(text, 100), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_is_found_behind_values_that_have_one_of_its_name),
		cmocka_unit_test(a_quote_behind_a_backslash_does_not_end_a_string),
		cmocka_unit_test(a_member_that_is_not_there_is_its_object),
		cmocka_unit_test(the_value_of_a_member_is_behind_its_colon),
		cmocka_unit_test(an_element_is_found_by_its_number),
		cmocka_unit_test(lines_are_counted_from_one),
	};

	return cmocka_run_group_tests_name("tile: places in a text", tests, NULL, NULL);
}
