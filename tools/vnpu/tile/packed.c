/* SPDX-License-Identifier: MIT */
#include "packed.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* What is kept at most. */
#define KEEP_BYTES	(128ull << 20)
#define KEEP_ENTRIES	256

#define PAGE		4096u
#define HUGE_PAGE	(2ul << 20)

struct entry {
	struct packed packed;	/* first: users of an entry know this only */
	uint64_t bytes;
	unsigned int users;	/* protected by cache.lock, as all below */
	bool kept;
	uint64_t used;
};

static struct {
	pthread_mutex_t lock;
	struct entry *entry[KEEP_ENTRIES];	/* protected by lock, as all below */
	uint64_t bytes;
	uint64_t clock;
} cache = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void entry_free(struct entry *entry)
{
	free(entry->packed.weights);
	free(entry->packed.terms);
	free(entry);
}

static void *room(uint64_t bytes)
{
	uint64_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
	void *memory = aligned_alloc(PAGE, whole);

	if (memory && whole > HUGE_PAGE)
		madvise(memory, whole, MADV_HUGEPAGE);	/* only faster, so no error */
	return memory;
}

struct packed *packed_make(const struct packed_key *key, uint64_t bytes, uint64_t terms)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	entry->packed.key = *key;
	entry->packed.weights = room(bytes);
	if (terms)
		entry->packed.terms = malloc(terms * sizeof(*entry->packed.terms));
	entry->bytes = bytes + terms * sizeof(*entry->packed.terms);
	entry->users = 1;
	if (entry->packed.weights && (entry->packed.terms || !terms))
		return &entry->packed;
	entry_free(entry);
	return NULL;
}

struct packed *packed_find(const struct packed_key *key)
{
	struct packed *found = NULL;

	pthread_mutex_lock(&cache.lock);
	for (int i = 0; !found && i < KEEP_ENTRIES; i++) {
		struct entry *entry = cache.entry[i];

		if (!entry || memcmp(&entry->packed.key, key, sizeof(*key)))
			continue;
		entry->users++;
		entry->used = ++cache.clock;
		found = &entry->packed;
	}
	pthread_mutex_unlock(&cache.lock);
	return found;
}

/* Drops the least recently used of what is not in use. The lock is held. */
static bool drop_one(void)
{
	int least = -1;

	for (int i = 0; i < KEEP_ENTRIES; i++) {
		struct entry *entry = cache.entry[i];

		if (entry && !entry->users &&
		    (least < 0 || entry->used < cache.entry[least]->used))
			least = i;
	}
	if (least < 0)
		return false;
	cache.bytes -= cache.entry[least]->bytes;
	entry_free(cache.entry[least]);
	cache.entry[least] = NULL;
	return true;
}

/* A free place; the lock is held. */
static struct entry **find_place(void)
{
	for (int i = 0; i < KEEP_ENTRIES; i++)
		if (!cache.entry[i])
			return &cache.entry[i];
	return NULL;
}

void packed_keep(struct packed *packed)
{
	struct entry *entry = (struct entry *)packed;
	struct entry **place;

	if (entry->bytes > KEEP_BYTES)
		return;
	pthread_mutex_lock(&cache.lock);
	while (cache.bytes + entry->bytes > KEEP_BYTES && drop_one())
		;
	place = find_place();
	if (!place && drop_one())
		place = find_place();
	if (place && cache.bytes + entry->bytes <= KEEP_BYTES) {
		*place = entry;
		entry->kept = true;
		entry->used = ++cache.clock;
		cache.bytes += entry->bytes;
	}
	pthread_mutex_unlock(&cache.lock);
}

void packed_put(struct packed *packed)
{
	struct entry *entry = (struct entry *)packed;
	bool last;

	if (!packed)
		return;
	pthread_mutex_lock(&cache.lock);
	entry->users--;
	last = !entry->users && !entry->kept;
	pthread_mutex_unlock(&cache.lock);
	if (last)
		entry_free(entry);
}
