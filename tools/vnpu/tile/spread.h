/* SPDX-License-Identifier: MIT */
/*
 * Threads of a team on processors of their own. Each of them waits for the others, so that two on
 * one processor take turns; the kernel may leave them there for some hundred milliseconds beside an
 * idle processor.
 */
#ifndef VNPU_TILE_SPREAD_H
#define VNPU_TILE_SPREAD_H

#include <stdatomic.h>
#include <stdint.h>

#define SPREAD_PROCESSORS	1024u

/** struct spread - processors that have a thread of the team; zeros: none */
struct spread {
	_Atomic uint64_t taken[SPREAD_PROCESSORS / 64];
};

/**
 * spread_thread() - take a processor for the calling thread
 * @spread: of the team
 *
 * If another thread of the team has taken the one it runs on, it goes to one that none has taken,
 * and may leave that again as it could before. A restriction (taskset) that comes in these
 * microseconds is lost.
 */
void spread_thread(struct spread *spread);

#endif
