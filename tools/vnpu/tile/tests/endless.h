/* SPDX-License-Identifier: MIT */
/*
 * A job's memory without end, and what judges a command by counts: elements that it moves
 * in all and between two questions whether to give up, and questions asked. Nothing here
 * depends on the host's speed.
 */
#ifndef TEST_ENDLESS_H
#define TEST_ENDLESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tile/tile.h"

/**
 * struct endless_contents - what memory reads, eight bytes at a time
 * @word: this
 * @spread: and what a hash of the address has of these bits
 */
struct endless_contents {
	uint64_t word;
	uint64_t spread;
};

/**
 * struct endless - memory that is the same whatever is written to it, and counters
 * @contents: what it reads, zeros at first
 * @moved: elements or rows moved, whichever are more bytes apart
 * @since: of them since the last question
 * @most: the largest @since
 * @polls: questions whether to give up
 * @late: elements moved after the answer was yes
 * @progress: blocks reported
 * @give_up_moved: say yes from so many elements on
 * @give_up_polls: say yes from so many questions on
 */
struct endless {
	struct endless_contents contents;
	atomic_uint_least64_t moved;
	atomic_uint_least64_t since;
	atomic_uint_least64_t most;
	atomic_uint_least64_t polls;
	atomic_uint_least64_t late;
	atomic_uint_least64_t progress;
	atomic_bool given_up;
	uint64_t give_up_moved;
	uint64_t give_up_polls;
};

/** endless_fill() - what @n bytes at @va read */
void endless_fill(const struct endless_contents *contents, uint64_t va, size_t n, void *dst);

/** endless_accessors() - what tile_execute() wants */
struct tile_memory endless_accessors(struct endless *endless);

#endif
