/* SPDX-License-Identifier: MIT */
/* The parts of a walk: one line of elements, and the step from one burst to another one. */
#ifndef VNPU_TIME_WALK_LINE_H
#define VNPU_TIME_WALK_LINE_H

#include "walk.h"

#define BURST_BITS	512
#define PAGE_BITS	32768
#define BURSTS_PER_PAGE	(PAGE_BITS / BURST_BITS)

/**
 * struct span - the counts of a part of a walk, and where it ends
 * @walk: the counts
 * @last: its last burst, counted from the page that it begins in
 */
struct span {
	struct walk walk;
	uint64_t last;
};

/**
 * walk_step() - what going from burst @from to burst @to adds
 * @from: counted from the beginning of any page
 * @to: counted likewise
 */
static inline struct walk walk_step(int64_t from, int64_t to)
{
	if (to == from)
		return (struct walk){ 0 };
	if (to == from + 1)
		return (struct walk){ .bursts = 1 };
	return (struct walk){ 1, 1, to >> 6 != from >> 6 };
}

/**
 * walk_line() - elements at one stride
 * @place: of the first one, in bits from the beginning of a page
 * @extent: elements, at least one
 * @stride: in bits, not negative
 */
struct span walk_line(uint64_t place, uint64_t extent, uint64_t stride);

/**
 * walk_line_work() - about how many times as long as adding a line walk_line() takes, at least 1
 * @extent: elements
 * @stride: in bits
 */
uint64_t walk_line_work(uint64_t extent, uint64_t stride);

/** walk_gcd() - greatest common divisor */
uint64_t walk_gcd(uint64_t a, uint64_t b);

#endif
