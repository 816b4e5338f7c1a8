/* SPDX-License-Identifier: MIT */
/* Products of bytes, of which AVX-512 VNNI adds four to a sum of 32 bits. */
#ifndef VNPU_TILE_QUADS_H
#define VNPU_TILE_QUADS_H

struct dots_way;

/**
 * quads_way() - elements of A are uint8_t
 *
 * Return: NULL if this processor has not the instructions, or the environment forbids them.
 */
const struct dots_way *quads_way(void);

#endif
