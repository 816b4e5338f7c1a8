/* SPDX-License-Identifier: MIT */
/*
 * The invalidation ring. The MMU serves it on a thread of its own: no firmware and no
 * engine has a part in it, so it works while they hang.
 */
#ifndef VNPU_INVALIDATE_H
#define VNPU_INVALIDATE_H

#include <stdbool.h>
#include <stdint.h>

struct counters;
struct invalidator;
struct port;
struct regs;

/** struct invalidator_config - what it works with; @late: some commands wait a few milliseconds */
struct invalidator_config {
	struct port *port;
	struct regs *regs;
	struct counters *counters;
	bool late;
};

/** invalidator_create() - @config is copied; NULL without memory */
struct invalidator *invalidator_create(const struct invalidator_config *config);

/** invalidator_start() - start the thread; 0 or a negative errno */
int invalidator_start(struct invalidator *inv);

/** invalidator_destroy() - end the thread and free; NULL is allowed */
void invalidator_destroy(struct invalidator *inv);

/** invalidator_ring() - the host wants the ring looked at; from any thread */
void invalidator_ring(struct invalidator *inv);

/** invalidator_reset() - the ring is dropped; what follows belongs to @epoch */
void invalidator_reset(struct invalidator *inv, unsigned int epoch);

#endif
