// SPDX-License-Identifier: MIT
/*
 * The token of a process lies in a page that the kernel wipes in every child, however the
 * child was made; getpid() would be a system call, and pthread_atfork() sees fork() only.
 * The counter of tokens is ordinary memory: a child continues it, so that its own token is
 * none of those its inherited objects have.
 */
#include "process.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic uint64_t *wiped;		/* 0 after a fork; set once, NULL without memory */
static _Atomic uint64_t last;		/* token given in this process or an ancestor */

static void map_page(void)
{
	void *page = mmap(NULL, sizeof(*wiped), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return;
	if (madvise(page, sizeof(*wiped), MADV_WIPEONFORK))
		munmap(page, sizeof(*wiped));
	else
		wiped = page;
}

uint64_t tsr_process_token(void)
{
	uint64_t found = 0, token;

	pthread_once(&once, map_page);
	if (!wiped)
		return 0;
	token = atomic_load(wiped);
	if (token)
		return token;
	token = atomic_fetch_add(&last, 1) + 1;
	return atomic_compare_exchange_strong(wiped, &found, token) ? token : found;
}

bool tsr_process_is(uint64_t token)
{
	return atomic_load_explicit(wiped, memory_order_relaxed) == token;
}
