/* SPDX-License-Identifier: MIT */
/*
 * What the nodes of a record read and wrote. Host threads cut an operand in any way, so
 * bytes are found by their address: those of a node form ranges in the order recorded.
 */
#ifndef VNPU_REPLAY_NODE_H
#define VNPU_REPLAY_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record_copy;
struct replay_ranges;

/** replay_ranges_create() - empty; NULL without memory */
struct replay_ranges *replay_ranges_create(void);

/** replay_ranges_destroy() - free it or NULL */
void replay_ranges_destroy(struct replay_ranges *ranges);

/**
 * replay_ranges_add() - add an access
 * @ranges: the ranges
 * @copy: the access, checked
 * @data: its rows; must outlive the ranges
 *
 * Return: false without memory.
 */
bool replay_ranges_add(struct replay_ranges *ranges, const struct record_copy *copy,
		       const uint8_t *data);

/** replay_ranges_sort() - after the last one was added */
void replay_ranges_sort(struct replay_ranges *ranges);

/**
 * replay_ranges_find() - recorded bytes
 * @ranges: the ranges
 * @serial: node
 * @write: of a write, else of a read
 * @va: address
 * @len: in: bytes wanted; out: bytes found there, not more
 *
 * Of several accesses to one address the first that has bytes left is taken.
 *
 * Return: the bytes, or NULL when the node did not access @va so.
 */
const uint8_t *replay_ranges_find(struct replay_ranges *ranges, uint64_t serial, bool write,
				  uint64_t va, size_t *len);

/**
 * replay_ranges_fault() - the failed access of a node to an address
 * @ranges: the ranges
 * @serial: node
 * @write: of a write, else of a read
 * @va: first address
 * @len: bytes among which it failed
 * @fault: where exactly
 *
 * Return: TSR_HW_ERR_FAULT_*, or 0 when none of them failed.
 */
int replay_ranges_fault(const struct replay_ranges *ranges, uint64_t serial, bool write,
			uint64_t va, size_t len, uint64_t *fault);

#endif
