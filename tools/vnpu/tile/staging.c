/* SPDX-License-Identifier: MIT */
#include "staging.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "smaller.h"

/*
 * Sizes of buffers: eight to every power of two, so that no more than an eighth is lost,
 * from 64 KiB on. Up to 128 MiB of them wait for reuse.
 */
#define SMALLEST	(64ull << 10)
#define STEPS		8u
#define STEPS_SHIFT	3u
#define CLASSES		(STEPS * 24)	/* up to a TiB */
#define KEEP_BYTES	(128ull << 20)
#define HUGE_PAGE	(2ul << 20)

/* In front of the buffer, one page so that the buffer is page-aligned. */
union header {
	struct {
		union header *next;
		unsigned int class;
	};
	char page[4096];
};

static struct {
	pthread_mutex_t lock;
	union header *free[CLASSES];	/* protected by lock, as all below */
	struct staging_usage usage;
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

static uint64_t class_bytes(unsigned int class)
{
	return (SMALLEST >> STEPS_SHIFT) * (STEPS + class % STEPS) << class / STEPS;
}

static unsigned int class_of(uint64_t bytes)
{
	unsigned int class = 0;

	while (class < CLASSES && class_bytes(class) < bytes)
		class++;
	return class;
}

uint64_t staging_size(uint64_t bytes)
{
	unsigned int class = class_of(bytes);

	return class < CLASSES ? class_bytes(class) + sizeof(union header) : STAGING_ABSURD;
}

/* What a buffer of @class takes. */
static uint64_t taken(unsigned int class)
{
	return class_bytes(class) + sizeof(union header);
}

static union header *take(unsigned int class)
{
	union header *header;

	pthread_mutex_lock(&pool.lock);
	header = pool.free[class];
	if (header) {
		pool.free[class] = header->next;
		pool.usage.kept -= taken(class);
		pool.usage.used += taken(class);
	}
	pthread_mutex_unlock(&pool.lock);
	return header;
}

/* A kept buffer, of the largest; NULL when there is none. Called with the lock held. */
static union header *drop_largest(void)
{
	for (unsigned int class = CLASSES; class-- > 0;) {
		union header *header = pool.free[class];

		if (!header)
			continue;
		pool.free[class] = header->next;
		pool.usage.kept -= taken(class);
		return header;
	}
	return NULL;
}

/*
 * Count @bytes more as used. What is kept makes room for them, so that unused buffers
 * never add to the peak of those in use once that is larger than KEEP_BYTES.
 */
void staging_count(uint64_t bytes)
{
	union header *header;

	pthread_mutex_lock(&pool.lock);
	while (pool.usage.used + bytes + pool.usage.kept > KEEP_BYTES &&
	       (header = drop_largest()))
		free(header);
	pool.usage.used += bytes;
	pool.usage.peak = larger(pool.usage.peak, pool.usage.used + pool.usage.kept);
	pthread_mutex_unlock(&pool.lock);
}

void staging_uncount(uint64_t bytes)
{
	pthread_mutex_lock(&pool.lock);
	pool.usage.used -= bytes;
	pthread_mutex_unlock(&pool.lock);
}

static union header *make(unsigned int class)
{
	union header *header;

	staging_count(taken(class));
	header = aligned_alloc(sizeof(*header), taken(class));
	if (!header) {
		staging_uncount(taken(class));
		return NULL;
	}
	if (taken(class) > HUGE_PAGE)
		madvise(header, taken(class), MADV_HUGEPAGE);	/* only faster, so no error */
	header->class = class;
	return header;
}

void *staging_get(size_t bytes)
{
	unsigned int class = class_of(bytes);
	union header *header;

	if (class == CLASSES)
		return NULL;
	header = take(class);
	if (!header)
		header = make(class);
	return header ? header + 1 : NULL;
}

static bool keep(union header *header)
{
	uint64_t bytes = taken(header->class);
	bool fits;

	pthread_mutex_lock(&pool.lock);
	pool.usage.used -= bytes;
	fits = pool.usage.used + pool.usage.kept + bytes <= KEEP_BYTES;
	if (fits) {
		header->next = pool.free[header->class];
		pool.free[header->class] = header;
		pool.usage.kept += bytes;
	}
	pthread_mutex_unlock(&pool.lock);
	return fits;
}

void staging_put(void *buffer)
{
	union header *header = buffer;

	if (header && !keep(--header))
		free(header);
}

struct staging_usage staging_usage(void)
{
	struct staging_usage usage;

	pthread_mutex_lock(&pool.lock);
	usage = pool.usage;
	pthread_mutex_unlock(&pool.lock);
	return usage;
}

void staging_reset_peak(void)
{
	union header *header;

	pthread_mutex_lock(&pool.lock);
	while ((header = drop_largest()))
		free(header);
	pool.usage.peak = pool.usage.used;
	pthread_mutex_unlock(&pool.lock);
}
