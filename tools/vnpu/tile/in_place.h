/* SPDX-License-Identifier: MIT */
/* Elements of views in a window of the job's memory: loaded and stored without a copy between. */
#ifndef VNPU_TILE_IN_PLACE_H
#define VNPU_TILE_IN_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tile_range;
struct tile_window;
struct view;

/**
 * in_place_add() - one more range of a window that is to be opened
 * @window: less than TILE_WINDOW_RANGES ranges
 * @view: the elements
 * @first: number of the first element
 * @n: elements
 * @write: whether they are written, else read
 *
 * Return: false if the elements do not follow each other in memory, are too many, or halves of
 * bytes.
 */
bool in_place_add(struct tile_window *window, const struct view *view, uint64_t first, uint64_t n,
		  bool write);

/**
 * in_place_find() - elements of an open window where they are
 * @range: of them
 * @size: bytes of one
 * @first: number of the first element in the range
 * @n: elements
 *
 * Return: the first one, NULL if they do not follow each other here.
 */
const void *in_place_find(const struct tile_range *range, uint64_t size, uint64_t first,
			  uint64_t n);

/**
 * in_place_part() - as many elements of an open window as follow each other where they are
 * @range: of them
 * @size: bytes of one
 * @first: number of the first element in the range
 * @n: elements that are wanted, at least one; result: how many there are
 *
 * Return: the first one.
 */
const void *in_place_part(const struct tile_range *range, uint64_t size, uint64_t first,
			  uint64_t *n);

/**
 * in_place_load() - elements of an open window as elements of a register
 * @range: of them
 * @type: TSR_HW_TYPE_*, of whole bytes
 * @first: number of the first element in the range
 * @n: elements
 * @to: elements of number_class_of() @type
 */
void in_place_load(const struct tile_range *range, unsigned int type, uint64_t first, uint64_t n,
		   void *to);

/**
 * in_place_store() - bytes to an open window
 * @range: of them
 * @first: number of the first byte in the range
 * @from: the bytes, of any alignment
 * @n: how many
 * @streams: nothing reads them soon, so they need no place in a cache; in_place_streamed() follows
 */
void in_place_store(const struct tile_range *range, uint64_t first, const void *from, uint64_t n,
		    bool streams);

/**
 * in_place_stream_fp32() - in_place_store() of elements of fp32 that nothing reads soon
 * @range: of them
 * @first: number of the first element in the range
 * @from: the elements
 * @n: how many
 *
 * Return: whether one of them is infinite or not a number: to look costs nothing while memory is
 * waited for.
 */
bool in_place_stream_fp32(const struct tile_range *range, uint64_t first, const float *from,
			  uint64_t n);

/** in_place_streamed() - order what was streamed before the stores of a release */
void in_place_streamed(void);

#endif
