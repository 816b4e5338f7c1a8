/* SPDX-License-Identifier: MIT */
/* Handles of jobs with the memory their slot tables lie in, both recycled by the context. */
#ifndef TSR_JOB_H
#define TSR_JOB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct tsr_buffer;
struct tsr_context;
struct tsr_node_profile;
struct tsr_job_slab;

/** Cells come in two sizes; a job that needs more has a buffer of its own. */
#define TSR_JOB_CLASSES	2

/**
 * struct tsr_job - one submission
 * @context: where it runs
 * @next: in the list of free ones; protected by the pool's lock
 * @class: of its cell; TSR_JOB_CLASSES when it has a buffer of its own
 * @own: that buffer, or NULL
 * @data: slot table, then profile records
 * @address: the same on the NPU
 * @syncobj: holds its fence; made when the handle is first used, and recycled with it. Not a
 *	point of a timeline: adding one costs a walk over all that are pending, and a point
 *	that has been signalled loses its error
 * @seq: number in the queue
 * @profile_offset: of the records, from @data
 * @profile_capacity: how many there can be
 * @profile: records as the caller gets them, once asked for
 */
struct tsr_job {
	struct tsr_context *context;
	struct tsr_job *next;
	unsigned int class;
	struct tsr_buffer *own;
	void *data;
	uint64_t address;
	uint32_t syncobj;
	uint64_t seq;
	size_t profile_offset;
	size_t profile_capacity;
	struct tsr_node_profile *_Atomic profile;
};

/**
 * struct tsr_job_pool - jobs of a context that are not in use
 * @context: where their memory is
 * @lock: protects all below
 * @free: by class of cell
 * @slabs: all memory that was ever needed
 */
struct tsr_job_pool {
	struct tsr_context *context;
	pthread_mutex_t lock;
	struct tsr_job *free[TSR_JOB_CLASSES];
	struct tsr_job_slab *slabs;
};

void tsr_job_pool_init(struct tsr_job_pool *pool, struct tsr_context *context);

/** tsr_job_pool_destroy() - release all memory; no job is in use. */
void tsr_job_pool_destroy(struct tsr_job_pool *pool);

/** tsr_job_pool_take() - a job with @size bytes at @data. Return: 0 or a negative errno. */
int tsr_job_pool_take(struct tsr_job_pool *pool, size_t size, struct tsr_job **job);

/** tsr_job_pool_give() - return a job that has ended or was not submitted. */
void tsr_job_pool_give(struct tsr_job_pool *pool, struct tsr_job *job);

#endif
