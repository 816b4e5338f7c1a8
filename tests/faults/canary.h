/* SPDX-License-Identifier: MIT */
/*
 * Canaries: innocent clients that have to go on while others fail.
 *
 * Two processes, each with a device file, an address space and a queue of its own, run one
 * small job after the other: an int8 matrix product on the tensor tile, a copy by the DMA
 * engine. Each job has fresh data and its result must be that of plain C, bit for bit.
 */
#ifndef FAULTS_CANARY_H
#define FAULTS_CANARY_H

#include <stdint.h>

struct canaries;

enum canary_kind {
	CANARY_TILE,
	CANARY_DMA,
	CANARY_KINDS,
};

enum canary_phase {
	CANARY_BEFORE,
	CANARY_DURING,
	CANARY_AFTER,
	CANARY_PHASES,
};

/** Jobs both canaries together complete in a case. */
#define CANARY_JOBS	1000

/**
 * canaries_start() - start both on NPU @npu and wait until they run
 *
 * Before the caller opens the device, so that they inherit nothing of it. Ends the
 * program when they do not run.
 */
struct canaries *canaries_start(unsigned int npu);

/**
 * canaries_forgive() - a device reset is part of the case
 *
 * The job it interrupts may end with -ECANCELED; it is counted apart, the next, on another
 * queue, must work.
 */
void canaries_forgive(struct canaries *canaries);

/** canaries_pace() - pause between two jobs, in microseconds; at first none */
void canaries_pace(struct canaries *canaries, unsigned int pause);

/** canaries_enter() - count for this phase from here on */
void canaries_enter(struct canaries *canaries, enum canary_phase phase);

/** canaries_jobs() - completed by a canary in all phases */
uint64_t canaries_jobs(const struct canaries *canaries, enum canary_kind kind);

/** canaries_await() - let both complete @jobs more, unless one stops; Return: did they? */
int canaries_await(struct canaries *canaries, uint64_t jobs);

/**
 * canaries_end() - let them reach CANARY_JOBS, stop them, report and free
 * @name: of the case, for its metric
 */
void canaries_end(struct canaries *canaries, const char *name);

#endif
