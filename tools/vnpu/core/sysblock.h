/* SPDX-License-Identifier: MIT */
/* The core's system block: state, time, timer, interrupts, doorbells. Simulation thread only. */
#ifndef VNPU_SYSBLOCK_H
#define VNPU_SYSBLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct doorbells;
struct engines;
struct port;
struct regs;

/**
 * struct sysblock_boot - what is fixed when the core starts
 * @epoch: in whose name it runs
 * @boot_block: bus address of the boot block
 * @fw_version: of the image
 */
struct sysblock_boot {
	unsigned int epoch;
	uint64_t boot_block;
	uint32_t fw_version;
};

/**
 * struct sysblock - registers and what they show
 * @port: raises interrupts
 * @regs: the host's registers
 * @clock: device clock
 * @doorbells: bells
 * @engines: engines
 * @caps: TSR_HW_CAP_*
 * @clock_khz: frequency of the device clock
 * @vectors: interrupt vectors
 */
struct sysblock {
	struct port *port;
	struct regs *regs;
	const struct clock *clock;
	struct doorbells *doorbells;
	struct engines *engines;
	uint32_t caps;
	uint32_t clock_khz;
	uint32_t vectors;
	struct sysblock_boot boot;
	uint32_t boot_status;
	uint32_t boot_detail;
	uint32_t cycles_hi;
	uint32_t timer_low;
	uint64_t timer;		/* CLOCK_NEVER: disarmed */
	bool timer_fired;	/* until TIMER_HI is written */
};

/** sysblock_reset() - state in which a core starts */
void sysblock_reset(struct sysblock *sys, const struct sysblock_boot *boot);

/** sysblock_load() - the core reads a register */
uint32_t sysblock_load(struct sysblock *sys, uint32_t offset);

/** sysblock_store() - the core writes a register; returns whether the timer changed */
bool sysblock_store(struct sysblock *sys, uint32_t offset, uint32_t val);

/** sysblock_events() - TSR_HW_EVENT_SOURCE_* pending */
uint32_t sysblock_events(const struct sysblock *sys);

/** sysblock_fire_timer() - the timer's cycle has come */
void sysblock_fire_timer(struct sysblock *sys);

#endif
