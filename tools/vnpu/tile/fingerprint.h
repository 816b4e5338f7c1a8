/* SPDX-License-Identifier: MIT */
/* Fingerprints: whether bytes in memory are those of before, without a copy of them. */
#ifndef VNPU_TILE_FINGERPRINT_H
#define VNPU_TILE_FINGERPRINT_H

#include <stdint.h>

struct execution;
struct view;

/**
 * struct fingerprint - of some bytes
 * @word: each by a secret of its own that this process has drawn, so that different bytes of
 *	one length have the same words once in 2^60 times, whoever has chosen them
 */
struct fingerprint {
	uint64_t word[2];
};

/**
 * fingerprint_of() - of elements, by all threads
 * @execution: the running command
 * @view: the elements
 * @count: how many; with the size of one they are what the length is
 * @fingerprint: result
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_*, TSR_HW_ERR_ENGINE or EXECUTION_ABORTED.
 */
int fingerprint_of(struct execution *execution, const struct view *view, uint64_t count,
		   struct fingerprint *fingerprint);

#endif
