/* SPDX-License-Identifier: MIT */
/*
 * Commands whose steps are boxes of a tensor that is walked (docs/hardware.md, "Other
 * commands"): boxes in row-major order, kept dimensions in the outer loops, those that are
 * reduced, normalized or scanned in the inner ones. With several passes the inner loops run once
 * for each before the outer ones go on.
 */
#ifndef VNPU_TIME_BOXES_H
#define VNPU_TIME_BOXES_H

#include <stdbool.h>
#include <stdint.h>

#include "step.h"

/* Elements of a box. */
#define BOX_ELEMENTS_MAX 4096

/**
 * struct boxes - where a command is
 * @rank: dimensions of the tensor that is walked
 * @extent: of it
 * @block: of a box
 * @inner: bits of the dimensions of the inner loops
 * @passes: over the inner loops
 * @pass: this one
 * @box: its next box, if @more
 * @more: there is one
 * @elements: of the boxes that were taken
 * @rest: cycles that have not been spread over steps
 */
struct boxes {
	unsigned int rank;
	uint64_t extent[WALK_RANK_MAX];
	uint64_t block[WALK_RANK_MAX];
	uint8_t inner;
	unsigned int passes;
	unsigned int pass;
	struct region box;
	bool more;
	uint64_t elements;
	uint64_t rest;
};

/**
 * boxes_begin() - go to the first box
 * @boxes: result
 * @walked: the tensor
 * @block: extents of a box
 * @inner: bits of the dimensions of the inner loops; one of extent 0 has a box without elements
 *
 * Return: 0, or -EINVAL if a box has no or too many elements.
 */
int boxes_begin(struct boxes *boxes, const struct operand *walked, const uint64_t *block,
		uint8_t inner);

/** boxes_join_empty() - one box for all the inner loops, at their begin, if one has extent 0 */
void boxes_join_empty(struct boxes *boxes);

/** boxes_advance() - go to the next box */
void boxes_advance(struct boxes *boxes);

/** boxes_complete() - whether the box is the last one of the inner loops */
bool boxes_complete(const struct boxes *boxes);

/** boxes_final() - whether the box is the last one of all */
bool boxes_final(const struct boxes *boxes);

/** boxes_spread() - the share of a step in @cycles that all steps have */
uint64_t boxes_spread(struct boxes *boxes, uint64_t cycles);

/** boxes_count() - how many there are in all, those of further passes aside */
uint64_t boxes_count(const struct boxes *boxes);

/** region_elements() - elements of a region of @rank dimensions */
uint64_t region_elements(const struct region *region, unsigned int rank);

#endif
