/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_NONZERO_H
#define VNPU_TILE_NONZERO_H

#include <stdint.h>

/**
 * nonzero() - which stored elements are not zero: neither +0 nor -0
 * @type: theirs
 * @raw: elements, aligned; those of half a byte one a byte
 * @to: 1 for those that are not zero, not-a-number too; else 0
 * @n: elements
 */
void nonzero(unsigned int type, const void *raw, uint8_t *to, uint64_t n);

#endif
