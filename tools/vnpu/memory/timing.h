/* SPDX-License-Identifier: MIT */
/*
 * When the host sees what the core publishes, on a device that is as slow and as untidy as the
 * manual allows: writes with time between them, interrupts late or with nothing new, and what was
 * written once more during a reset. A seed chooses; a correct driver sees no difference.
 */
#ifndef VNPU_TIMING_H
#define VNPU_TIMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes of the core up to this size are published one by one: slots, events, single words. */
#define TIMING_BYTES 64u

/* What comes first of a completion slot: its sequence number. */
#define TIMING_FIRST_BYTES 4u

struct timing;

/** struct timing_write - a write of the core by physical address, between two resets */
struct timing_write {
	unsigned int epoch;
	uint64_t address;
	size_t n;
	_Alignas(8) uint8_t bytes[TIMING_BYTES];
};

/** timing_create() - with a seed; NULL without memory */
struct timing *timing_create(uint64_t seed);

/** timing_destroy() - free it or NULL */
void timing_destroy(struct timing *timing);

/** enum timing_place - where time may pass: before a write, or between both parts of a slot */
enum timing_place {
	TIMING_BEFORE,
	TIMING_WITHIN,
};

/** timing_pause() - is the host given time here? Return: microseconds, or 0 */
unsigned int timing_pause(struct timing *timing, enum timing_place place);

/** timing_stray() - is an interrupt raised now that tells nothing? Its vector is in @vector */
bool timing_stray(struct timing *timing, unsigned int *vector);

/** timing_hold() - may an interrupt wait? It is held then, until timing_due() gives it */
bool timing_hold(struct timing *timing, unsigned int vector);

/**
 * timing_due() - take the interrupts that are held, to raise them
 *
 * Some stay as well, and will be raised once more, with nothing new.
 *
 * Return: a bit per vector.
 */
unsigned int timing_due(struct timing *timing);

/** timing_holds() - is there one? */
bool timing_holds(struct timing *timing);

/**
 * timing_read() - the core has read a descriptor of TIMING_BYTES from a ring
 *
 * The answer to some commands gives memory back to the host, as that of a queue which is destroyed:
 * from such a command to the next descriptor nothing is remembered, and nothing of before either.
 */
void timing_read(struct timing *timing, const void *descriptor);

/** timing_wrote() - remember a write */
void timing_wrote(struct timing *timing, const struct timing_write *write);

/** timing_last() - the last writes, oldest first: number @i; false behind the newest */
bool timing_last(struct timing *timing, unsigned int i, struct timing_write *write);

/** timing_drop_interrupts() - none is held */
void timing_drop_interrupts(struct timing *timing);

/** timing_drop_writes() - none is remembered */
void timing_drop_writes(struct timing *timing);

#endif
