// SPDX-License-Identifier: MIT
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "job.h"

struct thread {
	struct workers *workers;
	pthread_t id;
	struct thread *next;	/* in the list of those that have ended */
};

struct workers {
	void (*done)(void *ctx);
	void *ctx;
	unsigned int keep;	/* threads without a job that are kept */
	unsigned int most;
	pthread_mutex_t lock;	/* protects all below */
	pthread_cond_t work;
	pthread_cond_t gone;	/* a thread has ended */
	struct job *first;	/* jobs that wait, oldest first */
	unsigned int waiting;	/* how many */
	unsigned int idle;	/* threads in pthread_cond_wait() */
	unsigned int count;	/* threads that have not ended */
	struct thread *ended;	/* to be joined */
	bool quit;
};

static unsigned int processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 1 ? (unsigned int)n : 1;
}

struct workers *workers_create(unsigned int most, void (*done)(void *ctx), void *ctx)
{
	struct workers *workers = calloc(1, sizeof(*workers));

	if (!workers)
		return NULL;
	workers->done = done;
	workers->ctx = ctx;
	workers->keep = processors();
	workers->most = most;
	pthread_mutex_init(&workers->lock, NULL);
	pthread_cond_init(&workers->work, NULL);
	pthread_cond_init(&workers->gone, NULL);
	return workers;
}

/* Called with the lock held. Return: a job, or NULL for the thread to end. */
static struct job *next_job(struct workers *workers)
{
	struct job *job;

	while (!workers->first && !workers->quit && workers->idle < workers->keep) {
		workers->idle++;
		pthread_cond_wait(&workers->work, &workers->lock);
		workers->idle--;
	}
	job = workers->quit ? NULL : workers->first;
	if (job) {
		workers->first = job->next;
		workers->waiting--;
	}
	return job;
}

static void *thread_main(void *arg)
{
	struct thread *thread = arg;
	struct workers *workers = thread->workers;
	struct job *job;

	pthread_mutex_lock(&workers->lock);
	while ((job = next_job(workers))) {
		pthread_mutex_unlock(&workers->lock);
		job_run(job);
		job_put(job);
		workers->done(workers->ctx);
		pthread_mutex_lock(&workers->lock);
	}
	workers->count--;
	thread->next = workers->ended;
	workers->ended = thread;
	pthread_cond_signal(&workers->gone);
	pthread_mutex_unlock(&workers->lock);
	return NULL;
}

/* Called with the lock held, which a thread that has ended does not take again. */
static void join_ended(struct workers *workers)
{
	struct thread *thread;

	while ((thread = workers->ended)) {
		workers->ended = thread->next;
		pthread_join(thread->id, NULL);
		free(thread);
	}
}

/* Called with the lock held, which keeps the thread from ending before its id is there. */
static int start(struct workers *workers)
{
	struct thread *thread = calloc(1, sizeof(*thread));
	int error;

	if (!thread)
		return -ENOMEM;
	thread->workers = workers;
	error = pthread_create(&thread->id, NULL, thread_main, thread);
	if (error)
		free(thread);
	else
		workers->count++;
	return -error;
}

/* Called with the lock held. */
static void drop_closed(struct workers *workers)
{
	struct job **link = &workers->first;
	struct job *job;

	while ((job = *link)) {
		if (!atomic_load(&job->agent.closed)) {
			link = &job->next;
			continue;
		}
		*link = job->next;
		workers->waiting--;
		job_put(job);
	}
}

static void append(struct workers *workers, struct job *job)
{
	struct job **link = &workers->first;

	while (*link)
		link = &(*link)->next;
	job->next = NULL;
	*link = job_get(job);
	workers->waiting++;
}

int workers_submit(struct workers *workers, struct job *job)
{
	int error = 0;

	pthread_mutex_lock(&workers->lock);
	join_ended(workers);
	drop_closed(workers);
	if (workers->idle <= workers->waiting && workers->count < workers->most)
		error = start(workers);
	/* Without a thread of its own it waits for one of the others. */
	if (workers->count) {
		append(workers, job);
		pthread_cond_signal(&workers->work);
		error = 0;
	}
	pthread_mutex_unlock(&workers->lock);
	return error;
}

unsigned int workers_threads(struct workers *workers)
{
	unsigned int count;

	pthread_mutex_lock(&workers->lock);
	count = workers->count;
	pthread_mutex_unlock(&workers->lock);
	return count;
}

void workers_destroy(struct workers *workers)
{
	struct job *job;

	if (!workers)
		return;
	pthread_mutex_lock(&workers->lock);
	workers->quit = true;
	pthread_cond_broadcast(&workers->work);
	while (workers->count)
		pthread_cond_wait(&workers->gone, &workers->lock);
	join_ended(workers);
	pthread_mutex_unlock(&workers->lock);
	while ((job = workers->first)) {
		workers->first = job->next;
		job_put(job);
	}
	pthread_cond_destroy(&workers->gone);
	pthread_cond_destroy(&workers->work);
	pthread_mutex_destroy(&workers->lock);
	free(workers);
}
