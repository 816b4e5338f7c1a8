/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <string.h>

#include "number/nibble.h"

#define MOST	70u

static void the_lower_index_is_in_the_low_half(void **state)
{
	const uint8_t packed[] = { 0x21, 0xf3 };
	uint8_t unpacked[4];

	(void)state;
	number_unpack4(packed, unpacked, 4);
	assert_memory_equal(unpacked, ((uint8_t[]){ 1, 2, 3, 15 }), 4);
}

/* For each length, also odd ones, and no byte behind the end. */
static void packing_is_the_reverse(void **state)
{
	uint8_t elements[MOST], packed[MOST], back[MOST + 1];

	(void)state;
	for (size_t i = 0; i < MOST; i++)
		elements[i] = (uint8_t)(i * 37 + 5);
	for (size_t n = 0; n <= MOST; n++) {
		memset(packed, 0xee, sizeof(packed));
		memset(back, 0xee, sizeof(back));
		number_pack4(elements, packed, n);
		number_unpack4(packed, back, n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(back[i], elements[i] & 0xf);
		assert_int_equal(back[n], 0xee);
		if (n < MOST)
			assert_int_equal(packed[(n + 1) / 2], 0xee);
		if (n % 2)
			assert_int_equal(packed[n / 2] >> 4, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lower_index_is_in_the_low_half),
		cmocka_unit_test(packing_is_the_reverse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
