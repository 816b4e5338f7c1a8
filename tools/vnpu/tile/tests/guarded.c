/* SPDX-License-Identifier: MIT */
#include "guarded.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <tsr_hw/program.h>

#include "tile/staging.h"

#define PAGE	4096u
#define ALIGN	64u
#define FILL	0xa5

/* Mappings that are kept, and the largest of them. */
#define KEPT		32u
#define KEPT_BYTES	(8u << 20)

/* No stream that is taken has more. */
#define MOST	TSR_HW_MAX_STREAM

/* At the begin of the first page of each mapping. */
struct head {
	size_t mapped;		/* bytes, the page behind included */
	size_t bytes;
	void *memory;
};

/* The linker puts them in the place of staging.c's. */
void *__wrap_staging_get(size_t bytes);
void __wrap_staging_put(void *buffer);

static void fail(const char *what)
{
	fprintf(stderr, "guarded memory: %s\n", what);
	abort();
}

/* At the end of a test program; not where another one's are counted, as in test_staging.c. */
__attribute__((destructor)) static void all_is_given_back(void)
{
	if (staging_usage().used)
		fail("what was staged is not given back");
}

static size_t round_up(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

/* Mappings that wait for reuse, since fresh pages take most of the time of small commands. */
static struct {
	pthread_mutex_t lock;
	char *mapping[KEPT];		/* protected by lock, as below */
	size_t data[KEPT];		/* bytes between the first page and the last one */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

static char *take_kept(size_t data)
{
	char *mapping = NULL;

	pthread_mutex_lock(&pool.lock);
	for (unsigned int i = 0; !mapping && i < KEPT; i++) {
		if (!pool.mapping[i] || pool.data[i] != data)
			continue;
		mapping = pool.mapping[i];
		pool.mapping[i] = NULL;
	}
	pthread_mutex_unlock(&pool.lock);
	return mapping;
}

/* Return: false if there is no room for it. */
static bool keep(char *mapping, size_t data)
{
	bool kept = false;

	pthread_mutex_lock(&pool.lock);
	for (unsigned int i = 0; data <= KEPT_BYTES && !kept && i < KEPT; i++) {
		if (pool.mapping[i])
			continue;
		pool.mapping[i] = mapping;
		pool.data[i] = data;
		kept = true;
	}
	pthread_mutex_unlock(&pool.lock);
	return kept;
}

static char *map(size_t data)
{
	char *mapping = mmap(NULL, data + 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);

	if (mapping == MAP_FAILED || mprotect(mapping + PAGE + data, PAGE, PROT_NONE))
		fail("none is left");
	return mapping;
}

void *guarded_get(size_t bytes)
{
	const size_t room = round_up(bytes, ALIGN), data = round_up(room, PAGE);
	char *kept = take_kept(data), *mapping = kept ? kept : map(data);
	char *at = mapping + PAGE + data - room;

	*(struct head *)mapping = (struct head){ data + 2 * PAGE, bytes, at };
	memset(at, FILL, room);
	return at;
}

/* What is given out fills its pages but for a part of the first one. */
static struct head *head_of(void *memory)
{
	struct head *head = (struct head *)((uintptr_t)memory / PAGE * PAGE - PAGE);

	if (head->memory != memory)
		fail("it is none of it");
	return head;
}

void guarded_put(void *memory)
{
	struct head *head;

	if (!memory)
		return;
	head = head_of(memory);
	for (size_t i = head->bytes; i < round_up(head->bytes, ALIGN); i++)
		if (((uint8_t *)memory)[i] != FILL)
			fail("it was written behind its end");
	if (!keep((char *)head, head->mapped - 2 * PAGE))
		munmap(head, head->mapped);
}

const void *guarded_copy(const void *from, size_t bytes)
{
	static _Thread_local char *memory;

	if (!bytes || bytes > MOST)
		return from;
	if (!memory)
		memory = guarded_get(MOST);
	/* Streams are aligned. */
	return memcpy(memory + (MOST - bytes) / 8 * 8, from, bytes);
}

/* Counted as it would be. */
void *__wrap_staging_get(size_t bytes)
{
	if (staging_size(bytes) == STAGING_ABSURD)
		return NULL;
	staging_count(staging_size(bytes));
	return guarded_get(bytes);
}

void __wrap_staging_put(void *buffer)
{
	if (buffer)
		staging_uncount(staging_size(head_of(buffer)->bytes));
	guarded_put(buffer);
}
