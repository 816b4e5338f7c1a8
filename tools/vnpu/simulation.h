/* SPDX-License-Identifier: MIT */
/*
 * The discrete-event simulation and its thread. Core, engines and timer share one device
 * clock; events are delivered in the order of device time. The thread sleeps whenever the
 * next event waits for the host, for a native result or for a person who holds it.
 */
#ifndef VNPU_SIMULATION_H
#define VNPU_SIMULATION_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct core;
struct counters;
struct doorbells;
struct engines;
struct port;
struct record;
struct replay;
struct regs;
struct rom;
struct simulation;
struct sysblock;

/**
 * struct simulation_config - the parts it drives; all belong to its thread once it runs
 * @clock: device clock
 * @core: management core
 * @sys: system block
 * @engines: engines
 * @doorbells: bells
 * @regs: the host's registers
 * @rom: boot ROM
 * @port: host port
 * @counters: counters
 * @record: recorder
 */
struct simulation_config {
	struct clock *clock;
	struct core *core;
	struct sysblock *sys;
	struct engines *engines;
	struct doorbells *doorbells;
	struct regs *regs;
	struct rom *rom;
	struct port *port;
	struct counters *counters;
	struct record *record;
};

/** simulation_create() - not running yet; NULL without memory */
struct simulation *simulation_create(const struct simulation_config *config);

/** simulation_start() - start the thread; 0 or a negative errno */
int simulation_start(struct simulation *sim);

/**
 * struct simulation_host - the host's part in a repeated run
 * @reset: reset port and registers; returns the new epoch
 * @boot: write the boot registers, BOOT_GO last
 * @ctx: their argument
 */
struct simulation_host {
	unsigned int (*reset)(void *ctx);
	void (*boot)(void *ctx, uint64_t image, uint32_t size, uint64_t boot_block);
	void *ctx;
};

/** simulation_replay() - repeat a record on the calling thread, in place of starting one */
void simulation_replay(struct simulation *sim, struct replay *replay,
		       const struct simulation_host *host);

/** simulation_stop() - end the thread; harmless when it does not run */
void simulation_stop(struct simulation *sim);

/** simulation_destroy() - stop and free; NULL is allowed */
void simulation_destroy(struct simulation *sim);

/* The rest is for any thread and takes effect between two instructions. */

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

/** simulation_advance() - @cycles of device time pass once the device is idle */
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
 * @cycles: device clock
 */
struct simulation_status {
	bool held;
	uint64_t steps;
	unsigned int engines_busy;
	uint64_t cycles;
};

/** simulation_status() - how it stands */
void simulation_status(struct simulation *sim, struct simulation_status *status);

#endif
