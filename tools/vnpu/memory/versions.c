// SPDX-License-Identifier: MIT
#include "versions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "invalidation.h"

/* Ranges known at a time: weights of all nodes of a large network. */
#define RANGES 1024u

struct range {
	uint32_t asid;
	uint64_t va;
	uint64_t size;
	uint64_t version;	/* 0 of a free place */
};

/* One for all of a process: what is kept under versions may serve several devices. */
static atomic_ullong last_version;

struct versions {
	pthread_mutex_t lock;	/* protects all below */
	uint64_t changes;
	unsigned int next;	/* modulo RANGES: the place to be taken when none is free */
	struct range range[RANGES];
};

struct versions *versions_create(void)
{
	struct versions *versions = calloc(1, sizeof(*versions));

	if (versions)
		pthread_mutex_init(&versions->lock, NULL);
	return versions;
}

void versions_destroy(struct versions *versions)
{
	if (!versions)
		return;
	pthread_mutex_destroy(&versions->lock);
	free(versions);
}

static bool is_same(const struct range *range, uint32_t asid, uint64_t va, uint64_t size)
{
	return range->va == va && range->size == size && range->asid == asid;
}

/* Free places have no version. The lock is held. */
static uint64_t find(const struct versions *versions, uint32_t asid, uint64_t va, uint64_t size)
{
	for (unsigned int i = 0; i < RANGES; i++)
		if (is_same(&versions->range[i], asid, va, size))
			return versions->range[i].version;
	return 0;
}

uint64_t versions_find(struct versions *versions, uint32_t asid, uint64_t va, uint64_t size)
{
	uint64_t version;

	pthread_mutex_lock(&versions->lock);
	version = find(versions, asid, va, size);
	pthread_mutex_unlock(&versions->lock);
	return version;
}

/* A free place, or one after the other. The lock is held. */
static struct range *find_place(struct versions *versions)
{
	for (unsigned int i = 0; i < RANGES; i++)
		if (!versions->range[i].version)
			return &versions->range[i];
	return &versions->range[versions->next++ % RANGES];
}

uint64_t versions_add(struct versions *versions, uint32_t asid, uint64_t va, uint64_t size)
{
	uint64_t version;

	pthread_mutex_lock(&versions->lock);
	version = find(versions, asid, va, size);
	if (!version) {
		version = atomic_fetch_add(&last_version, 1) + 1;
		*find_place(versions) = (struct range){ asid, va, size, version };
	}
	pthread_mutex_unlock(&versions->lock);
	return version;
}

uint64_t versions_changes(struct versions *versions)
{
	uint64_t changes;

	pthread_mutex_lock(&versions->lock);
	changes = versions->changes;
	pthread_mutex_unlock(&versions->lock);
	return changes;
}

void versions_invalidated(struct versions *versions, const struct invalidation *inv)
{
	pthread_mutex_lock(&versions->lock);
	versions->changes++;
	for (unsigned int i = 0; i < RANGES; i++) {
		struct range *range = &versions->range[i];

		if (range->version &&
		    invalidation_meets(inv, range->asid, range->va, range->size))
			*range = (struct range){ 0 };
	}
	pthread_mutex_unlock(&versions->lock);
}
