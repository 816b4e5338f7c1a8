// SPDX-License-Identifier: MIT
#include "simulation.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "engine/engine.h"
#include "machine.h"
#include "memory/port.h"
#include "register/doorbell.h"

/* For how long an unkind device with nothing to do keeps an interrupt to itself. */
#define LATE_NS 1000000

/* What other threads want, taken over as a whole. */
struct requests {
	bool quit;
	bool reset;
	unsigned int epoch;	/* of the last reset */
	bool boot;
	bool crash;
	bool hold;
	bool release;
	uint64_t steps;
	uint64_t advance;
};

struct simulation {
	struct simulation_config config;
	pthread_t thread;
	bool started;
	atomic_bool paused;
	atomic_uint busy;	/* engines at work, for simulation_status() */
	pthread_mutex_t lock;	/* protects requests and asleep */
	pthread_cond_t wake;
	struct requests requests;
	bool asleep;		/* the thread waits, and no result of an engine is to come */
	atomic_bool poked;	/* set under the lock: look at requests and bells */
};

struct simulation *simulation_create(const struct simulation_config *config)
{
	struct simulation *sim = calloc(1, sizeof(*sim));

	if (!sim)
		return NULL;
	sim->config = *config;
	pthread_mutex_init(&sim->lock, NULL);
	pthread_cond_init(&sim->wake, NULL);
	return sim;
}

static void lock(struct simulation *sim)
{
	pthread_mutex_lock(&sim->lock);
}

/* The lock is given up first: the thread may run at once, in place of this one, and wants it. */
static void unlock_and_wake(struct simulation *sim)
{
	atomic_store(&sim->poked, true);
	pthread_mutex_unlock(&sim->lock);
	pthread_cond_signal(&sim->wake);
}

void simulation_wake(struct simulation *sim)
{
	lock(sim);
	unlock_and_wake(sim);
}

void simulation_boot(struct simulation *sim)
{
	lock(sim);
	sim->requests.boot = true;
	unlock_and_wake(sim);
}

void simulation_reset(struct simulation *sim, unsigned int epoch)
{
	lock(sim);
	sim->requests.reset = true;
	sim->requests.epoch = epoch;
	/* What was wanted before is void. */
	sim->requests.boot = false;
	sim->requests.crash = false;
	unlock_and_wake(sim);
}

void simulation_hold(struct simulation *sim)
{
	lock(sim);
	sim->requests.hold = true;
	sim->requests.release = false;
	sim->requests.steps = 0;
	unlock_and_wake(sim);
}

void simulation_release(struct simulation *sim)
{
	lock(sim);
	sim->requests.release = true;
	unlock_and_wake(sim);
}

void simulation_step(struct simulation *sim, uint64_t n)
{
	lock(sim);
	sim->requests.steps += n;
	unlock_and_wake(sim);
}

void simulation_advance(struct simulation *sim, uint64_t cycles)
{
	lock(sim);
	sim->requests.advance += cycles;
	unlock_and_wake(sim);
}

void simulation_crash(struct simulation *sim)
{
	lock(sim);
	sim->requests.crash = true;
	unlock_and_wake(sim);
}

void simulation_pause(struct simulation *sim, bool paused)
{
	atomic_store(&sim->paused, paused);
	simulation_wake(sim);
}

void simulation_status(struct simulation *sim, struct simulation_status *status)
{
	status->held = machine_held(sim->config.machine, &status->steps);
	status->engines_busy = atomic_load(&sim->busy);
	status->cycles = atomic_load(&sim->config.clock->published);
	lock(sim);
	status->asleep = sim->asleep && !atomic_load(&sim->poked);
	pthread_mutex_unlock(&sim->lock);
}

/* A reset first: whatever else is wanted was wanted after it. */
static void hand_over(struct machine *machine, const struct requests *requests)
{
	if (requests->reset)
		machine_reset(machine, requests->epoch);
	if (requests->boot)
		machine_boot(machine);
	if (requests->crash)
		machine_crash(machine);
	if (requests->hold)
		machine_hold(machine);
	if (requests->steps)
		machine_allow(machine, requests->steps);
	if (requests->release)
		machine_release(machine);
	if (requests->advance)
		machine_skip(machine, requests->advance);
}

/* Return: false to end the thread. */
static bool take_requests(struct simulation *sim)
{
	struct requests requests;

	if (!atomic_load_explicit(&sim->poked, memory_order_relaxed))
		return true;
	lock(sim);
	atomic_store(&sim->poked, false);
	requests = sim->requests;
	sim->requests = (struct requests){ 0 };
	pthread_mutex_unlock(&sim->lock);
	hand_over(sim->config.machine, &requests);
	return !requests.quit;
}

static void take_bells(struct simulation *sim)
{
	unsigned int page;
	uint32_t rung;

	if (!machine_hears_bells(sim->config.machine))
		return;
	while (doorbells_take(sim->config.doorbells, &page, &rung))
		machine_bell(sim->config.machine, page, rung);
}

static void wait_for_poke(struct simulation *sim, bool asleep)
{
	lock(sim);
	sim->asleep = asleep;
	while (!atomic_load(&sim->poked))
		pthread_cond_wait(&sim->wake, &sim->lock);
	sim->asleep = false;
	pthread_mutex_unlock(&sim->lock);
}

static void add_ns(struct timespec *time, long ns)
{
	time->tv_nsec += ns;
	if (time->tv_nsec >= 1000000000) {
		time->tv_nsec -= 1000000000;
		time->tv_sec++;
	}
}

/* Interrupts that are held wait for what comes next, but not long. */
static void wait_late(struct simulation *sim)
{
	struct timespec end;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	add_ns(&end, LATE_NS);
	lock(sim);
	while (!atomic_load(&sim->poked) && !error)
		error = pthread_cond_clockwait(&sim->wake, &sim->lock, CLOCK_MONOTONIC, &end);
	pthread_mutex_unlock(&sim->lock);
	if (error)
		port_catch_up(sim->config.port);
}

void simulation_sleep(struct simulation *sim)
{
	wait_for_poke(sim, false);
	atomic_store(&sim->poked, false);
}

static void *simulation_main(void *arg)
{
	struct simulation *sim = arg;

	while (take_requests(sim)) {
		bool paused = atomic_load(&sim->paused);
		bool going;

		take_bells(sim);
		going = !paused && machine_advance(sim->config.machine);
		clock_publish(sim->config.clock);
		if (going)
			continue;
		atomic_store(&sim->busy, engines_busy(sim->config.engines));
		if (port_late(sim->config.port))
			wait_late(sim);
		else
			wait_for_poke(sim, paused || machine_asleep(sim->config.machine));
	}
	return NULL;
}

int simulation_start(struct simulation *sim)
{
	int error = pthread_create(&sim->thread, NULL, simulation_main, sim);

	sim->started = !error;
	return -error;
}

void simulation_stop(struct simulation *sim)
{
	if (!sim->started)
		return;
	lock(sim);
	sim->requests.quit = true;
	unlock_and_wake(sim);
	pthread_join(sim->thread, NULL);
	sim->started = false;
}

void simulation_destroy(struct simulation *sim)
{
	if (!sim)
		return;
	simulation_stop(sim);
	pthread_cond_destroy(&sim->wake);
	pthread_mutex_destroy(&sim->lock);
	free(sim);
}
