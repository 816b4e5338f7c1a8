/* SPDX-License-Identifier: MIT */
/*
 * The library is used where it is right: results are the same without it, so nothing else
 * shows that a trial refuses a primitive that it should take.
 */
#include "suite.h"

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tile/host_caches.h"
#include "tile/onednn.h"
#include "tile/onednn_engine.h"
#include "tile/primitive.h"

#define MOST	4096

struct operands {
	float x[MOST];
	float w[MOST];
	uint8_t x_codes[MOST];
	int8_t w_codes[MOST];
	union {
		float d[MOST];
		int32_t sums[MOST];
	};
};

/* Small integers, exact in every type. */
static struct operands *make_operands(void)
{
	struct operands *operands = calloc(1, sizeof(*operands));

	assert_non_null(operands);
	for (int i = 0; i < MOST; i++) {
		operands->x_codes[i] = (uint8_t)(i * 7 % 11);
		operands->w_codes[i] = (int8_t)(i * 5 % 13 - 6);
		operands->x[i] = operands->x_codes[i];
		operands->w[i] = operands->w_codes[i];
	}
	return operands;
}

/* Without these the library saturates sums of two products in 16 bits, and is not taken. */
static bool has_integers(void)
{
	return __builtin_cpu_supports("avx512vnni") || __builtin_cpu_supports("avxvnni");
}

static const int64_t products[][3] = { { 1, 1, 1 }, { 3, 5, 7 }, { 16, 16, 16 }, { 2, 64, 33 },
				       { 33, 2, 64 } };

static void check_product(const int64_t *shape, const struct operands *operands, bool integers)
{
	for (int64_t i = 0; i < shape[0]; i++) {
		for (int64_t j = 0; j < shape[1]; j++) {
			int64_t sum = 0, at = i * shape[1] + j;

			for (int64_t k = 0; k < shape[2]; k++)
				sum += operands->x_codes[i * shape[2] + k] *
				       operands->w_codes[k * shape[1] + j];
			assert_true(integers ? operands->sums[at] == sum :
					       operands->d[at] == (float)sum);
		}
	}
}

static void products_are_the_librarys(void **state)
{
	struct operands *operands = make_operands();

	(void)state;
	for (unsigned int i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		const int64_t *shape = products[i];

		assert_int_equal(onednn_matmul(ONEDNN_F32, shape[0], shape[1], shape[2],
					       operands->x, operands->w, operands->d), 0);
		check_product(shape, operands, false);
		if (!has_integers())
			continue;
		assert_int_equal(onednn_matmul(ONEDNN_U8S8, shape[0], shape[1], shape[2],
					       operands->x_codes, operands->w_codes,
					       operands->sums), 0);
		check_product(shape, operands, true);
	}
	free(operands);
}

/* The columns beside them stay as they are. */
static void some_columns_are_the_librarys(void **state)
{
	enum { M = 16, N = 24, K = 8, PITCH = 40, FIRST = 10 };
	struct operands *operands = make_operands();

	(void)state;
	for (int i = 0; i < M * PITCH; i++)
		operands->d[i] = 0.5f;
	assert_int_equal(onednn_matmul_columns(ONEDNN_F32, M, N, K, PITCH, operands->x,
					       operands->w + FIRST, operands->d + FIRST), 0);
	for (int i = 0; i < M * PITCH; i++) {
		int column = i % PITCH;
		float sum = 0;

		for (int k = 0; k < K; k++)
			sum += operands->x[i / PITCH * K + k] * operands->w[k * PITCH + column];
		if (column < FIRST || column >= FIRST + N)
			sum = 0.5f;
		assert_true(operands->d[i] == sum);
	}
	free(operands);
}

/* As networks have them: 3 x 3 with padding, strides, groups. */
static const struct onednn_conv convs[] = {
	{ .images = 1, .channels = 16, .height = 6, .width = 7, .outputs = 16, .out_height = 6,
	  .out_width = 7, .kernel = { 3, 3 }, .stride = { 1, 1 }, .dilation = { 1, 1 },
	  .pad_before = { 1, 1 }, .pad_after = { 1, 1 }, .groups = 1 },
	{ .images = 1, .channels = 16, .height = 7, .width = 7, .outputs = 16, .out_height = 3,
	  .out_width = 3, .kernel = { 3, 3 }, .stride = { 2, 2 }, .dilation = { 1, 1 },
	  .groups = 1 },
};

static void convolutions_are_the_librarys(void **state)
{
	struct operands *operands = make_operands();

	(void)state;
	for (unsigned int i = 0; i < sizeof(convs) / sizeof(convs[0]); i++) {
		struct onednn_conv conv = convs[i];

		conv.product = ONEDNN_F32;
		assert_int_equal(onednn_convolve(&conv, operands->x, operands->w, operands->d), 0);
		conv.product = ONEDNN_U8S8;
		if (has_integers())
			assert_int_equal(onednn_convolve(&conv, operands->x_codes,
							 operands->w_codes, operands->sums), 0);
	}
	free(operands);
}

static struct onednn_conv pointwise(enum onednn_product product, int64_t channels, int64_t outputs,
				    int64_t size)
{
	return (struct onednn_conv){
		.product = product, .images = 1, .channels = channels, .height = size,
		.width = size,
		.outputs = outputs, .out_height = size, .out_width = size, .kernel = { 1, 1 },
		.stride = { 1, 1 }, .dilation = { 1, 1 }, .groups = 1,
	};
}

/* All of ResNet-50's: the library's plans for some of them have ended processes. */
static void those_of_one_tap_are_taken_where_the_host_tells_of_its_caches(void **state)
{
	static const int64_t channels[] = { 32, 64, 256, 512, 1024, 2048 };
	uint64_t packed;

	(void)state;
	for (int i = 0; i < 6; i++) {
		for (int k = 0; k < 6; k++) {
			struct onednn_conv conv = pointwise(ONEDNN_F32, channels[i], channels[k],
							    14);

			assert_int_equal(onednn_find_conv(&conv, &packed),
					 host_caches_hidden() ? -ENOTSUP : 0);
			conv.product = ONEDNN_U8S8;
			if (has_integers() && !host_caches_hidden())
				assert_int_equal(onednn_find_conv(&conv, &packed), 0);
		}
	}
}

static void caches_suffice_from_four_kilobytes_for_each_that_shares_them(void **state)
{
	const uint32_t line = 63, ways_12 = 11u << 22, ways_8 = 7u << 22, sets = 63;

	(void)state;
	/* Zen 5, Zen 2, and what hypervisors give. */
	assert_true(host_caches_suffice(0x4121, ways_12 | line, sets));
	assert_true(host_caches_suffice(0x4121, ways_8 | line, sets));
	assert_false(host_caches_suffice(0, 0, 0));
	/* 32 KiB for eight, for nine, and less for one. */
	assert_true(host_caches_suffice(7u << 14, ways_8 | line, sets));
	assert_false(host_caches_suffice(8u << 14, ways_8 | line, sets));
	assert_true(host_caches_suffice(0, line, sets));
	assert_false(host_caches_suffice(0, line, sets - 1));
	/* Two partitions make two of them. */
	assert_true(host_caches_suffice(0, 1u << 12 | line, sets / 2));
}

static size_t bytes_in_use(void)
{
	return mallinfo2().uordblks;
}

static void make_and_release(const struct primitive_key *key, int expected)
{
	struct primitive primitive;

	assert_int_equal(primitive_make(&primitive, key), expected);
	primitive_release(&primitive);
}

/*
 * Once the library has what it keeps by itself. Where malloc() is the
 * sanitizers', they look for leaks.
 */
static void expect_released(const struct primitive_key *key, int expected)
{
	const size_t rounds = 200, least_leak = 16;
	size_t before;

	make_and_release(key, expected);
	make_and_release(key, expected);
	before = bytes_in_use();
	for (size_t i = 0; i < rounds; i++)
		make_and_release(key, expected);
	assert_true(bytes_in_use() < before + rounds * least_leak);
}

static void what_a_primitive_is_made_of_is_released_with_it(void **state)
{
	const struct onednn_conv conv = pointwise(ONEDNN_F32, 64, 64, 14);
	struct onednn_conv three = conv, large = conv;
	struct primitive_key key = { .kind = ONEDNN_F32, .shape = { 3, 5, 7 } };

	(void)state;
	expect_released(&key, 0);
	key = (struct primitive_key){ .kind = PRIMITIVE_CONV };
	three.kernel[0] = three.kernel[1] = 3;
	three.pad_before[0] = three.pad_before[1] = three.pad_after[0] = three.pad_after[1] = 1;
	memcpy(key.shape, &three, sizeof(three));
	expect_released(&key, 0);
	/* Weights of 2^28 bytes are packed into too many. */
	large = three;
	large.channels = large.outputs = 1 << 13;
	memcpy(key.shape, &large, sizeof(large));
	expect_released(&key, -ENOTSUP);
	/* No padding makes so many outputs. */
	large = three;
	large.out_height++;
	memcpy(key.shape, &large, sizeof(large));
	expect_released(&key, -ENOTSUP);
	/* Windows apart from each other are left to others. */
	three.stride[0] = 4;
	memcpy(key.shape, &three, sizeof(three));
	expect_released(&key, -ENOTSUP);
}

/* The first test, since the engine has the name made, too. */
static void it_has_a_name_before_it_is_used(void **state)
{
	(void)state;
	assert_memory_equal(onednn_name(), "oneDNN ", 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_a_name_before_it_is_used),
		cmocka_unit_test(products_are_the_librarys),
		cmocka_unit_test(some_columns_are_the_librarys),
		cmocka_unit_test(convolutions_are_the_librarys),
		cmocka_unit_test(caches_suffice_from_four_kilobytes_for_each_that_shares_them),
		cmocka_unit_test(what_a_primitive_is_made_of_is_released_with_it),
		cmocka_unit_test(those_of_one_tap_are_taken_where_the_host_tells_of_its_caches),
	};

	return cmocka_run_group_tests_name("tile: the library is used", tests, NULL, NULL);
}
