/* SPDX-License-Identifier: MIT */
#include "spread.h"

#include <sched.h>
#include <stdbool.h>
#include <string.h>

_Static_assert(SPREAD_PROCESSORS == CPU_SETSIZE, "all that the kernel's set has");

/* Where the calling thread runs. Return: false if another thread of the team has taken it. */
static bool take(struct spread *spread)
{
	int processor = sched_getcpu();
	uint64_t bit;

	if (processor < 0 || processor >= (int)SPREAD_PROCESSORS)
		return true;
	bit = 1ull << processor % 64;
	return !(atomic_fetch_or(&spread->taken[processor / 64], bit) & bit);
}

static bool is_taken(const struct spread *spread, unsigned int processor)
{
	return atomic_load(&spread->taken[processor / 64]) >> processor % 64 & 1;
}

/* Those the thread may run on, without those that are taken. Return: how many. */
static int others(const struct spread *spread, const cpu_set_t *all, cpu_set_t *left)
{
	*left = *all;
	for (unsigned int i = 0; i < SPREAD_PROCESSORS; i++)
		if (is_taken(spread, i))
			CPU_CLR(i, left);
	return CPU_COUNT(left);
}

/*
 * The calling thread may run on @all again. What a thread was told to be restricted to, the kernel
 * remembers: it would neither follow a cpuset that grows nor go to a processor that comes back. So
 * it is told of no restriction if there is none but its cpuset.
 */
static void release(const cpu_set_t *all)
{
	cpu_set_t any, now;

	memset(&any, 0xff, sizeof(any));
	if (!sched_setaffinity(0, sizeof(any), &any) &&
	    !sched_getaffinity(0, sizeof(now), &now) && CPU_EQUAL(&now, all))
		return;
	sched_setaffinity(0, sizeof(*all), all);
}

/* The kernel moves a thread at once from where it must not run. */
static void leave(const struct spread *spread)
{
	cpu_set_t all, left;

	if (sched_getaffinity(0, sizeof(all), &all) || !others(spread, &all, &left))
		return;
	if (!sched_setaffinity(0, sizeof(left), &left))
		release(&all);
}

void spread_thread(struct spread *spread)
{
	if (take(spread))
		return;
	leave(spread);
	take(spread);
}
