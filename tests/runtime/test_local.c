// SPDX-License-Identifier: MIT
/* libtessera and local memory: run in the guest, on an NPU that has some. */
#include "cmocka_prelude.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tessera.h>
#include <tessera_accel.h>

#include "npu.h"

#define WAIT_NS		60000000000ll
#define SIZE		5000001u	/* more than one piece of a copy */
#define ROWS		64
#define COLUMNS		64

static void what_was_written_is_read(void **state)
{
	unsigned char *in = malloc(SIZE), *out = calloc(1, SIZE);
	struct tsr_buffer *buffer;
	size_t i;

	(void)state;
	assert_non_null(in);
	assert_non_null(out);
	for (i = 0; i < SIZE; i++)
		in[i] = (unsigned char)(i * 7 >> 2);
	require(tsr_buffer_create_local(context, SIZE + 13, &buffer));
	assert_null(tsr_buffer_data(buffer));
	require(tsr_buffer_read(buffer, 0, out, SIZE));
	for (i = 0; i < SIZE; i++)
		assert_int_equal(out[i], 0);
	require(tsr_buffer_write(buffer, 13, in, SIZE));
	require(tsr_buffer_read(buffer, 13, out, SIZE));
	assert_memory_equal(in, out, SIZE);
	tsr_buffer_destroy(buffer);
	free(in);
	free(out);
}

static void nothing_is_copied_beyond_the_end(void **state)
{
	struct tsr_buffer *buffer;
	char bytes[8] = "abcdefg";

	(void)state;
	require(tsr_buffer_create_local(context, 4096, &buffer));
	assert_int_equal(tsr_buffer_write(buffer, 4089, bytes, 8), -EINVAL);
	assert_int_equal(tsr_buffer_read(buffer, SIZE_MAX, bytes, 8), -EINVAL);
	require(tsr_buffer_write(buffer, 4088, bytes, 8));
	require(tsr_buffer_write(buffer, 4096, bytes, 0));
	tsr_buffer_destroy(buffer);
}

static void shared_buffers_are_copied_too(void **state)
{
	struct tsr_buffer *buffer;
	char bytes[8] = { 0 };

	(void)state;
	require(tsr_buffer_create(context, 4096, &buffer));
	require(tsr_buffer_write(buffer, 100, "abcdefg", 8));
	assert_string_equal((char *)tsr_buffer_data(buffer) + 100, "abcdefg");
	require(tsr_buffer_read(buffer, 100, bytes, 8));
	assert_string_equal(bytes, "abcdefg");
	tsr_buffer_destroy(buffer);
}

static void more_than_there_is_is_refused(void **state)
{
	struct tsr_buffer *buffer;

	(void)state;
	assert_int_equal(tsr_buffer_create_local(context, (size_t)1 << 50, &buffer), -ENOSPC);
	assert_null(buffer);
}

/* Constants, scratch memory, two nodes at least. */
static struct tsr_program *compile(void)
{
	const struct tsr_tensor_info shape = { .type = TSR_FP32, .rank = 2,
					       .dim = { ROWS, COLUMNS } };
	static float weights[ROWS * COLUMNS];
	struct tsr_program *program;
	struct tsr_graph *graph;
	tsr_tensor x, w, y;
	size_t i;

	for (i = 0; i < ROWS * COLUMNS; i++)
		weights[i] = (float)(i % 7) - 3;
	require(tsr_graph_create("local", &graph));
	x = tsr_graph_input(graph, "x", &shape);
	w = tsr_graph_constant(graph, "w", &shape, weights,
			       sizeof(weights));
	y = tsr_graph_softmax(graph, tsr_graph_binary(graph, TSR_MUL, w, x, NULL), 2, NULL);
	y = tsr_graph_softmax(graph, tsr_graph_binary(graph, TSR_ADD, y, x, NULL), 1, NULL);
	require(tsr_graph_output(graph, "y", y));
	require(tsr_compile(graph, device, NULL, &program));
	tsr_graph_destroy(graph);
	return program;
}

/* Run the program with its input and output in either memory. */
static void run(const struct tsr_program *program,
		int (*create)(struct tsr_context *, size_t, struct tsr_buffer **), float *y)
{
	struct tsr_binding input = { 0 }, output = { 0 };
	float x[ROWS * COLUMNS];
	struct tsr_model *model;
	struct tsr_job *job;
	size_t i;

	for (i = 0; i < ROWS * COLUMNS; i++)
		x[i] = (float)(i % 11) / 4;
	require(tsr_model_load(context, program, &model));
	require(create(context, sizeof(x), &input.buffer));
	require(create(context, sizeof(x), &output.buffer));
	require(tsr_buffer_write(input.buffer, 0, x, sizeof(x)));
	require(tsr_job_submit(model, &input, &output, NULL, &job));
	require(tsr_job_wait(job, WAIT_NS));
	require(tsr_buffer_read(output.buffer, 0, y, sizeof(x)));
	tsr_job_destroy(job);
	tsr_buffer_destroy(input.buffer);
	tsr_buffer_destroy(output.buffer);
	tsr_model_unload(model);
}

static void models_give_the_same_there(void **state)
{
	struct tsr_context_options options = TSR_OPTIONS(tsr_context_options, .local = true);
	struct tsr_program *program = compile();
	static float shared[ROWS * COLUMNS], local[ROWS * COLUMNS];
	struct tsr_context *plain = context;

	(void)state;
	assert_true(tsr_program_scratch(program) > 0);
	run(program, tsr_buffer_create, shared);
	require(tsr_context_create(device, &options, &context));
	run(program, tsr_buffer_create_local, local);
	tsr_context_destroy(context);
	context = plain;
	assert_memory_equal(shared, local, sizeof(shared));
	tsr_program_destroy(program);
}

#define LOCAL_TEST(function) \
	cmocka_unit_test_setup_teardown(function, npu_open_context, npu_close_context)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOCAL_TEST(what_was_written_is_read),
		LOCAL_TEST(nothing_is_copied_beyond_the_end),
		LOCAL_TEST(shared_buffers_are_copied_too),
		LOCAL_TEST(more_than_there_is_is_refused),
		LOCAL_TEST(models_give_the_same_there),
	};

	return cmocka_run_group_tests(tests, npu_open_device, npu_close_device);
}
