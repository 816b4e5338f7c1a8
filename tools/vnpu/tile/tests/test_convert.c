/* SPDX-License-Identifier: MIT */
/* Conversions in bulk: each element as alone, and nothing behind the last one. */
#include "suite.h"

#include <string.h>

#include "bench.h"
#include "tile/convert.h"
#include "tile/tensor.h"

#define MOST	70u
#define FILL	0xa5

static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16,
				 TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT32 };

/* Room for one more, which has to stay as it is. */
union buffer {
	float values[MOST + 1];
	int32_t codes[MOST + 1];
	uint8_t bytes[(MOST + 1) * sizeof(float)];
};

static struct tensor tensor_of(unsigned int type)
{
	return (struct tensor){
		.type = (uint8_t)type,
		.zero = type == TSR_HW_TYPE_UINT8 ? 130 : type == TSR_HW_TYPE_INT8 ? -3 : 0,
		.scale = 0.25f,
	};
}

static void random_bytes(struct bench *bench, union buffer *buffer)
{
	for (size_t i = 0; i < sizeof(buffer->bytes); i++)
		buffer->bytes[i] = (uint8_t)bench_random(bench);
}

static void random_values(struct bench *bench, union buffer *buffer)
{
	for (size_t i = 0; i <= MOST; i++)
		buffer->values[i] = bench_uniform(bench, -50, 50);
}

static void expect_untouched(const union buffer *buffer, size_t from)
{
	for (size_t i = from; i < sizeof(buffer->bytes); i++)
		assert_int_equal(buffer->bytes[i], FILL);
}

static void loading_converts_each_element_and_no_more(void **state)
{
	struct bench bench = { .random = 1 };

	(void)state;
	for (size_t t = 0; t < sizeof(types); t++) {
		const struct tensor tensor = tensor_of(types[t]);

		for (size_t n = 0; n <= MOST; n++) {
			union buffer from, to;

			random_bytes(&bench, &from);
			memset(&to, FILL, sizeof(to));
			convert_load(&tensor, &from, to.values, n);
			expect_untouched(&to, n * sizeof(float));
			for (size_t i = 0; i < n; i++) {
				float alone;

				convert_load(&tensor, from.bytes + i * bench_size(types[t]), &alone, 1);
				assert_memory_equal(&to.values[i], &alone, sizeof(alone));
			}
		}
	}
}

static void quantizing_converts_each_value_and_no_more(void **state)
{
	struct bench bench = { .random = 2 };

	(void)state;
	for (size_t t = 0; t < sizeof(types); t++) {
		const struct tensor tensor = tensor_of(types[t]);
		size_t size = bench_size(types[t]);

		for (size_t n = 0; n <= MOST; n++) {
			union buffer from, to;

			random_values(&bench, &from);
			memset(&to, FILL, sizeof(to));
			convert_quantize(&tensor, from.values, &to, n);
			expect_untouched(&to, n * size);
			for (size_t i = 0; i < n; i++) {
				_Alignas(float) uint8_t alone[4];

				convert_quantize(&tensor, &from.values[i], alone, 1);
				assert_memory_equal(to.bytes + i * size, alone, size);
			}
		}
	}
}

/* Storing is quantizing of what the scale divides; values behind the last one stay too. */
static void storing_divides_by_the_scale_and_no_more(void **state)
{
	struct bench bench = { .random = 3 };

	(void)state;
	for (size_t t = 0; t < sizeof(types); t++) {
		const struct tensor tensor = tensor_of(types[t]);
		bool divided = bench_size(types[t]) == 1 || types[t] == TSR_HW_TYPE_INT32;

		for (size_t n = 0; n <= MOST; n++) {
			union buffer from, values, to, expected;

			random_values(&bench, &from);
			values = from;
			for (size_t i = 0; i < n && divided; i++)
				values.values[i] /= tensor.scale;
			memset(&to, FILL, sizeof(to));
			memset(&expected, FILL, sizeof(expected));
			convert_quantize(&tensor, values.values, &expected, n);
			convert_store(&tensor, from.values, &to, n);
			assert_memory_equal(&to, &expected, sizeof(to));
			assert_memory_equal(&from, &values, sizeof(from));
		}
	}
}

static void codes_are_those_of_the_type_and_no_more(void **state)
{
	struct bench bench = { .random = 4 };

	(void)state;
	for (size_t n = 0; n <= MOST; n++) {
		union buffer from, to;

		random_bytes(&bench, &from);
		memset(&to, FILL, sizeof(to));
		convert_codes(TSR_HW_TYPE_INT8, &from, to.codes, n);
		expect_untouched(&to, n * sizeof(int32_t));
		for (size_t i = 0; i < n; i++)
			assert_int_equal(to.codes[i], (int8_t)from.bytes[i]);
		convert_codes(TSR_HW_TYPE_UINT8, &from, to.codes, n);
		expect_untouched(&to, n * sizeof(int32_t));
		for (size_t i = 0; i < n; i++)
			assert_int_equal(to.codes[i], from.bytes[i]);
	}
}

static void flipping_moves_codes_by_128_and_no_more(void **state)
{
	struct bench bench = { .random = 5 };

	(void)state;
	for (size_t n = 0; n <= MOST; n++) {
		union buffer from, to;

		random_bytes(&bench, &from);
		to = from;
		convert_flip_sign(to.bytes, n);
		for (size_t i = 0; i < sizeof(to.bytes); i++)
			assert_int_equal(to.bytes[i], (uint8_t)(from.bytes[i] + (i < n ? 128 : 0)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loading_converts_each_element_and_no_more),
		cmocka_unit_test(quantizing_converts_each_value_and_no_more),
		cmocka_unit_test(storing_divides_by_the_scale_and_no_more),
		cmocka_unit_test(codes_are_those_of_the_type_and_no_more),
		cmocka_unit_test(flipping_moves_codes_by_128_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
