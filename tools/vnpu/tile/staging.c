/* SPDX-License-Identifier: MIT */
#include "staging.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Buffers are powers of two from 64 KiB on; up to 128 MiB of them wait for reuse. */
#define SMALLEST_SHIFT	16
#define SHIFTS		48
#define KEEP_BYTES	(128ull << 20)
#define HUGE_PAGE	(2ul << 20)

/* In front of the buffer, one page so that the buffer is page-aligned. */
union header {
	struct {
		union header *next;
		unsigned int shift;
	};
	char page[4096];
};

static struct {
	pthread_mutex_t lock;
	union header *free[SHIFTS];	/* by shift; protected by lock */
	uint64_t kept;			/* bytes on all lists; protected by lock */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

static unsigned int shift_of(size_t bytes)
{
	unsigned int shift = SMALLEST_SHIFT;

	while (shift < SHIFTS && ((size_t)1 << shift) < bytes)
		shift++;
	return shift;
}

static union header *take(unsigned int shift)
{
	union header *header;

	pthread_mutex_lock(&pool.lock);
	header = pool.free[shift];
	if (header) {
		pool.free[shift] = header->next;
		pool.kept -= 1ull << shift;
	}
	pthread_mutex_unlock(&pool.lock);
	return header;
}

static union header *make(unsigned int shift)
{
	size_t bytes = sizeof(union header) + ((size_t)1 << shift);
	union header *header = aligned_alloc(sizeof(*header), bytes);

	if (!header)
		return NULL;
	if (bytes > HUGE_PAGE)
		madvise(header, bytes, MADV_HUGEPAGE);	/* only faster, so no error */
	header->shift = shift;
	return header;
}

void *staging_get(size_t bytes)
{
	unsigned int shift = shift_of(bytes);
	union header *header;

	if (shift == SHIFTS)
		return NULL;
	header = take(shift);
	if (!header)
		header = make(shift);
	return header ? header + 1 : NULL;
}

static bool keep(union header *header)
{
	uint64_t bytes = 1ull << header->shift;
	bool fits;

	pthread_mutex_lock(&pool.lock);
	fits = pool.kept + bytes <= KEEP_BYTES;
	if (fits) {
		header->next = pool.free[header->shift];
		pool.free[header->shift] = header;
		pool.kept += bytes;
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
