/* SPDX-License-Identifier: MIT */
/*
 * The counts of a walk in several dimensions. Of dimension d a box consists of `extent` boxes of
 * the dimensions within d, whose places in a page repeat after a period.
 *
 * With few inner boxes they are counted one by one. With many, the counts of each dimension are
 * tabulated for all places in a page at which it can begin, innermost first: those of the next one
 * are sums along an orbit, the places reached by its stride, of which prefix sums give any part.
 */
#ifndef VNPU_TIME_WALK_TABLE_H
#define VNPU_TIME_WALK_TABLE_H

#include "walk_line.h"

/* An element has at least four bits. */
#define TABLE_PLACES	(PAGE_BITS / 4)

/**
 * struct shape - the dimensions of a box that are walked
 * @rank: dimensions, outermost first
 * @extent: of each, at least 2
 * @stride: of each, positive, none larger than the one before
 */
struct shape {
	unsigned int rank;
	uint64_t extent[WALK_RANK_MAX];
	uint64_t stride[WALK_RANK_MAX];
};

/**
 * struct walk_table - room for tables
 * @inner: counts of a dimension at each place
 * @outer: those of the one around it
 * @sums: along an orbit, of inner boxes and the ways from each to the next
 */
struct walk_table {
	struct span inner[TABLE_PLACES];
	struct span outer[TABLE_PLACES];
	struct walk sums[TABLE_PLACES + 1];
};

/**
 * walk_shape_work() - how many lines and entries of tables walk_shape() adds up
 * @shape: the dimensions of a walk
 *
 * The same wherever it begins, at least 1.
 */
uint64_t walk_shape_work(const struct shape *shape);

/**
 * walk_shape() - count a walk
 * @table: room for tables
 * @shape: its dimensions
 * @place: where it begins, in bits from the beginning of a page
 */
struct span walk_shape(struct walk_table *table, const struct shape *shape, uint64_t place);

#endif
