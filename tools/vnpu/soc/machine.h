/* SPDX-License-Identifier: MIT */
/*
 * The discrete-event machine: core, engines and timer on one device clock. What it does
 * is a function of its inputs and of the steps at which they are applied; nothing here
 * looks at the host's time. One thread owns it.
 */
#ifndef VNPU_MACHINE_H
#define VNPU_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct core;
struct counters;
struct doorbells;
struct engines;
struct machine;
struct port;
struct record;
struct regs;
struct rom;
struct sysblock;

/**
 * struct machine_config - its parts; all belong to its thread
 * @clock: device clock
 * @core: management core
 * @sys: system block
 * @engines: engines
 * @doorbells: bells
 * @regs: the host's registers
 * @rom: boot ROM
 * @port: host port
 * @counters: counters
 * @record: recorder; gets every input
 */
struct machine_config {
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

/** machine_create() - @config is copied; NULL without memory */
struct machine *machine_create(const struct machine_config *config);

/** machine_destroy() - free it or NULL */
void machine_destroy(struct machine *machine);

/* Inputs. */

/** machine_reset() - power-on state; port and registers were reset to @epoch before */
void machine_reset(struct machine *machine, unsigned int epoch);

/** machine_boot() - run the ROM, and start the core if it agrees */
void machine_boot(struct machine *machine);

/** machine_crash() - stop the core as a double trap does */
void machine_crash(struct machine *machine);

/** machine_bell() - bells @rung of @page become visible to the firmware */
void machine_bell(struct machine *machine, unsigned int page, uint32_t rung);

/** machine_hold() - completions wait from now on; the core goes on without them */
void machine_hold(struct machine *machine);

/** machine_allow() - let @n completions pass while held */
void machine_allow(struct machine *machine, uint64_t n);

/** machine_release() - let all pass */
void machine_release(struct machine *machine);

/** machine_skip() - @cycles pass */
void machine_skip(struct machine *machine, uint64_t cycles);

/* Work. */

/** machine_hears_bells() - whether now is a moment to take bells */
bool machine_hears_bells(const struct machine *machine);

/** machine_advance() - go on by an event or some instructions; false when nothing can */
bool machine_advance(struct machine *machine);

/** machine_waits_for_result() - whether all that keeps it is a native result */
bool machine_waits_for_result(struct machine *machine);

/** machine_asleep() - whether it does nothing before an input comes */
bool machine_asleep(struct machine *machine);

/** machine_steps() - times machine_advance() has gone on since the reset */
uint64_t machine_steps(const struct machine *machine);

/** machine_held() - whether completions are held, and how many may pass; any thread */
bool machine_held(const struct machine *machine, uint64_t *allowed);

#endif
