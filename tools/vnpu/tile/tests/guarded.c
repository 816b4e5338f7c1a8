/* SPDX-License-Identifier: MIT */
#include "guarded.h"

#include <pthread.h>
#include <stdatomic.h>
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

/*
 * Mappings that are kept, the largest of them, and how much larger one may be
 * than what it is reused for.
 */
#define KEPT		32u
#define KEPT_BYTES	(8u << 20)
#define KEPT_SLACK	4u	/* a quarter */

/* No stream that is taken has more. */
#define MOST	TSR_HW_MAX_STREAM

struct mapping {
	char *begin;
	size_t data;		/* bytes between the first page and the last one */
};

/* At the begin of the page before the memory's first one. */
struct head {
	struct mapping mapping;
	size_t bytes;
	void *memory;
};

/* The linker puts them in the place of staging.c's. */
uint64_t __wrap_staging_size(uint64_t bytes);
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
	struct mapping kept[KEPT];	/* protected by lock, as below */
	unsigned int next;		/* the place of the next one that comes back */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Return: the smallest that is large enough and not much larger, or an empty one. */
static struct mapping take_kept(size_t data)
{
	static struct mapping none;
	struct mapping *best = &none, found;

	pthread_mutex_lock(&pool.lock);
	for (unsigned int i = 0; i < KEPT; i++) {
		struct mapping *kept = &pool.kept[i];

		if (kept->begin && kept->data >= data && kept->data <= data + data / KEPT_SLACK &&
		    (!best->begin || kept->data < best->data))
			best = kept;
	}
	found = *best;
	if (found.begin)
		*best = none;
	pthread_mutex_unlock(&pool.lock);
	return found;
}

static void unmap(struct mapping mapping)
{
	if (mapping.begin)
		munmap(mapping.begin, mapping.data + 2 * PAGE);
}

/* In the place of the one that has waited longest. */
static void keep(struct mapping mapping)
{
	struct mapping oldest;

	pthread_mutex_lock(&pool.lock);
	oldest = pool.kept[pool.next];
	pool.kept[pool.next] = mapping;
	pool.next = (pool.next + 1) % KEPT;
	pthread_mutex_unlock(&pool.lock);
	unmap(oldest);
}

static struct mapping map(size_t data)
{
	char *begin = mmap(NULL, data + 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (begin == MAP_FAILED || mprotect(begin + PAGE + data, PAGE, PROT_NONE))
		fail("none is left");
	return (struct mapping){ begin, data };
}

static struct head *head_before(const void *memory)
{
	return (struct head *)((uintptr_t)memory / PAGE * PAGE - PAGE);
}

void *guarded_get(size_t bytes)
{
	const size_t room = round_up(bytes, ALIGN), data = round_up(room, PAGE);
	struct mapping mapping = take_kept(data);
	char *at;

	if (!mapping.begin)
		mapping = map(data);
	at = mapping.begin + PAGE + mapping.data - room;
	*head_before(at) = (struct head){ mapping, bytes, at };
	memset(at, FILL, room);
	return at;
}

static struct head *head_of(void *memory)
{
	struct head *head = head_before(memory);

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
	head->memory = NULL;
	if (head->mapping.data > KEPT_BYTES)
		unmap(head->mapping);
	else
		keep(head->mapping);
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

/* staging.c's, where that has a replacement. */
__attribute__((weak)) uint64_t __real_staging_size(uint64_t bytes);

/*
 * In staging.c small buffers have one size; so fine, what a command says is
 * told from anything less.
 */
uint64_t __wrap_staging_size(uint64_t bytes)
{
	return __real_staging_size(bytes) == STAGING_ABSURD ?
	       STAGING_ABSURD : round_up(bytes, ALIGN);
}

/* How many more are given before one is not; below 0: all are. */
static atomic_int left = -1;

void guarded_refuse(int after)
{
	left = after;
}

void *__wrap_staging_get(size_t bytes)
{
	if (staging_size(bytes) == STAGING_ABSURD || (left >= 0 && !left--))
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
