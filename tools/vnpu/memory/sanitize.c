// SPDX-License-Identifier: MIT
#include "sanitize.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

#include "counters.h"
#include "invalidation.h"
#include "log.h"

/* Invalidations remembered; an older token is judged as overlapping. */
#define HISTORY 256

struct sanitizer {
	atomic_ullong generation;	/* invalidations completed */
	pthread_mutex_t lock;		/* protects history and the step of generation */
	struct invalidation history[HISTORY];
	struct counters *counters;
	struct vnpu_log_budget budget;
};

struct sanitizer *sanitizer_create(struct counters *counters)
{
	struct sanitizer *san = calloc(1, sizeof(*san));

	if (!san)
		return NULL;
	pthread_mutex_init(&san->lock, NULL);
	san->counters = counters;
	return san;
}

void sanitizer_destroy(struct sanitizer *san)
{
	if (!san)
		return;
	pthread_mutex_destroy(&san->lock);
	free(san);
}

uint64_t sanitizer_token(const struct sanitizer *san)
{
	return atomic_load_explicit(&san->generation, memory_order_acquire);
}

void sanitizer_invalidated(struct sanitizer *san, const struct invalidation *inv)
{
	uint64_t generation;

	pthread_mutex_lock(&san->lock);
	generation = atomic_load(&san->generation);
	san->history[generation % HISTORY] = *inv;
	atomic_store_explicit(&san->generation, generation + 1, memory_order_release);
	pthread_mutex_unlock(&san->lock);
}

static bool stale(const struct sanitizer *san, uint64_t token, uint32_t asid, uint64_t va,
		  uint64_t size)
{
	uint64_t now = atomic_load(&san->generation);

	if (now - token > HISTORY)
		return true;
	for (; token != now; token++)
		if (invalidation_meets(&san->history[token % HISTORY], asid, va, size))
			return true;
	return false;
}

bool sanitizer_check(struct sanitizer *san, uint64_t token, uint32_t asid, uint64_t va,
		     uint64_t size)
{
	bool bad;

	if (sanitizer_token(san) == token)
		return true;
	pthread_mutex_lock(&san->lock);
	bad = stale(san, token, asid, va, size);
	pthread_mutex_unlock(&san->lock);
	if (!bad)
		return true;
	counters_add(san->counters, COUNTER_SANITIZER_VIOLATIONS, 1);
	vnpu_log_limited(&san->budget, VNPU_LOG_ERROR,
			 "DMA sanitizer: address space %" PRIu32 " accessed %" PRIu64
			 " bytes at 0x%" PRIx64 " through an invalidated translation",
			 asid, size, va);
	return false;
}
