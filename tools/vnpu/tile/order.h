/* SPDX-License-Identifier: MIT */
/*
 * The order of SORT and SUPPRESS: by value, not-a-number above everything, -0 equal to +0;
 * equal elements stay in their order.
 */
#ifndef VNPU_TILE_ORDER_H
#define VNPU_TILE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

struct tile_memory;

/**
 * struct order_entry - an element that is put into order
 * @key: as unsigned numbers, keys are in the order of the elements
 * @index: its place before
 */
struct order_entry {
	uint64_t key;
	uint32_t index;
};

/**
 * order_keys() - make the keys of stored elements
 * @type: theirs
 * @raw: elements, aligned; those of half a byte one a byte
 * @descending: the greatest first
 * @to: entries that get the keys
 * @n: elements
 */
void order_keys(unsigned int type, const void *raw, bool descending, struct order_entry *to,
		uint64_t n);

/**
 * order_sort() - put entries into the order of their keys, equal ones as they are
 * @memory: asked now and then whether to give up
 * @entries: entries
 * @spare: room for as many
 * @n: entries
 *
 * Time is proportional to @n whatever the keys.
 *
 * Return: TSR_HW_ERR_NONE or EXECUTION_ABORTED.
 */
int order_sort(const struct tile_memory *memory, struct order_entry *entries,
	       struct order_entry *spare, uint64_t n);

#endif
