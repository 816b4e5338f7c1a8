/* SPDX-License-Identifier: MIT */
/* Elements of any type as fp32, for commands that compute with them as real numbers. */
#ifndef VNPU_TILE_REAL_H
#define VNPU_TILE_REAL_H

#include <stddef.h>

/**
 * real_load() - stored elements as fp32, as a VECTOR program loads and CONVERTs them
 * @type: of the stored elements, one of whole bytes
 * @from: elements one behind the other, aligned for @type
 * @to: result; integers are rounded once
 * @n: elements
 */
void real_load(unsigned int type, const void *from, float *to, size_t n);

#endif
