// SPDX-License-Identifier: MIT
#include "worker.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "job.h"

struct worker {
	void (*done)(void *ctx);
	void *ctx;
	pthread_t thread;
	bool started;		/* submitting thread only */
	pthread_mutex_t lock;	/* protects all below */
	pthread_cond_t work;
	struct job *first;
	bool quit;
};

struct worker *worker_create(void (*done)(void *ctx), void *ctx)
{
	struct worker *worker = calloc(1, sizeof(*worker));

	if (!worker)
		return NULL;
	worker->done = done;
	worker->ctx = ctx;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->work, NULL);
	return worker;
}

static struct job *next_job(struct worker *worker)
{
	struct job *job;

	pthread_mutex_lock(&worker->lock);
	while (!worker->first && !worker->quit)
		pthread_cond_wait(&worker->work, &worker->lock);
	job = worker->quit ? NULL : worker->first;
	if (job)
		worker->first = job->next;
	pthread_mutex_unlock(&worker->lock);
	return job;
}

static void *worker_main(void *arg)
{
	struct worker *worker = arg;
	struct job *job;

	while ((job = next_job(worker))) {
		job_run(job);
		job_put(job);
		worker->done(worker->ctx);
	}
	return NULL;
}

/* Called with the lock held. Bounds the list: an engine has one open job at a time. */
static void drop_closed(struct worker *worker)
{
	struct job **link = &worker->first;
	struct job *job;

	while ((job = *link)) {
		if (!atomic_load(&job->agent.closed)) {
			link = &job->next;
			continue;
		}
		*link = job->next;
		job_put(job);
	}
}

static int start(struct worker *worker)
{
	int error;

	if (worker->started)
		return 0;
	error = pthread_create(&worker->thread, NULL, worker_main, worker);
	worker->started = !error;
	return -error;
}

int worker_submit(struct worker *worker, struct job *job)
{
	int error = start(worker);
	struct job **link;

	if (error)
		return error;
	pthread_mutex_lock(&worker->lock);
	drop_closed(worker);
	for (link = &worker->first; *link; link = &(*link)->next)
		;
	job->next = NULL;
	*link = job_get(job);
	pthread_cond_signal(&worker->work);
	pthread_mutex_unlock(&worker->lock);
	return 0;
}

void worker_destroy(struct worker *worker)
{
	struct job *job;

	if (!worker)
		return;
	pthread_mutex_lock(&worker->lock);
	worker->quit = true;
	pthread_cond_signal(&worker->work);
	pthread_mutex_unlock(&worker->lock);
	if (worker->started)
		pthread_join(worker->thread, NULL);
	while ((job = worker->first)) {
		worker->first = job->next;
		job_put(job);
	}
	pthread_cond_destroy(&worker->work);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}
