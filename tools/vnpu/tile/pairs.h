/* SPDX-License-Identifier: MIT */
/*
 * Products of integers on processors without instructions for sums of four products of bytes:
 * operands are widened to 16 bits, of which AVX2 adds pairs of products in 32 bits.
 */
#ifndef VNPU_TILE_PAIRS_H
#define VNPU_TILE_PAIRS_H

struct dots_way;

/* Fewer columns leave most of a panel empty, which must not take more memory than other ways. */
#define PAIRS_LEAST_COLUMNS	4u

/**
 * pairs_way() - elements of A are int16_t between -255 and 255
 *
 * Return: NULL if this processor has not the instructions, or the environment forbids them.
 */
const struct dots_way *pairs_way(void);

#endif
