/* SPDX-License-Identifier: MIT */
/*
 * What indices select of a tensor, the *whole*, seen from the tensor of what they select,
 * the *parts*: x and d of GATHER, d and x of SCATTER. The leading dimensions of the parts
 * are places, walked one by one in row-major order; those behind them are a slice that lies
 * at each place of the whole.
 */
#ifndef VNPU_TILE_SELECTION_H
#define VNPU_TILE_SELECTION_H

#include <stdint.h>

#include <tsr_hw/command.h>

#include "index.h"
#include "view.h"

/**
 * struct selection - from an element of the parts to one of the whole
 * @layout: the indices
 * @index: they, once they are loaded
 * @va: address of element 0 of the whole; as all of the whole's bytes, of halves twice as many
 * @stride: bytes in the whole between neighbours of each dimension of the parts; 0 where
 *	indices tell the place
 * @step: private indices between neighbours of each dimension of the parts
 * @dim: extents of the parts
 * @coordinate: bytes in the whole between neighbours along each coordinate
 * @outer: leading dimensions of the parts that are places
 * @places: places
 * @groups: of them one behind the other, which lie in parts of the whole that have no element
 *	in common: no index tells their leading dimensions
 * @slice: elements at each
 * @shape: of a slice of the whole; its address is that of a place
 */
struct selection {
	struct index_layout layout;
	const int64_t *index;
	uint64_t va;
	uint64_t stride[TSR_HW_MAX_RANK];
	uint64_t step[TSR_HW_MAX_RANK];
	uint64_t dim[TSR_HW_MAX_RANK];
	uint64_t coordinate[TSR_HW_MAX_RANK];
	unsigned int outer;
	uint64_t places;
	uint64_t groups;
	uint64_t slice;
	struct view shape;
};

/**
 * struct cursor - a place
 * @at: its coordinates in the parts
 * @offset: bytes in the whole without the indices
 * @index: private index that tells the rest
 */
struct cursor {
	uint64_t at[TSR_HW_MAX_RANK];
	uint64_t offset;
	uint64_t index;
};

/**
 * selection_check() - check the shapes of a command with indices
 * @raw: kind, axis and batch_dims
 * @whole: tensor that is indexed
 * @index: indices
 * @parts: tensor of what they select
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int selection_check(const struct tsr_hw_gather *raw, const struct tensor *whole,
		    const struct tensor *index, const struct tensor *parts);

/**
 * selection_check_halves() - check that no byte belongs to two slices, or to two steps
 * @raw: as for selection_check(), which said yes
 * @whole: as there
 * @index: as there
 * @parts: as there
 *
 * Return: TSR_HW_ERR_NONE, _COMMAND or _UNSUPPORTED.
 */
int selection_check_halves(const struct tsr_hw_gather *raw, const struct tensor *whole,
			   const struct tensor *index, const struct tensor *parts);

/**
 * selection_make() - how the elements of both lie
 * @selection: result, without the indices; keeps @index
 * @kind: TSR_HW_GATHER_*
 * @axis: checked dimension of the whole
 * @batch_dims: checked number of leading dimensions in common
 * @whole: as for selection_check(), which said yes
 * @index: indices
 * @parts: what they select
 */
void selection_make(struct selection *selection, unsigned int kind, unsigned int axis,
		    unsigned int batch_dims, const struct tensor *whole,
		    const struct tensor *index, const struct tensor *parts);

/** selection_seek() - go to place number @place */
void selection_seek(const struct selection *selection, uint64_t place, struct cursor *cursor);

/** selection_next() - go to the next place; from the last to the first */
void selection_next(const struct selection *selection, struct cursor *cursor);

/** selection_address() - address in the whole of the slice at a place */
uint64_t selection_address(const struct selection *selection, const struct cursor *cursor);

#endif
