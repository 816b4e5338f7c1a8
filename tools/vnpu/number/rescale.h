/* SPDX-License-Identifier: MIT */
/* Products of integers divided by a power of two: fixed-point scales. */
#ifndef VNPU_NUMBER_RESCALE_H
#define VNPU_NUMBER_RESCALE_H

#include <stddef.h>
#include <stdint.h>

/** RESCALE_HIGHEST_SHIFT: up to it, product and half of the divisor fit into 64 bits */
#define RESCALE_HIGHEST_SHIFT	62

/**
 * number_rescale() - (a b + 2^(shift - 1)) >> shift, its low 32 bits
 * @a: factors
 * @b: factors
 * @shift: 0 to RESCALE_HIGHEST_SHIFT; 0 adds nothing
 * @to: may be @a or @b
 * @n: elements
 */
void number_rescale(const int32_t *a, const int32_t *b, unsigned int shift, int32_t *to, size_t n);

#endif
