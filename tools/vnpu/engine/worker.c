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
	pthread_cond_t work;	/* it idles no more */
	bool idle;		/* this and @next protected by the workers' lock */
	struct thread *next;	/* in the list of those that idle, or that have ended */
};

struct workers {
	void (*done)(void *ctx);
	void *ctx;
	unsigned int keep;	/* threads without a job that are kept */
	unsigned int most;
	pthread_mutex_t lock;	/* protects all below */
	pthread_cond_t gone;	/* a thread has ended */
	struct job *first;	/* jobs that wait, oldest first */
	struct thread *idle;	/* threads without a job, the last that had one first */
	unsigned int idle_count;
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
	pthread_cond_init(&workers->gone, NULL);
	return workers;
}

/* Called with the lock held. */
static bool may_idle(const struct workers *workers)
{
	return !workers->first && !workers->quit && workers->idle_count < workers->keep;
}

/* Called with the lock held. */
static void begin_idle(struct thread *thread)
{
	struct workers *workers = thread->workers;

	thread->idle = true;
	thread->next = workers->idle;
	workers->idle = thread;
	workers->idle_count++;
}

/*
 * Called with the lock held. The thread that had a job last gets the next one: its caches are warm,
 * and so are those of the threads of OpenMP that belong to it.
 */
static void end_idle(struct workers *workers)
{
	struct thread *thread = workers->idle;

	workers->idle = thread->next;
	workers->idle_count--;
	thread->idle = false;
	pthread_cond_signal(&thread->work);
}

/* Called with the lock held. Return: a job, or NULL for the thread to end. */
static struct job *next_job(struct thread *thread)
{
	struct workers *workers = thread->workers;
	struct job *job;

	/* One that idles no more finds no job if another thread was first. */
	while (thread->idle || may_idle(workers)) {
		if (!thread->idle)
			begin_idle(thread);
		pthread_cond_wait(&thread->work, &workers->lock);
	}
	job = workers->quit ? NULL : workers->first;
	if (job)
		workers->first = job->next;
	return job;
}

/* The thread idles before the end can be seen, so that it gets what follows. */
static void end_job(struct thread *thread, struct job *job)
{
	struct workers *workers = thread->workers;

	pthread_mutex_lock(&workers->lock);
	if (may_idle(workers))
		begin_idle(thread);
	job_finish(job);
	pthread_mutex_unlock(&workers->lock);
	job_put(job);
	workers->done(workers->ctx);
}

static void *thread_main(void *arg)
{
	struct thread *thread = arg;
	struct workers *workers = thread->workers;
	struct job *job;

	pthread_mutex_lock(&workers->lock);
	while ((job = next_job(thread))) {
		pthread_mutex_unlock(&workers->lock);
		job_run(job);
		end_job(thread, job);
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
		pthread_cond_destroy(&thread->work);
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
	pthread_cond_init(&thread->work, NULL);
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
}

int workers_submit(struct workers *workers, struct job *job)
{
	int error = 0;

	pthread_mutex_lock(&workers->lock);
	join_ended(workers);
	drop_closed(workers);
	if (!workers->idle && workers->count < workers->most)
		error = start(workers);
	/* Without a thread of its own it waits for one of the others. */
	if (workers->count) {
		append(workers, job);
		if (workers->idle)
			end_idle(workers);
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
	while (workers->idle)
		end_idle(workers);
	while (workers->count)
		pthread_cond_wait(&workers->gone, &workers->lock);
	join_ended(workers);
	pthread_mutex_unlock(&workers->lock);
	while ((job = workers->first)) {
		workers->first = job->next;
		job_put(job);
	}
	pthread_cond_destroy(&workers->gone);
	pthread_mutex_destroy(&workers->lock);
	free(workers);
}
