/* SPDX-License-Identifier: MIT */
/*
 * Walks over boxes of elements and the bursts that they touch (docs/hardware.md, "Bursts").
 *
 * The counts are found without touching elements. What a walk does from one index of a dimension
 * to the next depends on nothing but its place in a page, so it repeats with a period. Addresses
 * and strides are in bits: elements of four bits have no address in bytes.
 */
#ifndef VNPU_TIME_WALK_H
#define VNPU_TIME_WALK_H

#include <stdbool.h>
#include <stdint.h>

#define WALK_RANK_MAX	8

struct walks;

/**
 * struct walk - what a walk counts
 * @bursts: bursts, equal neighbours once
 * @jumps: those that are not the successor of the one before
 * @pages: jumps to another page
 */
struct walk {
	uint64_t bursts;
	uint64_t jumps;
	uint64_t pages;
};

/**
 * struct box - elements of a tensor
 * @address: of the element with index 0 in every dimension, in bits
 * @rank: dimensions
 * @extent: of each dimension; a box with an extent of 0 is empty
 * @stride: of each dimension, in bits
 */
struct box {
	int64_t address;
	unsigned int rank;
	uint64_t extent[WALK_RANK_MAX];
	int64_t stride[WALK_RANK_MAX];
};

/**
 * struct trail - boxes that are walked one after another as one walk
 * @walk: the counts so far
 * @begun: there was a box that is not empty
 * @last: the burst in which the last one ended
 */
struct trail {
	struct walk walk;
	bool begun;
	int64_t last;
};

/**
 * walks_create() - what counting needs: room for tables, and counts of recent walks
 *
 * Return: NULL without memory.
 */
struct walks *walks_create(void);

/** walks_destroy() - free; NULL is allowed */
void walks_destroy(struct walks *walks);

/**
 * walks_work() - a measure of the time that all counts so far took, had none been found again
 * @walks: from walks_create()
 *
 * In lines and entries of tables, at least one for each box, so it is the same on every host.
 */
uint64_t walks_work(const struct walks *walks);

/**
 * walk_of() - count a walk
 * @walks: from walks_create(); one thread at a time
 * @box: its elements, whose addresses fit 60 bits and are not negative
 *
 * Takes at most some 10^5 steps, whatever the extents.
 */
struct walk walk_of(struct walks *walks, const struct box *box);

/**
 * trail_add() - go on with another box
 * @trail: zero at the beginning
 * @walks: as for walk_of()
 * @box: as for walk_of()
 */
void trail_add(struct trail *trail, struct walks *walks, const struct box *box);

/** walk_add() - two walks that are one transfer */
static inline struct walk walk_add(struct walk a, struct walk b)
{
	return (struct walk){ a.bursts + b.bursts, a.jumps + b.jumps, a.pages + b.pages };
}

/** walk_bytes() - what the memory transfers */
static inline uint64_t walk_bytes(const struct walk *walk)
{
	return 64 * walk->bursts;
}

/** walk_issue() - cycles of the unit that walks */
static inline uint64_t walk_issue(const struct walk *walk)
{
	return walk->jumps + 8 * walk->pages;
}

#endif
