/* SPDX-License-Identifier: MIT */
/*
 * The simulation thread: it drives the machine and hands it what other threads want. It
 * sleeps whenever the machine waits for the host, for a native result or for a person.
 */
#ifndef VNPU_SIMULATION_H
#define VNPU_SIMULATION_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct doorbells;
struct engines;
struct machine;
struct port;
struct simulation;

/**
 * struct simulation_config - what the thread drives
 * @machine: the machine; owned by the thread while it runs
 * @doorbells: bells the host rings
 * @engines: engines, for simulation_status()
 * @clock: device clock, published by the thread
 * @port: host port, whose interrupts an unkind device may hold while it has something to do
 */
struct simulation_config {
	struct machine *machine;
	struct doorbells *doorbells;
	struct engines *engines;
	struct clock *clock;
	struct port *port;
};

/** simulation_create() - not running yet; @config is copied; NULL without memory */
struct simulation *simulation_create(const struct simulation_config *config);

/** simulation_start() - start the thread; 0 or a negative errno */
int simulation_start(struct simulation *sim);

/** simulation_stop() - end the thread; harmless when it does not run */
void simulation_stop(struct simulation *sim);

/** simulation_destroy() - stop and free; NULL is allowed */
void simulation_destroy(struct simulation *sim);

/** simulation_sleep() - until simulation_wake(), also if that was since the last sleep */
void simulation_sleep(struct simulation *sim);

/* The rest is for any thread and takes effect between two steps of the machine. */

/** simulation_wake() - there may be something to do: a bell, a native result */
void simulation_wake(struct simulation *sim);

/** simulation_boot() - run the ROM */
void simulation_boot(struct simulation *sim);

/** simulation_reset() - port and registers were reset to @epoch; everything else follows */
void simulation_reset(struct simulation *sim, unsigned int epoch);

/** simulation_hold() - engines' completions wait from now on */
void simulation_hold(struct simulation *sim);

/** simulation_release() - and go on */
void simulation_release(struct simulation *sim);

/** simulation_step() - let @n completions pass while held */
void simulation_step(struct simulation *sim, uint64_t n);

/** simulation_advance() - @cycles of device time pass */
void simulation_advance(struct simulation *sim, uint64_t cycles);

/** simulation_pause() - stand still altogether, or go on */
void simulation_pause(struct simulation *sim, bool paused);

/** simulation_crash() - stop the core as a double trap does */
void simulation_crash(struct simulation *sim);

/**
 * struct simulation_status - a snapshot
 * @held: completions are held
 * @steps: steps still allowed
 * @engines_busy: engines at work
 * @asleep: all that was wanted has been done, and nothing happens before the host acts
 * @cycles: device clock
 */
struct simulation_status {
	bool held;
	uint64_t steps;
	unsigned int engines_busy;
	bool asleep;
	uint64_t cycles;
};

/** simulation_status() - how it stands */
void simulation_status(struct simulation *sim, struct simulation_status *status);

#endif
