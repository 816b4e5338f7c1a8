// SPDX-License-Identifier: MIT
/* libtessera on a real device: run in the guest, against driver, firmware and NPU. */
#include "cmocka_prelude.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tsr_hw/error.h>
#include <tessera.h>
#include <tessera_accel.h>

#include <linux/sync_file.h>
#include <xf86drm.h>

#include "npu.h"

#define WAIT_NS		60000000000ll
#define ROWS		3
#define COLUMNS		4

/* y = 2 * x */
static struct tsr_program *compile_doubling(void)
{
	const struct tsr_tensor_info shape = { .type = TSR_FP32, .rank = 2,
					       .dim = { ROWS, COLUMNS } };
	struct tsr_program *program;
	struct tsr_graph *graph;
	tsr_tensor x;

	require(tsr_graph_create("double", &graph));
	x = tsr_graph_input(graph, "x", &shape);
	require(tsr_graph_output(graph, "y", tsr_graph_binary(graph, TSR_ADD, x, x, NULL)));
	require(tsr_compile(graph, device, NULL, &program));
	tsr_graph_destroy(graph);
	return program;
}

/* A model, and buffers for @repeat repetitions of it. */
struct session {
	struct tsr_program *program;
	struct tsr_model *model;
	struct tsr_binding input;
	struct tsr_binding output;
};

static void begin(struct session *s, uint32_t repeat)
{
	size_t size = ROWS * COLUMNS * sizeof(float), i;

	s->program = compile_doubling();
	require(tsr_model_load(context, s->program, &s->model));
	s->input = (struct tsr_binding){ .stride = size };
	s->output = (struct tsr_binding){ .stride = size };
	require(tsr_buffer_create(context, size * repeat, &s->input.buffer));
	require(tsr_buffer_create(context, size * repeat, &s->output.buffer));
	for (i = 0; i < ROWS * COLUMNS * repeat; i++)
		((float *)tsr_buffer_data(s->input.buffer))[i] = (float)i;
}

static void end(struct session *s)
{
	tsr_buffer_destroy(s->input.buffer);
	tsr_buffer_destroy(s->output.buffer);
	tsr_model_unload(s->model);
	tsr_program_destroy(s->program);
}

static void assert_doubled(const struct session *s, uint32_t repeat)
{
	const float *y = tsr_buffer_data(s->output.buffer);
	size_t i;

	for (i = 0; i < ROWS * COLUMNS * repeat; i++)
		assert_true(y[i] == 2 * (float)i);
}

static void facts_of_the_device_make_sense(void **state)
{
	const struct drm_tessera_query_hw *hw = tsr_device_hw(device);

	(void)state;
	assert_true(hw->clock_khz > 0);
	assert_true(tsr_device_limits(device)->max_nodes > 0);
	assert_true(tsr_device_firmware(device)->abi > 0);
	assert_true(tsr_device_peak_tops(device, TSR_INT8) > 0);
}

static void a_device_that_is_not_there_is_named(void **state)
{
	struct tsr_device *none;

	(void)state;
	assert_int_equal(tsr_device_open(4000, &none), -ENOENT);
	assert_non_null(strstr(tsr_error(), "/dev/accel/accel4000"));
	assert_null(none);
}

static void buffers_start_zeroed(void **state)
{
	struct tsr_buffer *buffer;
	size_t i;

	(void)state;
	require(tsr_buffer_create(context, 100000, &buffer));
	assert_true(tsr_buffer_size(buffer) >= 100000);
	for (i = 0; i < tsr_buffer_size(buffer); i++)
		assert_int_equal(((uint8_t *)tsr_buffer_data(buffer))[i], 0);
	tsr_buffer_destroy(buffer);
}

static void a_job_computes(void **state)
{
	struct session s;
	struct tsr_job *job;

	(void)state;
	begin(&s, 1);
	require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job));
	require(tsr_job_wait(job, WAIT_NS));
	assert_doubled(&s, 1);
	tsr_job_destroy(job);
	end(&s);
}

static int unseal(uint32_t number)
{
	struct drm_tessera_program_unseal args = { .program_id = number };

	return ioctl(tsr_device_fd(device), DRM_IOCTL_TESSERA_PROGRAM_UNSEAL, &args) ? -errno : 0;
}

static void a_model_is_sealed_as_long_as_it_is_loaded(void **state)
{
	struct session s;
	struct tsr_job *job;

	(void)state;
	begin(&s, 1);
	/* The first of the file: behind the library's back it is gone. */
	assert_int_equal(unseal(1), 0);
	assert_int_equal(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job), -ENOENT);
	end(&s);
	begin(&s, 1);
	end(&s);
	assert_int_equal(unseal(1), -ENOENT);
}

static void repetitions_move_through_the_buffers(void **state)
{
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .repeat = 50);
	struct session s;
	struct tsr_job *job;

	(void)state;
	begin(&s, 50);
	require(tsr_job_submit(s.model, &s.input, &s.output, &options, &job));
	require(tsr_job_wait(job, WAIT_NS));
	assert_doubled(&s, 50);
	tsr_job_destroy(job);
	end(&s);
}

#define DEPTH		700

/* y = x w: one sum of many products. */
static struct tsr_program *compile_sum(const float *weights)
{
	const struct tsr_tensor_info x = { .type = TSR_FP32, .rank = 2, .dim = { 1, DEPTH } };
	const struct tsr_tensor_info w = { .type = TSR_FP32, .rank = 2, .dim = { DEPTH, 1 } };
	struct tsr_program *program;
	struct tsr_graph *graph;
	tsr_tensor a, b;

	require(tsr_graph_create("sum", &graph));
	a = tsr_graph_input(graph, "x", &x);
	b = tsr_graph_constant(graph, "w", &w, weights, DEPTH * sizeof(float));
	require(tsr_graph_output(graph, "y",
				 tsr_graph_gemm(graph, a, b, false, TSR_NO_TENSOR, NULL)));
	require(tsr_compile(graph, device, NULL, &program));
	tsr_graph_destroy(graph);
	return program;
}

static void a_strict_job_adds_in_ascending_order(void **state)
{
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .strict = true);
	struct session s = { .input = { .stride = 0 }, .output = { .stride = 0 } };
	float weights[DEPTH], *x, sum = 0;
	struct tsr_job *job;
	size_t i;

	(void)state;
	for (i = 0; i < DEPTH; i++)
		weights[i] = ldexpf((float)(i * 7919 % 1013) / 1013 - 0.5f,
				    (int)(i * 31 % 20) - 10);
	s.program = compile_sum(weights);
	require(tsr_model_load(context, s.program, &s.model));
	require(tsr_buffer_create(context, sizeof(weights), &s.input.buffer));
	require(tsr_buffer_create(context, sizeof(sum), &s.output.buffer));
	x = tsr_buffer_data(s.input.buffer);
	for (i = 0; i < DEPTH; i++) {
		x[i] = (float)(i * 6151 % 997) / 997 - 0.5f;
		sum = fmaf(x[i], weights[i], sum);
	}
	require(tsr_job_submit(s.model, &s.input, &s.output, &options, &job));
	require(tsr_job_wait(job, WAIT_NS));
	assert_memory_equal(tsr_buffer_data(s.output.buffer), &sum, sizeof(sum));
	tsr_job_destroy(job);
	end(&s);
}

/* A part of a burst that is written costs all of it (manual, section 8.2). */
static size_t bytes_of_bursts(size_t offset, size_t bytes)
{
	return ((offset + bytes + 63) / 64 - offset / 64) * 64;
}

static void a_profile_has_a_record_per_repetition(void **state)
{
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .repeat = 5,
							.profile = true);
	const struct tsr_node_profile *record;
	struct session s;
	struct tsr_job *job;
	size_t count, i;

	(void)state;
	begin(&s, 5);
	require(tsr_job_submit(s.model, &s.input, &s.output, &options, &job));
	require(tsr_job_wait(job, WAIT_NS));
	record = tsr_job_profile(job, &count);
	assert_int_equal(count, 5);
	for (i = 0; i < count; i++) {
		assert_int_equal(record[i].node, 0);
		assert_int_equal(record[i].repetition, i);
		assert_true(record[i].start < record[i].end);
		assert_int_equal(record[i].bytes_written,
				 bytes_of_bursts(i * s.output.stride, s.output.stride));
	}
	tsr_job_destroy(job);
	end(&s);
}

static void a_profile_counts_results_that_are_no_finite_numbers(void **state)
{
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .profile = true);
	const struct tsr_node_profile *record;
	struct session s;
	struct tsr_job *job;
	size_t count;
	float *x;

	(void)state;
	begin(&s, 1);
	x = tsr_buffer_data(s.input.buffer);
	x[2] = FLT_MAX;
	x[4] = -FLT_MAX;
	x[5] = -INFINITY;
	x[11] = NAN;
	require(tsr_job_submit(s.model, &s.input, &s.output, &options, &job));
	require(tsr_job_wait(job, WAIT_NS));
	record = tsr_job_profile(job, &count);
	assert_int_equal(count, 1);
	assert_int_equal(record->infinite, 2);	/* three, rounded down */
	assert_int_equal(record->nan, 1);
	tsr_job_destroy(job);
	end(&s);
}

static void jobs_in_flight_complete_in_order(void **state)
{
	struct tsr_context_state last;
	struct tsr_job *jobs[16];
	struct session s;
	int i;

	(void)state;
	begin(&s, 1);
	for (i = 0; i < 16; i++)
		require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &jobs[i]));
	require(tsr_job_wait(jobs[15], WAIT_NS));
	for (i = 0; i < 15; i++)
		assert_int_equal(tsr_job_wait(jobs[i], 0), 0);
	require(tsr_context_state(context, &last));
	assert_false(last.failed);
	for (i = 0; i < 16; i++)
		tsr_job_destroy(jobs[i]);
	end(&s);
}

static void a_fence_wakes_poll(void **state)
{
	struct pollfd fence = { .events = POLLIN };
	struct session s;
	struct tsr_job *job;

	(void)state;
	begin(&s, 1);
	require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job));
	fence.fd = tsr_job_sync_file(job);
	require(fence.fd);
	assert_int_equal(poll(&fence, 1, 60000), 1);
	assert_doubled(&s, 1);
	close(fence.fd);
	tsr_job_destroy(job);
	end(&s);
}

static void a_job_waits_for_a_syncobj(void **state)
{
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .wait_point = 0);
	struct session s;
	struct tsr_job *job;

	(void)state;
	begin(&s, 1);
	assert_int_equal(drmSyncobjCreate(tsr_device_fd(device), DRM_SYNCOBJ_CREATE_SIGNALED,
					  &options.wait), 0);
	require(tsr_job_submit(s.model, &s.input, &s.output, &options, &job));
	require(tsr_job_wait(job, WAIT_NS));
	assert_doubled(&s, 1);
	drmSyncobjDestroy(tsr_device_fd(device), options.wait);
	tsr_job_destroy(job);
	end(&s);
}

static void a_binding_must_have_room(void **state)
{
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .repeat = 10000);
	struct session s;
	struct tsr_job *job;

	(void)state;
	begin(&s, 1);
	assert_int_equal(tsr_job_submit(s.model, &s.input, &s.output, &options, &job), -EINVAL);
	assert_non_null(strstr(tsr_error(), "10000 time(s)"));
	assert_null(job);
	end(&s);
}

/* A nanosecond is less than any node takes: the engine refuses the first. */
static void a_job_without_budget_fails_and_says_why(void **state)
{
	struct tsr_context_options options = TSR_OPTIONS(tsr_context_options, .budget_ns = 1);
	struct tsr_context *roomy = context;
	struct tsr_context_state verdict;
	struct session s;
	struct tsr_job *job;

	(void)state;
	require(tsr_context_create(device, &options, &context));
	begin(&s, 1);
	require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job));
	assert_int_equal(tsr_job_wait(job, WAIT_NS), -ETIME);
	assert_non_null(strstr(tsr_error(), "node 0, address 0"));
	require(tsr_context_state(context, &verdict));
	assert_true(verdict.failed);
	assert_int_equal(verdict.device_error, TSR_HW_ERR_BUDGET);
	assert_int_equal(verdict.node, 0);
	tsr_job_destroy(job);
	assert_int_equal(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job), -ECANCELED);
	end(&s);
	tsr_context_destroy(context);
	context = roomy;
}

static int fence_status(int fence)
{
	struct sync_file_info info = { 0 };

	assert_int_equal(ioctl(fence, SYNC_IOC_FILE_INFO, &info), 0);
	return info.status;
}

static void a_sync_file_has_the_verdict(void **state)
{
	struct tsr_context_options options = TSR_OPTIONS(tsr_context_options, .budget_ns = 1);
	struct tsr_context *roomy = context;
	struct session s;
	struct tsr_job *job;
	int fence;

	(void)state;
	require(tsr_context_create(device, &options, &context));
	begin(&s, 1);
	require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job));
	assert_int_equal(tsr_job_wait(job, WAIT_NS), -ETIME);
	fence = tsr_job_sync_file(job);
	require(fence);
	assert_int_equal(fence_status(fence), -ETIME);
	close(fence);
	tsr_job_destroy(job);
	end(&s);
	tsr_context_destroy(context);
	context = roomy;
	begin(&s, 1);
	require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job));
	require(tsr_job_wait(job, WAIT_NS));
	fence = tsr_job_sync_file(job);
	require(fence);
	assert_int_equal(fence_status(fence), 1);
	close(fence);
	tsr_job_destroy(job);
	end(&s);
}

/* Handles and their memory are recycled, what was in them is not. */
static void the_records_of_a_recycled_handle_are_its_own(void **state)
{
	static const uint32_t repeats[] = { 9, 4, 2000, 4, 9, 1, 2000, 1 };
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .profile = true);
	struct session s;
	struct tsr_job *job;
	size_t count, i;

	(void)state;
	begin(&s, 2000);
	for (i = 0; i < sizeof(repeats) / sizeof(repeats[0]); i++) {
		options.repeat = repeats[i];
		require(tsr_job_submit(s.model, &s.input, &s.output, &options, &job));
		require(tsr_job_wait(job, WAIT_NS));
		assert_non_null(tsr_job_profile(job, &count));
		assert_int_equal(count, repeats[i]);
		tsr_job_destroy(job);
		require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job));
		require(tsr_job_wait(job, WAIT_NS));
		assert_null(tsr_job_profile(job, &count));
		assert_int_equal(count, 0);
		tsr_job_destroy(job);
	}
	end(&s);
}

/* More than fit into one slab of handles, released in another order than submitted. */
static void many_jobs_can_be_in_flight(void **state)
{
	enum { JOBS = 200 };
	struct tsr_job *jobs[JOBS];
	struct session s;
	int i;

	(void)state;
	begin(&s, JOBS);
	for (i = 0; i < JOBS; i++) {
		s.input.offset = (size_t)i * s.input.stride;
		s.output.offset = (size_t)i * s.output.stride;
		require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &jobs[i]));
	}
	for (i = 1; i < JOBS; i += 2)
		tsr_job_destroy(jobs[i]);
	for (i = 0; i < JOBS; i += 2) {
		require(tsr_job_wait(jobs[i], WAIT_NS));
		tsr_job_destroy(jobs[i]);
	}
	assert_doubled(&s, JOBS);
	end(&s);
}

static void a_job_runs_when_no_descriptor_is_left(void **state)
{
	struct rlimit before, none;
	struct session s;
	struct tsr_job *job;

	(void)state;
	begin(&s, 1);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(dup(0), -1);
	require(tsr_job_submit(s.model, &s.input, &s.output, NULL, &job));
	require(tsr_job_wait(job, WAIT_NS));
	tsr_job_destroy(job);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_doubled(&s, 1);
	end(&s);
}

/* Bytes that the library knows nothing of: only 0 may be there. */
static void option_structs_have_sizes(void **state)
{
	struct {
		struct tsr_submit_options known;
		uint64_t unknown;
	} submit = { .known = { .size = sizeof(submit) } };
	struct {
		struct tsr_context_options known;
		uint64_t unknown;
	} create = { .known = { .size = sizeof(create) } };
	struct tsr_context *other;
	struct session s;
	struct tsr_job *job;

	(void)state;
	begin(&s, 1);
	require(tsr_job_submit(s.model, &s.input, &s.output, &submit.known, &job));
	require(tsr_job_wait(job, WAIT_NS));
	tsr_job_destroy(job);
	submit.known = (struct tsr_submit_options){ .size = sizeof(size_t), .repeat = 1000 };
	require(tsr_job_submit(s.model, &s.input, &s.output, &submit.known, &job));
	tsr_job_destroy(job);
	submit.known = (struct tsr_submit_options){ .size = sizeof(submit) };
	submit.unknown = 1;
	assert_int_equal(tsr_job_submit(s.model, &s.input, &s.output, &submit.known, &job), -E2BIG);
	assert_null(job);
	submit.known.size = 0;
	assert_int_equal(tsr_job_submit(s.model, &s.input, &s.output, &submit.known, &job),
			 -EINVAL);
	end(&s);
	require(tsr_context_create(device, &create.known, &other));
	tsr_context_destroy(other);
	create.unknown = 1;
	assert_int_equal(tsr_context_create(device, &create.known, &other), -E2BIG);
	assert_null(other);
}

static void contexts_do_not_disturb_each_other(void **state)
{
	a_job_without_budget_fails_and_says_why(state);
	a_job_computes(state);
}

/* Two processes with a device file, a context and jobs of their own. */
static void two_processes_run_side_by_side(void **state)
{
	pid_t children[2];
	int status, i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i])
			continue;
		for (k = 0; k < 20; k++) {
			if (npu_open_device(NULL) || npu_open_context(NULL))
				_exit(1);
			a_job_computes(NULL);
			npu_close_context(NULL);
			npu_close_device(NULL);
		}
		_exit(0);
	}
	for (i = 0; i < 2; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

int main(void)
{
#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, npu_open_context, npu_close_context)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_of_the_device_make_sense),
		cmocka_unit_test(a_device_that_is_not_there_is_named),
		CASE(buffers_start_zeroed),
		CASE(a_job_computes),
		CASE(a_model_is_sealed_as_long_as_it_is_loaded),
		CASE(repetitions_move_through_the_buffers),
		CASE(a_strict_job_adds_in_ascending_order),
		CASE(a_profile_has_a_record_per_repetition),
		CASE(a_profile_counts_results_that_are_no_finite_numbers),
		CASE(jobs_in_flight_complete_in_order),
		CASE(a_fence_wakes_poll),
		CASE(a_job_waits_for_a_syncobj),
		CASE(a_binding_must_have_room),
		CASE(a_job_without_budget_fails_and_says_why),
		CASE(a_sync_file_has_the_verdict),
		CASE(the_records_of_a_recycled_handle_are_its_own),
		CASE(many_jobs_can_be_in_flight),
		CASE(a_job_runs_when_no_descriptor_is_left),
		CASE(option_structs_have_sizes),
		CASE(contexts_do_not_disturb_each_other),
		cmocka_unit_test(two_processes_run_side_by_side),
	};

	return cmocka_run_group_tests(tests, npu_open_device, npu_close_device);
}
