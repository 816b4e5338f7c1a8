// SPDX-License-Identifier: MIT
/*
 * Objects of libtessera used by several threads at once, on a real device. What counts is
 * values: a thread must find in its buffers what its own jobs wrote, every time.
 * usage: runtime-threads [ROUNDS]
 */
#include "cmocka_prelude.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera.h>

#define THREADS		4
#define ELEMENTS	16
#define SIZE		(ELEMENTS * sizeof(float))
#define WAIT_NS		120000000000ll

static int rounds = 100;
static struct tsr_device *device;
static struct tsr_context *context;
static struct tsr_program *program;

/* cmocka's assertions are for the main thread: the others keep their first failure here. */
struct worker {
	pthread_t thread;
	void (*work)(struct worker *worker);
	unsigned int id;
	struct tsr_model *model;
	struct tsr_job *job;
	int done;
	char failure[256];
};

static pthread_barrier_t start;

static int failed(struct worker *worker, const char *what)
{
	if (!worker->failure[0])
		snprintf(worker->failure, sizeof(worker->failure), "thread %u, round %d: %s: %s",
			 worker->id, worker->done, what, tsr_error());
	return -1;
}

static void *run_worker(void *argument)
{
	struct worker *worker = argument;

	pthread_barrier_wait(&start);
	worker->work(worker);
	return NULL;
}

static void run_workers(struct worker *workers, void (*work)(struct worker *worker))
{
	unsigned int i;

	for (i = 0; i < THREADS; i++) {
		workers[i].work = work;
		workers[i].id = i + 1;
		assert_int_equal(pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]),
				 0);
	}
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
	for (i = 0; i < THREADS; i++)
		if (workers[i].failure[0])
			fail_msg("%s", workers[i].failure);
}

static void require(int error)
{
	if (error < 0)
		fail_msg("%s", tsr_error());
}

/* y = 2 * x */
static struct tsr_program *compile_doubling(void)
{
	const struct tsr_tensor_info shape = { .type = TSR_FP32, .rank = 1, .dim = { ELEMENTS } };
	struct tsr_program *made;
	struct tsr_graph *graph;
	tsr_tensor x;

	require(tsr_graph_create("double", &graph));
	x = tsr_graph_input(graph, "x", &shape);
	require(tsr_graph_output(graph, "y", tsr_graph_binary(graph, TSR_ADD, x, x, NULL)));
	require(tsr_compile(graph, device, NULL, &made));
	tsr_graph_destroy(graph);
	return made;
}

static int open_device(void **state)
{
	(void)state;
	if (tsr_device_open(0, &device))
		return -1;
	program = compile_doubling();
	return pthread_barrier_init(&start, NULL, THREADS);
}

static int close_device(void **state)
{
	(void)state;
	pthread_barrier_destroy(&start);
	tsr_program_destroy(program);
	tsr_device_close(device);
	return 0;
}

static int open_context(void **state)
{
	(void)state;
	return tsr_context_create(device, NULL, &context);
}

static int close_context(void **state)
{
	(void)state;
	tsr_context_destroy(context);
	return 0;
}

/* Exact in fp32, and different in every thread, round and element. */
static float value_of(const struct worker *worker, int element)
{
	return (float)(worker->id * 1000000 + (unsigned int)worker->done * 16 +
		       (unsigned int)element);
}

/* One job on @x and @y, with everything a caller may do with its handle. */
static int infer(struct worker *worker, struct tsr_buffer *x, struct tsr_buffer *y)
{
	const struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options,
							      .profile = worker->done % 4 == 0);
	struct tsr_binding in = { .buffer = x }, out = { .buffer = y };
	struct tsr_job *job;
	size_t records;
	int i, ret = 0;

	for (i = 0; i < ELEMENTS; i++)
		((float *)tsr_buffer_data(x))[i] = value_of(worker, i);
	memset(tsr_buffer_data(y), 0xff, SIZE);
	if (tsr_job_submit(worker->model, &in, &out, &options, &job))
		return failed(worker, "submit");
	if (tsr_job_wait(job, WAIT_NS))
		ret = failed(worker, "wait");
	for (i = 0; i < ELEMENTS && !ret; i++)
		if (((float *)tsr_buffer_data(y))[i] != 2 * value_of(worker, i))
			ret = failed(worker, "WRONG VALUE");
	if (!ret && !tsr_job_profile(job, &records) != !options.profile)
		ret = failed(worker, "profile");
	tsr_job_destroy(job);
	return ret;
}

/* Buffers of changing sizes, so that addresses are given back and taken again. */
static int infer_in_new_buffers(struct worker *worker)
{
	size_t size = SIZE + (size_t)(worker->done % 5) * 4096;
	struct tsr_buffer *x, *y;
	int ret;

	if (tsr_buffer_create(context, size, &x))
		return failed(worker, "buffer");
	if (tsr_buffer_create(context, SIZE, &y)) {
		tsr_buffer_destroy(x);
		return failed(worker, "buffer");
	}
	ret = infer(worker, x, y);
	tsr_buffer_destroy(x);
	tsr_buffer_destroy(y);
	return ret;
}

static void own_model(struct worker *worker)
{
	for (worker->done = 0; worker->done < rounds; worker->done++) {
		if (tsr_model_load(context, program, &worker->model)) {
			failed(worker, "load");
			return;
		}
		if (infer_in_new_buffers(worker))
			worker->done = rounds;
		tsr_model_unload(worker->model);
	}
}

static void threads_with_models_of_their_own_get_their_own_values(void **state)
{
	struct worker workers[THREADS] = { 0 };

	(void)state;
	run_workers(workers, own_model);
}

static void shared_model(struct worker *worker)
{
	struct tsr_buffer *x, *y;

	if (tsr_buffer_create(context, SIZE, &x) || tsr_buffer_create(context, SIZE, &y)) {
		failed(worker, "buffer");
		return;
	}
	for (worker->done = 0; worker->done < rounds && !infer(worker, x, y); worker->done++)
		;
	tsr_buffer_destroy(x);
	tsr_buffer_destroy(y);
}

static void threads_share_a_model(void **state)
{
	struct worker workers[THREADS] = { 0 };
	unsigned int i;

	(void)state;
	require(tsr_model_load(context, program, &workers[0].model));
	for (i = 1; i < THREADS; i++)
		workers[i].model = workers[0].model;
	run_workers(workers, shared_model);
	tsr_model_unload(workers[0].model);
}

static void own_context(struct worker *worker)
{
	struct tsr_context *mine;

	for (worker->done = 0; worker->done < rounds / 10; worker->done++) {
		if (tsr_context_create(device, NULL, &mine)) {
			failed(worker, "context");
			return;
		}
		tsr_context_destroy(mine);
	}
}

static void threads_share_a_device(void **state)
{
	struct worker workers[THREADS] = { 0 };

	(void)state;
	run_workers(workers, own_context);
}

static void wait_for_shared_job(struct worker *worker)
{
	const struct tsr_node_profile *record;
	size_t count;

	if (tsr_job_wait(worker->job, WAIT_NS)) {
		failed(worker, "wait");
		return;
	}
	record = tsr_job_profile(worker->job, &count);
	if (!record || count != 64 || record[63].repetition != 63)
		failed(worker, "profile");
}

static void several_threads_wait_for_one_job(void **state)
{
	struct tsr_submit_options options = TSR_OPTIONS(tsr_submit_options, .repeat = 64,
							.profile = true);
	struct worker workers[THREADS];
	struct tsr_binding in = { 0 }, out = { 0 };
	struct tsr_model *model;
	struct tsr_job *job;
	unsigned int i;
	int round;

	(void)state;
	require(tsr_model_load(context, program, &model));
	require(tsr_buffer_create(context, SIZE, &in.buffer));
	require(tsr_buffer_create(context, SIZE, &out.buffer));
	for (round = 0; round < rounds / 10; round++) {
		require(tsr_job_submit(model, &in, &out, &options, &job));
		memset(workers, 0, sizeof(workers));
		for (i = 0; i < THREADS; i++)
			workers[i].job = job;
		run_workers(workers, wait_for_shared_job);
		tsr_job_destroy(job);
	}
	tsr_buffer_destroy(in.buffer);
	tsr_buffer_destroy(out.buffer);
	tsr_model_unload(model);
}

static _Atomic unsigned int out_of_budget, canceled;

static void until_canceled(struct worker *worker)
{
	struct tsr_binding in = { 0 }, out = { 0 };
	struct tsr_job *job;
	int error = 0;

	if (tsr_buffer_create(context, SIZE, &in.buffer) ||
	    tsr_buffer_create(context, SIZE, &out.buffer)) {
		failed(worker, "buffer");
		return;
	}
	for (worker->done = 0; worker->done < rounds && !error; worker->done++) {
		error = tsr_job_submit(worker->model, &in, &out, NULL, &job);
		if (error)
			break;
		error = tsr_job_wait(job, WAIT_NS);
		tsr_job_destroy(job);
	}
	out_of_budget += error == -ETIME;
	canceled += error == -ECANCELED;
	tsr_buffer_destroy(in.buffer);
	tsr_buffer_destroy(out.buffer);
}

/* The job that fails has the verdict; those behind it, whoever's they are, are canceled. */
static void one_failure_cancels_the_jobs_of_all_threads(void **state)
{
	struct tsr_context_options options = TSR_OPTIONS(tsr_context_options, .budget_ns = 1);
	struct tsr_context *roomy = context;
	struct worker workers[THREADS] = { 0 };
	unsigned int i;

	(void)state;
	out_of_budget = 0;
	canceled = 0;
	require(tsr_context_create(device, &options, &context));
	require(tsr_model_load(context, program, &workers[0].model));
	for (i = 1; i < THREADS; i++)
		workers[i].model = workers[0].model;
	run_workers(workers, until_canceled);
	assert_int_equal(out_of_budget, 1);
	assert_int_equal(canceled, THREADS - 1);
	tsr_model_unload(workers[0].model);
	tsr_context_destroy(context);
	context = roomy;
}

int main(int argc, char **argv)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_context, close_context)
	const struct CMUnitTest tests[] = {
		CASE(threads_with_models_of_their_own_get_their_own_values),
		CASE(threads_share_a_model),
		CASE(threads_share_a_device),
		CASE(several_threads_wait_for_one_job),
		CASE(one_failure_cancels_the_jobs_of_all_threads),
	};

	if (argc > 1)
		rounds = atoi(argv[1]);
	return cmocka_run_group_tests(tests, open_device, close_device);
}
