/* SPDX-License-Identifier: MIT */
#ifndef RUN_RANK_H
#define RUN_RANK_H

#include <stddef.h>

/**
 * rank_largest() - places of the largest values, largest first
 * @values: not-a-number counts as smaller than anything
 * @count: how many
 * @best: where to
 * @top: places wanted
 *
 * Of equal values the first comes first. Return: places found, at most @top.
 */
size_t rank_largest(const float *values, size_t count, size_t *best, size_t top);

#endif
