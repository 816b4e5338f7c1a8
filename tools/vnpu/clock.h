/* SPDX-License-Identifier: MIT */
/*
 * The device clock. It counts modelled work only: instructions of the core, copies, and
 * the time an idle core waits for an engine. Simulation thread only, except what is
 * published.
 */
#ifndef VNPU_CLOCK_H
#define VNPU_CLOCK_H

#include <stdatomic.h>
#include <stdint.h>

#define CLOCK_CYCLES_PER_INSN 2u

/* A time that never comes. */
#define CLOCK_NEVER UINT64_MAX

struct rv32;

/**
 * struct clock - device time
 * @cpu: the core whose instructions count
 * @skipped: cycles that are not instructions
 * @published: device time as of the last clock_publish(), for other threads
 */
struct clock {
	const struct rv32 *cpu;
	uint64_t skipped;
	atomic_ullong published;
};

/** clock_now() - device cycles since the last reset */
uint64_t clock_now(const struct clock *clock);

/** clock_skip() - @cycles pass without an instruction */
void clock_skip(struct clock *clock, uint64_t cycles);

/** clock_skip_to() - time passes until @cycle, which is not in the past */
void clock_skip_to(struct clock *clock, uint64_t cycle);

/** clock_publish() - show the time to other threads */
void clock_publish(struct clock *clock);

/** clock_reset() - back to zero; the core was reset before */
void clock_reset(struct clock *clock);

#endif
