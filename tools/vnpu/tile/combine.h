/* SPDX-License-Identifier: MIT */
/* Reductions of SCATTER: a stored element and an update become a stored element. */
#ifndef VNPU_TILE_COMBINE_H
#define VNPU_TILE_COMBINE_H

#include <stdbool.h>
#include <stdint.h>

/* Elements of one call of combine(). */
#define COMBINE_MOST	1024u

/** combine_has() - whether elements of @type can be combined by TSR_HW_SCATTER_... @how */
bool combine_has(unsigned int how, unsigned int type);

/**
 * combine() - combine elements one by one
 * @how: TSR_HW_SCATTER_ADD, _MUL, _MIN or _MAX, of a type that combine_has() it
 * @type: of all elements
 * @d: stored elements, aligned; results take their place
 * @x: updates, aligned
 * @n: elements, at most COMBINE_MOST
 */
void combine(unsigned int how, unsigned int type, void *d, const void *x, uint64_t n);

#endif
