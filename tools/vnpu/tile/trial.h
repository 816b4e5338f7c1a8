/* SPDX-License-Identifier: MIT */
/*
 * Trial data for a library's primitives: operands whose products and sums are small
 * integers, exact in any order, and what the result must then be. A primitive that
 * fails its trial is not used.
 */
#ifndef VNPU_TILE_TRIAL_H
#define VNPU_TILE_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

struct onednn_conv;

/**
 * trial_fill() - make an operand of -1, 0 and 1
 * @values: result
 * @n: elements
 * @seed: operands of one trial have different ones
 */
void trial_fill(float *values, int64_t n, uint32_t seed);

/**
 * trial_matmul() - check a product
 * @m: rows of C
 * @n: columns
 * @k: depth
 * @pitch: elements from row to row of B and C
 * @a: as trial_fill() made it
 * @b: as trial_fill() made it
 * @c: result to check: all of a small one, a sample of a large one
 *
 * Return: whether it is right.
 */
bool trial_matmul(int64_t m, int64_t n, int64_t k, int64_t pitch, const float *a, const float *b,
		  const float *c);

/**
 * trial_mark() - note what a product must leave as it is
 * @m: rows of C
 * @n: columns of the product
 * @pitch: elements from row to row
 * @c: C; what is behind @n columns of each row is written
 */
void trial_mark(int64_t m, int64_t n, int64_t pitch, float *c);

/** trial_kept() - whether what trial_mark() has written is as it was */
bool trial_kept(int64_t m, int64_t n, int64_t pitch, const float *c);

/* Kinds of operands of integers: the extreme cases among them. */
#define TRIAL_KINDS	3

/**
 * trial_fill_codes() - make operands of integers
 * @kind: below TRIAL_KINDS: sums are as large as they can be, as small, or mixed
 * @x: @n first elements
 * @n: how many
 * @w: @m second elements
 * @m: how many
 *
 * Pairs of products overflow 16 bits, and most large sums are odd.
 */
void trial_fill_codes(unsigned int kind, uint8_t *x, int64_t n, int8_t *w, int64_t m);

/**
 * trial_conv() - check a convolution
 * @conv: types and shape
 * @x: [N, H, W, C], as trial_fill() or trial_fill_codes() made it
 * @w: [groups, KH, KW, C / groups, O / groups], the same
 * @d: [N, OH, OW, O], result to check
 *
 * Return: whether it is right.
 */
bool trial_conv(const struct onednn_conv *conv, const void *x, const void *w, const void *d);

#endif
