/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <string.h>

#include "number/philox.h"
#include "random.h"

#define COUNT	67u

/* The known answers that the authors publish with their library, Random123. */
static void published_answers_are_given(void **state)
{
	static const struct {
		struct philox counter;
		uint32_t key[2];
		struct philox answer;
	} known[] = {
		{ { { 0, 0, 0, 0 } }, { 0, 0 },
		  { { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } } },
		{ { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff } },
		  { 0xffffffff, 0xffffffff },
		  { { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } } },
		{ { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 } },
		  { 0xa4093822, 0x299f31d0 },
		  { { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct philox got = philox_of(known[i].counter, known[i].key[0], known[i].key[1]);

		assert_memory_equal(&got, &known[i].answer, sizeof(got));
	}
}

/* Low words first, and the upper half of the counter 0. */
static void each_element_has_its_counter_key_and_word(void **state)
{
	int64_t counter[COUNT], key[COUNT], got[COUNT];
	uint64_t random = 3;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		counter[i] = (int64_t)random_next(&random);
		key[i] = (int64_t)random_next(&random);
	}
	for (unsigned int word = 0; word < 4; word++) {
		number_philox(counter, key, word, got, COUNT);
		for (size_t i = 0; i < COUNT; i++) {
			struct philox from = { { (uint32_t)counter[i],
						 (uint32_t)((uint64_t)counter[i] >> 32) } };
			struct philox want = philox_of(from, (uint32_t)key[i],
						       (uint32_t)((uint64_t)key[i] >> 32));

			assert_true(got[i] == (int64_t)want.word[word]);
		}
	}
}

static void results_may_replace_counters(void **state)
{
	int64_t values[COUNT], key[COUNT], apart[COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		values[i] = key[i] = (int64_t)i;
	number_philox(values, key, 1, apart, COUNT);
	number_philox(values, key, 1, values, COUNT);
	assert_memory_equal(values, apart, sizeof(values));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_answers_are_given),
		cmocka_unit_test(each_element_has_its_counter_key_and_word),
		cmocka_unit_test(results_may_replace_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
