/* SPDX-License-Identifier: MIT */
/*
 * Nodes entered into one engine: a ring of TSR_HW_ENGINE_PLACES, in which those that have ended
 * come first, then the one that runs, then those that have not begun. Simulation thread only.
 */
#ifndef VNPU_ENTRIES_H
#define VNPU_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/core.h>
#include <tsr_hw/program.h>

/**
 * struct entry - an entered node
 * @node: as it was in SRAM when it was entered
 * @number: register NUMBER then
 * @job: register JOB then
 * @order: place of its end among all ends of the device, once it has ended
 */
struct entry {
	struct tsr_hw_node node;
	uint32_t number;
	uint32_t job;
	uint64_t order;
};

/**
 * struct entries - the ring
 * @place: its places
 * @first: where the first entry is
 * @count: entries
 * @begun: of them those that have begun
 * @ended: of these those that have ended
 */
struct entries {
	struct entry place[TSR_HW_ENGINE_PLACES];
	unsigned int first;
	unsigned int count;
	unsigned int begun;
	unsigned int ended;
};

/** entries_add() - the entry behind all others, to be filled; NULL when no place is free */
struct entry *entries_add(struct entries *entries);

/** entries_begin() - the first one that has not begun, which begins; NULL when all have */
const struct entry *entries_begin(struct entries *entries);

/** entries_running() - the one that has begun and not ended; there is one */
const struct entry *entries_running(const struct entries *entries);

/** entries_end() - it ends */
void entries_end(struct entries *entries, uint64_t order);

/** entries_fail() - it ends with an error: its place is free at once */
void entries_fail(struct entries *entries);

/** entries_ended() - the one that ended first and is still there; NULL when there is none */
const struct entry *entries_ended(const struct entries *entries);

/** entries_drop() - the place of entries_ended() is free */
void entries_drop(struct entries *entries);

/** entries_recall() - those that have not begun are gone */
void entries_recall(struct entries *entries);

/** entries_clear() - all are gone */
void entries_clear(struct entries *entries);

#endif
