/* SPDX-License-Identifier: MIT */
/*
 * Not-a-numbers of strict mode: the bits of one depend on the host's
 * instructions, so all get one code.
 */
#ifndef VNPU_TILE_CANONICAL_H
#define VNPU_TILE_CANONICAL_H

#include <stddef.h>

/**
 * canonical_nan() - give all elements that are not a number the positive code without payload
 * @type: TSR_HW_TYPE_*; of types that have no such elements nothing changes
 * @elements: as they are about to be stored
 * @n: how many
 */
void canonical_nan(unsigned int type, void *elements, size_t n);

#endif
