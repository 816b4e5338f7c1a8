// SPDX-License-Identifier: MIT
/* Threads for nodes: who waits for whom. A node here computes until the test lets it. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmocka_prelude.h"
#include "engine/job.h"
#include "engine/worker.h"

/* A node's computation, under the test's control. */
struct node {
	struct job job;		/* first, so that one is the other */
	sem_t started;
	sem_t go_on;
	bool waits;
	pthread_t thread;	/* that computed it */
};

static sem_t done;

void job_run(struct job *job)
{
	struct node *node = (struct node *)job;

	node->thread = pthread_self();
	sem_post(&node->started);
	if (node->waits)
		sem_wait(&node->go_on);
}

void job_finish(struct job *job)
{
	atomic_store(&job->ready, true);
}

struct job *job_get(struct job *job)
{
	atomic_fetch_add(&job->refs, 1);
	return job;
}

void job_put(struct job *job)
{
	if (job)
		atomic_fetch_sub(&job->refs, 1);
}

static void one_is_done(void *ctx)
{
	sem_post(ctx);
}

static struct workers *open_workers(unsigned int most)
{
	struct workers *workers = workers_create(most, one_is_done, &done);

	assert_non_null(workers);
	assert_int_equal(sem_init(&done, 0, 0), 0);
	return workers;
}

static void submit(struct workers *workers, struct node *node, bool waits)
{
	*node = (struct node){ .waits = waits };
	atomic_init(&node->job.refs, 1);
	assert_int_equal(sem_init(&node->started, 0, 0), 0);
	assert_int_equal(sem_init(&node->go_on, 0, 0), 0);
	assert_int_equal(workers_submit(workers, &node->job), 0);
}

/* It has a reference until then. */
static void expect_released(struct node *node)
{
	while (atomic_load(&node->job.refs) > 1)
		usleep(100);
}

/* As an aborted one that has not noticed yet: its engine's next node runs beside it. */
static void a_node_that_does_not_end_keeps_no_other_waiting(void **state)
{
	struct workers *workers = open_workers(8);
	struct node stuck;
	struct node next[5];

	(void)state;
	submit(workers, &stuck, true);
	sem_wait(&stuck.started);
	atomic_store(&stuck.job.agent.closed, true);
	for (int i = 0; i < 5; i++) {
		submit(workers, &next[i], false);
		sem_wait(&done);
		expect_released(&next[i]);
	}
	assert_int_equal(sem_trywait(&done), -1);
	sem_post(&stuck.go_on);
	sem_wait(&done);
	workers_destroy(workers);
}

static void all_nodes_are_computed_side_by_side(void **state)
{
	struct workers *workers = open_workers(8);
	struct node nodes[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		submit(workers, &nodes[i], true);
	for (int i = 0; i < 8; i++)
		sem_wait(&nodes[i].started);
	assert_int_equal(workers_threads(workers), 8);
	for (int i = 0; i < 8; i++)
		sem_post(&nodes[i].go_on);
	workers_destroy(workers);
}

static void nodes_beyond_the_most_threads_wait_and_closed_ones_are_dropped(void **state)
{
	struct workers *workers = open_workers(2);
	struct node nodes[5];

	(void)state;
	for (int i = 0; i < 4; i++)
		submit(workers, &nodes[i], true);
	sem_wait(&nodes[0].started);
	sem_wait(&nodes[1].started);
	assert_int_equal(workers_threads(workers), 2);
	atomic_store(&nodes[2].job.agent.closed, true);
	submit(workers, &nodes[4], false);
	expect_released(&nodes[2]);
	sem_post(&nodes[0].go_on);
	sem_wait(&nodes[3].started);
	sem_post(&nodes[1].go_on);
	sem_post(&nodes[3].go_on);
	sem_wait(&nodes[4].started);
	workers_destroy(workers);
	assert_int_equal(sem_trywait(&nodes[2].started), -1);
}

/* Its caches are warm. */
static void the_thread_that_had_a_node_last_computes_the_next_one(void **state)
{
	struct workers *workers = open_workers(2);
	struct node first, last, next[20];

	(void)state;
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
		workers_destroy(workers);
		skip();	/* one thread idles at most */
	}
	submit(workers, &first, true);
	submit(workers, &last, true);
	sem_wait(&first.started);
	sem_wait(&last.started);
	sem_post(&first.go_on);
	sem_wait(&done);
	sem_post(&last.go_on);
	sem_wait(&done);
	for (int i = 0; i < 20; i++) {
		submit(workers, &next[i], false);
		while (!atomic_load(&next[i].job.ready))
			usleep(10);
		assert_true(pthread_equal(next[i].thread, last.thread));
	}
	assert_false(pthread_equal(first.thread, last.thread));
	workers_destroy(workers);
}

static void idle_threads_are_no_more_than_processors(void **state)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int most = 2 * (unsigned int)processors + 3;
	struct workers *workers = open_workers(most);
	struct node *nodes = calloc(most, sizeof(*nodes));

	(void)state;
	assert_non_null(nodes);
	for (unsigned int i = 0; i < most; i++)
		submit(workers, &nodes[i], true);
	for (unsigned int i = 0; i < most; i++)
		sem_wait(&nodes[i].started);
	assert_int_equal(workers_threads(workers), most);
	for (unsigned int i = 0; i < most; i++)
		sem_post(&nodes[i].go_on);
	while (workers_threads(workers) > (unsigned int)processors)
		usleep(100);
	workers_destroy(workers);
	free(nodes);
}

static void nodes_that_wait_are_dropped_at_the_end(void **state)
{
	struct workers *workers = open_workers(1);
	struct node nodes[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		submit(workers, &nodes[i], i == 0);
	sem_wait(&nodes[0].started);
	sem_post(&nodes[0].go_on);
	workers_destroy(workers);
	for (int i = 0; i < 3; i++)
		assert_int_equal(atomic_load(&nodes[i].job.refs), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_that_does_not_end_keeps_no_other_waiting),
		cmocka_unit_test(all_nodes_are_computed_side_by_side),
		cmocka_unit_test(nodes_beyond_the_most_threads_wait_and_closed_ones_are_dropped),
		cmocka_unit_test(the_thread_that_had_a_node_last_computes_the_next_one),
		cmocka_unit_test(idle_threads_are_no_more_than_processors),
		cmocka_unit_test(nodes_that_wait_are_dropped_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
