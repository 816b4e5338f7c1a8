/* SPDX-License-Identifier: MIT */
/* Counts of results that are infinite or not a number. */
#ifndef VNPU_TILE_NONFINITE_H
#define VNPU_TILE_NONFINITE_H

#include <stdatomic.h>
#include <stddef.h>

/** struct nonfinite - elements counted so far; any thread adds */
struct nonfinite {
	atomic_ullong infinite;
	atomic_ullong nan;
};

/**
 * nonfinite_add() - count elements as they are stored
 * @counts: added to
 * @type: TSR_HW_TYPE_*; only floating-point elements are counted
 * @from: elements
 * @n: how many
 */
void nonfinite_add(struct nonfinite *counts, unsigned int type, const void *from, size_t n);

#endif
