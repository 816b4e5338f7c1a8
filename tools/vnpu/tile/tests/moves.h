/* SPDX-License-Identifier: MIT */
/* MOVE commands for tests. */
#ifndef TEST_MOVES_H
#define TEST_MOVES_H

#include "bench.h"

/**
 * move_make() - a MOVE without pads
 * @bench: where its tensors get slots
 * @move: result; extents of d and the step are set by move_place()
 * @type: of the elements
 * @rank: dimensions
 * @dim: extents of x, in any layout
 */
void move_make(struct bench *bench, struct tsr_hw_move *move, unsigned int type,
	       unsigned int rank, const uint32_t *dim);

/** move_place() - place d as the pads of @move have it, in any layout */
void move_place(struct bench *bench, struct tsr_hw_move *move);

/** move_random() - a MOVE of any type, rank, pads and modes, with few elements */
void move_random(struct bench *bench, struct tsr_hw_move *move);

/** move_random_pads() - of dimension @i, and its mode */
void move_random_pads(struct bench *bench, struct tsr_hw_move *move, unsigned int i);

/** move_is_right() - whether d is what the rule makes of x, element by element */
bool move_is_right(const struct bench *bench, const struct tsr_hw_move *move);

/** move_bytes() - bytes that it writes */
uint64_t move_bytes(const struct tsr_hw_move *move);

#endif
