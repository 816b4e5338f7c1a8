/* SPDX-License-Identifier: MIT */
/* Where a coordinate leads along a dimension (docs/hardware.md, section 11.14). */
#ifndef VNPU_TILE_COORDINATE_H
#define VNPU_TILE_COORDINATE_H

#include <stdint.h>

/* Extents of dimensions with coordinates: numbers up to it and their halves are exact in fp32. */
#define COORDINATE_MOST	(1u << 24)

/**
 * struct coordinate - elements along a dimension
 * @count: how many there are, up to 2
 * @index: inside of the dimension, ascending
 * @weight: of each
 */
struct coordinate {
	unsigned int count;
	uint32_t index[2];
	float weight[2];
};

/**
 * coordinate_elements() - the elements that a coordinate selects
 * @coordinate: result; none where the dimension has no such element
 * @mode: TSR_HW_SAMPLE_*
 * @outside: TSR_HW_OUTSIDE_*
 * @at: the coordinate, any value
 * @extent: of the dimension, 1 to COORDINATE_MOST
 */
void coordinate_elements(struct coordinate *coordinate, unsigned int mode, unsigned int outside,
			 float at, uint32_t extent);

#endif
