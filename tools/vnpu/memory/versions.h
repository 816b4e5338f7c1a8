/* SPDX-License-Identifier: MIT */
/*
 * Versions of what static ranges hold: page tables promise that it does not change until it is
 * invalidated, so a number that was given for it before still stands for the same bytes.
 */
#ifndef VNPU_VERSIONS_H
#define VNPU_VERSIONS_H

#include <stdint.h>

struct invalidation;
struct versions;

/** versions_create() - none yet; returns NULL without memory */
struct versions *versions_create(void);

/** versions_destroy() - free it or NULL */
void versions_destroy(struct versions *versions);

/**
 * versions_find() - the version of a range
 * @versions: from any thread
 * @asid: address space
 * @va: first address
 * @size: bytes
 *
 * Return: what versions_add() gave for just this range, 0 if it was invalidated since, or dropped
 * for others.
 */
uint64_t versions_find(struct versions *versions, uint32_t asid, uint64_t va, uint64_t size);

/**
 * versions_add() - a range has been seen to be static
 * @versions: from any thread, in a window; page tables said so since the last invalidation
 * @asid: address space
 * @va: first address
 * @size: bytes, at least 1
 *
 * Return: its version, a number that no range had before; not 0.
 */
uint64_t versions_add(struct versions *versions, uint32_t asid, uint64_t va, uint64_t size);

/** versions_changes() - invalidations so far */
uint64_t versions_changes(struct versions *versions);

/** versions_invalidated() - drop those that it meets; no window is open meanwhile */
void versions_invalidated(struct versions *versions, const struct invalidation *inv);

#endif
