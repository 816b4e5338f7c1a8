/* SPDX-License-Identifier: MIT */
/* Tensors of half bytes on the bench, their elements by address arithmetic of its own. */
#ifndef TEST_HALF_TENSORS_H
#define TEST_HALF_TENSORS_H

#include <stdint.h>

#include "bench.h"

/**
 * half_tensor() - place a tensor in a slot of its own, with random elements
 * @bench: the bench
 * @tensor: result; any of its dimensions is the one with two elements in a byte
 * @type: of half bytes
 * @rank: dimensions
 * @dim: extents
 * @layout: LAYOUT_*; without LAYOUT_REPEAT no two elements are the same
 * @flags: of the slot
 */
void half_tensor(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		 unsigned int rank, const uint32_t *dim, unsigned int layout, uint32_t flags);

/** half_tensor_along() - half_tensor() with two elements in a byte along dimension @packed */
void half_tensor_along(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		       unsigned int rank, const uint32_t *dim, unsigned int layout, uint32_t flags,
		       unsigned int packed);

/** half_is() - whether elements of a type have half a byte */
bool half_is(unsigned int type);

/** half_at() - element at coordinates */
uint8_t half_at(const struct bench *bench, const struct tsr_hw_tensor *tensor, const uint64_t *at);

/** half_element() - element @index in row-major order */
uint8_t half_element(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t index);

/** half_padding() - whether the upper half of the last byte of each odd row is 0 */
bool half_padding(const struct bench *bench, const struct tsr_hw_tensor *tensor);

#endif
