/* SPDX-License-Identifier: MIT */
#include "primitive_cache.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "onednn_engine.h"
#include "primitive.h"
#include "primitive_trial.h"

/* Primitives kept; making one costs half a millisecond. */
#define CACHE_ENTRIES	256

struct entry {
	struct primitive primitive;	/* first: users of an entry know this only */
	bool usable;
	unsigned int users;	/* protected by cache.lock */
	uint64_t used;		/* protected by cache.lock */
};

static struct {
	pthread_mutex_t lock;
	struct entry *entry[CACHE_ENTRIES];	/* protected by lock */
	uint64_t clock;				/* protected by lock */
} cache = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void entry_free(struct entry *entry)
{
	if (!entry)
		return;
	primitive_release(&entry->primitive);
	free(entry);
}

/*
 * A primitive is used once a trial of it was right and touched no memory but its own. One
 * that failed is kept to be known.
 */
static int check_entry(struct entry *entry)
{
	int ret = primitive_try(&entry->primitive);

	entry->usable = !ret;
	return ret == -ENOMEM ? ret : 0;
}

static int make_entry(const struct primitive_key *key, struct entry **out)
{
	struct entry *entry = calloc(1, sizeof(*entry));
	int ret;

	if (!entry)
		return -ENOMEM;
	ret = primitive_make(&entry->primitive, key);
	if (!ret)
		ret = check_entry(entry);
	if (ret) {
		entry_free(entry);
		return ret;
	}
	*out = entry;
	return 0;
}

/* The lock is held. */
static struct entry *find(const struct primitive_key *key)
{
	for (int i = 0; i < CACHE_ENTRIES; i++) {
		struct entry *entry = cache.entry[i];

		if (entry && !memcmp(&entry->primitive.key, key, sizeof(*key))) {
			entry->users++;
			entry->used = ++cache.clock;
			return entry;
		}
	}
	return NULL;
}

/*
 * Put a new entry in a free place or that of the least recently used idle one; with
 * no such place it lives for this use only. The lock is held.
 */
static struct entry *insert(struct entry *entry)
{
	struct entry *victim;
	int at = -1;

	for (int i = 0; i < CACHE_ENTRIES; i++) {
		if (!cache.entry[i]) {
			at = i;
			break;
		}
		if (!cache.entry[i]->users &&
		    (at < 0 || cache.entry[i]->used < cache.entry[at]->used))
			at = i;
	}
	entry->users = 1;
	entry->used = ++cache.clock;
	if (at < 0)
		return NULL;
	victim = cache.entry[at];
	cache.entry[at] = entry;
	return victim;
}

static int entry_get(const struct primitive_key *key, struct entry **entry)
{
	struct entry *victim;
	int ret;

	if (!onednn_engine())
		return -ENOMEM;
	pthread_mutex_lock(&cache.lock);
	*entry = find(key);
	pthread_mutex_unlock(&cache.lock);
	if (*entry)
		return 0;
	ret = make_entry(key, entry);
	if (ret)
		return ret;
	pthread_mutex_lock(&cache.lock);
	victim = insert(*entry);
	pthread_mutex_unlock(&cache.lock);
	entry_free(victim);
	return 0;
}

static void entry_put(struct entry *entry)
{
	bool cached = false;

	pthread_mutex_lock(&cache.lock);
	entry->users--;
	for (int i = 0; i < CACHE_ENTRIES; i++)
		cached |= cache.entry[i] == entry;
	pthread_mutex_unlock(&cache.lock);
	if (!cached)
		entry_free(entry);
}

int primitive_get(const struct primitive_key *key, struct primitive **primitive)
{
	struct entry *entry;
	int ret = entry_get(key, &entry);

	if (ret)
		return ret;
	if (!entry->usable) {
		entry_put(entry);
		return -ENOTSUP;
	}
	*primitive = &entry->primitive;
	return 0;
}

void primitive_put(struct primitive *primitive)
{
	entry_put((struct entry *)primitive);
}
