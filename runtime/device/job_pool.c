// SPDX-License-Identifier: MIT
/*
 * A slab is a buffer cut into cells of one size, with the handles of the jobs that use
 * them. Slabs stay until the context goes, so that a submission allocates nothing once there
 * are as many jobs as are in use at once.
 */
#include <errno.h>
#include <stdlib.h>

#include "device.h"
#include "context.h"
#include "job.h"
#include "syncobj.h"
#include "../error.h"
#include "../include/tessera.h"

static const struct {
	size_t size;
	size_t count;
} classes[TSR_JOB_CLASSES] = {
	{ .size = 1024, .count = 64 },
	{ .size = 65536, .count = 1 },
};

struct tsr_job_slab {
	struct tsr_job_slab *next;
	struct tsr_buffer *buffer;
	size_t count;
	struct tsr_job job[];
};

void tsr_job_pool_init(struct tsr_job_pool *pool, struct tsr_context *context)
{
	*pool = (struct tsr_job_pool){ .context = context };
	pthread_mutex_init(&pool->lock, NULL);
}

static void drop_syncobj(struct tsr_job *job)
{
	if (job->syncobj)
		tsr_syncobj_destroy(tsr_context_device(job->context), job->syncobj);
}

void tsr_job_pool_destroy(struct tsr_job_pool *pool)
{
	struct tsr_job_slab *slab;
	size_t i;

	while ((slab = pool->slabs)) {
		pool->slabs = slab->next;
		for (i = 0; i < slab->count; i++)
			drop_syncobj(&slab->job[i]);
		tsr_buffer_destroy(slab->buffer);
		free(slab);
	}
	pthread_mutex_destroy(&pool->lock);
}

static void set_up(struct tsr_job *job, struct tsr_job_pool *pool, struct tsr_buffer *buffer,
		   size_t offset)
{
	job->context = pool->context;
	job->data = (char *)tsr_buffer_data(buffer) + offset;
	job->address = tsr_buffer_address(buffer) + offset;
}

static int grow(struct tsr_job_pool *pool, unsigned int class)
{
	size_t count = classes[class].count, i;
	struct tsr_job_slab *slab = calloc(1, sizeof(*slab) + count * sizeof(slab->job[0]));
	int error;

	if (!slab)
		return tsr_fail(-ENOMEM, "out of memory");
	error = tsr_buffer_create(pool->context, count * classes[class].size, &slab->buffer);
	if (error) {
		free(slab);
		return error;
	}
	for (i = 0; i < count; i++) {
		set_up(&slab->job[i], pool, slab->buffer, i * classes[class].size);
		slab->job[i].class = class;
		slab->job[i].next = pool->free[class];
		pool->free[class] = &slab->job[i];
	}
	slab->count = count;
	slab->next = pool->slabs;
	pool->slabs = slab;
	return 0;
}

static int take_cell(struct tsr_job_pool *pool, unsigned int class, struct tsr_job **job)
{
	int error = 0;

	pthread_mutex_lock(&pool->lock);
	if (!pool->free[class])
		error = grow(pool, class);
	if (!error) {
		*job = pool->free[class];
		pool->free[class] = (*job)->next;
	}
	pthread_mutex_unlock(&pool->lock);
	return error;
}

static int take_own(struct tsr_job_pool *pool, size_t size, struct tsr_job **job)
{
	struct tsr_job *made = calloc(1, sizeof(*made));
	int error;

	if (!made)
		return tsr_fail(-ENOMEM, "out of memory");
	error = tsr_buffer_create(pool->context, size, &made->own);
	if (error) {
		free(made);
		return error;
	}
	set_up(made, pool, made->own, 0);
	made->class = TSR_JOB_CLASSES;
	*job = made;
	return 0;
}

int tsr_job_pool_take(struct tsr_job_pool *pool, size_t size, struct tsr_job **job)
{
	unsigned int class = 0;
	int error;

	while (class < TSR_JOB_CLASSES && size > classes[class].size)
		class++;
	if (class < TSR_JOB_CLASSES)
		error = take_cell(pool, class, job);
	else
		error = take_own(pool, size, job);
	if (error || (*job)->syncobj)
		return error;
	error = tsr_syncobj_create(tsr_context_device(pool->context), &(*job)->syncobj);
	if (error)
		tsr_job_pool_give(pool, *job);
	return error;
}

void tsr_job_pool_give(struct tsr_job_pool *pool, struct tsr_job *job)
{
	free(atomic_exchange_explicit(&job->profile, NULL, memory_order_relaxed));
	if (job->own) {
		drop_syncobj(job);
		tsr_buffer_destroy(job->own);
		free(job);
		return;
	}
	pthread_mutex_lock(&pool->lock);
	job->next = pool->free[job->class];
	pool->free[job->class] = job;
	pthread_mutex_unlock(&pool->lock);
}
