/* SPDX-License-Identifier: MIT */
/* Dimensions that take part, and those that are kept: REDUCE and NORMALIZE. */
#ifndef VNPU_TILE_AXES_H
#define VNPU_TILE_AXES_H

#include <stdint.h>

struct tensor;
struct view;

/**
 * axes_check() - check a mask of dimensions
 * @axes: bit n for dimension n
 * @rank: dimensions of the tensor
 *
 * Return: TSR_HW_ERR_NONE, or TSR_HW_ERR_COMMAND for an empty mask or a bit beyond @rank.
 */
int axes_check(uint32_t axes, unsigned int rank);

/**
 * axes_elements() - elements along the dimensions that take part
 * @tensor: the input
 * @axes: mask
 *
 * Return: their product.
 */
uint64_t axes_elements(const struct tensor *tensor, uint32_t axes);

/**
 * axes_position() - where a dimension lies once those that take part are innermost
 * @rank: dimensions
 * @axes: mask
 * @dimension: below @rank
 *
 * Return: its number then; both kinds keep their order.
 */
unsigned int axes_position(unsigned int rank, uint32_t axes, unsigned int dimension);

/**
 * axes_view() - a tensor with the dimensions that take part innermost
 * @view: result
 * @tensor: the tensor
 * @axes: mask
 */
void axes_view(struct view *view, const struct tensor *tensor, uint32_t axes);

#endif
