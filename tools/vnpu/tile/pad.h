/* SPDX-License-Identifier: MIT */
/*
 * Padded tensors: the elements of a tensor and of what lies around it, by a mode for each
 * dimension, as one row-major sequence (MOVE).
 */
#ifndef VNPU_TILE_PAD_H
#define VNPU_TILE_PAD_H

#include <stdbool.h>
#include <stdint.h>

#include "tensor.h"

struct tile_memory;

/**
 * struct border - a dimension and what continues it
 * @extent: of the result
 * @inside: of the tensor; result @before is its first element
 * @before: elements in front of it, negative when some are cut
 * @stride: of the tensor, in bytes or halves
 * @mode: TSR_HW_PAD_*
 */
struct border {
	uint64_t extent;
	uint64_t inside;
	int64_t before;
	uint64_t stride;
	unsigned int mode;
};

/**
 * struct padded - a padded tensor
 * @va: address of element 0 of the tensor, with @halves twice as much
 * @size: bytes of an element when it is gathered
 * @halves: elements have half a byte
 * @value: what lies outside with mode CONSTANT
 * @outside: so does all of it: no element of the tensor is read
 * @rank: dimensions, at least 2; leading ones may have extent 1
 * @dim: dimensions, outermost first
 */
struct padded {
	uint64_t va;
	uint32_t size;
	bool halves;
	uint64_t value;
	bool outside;
	unsigned int rank;
	struct border dim[TSR_HW_MAX_RANK + 2];
};

/**
 * padded_start() - a padded tensor without dimensions
 * @padded: result
 * @tensor: checked tensor
 * @value: what lies outside with mode CONSTANT
 */
void padded_start(struct padded *padded, const struct tensor *tensor, uint64_t value);

/**
 * padded_add() - append an inner dimension
 * @padded: result of padded_start(), with less than TSR_HW_MAX_RANK dimensions
 * @border: the dimension; its extent is not 0, nor @inside unless the mode is CONSTANT
 */
void padded_add(struct padded *padded, const struct border *border);

/**
 * padded_gather() - read a range
 * @memory: the job's memory
 * @padded: what to read
 * @first: number of the first element
 * @count: elements
 * @to: dense destination
 * @fault: address that failed
 *
 * Any thread.
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
int padded_gather(const struct tile_memory *memory, const struct padded *padded, uint64_t first,
		  uint64_t count, void *to, uint64_t *fault);

#endif
