/* SPDX-License-Identifier: MIT */
/* Convolutions of two dimensions without a program, of elements of any value. */
#ifndef TEST_CONVS_H
#define TEST_CONVS_H

#include "bench.h"

/**
 * conv_make() - a CONV whose output is as its windows have it
 * @bench: memory
 * @conv: result
 * @types: of input, weights and output
 * @x: extents of the input
 * @w: of the weights
 * @windows: of rows and columns; the kernels are those of @w
 * @groups: divide both
 */
void conv_make(struct bench *bench, struct tsr_hw_conv *conv, const unsigned int *types,
	       const uint32_t *x, const uint32_t *w, const struct tsr_hw_window *windows,
	       uint32_t groups);

/** conv_random() - any small CONV, of integers with a zero point */
void conv_random(struct bench *bench, struct tsr_hw_conv *conv, bool integer);

/** conv_blocks() - cut a CONV whose tensors are placed into steps that every class takes */
void conv_blocks(const struct bench *bench, struct tsr_hw_conv *conv);

/** conv_matches() - whether an executed CONV has the right output: integers to the bit */
bool conv_matches(const struct bench *bench, const struct tsr_hw_conv *conv);

#endif
