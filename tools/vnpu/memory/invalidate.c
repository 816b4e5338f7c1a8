// SPDX-License-Identifier: MIT
#include "invalidate.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <tsr_hw/mmu.h>
#include <tsr_hw/registers.h>

#include "counters.h"
#include "port.h"
#include "random.h"
#include "register/regs.h"

/* Of a late one: one command in so many waits so long before it is executed. */
#define LATE_ONE_IN 4u
#define LATE_NS 4000000

#define RING(member) offsetof(struct tsr_hw_inv_ring, member)

struct invalidator {
	struct invalidator_config config;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;	/* protects rung, epoch and quit */
	pthread_cond_t wake;
	bool rung;
	bool quit;
	unsigned int epoch;
};

/* Where one look at the ring stands; private to the thread. */
struct ring {
	struct port *port;
	struct port_agent agent;
	uint64_t base;
	uint32_t done;
	uint32_t error;
	uint64_t seed;
};

struct invalidator *invalidator_create(const struct invalidator_config *config)
{
	struct invalidator *inv = calloc(1, sizeof(*inv));

	if (!inv)
		return NULL;
	inv->config = *config;
	pthread_mutex_init(&inv->lock, NULL);
	pthread_cond_init(&inv->wake, NULL);
	return inv;
}

static bool ring_read(struct ring *ring, size_t offset, void *buf, size_t n)
{
	uint64_t fault;

	return port_copy_bytes(ring->port, &ring->agent, MMU_READ, ring->base + offset, buf, n,
			       &fault) == 0;
}

static bool ring_write32(struct ring *ring, size_t offset, uint32_t val)
{
	uint64_t fault;

	return port_copy_bytes(ring->port, &ring->agent, MMU_WRITE, ring->base + offset, &val,
			       sizeof(val), &fault) == 0;
}

static bool command_valid(const struct tsr_hw_inv_cmd *cmd, uint32_t seq)
{
	if (cmd->seq != seq || cmd->mbz || cmd->asid >= TSR_HW_ASID_COUNT)
		return false;
	switch (cmd->op) {
	case TSR_HW_INV_ASID:
		return cmd->va == 0 && cmd->size == 0;
	case TSR_HW_INV_RANGE:
		return cmd->va % TSR_HW_PAGE_SIZE == 0 && cmd->size % TSR_HW_PAGE_SIZE == 0 &&
		       cmd->size != 0;
	}
	return false;
}

/* Until a moment later; a reset does not wait for it. */
static void wait_late(struct invalidator *inv, const struct ring *ring)
{
	struct timespec end;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += LATE_NS;
	if (end.tv_nsec >= 1000000000) {
		end.tv_nsec -= 1000000000;
		end.tv_sec++;
	}
	pthread_mutex_lock(&inv->lock);
	while (!inv->quit && inv->epoch == ring->agent.epoch && !error)
		error = pthread_cond_clockwait(&inv->wake, &inv->lock, CLOCK_MONOTONIC, &end);
	pthread_mutex_unlock(&inv->lock);
}

static void execute(struct invalidator *inv, const struct tsr_hw_inv_cmd *cmd)
{
	uint64_t size = cmd->op == TSR_HW_INV_ASID ? UINT64_MAX : cmd->size;

	port_invalidate(inv->config.port, cmd->asid, cmd->va, size);
	counters_add(inv->config.counters, COUNTER_INVALIDATIONS, 1);
}

static bool serve_one(struct invalidator *inv, struct ring *ring)
{
	uint32_t seq = ring->done + 1;
	struct tsr_hw_inv_cmd cmd;

	if (!ring_read(ring, RING(cmd) + seq % TSR_HW_INV_RING_ENTRIES * sizeof(cmd), &cmd,
		       sizeof(cmd)))
		return false;
	if (inv->config.late && random_next(&ring->seed) % LATE_ONE_IN == 0)
		wait_late(inv, ring);
	if (command_valid(&cmd, seq)) {
		execute(inv, &cmd);
	} else if (!ring->error) {
		ring->error = seq;
		if (!ring_write32(ring, RING(error), seq))
			return false;
	}
	ring->done = seq;
	return ring_write32(ring, RING(done), seq);
}

/* A tail that claims more than the ring holds is looked at as a full ring. */
static bool serve(struct invalidator *inv, struct ring *ring)
{
	uint32_t tail;

	if (!ring->base || !ring_read(ring, RING(tail), &tail, sizeof(tail)) ||
	    tail == ring->done)
		return false;
	for (unsigned int i = 0; i < TSR_HW_INV_RING_ENTRIES && ring->done != tail; i++)
		if (!serve_one(inv, ring))
			return false;
	return tail - ring->done <= TSR_HW_INV_RING_ENTRIES;
}

/* Return: false to end the thread. */
static bool wait_for_bell(struct invalidator *inv, struct ring *ring)
{
	bool quit;

	pthread_mutex_lock(&inv->lock);
	while (!inv->rung && !inv->quit)
		pthread_cond_wait(&inv->wake, &inv->lock);
	inv->rung = false;
	quit = inv->quit;
	if (ring->agent.epoch != inv->epoch) {
		ring->agent.epoch = inv->epoch;
		ring->done = 0;
		ring->error = 0;
	}
	pthread_mutex_unlock(&inv->lock);
	return !quit;
}

static void *invalidator_main(void *arg)
{
	struct invalidator *inv = arg;
	struct ring ring = {
		.port = inv->config.port,
		.agent = { .id = PORT_AGENT_MMU },
	};

	while (wait_for_bell(inv, &ring)) {
		ring.base = regs_inv_ring(inv->config.regs);
		while (serve(inv, &ring))
			;
	}
	return NULL;
}

int invalidator_start(struct invalidator *inv)
{
	int error = pthread_create(&inv->thread, NULL, invalidator_main, inv);

	inv->started = !error;
	return -error;
}

void invalidator_destroy(struct invalidator *inv)
{
	if (!inv)
		return;
	if (inv->started) {
		pthread_mutex_lock(&inv->lock);
		inv->quit = true;
		pthread_cond_signal(&inv->wake);
		pthread_mutex_unlock(&inv->lock);
		pthread_join(inv->thread, NULL);
	}
	pthread_cond_destroy(&inv->wake);
	pthread_mutex_destroy(&inv->lock);
	free(inv);
}

void invalidator_ring(struct invalidator *inv)
{
	pthread_mutex_lock(&inv->lock);
	inv->rung = true;
	pthread_cond_signal(&inv->wake);
	pthread_mutex_unlock(&inv->lock);
}

void invalidator_reset(struct invalidator *inv, unsigned int epoch)
{
	pthread_mutex_lock(&inv->lock);
	inv->epoch = epoch;
	inv->rung = false;
	pthread_cond_signal(&inv->wake);
	pthread_mutex_unlock(&inv->lock);
}
