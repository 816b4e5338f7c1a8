// SPDX-License-Identifier: MIT
/* What a child of fork() can do with its copies of libtessera's objects: free them. */
#include "cmocka_prelude.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tessera.h>
#include <tessera_accel.h>

#define ELEMENTS	16
#define SIZE		(ELEMENTS * sizeof(float))
#define WAIT_NS		60000000000ll

/* Everything a process can have. */
struct session {
	struct tsr_device *device;
	struct tsr_context *context;
	struct tsr_program *program;
	struct tsr_model *model;
	struct tsr_binding input;
	struct tsr_binding output;
	struct tsr_job *job;		/* has ended */
};

static struct session session;

/* In children too, where a failed assertion must end the child. */
#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, \
				tsr_error()); \
			_exit(1); \
		} \
	} while (0)

static struct tsr_program *compile_doubling(const struct tsr_device *device)
{
	const struct tsr_tensor_info shape = { .type = TSR_FP32, .rank = 1, .dim = { ELEMENTS } };
	struct tsr_program *program;
	struct tsr_graph *graph;
	tsr_tensor x;

	CHECK(!tsr_graph_create("double", &graph));
	x = tsr_graph_input(graph, "x", &shape);
	CHECK(!tsr_graph_output(graph, "y", tsr_graph_binary(graph, TSR_ADD, x, x, NULL)));
	CHECK(!tsr_compile(graph, device, NULL, &program));
	tsr_graph_destroy(graph);
	return program;
}

static void infer(struct session *s, float value)
{
	struct tsr_job *job;

	((float *)tsr_buffer_data(s->input.buffer))[0] = value;
	CHECK(!tsr_job_submit(s->model, &s->input, &s->output, NULL, &job));
	CHECK(!tsr_job_wait(job, WAIT_NS));
	CHECK(((float *)tsr_buffer_data(s->output.buffer))[0] == 2 * value);
	tsr_job_destroy(job);
}

static void open_session(struct session *s)
{
	*s = (struct session){ 0 };
	CHECK(!tsr_device_open(0, &s->device));
	CHECK(!tsr_context_create(s->device, NULL, &s->context));
	s->program = compile_doubling(s->device);
	CHECK(!tsr_model_load(s->context, s->program, &s->model));
	CHECK(!tsr_buffer_create(s->context, SIZE, &s->input.buffer));
	CHECK(!tsr_buffer_create(s->context, SIZE, &s->output.buffer));
	CHECK(!tsr_job_submit(s->model, &s->input, &s->output, NULL, &s->job));
	CHECK(!tsr_job_wait(s->job, WAIT_NS));
}

static void close_session(struct session *s)
{
	tsr_job_destroy(s->job);
	tsr_buffer_destroy(s->input.buffer);
	tsr_buffer_destroy(s->output.buffer);
	tsr_model_unload(s->model);
	tsr_program_destroy(s->program);
	tsr_context_destroy(s->context);
	tsr_device_close(s->device);
}

static int set_up(void **state)
{
	(void)state;
	open_session(&session);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close_session(&session);
	return 0;
}

static void assert_ends_well(pid_t child)
{
	int status;

	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define IN_A_CHILD(...) \
	do { \
		pid_t child_ = fork(); \
		if (!child_) { \
			__VA_ARGS__; \
			_exit(0); \
		} \
		assert_ends_well(child_); \
	} while (0)

static void the_parent_works_on_after_a_child_has_cleaned_up(void **state)
{
	(void)state;
	IN_A_CHILD(close_session(&session));
	infer(&session, 3);
}

static void refused_everywhere(struct session *s)
{
	struct tsr_context_state state;
	struct tsr_context *context;
	struct tsr_buffer *buffer;
	struct tsr_model *model;
	struct tsr_job *job;
	size_t count = 1;

	CHECK(tsr_device_fd(s->device) == -EPERM);
	CHECK(tsr_context_create(s->device, NULL, &context) == -EPERM && !context);
	CHECK(strstr(tsr_error(), "parent"));
	CHECK(tsr_context_state(s->context, &state) == -EPERM);
	CHECK(tsr_buffer_create(s->context, SIZE, &buffer) == -EPERM && !buffer);
	CHECK(!tsr_buffer_data(s->input.buffer));
	CHECK(tsr_model_load(s->context, s->program, &model) == -EPERM && !model);
	CHECK(tsr_job_submit(s->model, &s->input, &s->output, NULL, &job) == -EPERM && !job);
	CHECK(tsr_job_wait(s->job, 0) == -EPERM);
	CHECK(tsr_job_sync_file(s->job) == -EPERM);
	CHECK(!tsr_job_profile(s->job, &count) && !count);
}

static void every_call_on_a_parents_object_is_refused(void **state)
{
	(void)state;
	IN_A_CHILD(refused_everywhere(&session));
	infer(&session, 5);
}

/* A grandchild whose parent has a token of its own. */
static void a_grandchild_is_refused_too(void **state)
{
	(void)state;
	IN_A_CHILD({
		struct session own;
		pid_t grandchild;
		int status;

		open_session(&own);
		grandchild = fork();
		if (!grandchild) {
			refused_everywhere(&session);
			refused_everywhere(&own);
			close_session(&own);
			_exit(0);
		}
		CHECK(waitpid(grandchild, &status, 0) == grandchild && !status);
		infer(&own, 9);
		close_session(&own);
	});
	infer(&session, 11);
}

static void what_is_only_memory_stays_usable(void **state)
{
	(void)state;
	IN_A_CHILD({
		CHECK(tsr_device_limits(session.device)->max_nodes > 0);
		CHECK(tsr_program_inputs(session.program) == 1);
		CHECK(tsr_buffer_size(session.input.buffer) >= SIZE);
		tsr_program_destroy(compile_doubling(session.device));
	});
}

static void a_child_opens_the_device_for_itself(void **state)
{
	(void)state;
	IN_A_CHILD({
		struct session own;

		close_session(&session);
		open_session(&own);
		infer(&own, 7);
		close_session(&own);
	});
	infer(&session, 7);
}

/* What a child maps where its parent has a buffer must survive the buffer's destruction. */
static void a_child_has_no_mapping_of_a_buffer(void **state)
{
	char *data = tsr_buffer_data(session.input.buffer);

	(void)state;
	IN_A_CHILD({
		char *own = mmap(data, 4096, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		CHECK(own == data);
		own[0] = 42;
		close_session(&session);
		CHECK(own[0] == 42);
	});
	infer(&session, 13);
}

/* What a child opens under the number of the device's file must survive as well. */
static void a_child_keeps_a_file_under_the_devices_number(void **state)
{
	int fd = tsr_device_fd(session.device);

	(void)state;
	IN_A_CHILD({
		close(fd);
		CHECK(dup2(STDERR_FILENO, fd) == fd);
		close_session(&session);
		CHECK(fcntl(fd, F_GETFD) >= 0);
	});
	infer(&session, 15);
}

static void a_program_that_is_executed_inherits_nothing(void **state)
{
	int fence = tsr_job_sync_file(session.job);

	(void)state;
	assert_true(fence >= 0);
	assert_true(fcntl(tsr_device_fd(session.device), F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(fence, F_GETFD) & FD_CLOEXEC);
	close(fence);
}

static _Atomic bool stop;

static void *keep_busy(void *argument)
{
	struct tsr_buffer *buffer;

	while (!stop) {
		infer(argument, 1);
		CHECK(!tsr_buffer_create(session.context, SIZE, &buffer));
		tsr_buffer_destroy(buffer);
	}
	return NULL;
}

/* Locks may be held, by a thread that does not exist in the child. */
static void a_child_made_at_any_moment_can_clean_up(void **state)
{
	pthread_t thread;
	int i;

	(void)state;
	stop = false;
	assert_int_equal(pthread_create(&thread, NULL, keep_busy, &session), 0);
	for (i = 0; i < 50; i++)
		IN_A_CHILD({
			refused_everywhere(&session);
			close_session(&session);
		});
	stop = true;
	assert_int_equal(pthread_join(thread, NULL), 0);
	infer(&session, 17);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(the_parent_works_on_after_a_child_has_cleaned_up),
		CASE(every_call_on_a_parents_object_is_refused),
		CASE(a_grandchild_is_refused_too),
		CASE(what_is_only_memory_stays_usable),
		CASE(a_child_opens_the_device_for_itself),
		CASE(a_child_has_no_mapping_of_a_buffer),
		CASE(a_child_keeps_a_file_under_the_devices_number),
		CASE(a_program_that_is_executed_inherits_nothing),
		CASE(a_child_made_at_any_moment_can_clean_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
