/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "random.h"
#include "time/window.h"

/* The inputs from the first tap to the last, by looking at every place of the dilated input. */
static struct range looked_up(const struct window *window, struct range outputs, int64_t inputs)
{
	int64_t first = (int64_t)outputs.start * window->stride - window->before;
	int64_t last = (int64_t)(outputs.start + outputs.size - 1) * window->stride -
		       window->before + (int64_t)(window->kernel - 1) * window->dilation;
	int64_t low = inputs, high = -1;

	for (int64_t at = first; at <= last; at++) {
		int64_t input = at / window->input_dilation;

		if (at < 0 || at % window->input_dilation || input >= inputs)
			continue;
		low = input < low ? input : low;
		high = input > high ? input : high;
	}
	if (high < 0)
		return (struct range){ 0, 0 };
	return (struct range){ (uint64_t)low, (uint64_t)(high - low + 1) };
}

static void hits_are_those_of_looking_at_every_place(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct window window = {
			.kernel = 1 + random_next(&random) % 5,
			.stride = 1 + random_next(&random) % 4,
			.dilation = 1 + random_next(&random) % 3,
			.input_dilation = 1 + random_next(&random) % 4,
			.before = (int64_t)(random_next(&random) % 12) - 4,
		};
		struct range outputs = { random_next(&random) % 20, 1 + random_next(&random) % 9 };
		uint64_t inputs = 1 + random_next(&random) % 20;
		struct range found = window_hit(&window, outputs, inputs);
		struct range wanted = looked_up(&window, outputs, (int64_t)inputs);

		assert_int_equal(found.size, wanted.size);
		assert_int_equal(found.start, wanted.start);
	}
}

static void windows_wholly_in_padding_hit_nothing(void **state)
{
	struct window window = { .kernel = 2, .stride = 1, .dilation = 1, .input_dilation = 1,
				 .before = 5 };

	(void)state;
	assert_int_equal(window_hit(&window, (struct range){ 0, 4 }, 8).size, 0);
	assert_int_equal(window_hit(&window, (struct range){ 0, 5 }, 8).size, 1);
}

static void windows_of_any_size_take_no_longer(void **state)
{
	struct window window = { .kernel = 1u << 30, .stride = 1, .dilation = 1,
				 .input_dilation = 1u << 30, .before = 5 };

	(void)state;
	assert_int_equal(window_hit(&window, (struct range){ 0, 4 }, 8).size, 1);
	assert_int_equal(window_hit(&window, (struct range){ 0, 10 }, 8).size, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_are_those_of_looking_at_every_place),
		cmocka_unit_test(windows_wholly_in_padding_hit_nothing),
		cmocka_unit_test(windows_of_any_size_take_no_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
