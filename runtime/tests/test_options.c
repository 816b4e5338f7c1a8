// SPDX-License-Identifier: MIT
/* Option structs of callers that know fewer or more members than the library. */
#include "cmocka_prelude.h"

#include <errno.h>
#include <string.h>

#include <tsr_hw/fuse.h>
#include <tessera-onnx.h>
#include <tessera.h>

#include "../compiler/compiler.h"
#include "../options.h"

/* Longer than any struct of this version by what a later version might add. */
struct bytes {
	union {
		size_t size;
		unsigned char byte[256];
	};
};

struct numbers {
	size_t size;
	uint32_t first;
	uint32_t second;
};

static int read_numbers(struct numbers *to, const void *from)
{
	return tsr_options_read(to, sizeof(*to), from, "numbers");
}

static void no_options_are_defaults(void **state)
{
	struct numbers to;

	(void)state;
	assert_int_equal(read_numbers(&to, NULL), 0);
	assert_int_equal(to.size, sizeof(to));
	assert_int_equal(to.first, 0);
	assert_int_equal(to.second, 0);
}

static void what_a_short_struct_lacks_is_zero(void **state)
{
	const struct numbers from = { offsetof(struct numbers, second), 1, 2 };
	struct numbers to;

	(void)state;
	assert_int_equal(read_numbers(&to, &from), 0);
	assert_int_equal(to.size, sizeof(to));
	assert_int_equal(to.first, 1);
	assert_int_equal(to.second, 0);
}

static void a_struct_of_this_version_is_taken_as_it_is(void **state)
{
	const struct numbers from = { sizeof(from), 1, 2 };
	struct numbers to;

	(void)state;
	assert_int_equal(read_numbers(&to, &from), 0);
	assert_memory_equal(&to, &from, sizeof(to));
}

/* The byte that decides is the last one, so that none is left out. */
static void a_longer_struct_may_only_be_zero_there(void **state)
{
	struct bytes from = { .size = sizeof(from) };
	struct numbers to;

	(void)state;
	assert_int_equal(read_numbers(&to, &from), 0);
	from.byte[sizeof(from) - 1] = 1;
	assert_int_equal(read_numbers(&to, &from), -E2BIG);
	assert_non_null(strstr(tsr_error(), "numbers"));
	from.byte[sizeof(from) - 1] = 0;
	from.byte[sizeof(to)] = 1;
	assert_int_equal(read_numbers(&to, &from), -E2BIG);
}

static void a_size_that_was_never_set_is_refused(void **state)
{
	const size_t sizes[] = { 0, sizeof(size_t) - 1, SIZE_MAX, 1 << 20 };
	struct bytes from = { 0 };
	struct numbers to;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		from.size = sizes[i];
		assert_int_equal(read_numbers(&to, &from), -EINVAL);
	}
	assert_non_null(strstr(tsr_error(), "TSR_OPTIONS"));
}

static int conv(const void *options)
{
	const struct tsr_tensor_info x = { .type = TSR_FP32, .rank = 4, .dim = { 1, 1, 4, 4 } };
	const struct tsr_tensor_info w = { .type = TSR_FP32, .rank = 4, .dim = { 1, 1, 1, 1 } };
	const float weight = 1;
	struct tsr_graph *graph;
	tsr_tensor out;

	assert_int_equal(tsr_graph_create("g", &graph), 0);
	out = tsr_graph_conv(graph, tsr_graph_input(graph, "x", &x),
			     tsr_graph_constant(graph, "w", &w, &weight, sizeof(weight)),
			     TSR_NO_TENSOR, options, NULL);
	tsr_graph_destroy(graph);
	return out < 0 ? out : 0;
}

static int pool(const void *options)
{
	const struct tsr_tensor_info x = { .type = TSR_FP32, .rank = 4, .dim = { 1, 1, 4, 4 } };
	struct tsr_graph *graph;
	tsr_tensor out;

	assert_int_equal(tsr_graph_create("g", &graph), 0);
	out = tsr_graph_pool(graph, tsr_graph_input(graph, "x", &x), TSR_POOL_MODE_MAX, options,
			     NULL);
	tsr_graph_destroy(graph);
	return out < 0 ? out : 0;
}

/* The graph has no precision that could be refused, and the fuses allow no type at all. */
static int compile(const void *options)
{
	const struct tsr_tensor_info x = { .type = TSR_INT32, .rank = 1, .dim = { 4 } };
	const struct tsr_hw_fuses fuses = { 0 };
	struct tsr_program *program;
	struct tsr_graph *graph;
	int error;

	assert_int_equal(tsr_graph_create("g", &graph), 0);
	assert_int_equal(tsr_graph_output(graph, "y", tsr_graph_input(graph, "x", &x)), 0);
	error = tsr_compile_for(graph, &fuses, options, &program);
	tsr_program_destroy(program);
	tsr_graph_destroy(graph);
	return error == -E2BIG || error == -EINVAL ? error : 0;
}

/* No model: options are looked at first. */
static int onnx(const void *options)
{
	struct tsr_graph *graph;
	int error = tsr_onnx_import("", 0, options, &graph);

	return error == -EBADMSG ? 0 : error;
}

/* Of every public function that takes options and needs no device. */
static void every_struct_is_checked(void **state)
{
	int (*const take[])(const void *options) = { conv, pool, compile, onnx };
	struct bytes from;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(take) / sizeof(take[0]); i++) {
		from = (struct bytes){ .size = sizeof(size_t) };
		assert_int_equal(take[i](&from), 0);
		from.size = sizeof(from);
		assert_int_equal(take[i](&from), 0);
		from.byte[sizeof(from) - 1] = 1;
		assert_int_equal(take[i](&from), -E2BIG);
		from = (struct bytes){ .size = 0 };
		assert_int_equal(take[i](&from), -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_options_are_defaults),
		cmocka_unit_test(what_a_short_struct_lacks_is_zero),
		cmocka_unit_test(a_struct_of_this_version_is_taken_as_it_is),
		cmocka_unit_test(a_longer_struct_may_only_be_zero_there),
		cmocka_unit_test(a_size_that_was_never_set_is_refused),
		cmocka_unit_test(every_struct_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
