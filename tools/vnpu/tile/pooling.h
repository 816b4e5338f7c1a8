/* SPDX-License-Identifier: MIT */
/* Lanes of POOL: each combines the elements of one window, several side by side. */
#ifndef VNPU_TILE_POOLING_H
#define VNPU_TILE_POOLING_H

#include <stdbool.h>
#include <stdint.h>

#include <number/types.h>

/* Lanes, and elements for them, of one call. */
#define POOLING_MOST	2048u

/**
 * struct pooling - how elements are combined
 * @type: of the stored elements
 * @mode: TSR_HW_POOLING_...
 * @lane: what a lane holds: integers are narrow where every result fits
 * @value: what it gives
 */
struct pooling {
	unsigned int type;
	unsigned int mode;
	enum number_class lane;
	enum number_class value;
};

/** pooling_has() - whether elements of @type can be combined by @mode */
bool pooling_has(unsigned int mode, unsigned int type);

/** pooling_value() - the register of what they are combined to */
enum number_class pooling_value(unsigned int type);

/**
 * pooling_make() - choose lanes
 * @mode: TSR_HW_POOLING_... that pooling_has()
 * @type: of the stored elements
 * @taps: elements of a window, at most
 * @pooling: result
 */
void pooling_make(unsigned int mode, unsigned int type, uint64_t taps, struct pooling *pooling);

/** pooling_load() - stored elements as elements of lanes, at most POOLING_MOST */
void pooling_load(const struct pooling *pooling, const void *raw, void *to, uint64_t n);

/** pooling_start() - lanes before the first element */
void pooling_start(const struct pooling *pooling, void *lanes, uint64_t n);

/** pooling_take() - one more element in each of @n lanes from number @first on */
void pooling_take(const struct pooling *pooling, void *lanes, uint64_t first, const void *from,
		  uint64_t n);

/**
 * pooling_select() - keep where the first of the greatest elements lies, before pooling_take()
 * @pooling: how
 * @lanes: lanes
 * @index: of each lane, -1 before its first element
 * @first: number of the first lane
 * @from: @n elements
 * @n: elements
 * @at: where they lie
 *
 * Both zeros are equal, and what is not a number is beyond everything.
 */
void pooling_select(const struct pooling *pooling, const void *lanes, int64_t *index,
		    uint64_t first, const void *from, uint64_t n, int64_t at);

/**
 * pooling_end() - lanes become values
 * @pooling: how
 * @lanes: lanes
 * @count: of each, the elements it has taken
 * @values: result, may be @lanes
 * @n: lanes
 */
void pooling_end(const struct pooling *pooling, const void *lanes, const int64_t *count,
		 void *values, uint64_t n);

#endif
