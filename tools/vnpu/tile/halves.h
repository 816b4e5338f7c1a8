/* SPDX-License-Identifier: MIT */
/* Elements of half a byte: from bytes of memory to an element a byte, upper halves 0. */
#ifndef VNPU_TILE_HALVES_H
#define VNPU_TILE_HALVES_H

#include <stdint.h>

/**
 * halves_unpack() - neighbours in memory
 * @from: bytes, from the one with the first element on
 * @first: half of it that the first element is: 0 the low one, 1 the high one
 * @to: @n elements
 * @n: how many
 */
void halves_unpack(const uint8_t *from, unsigned int first, uint8_t *to, uint64_t n);

/**
 * halves_rows() - rows of elements that all lie in the same half
 * @from: rows of bytes; two rows that are neighbours share one if @packed
 * @first: half of the first row's elements
 * @packed: whether the next row is the next half, else all are @first
 * @rows: how many
 * @columns: elements of a row
 * @to: dense rows of elements
 */
void halves_rows(const uint8_t *from, unsigned int first, int packed, uint64_t rows,
		 uint64_t columns, uint8_t *to);

/**
 * halves_places() - elements of an output, counted so that every second one begins a byte
 * @elements: how many there are; those of a row are neighbours
 * @odd_row: elements of a row if they are an odd number, else 0
 *
 * An element that is not there fills the last byte of an odd row. Threads that take even numbers
 * of places write to no byte together.
 */
uint64_t halves_places(uint64_t elements, uint64_t odd_row);

/**
 * halves_element() - the element at a place
 * @place: number of the place
 * @odd_row: as in halves_places()
 *
 * Return: its number, the next one's if there is none.
 */
uint64_t halves_element(uint64_t place, uint64_t odd_row);

#endif
