/* SPDX-License-Identifier: MIT */
/* Fingerprints that are not made again: of elements that are known not to have changed. */
#ifndef VNPU_TILE_RECALLED_H
#define VNPU_TILE_RECALLED_H

#include <stdint.h>

struct execution;
struct fingerprint;
struct view;

/**
 * recalled_fingerprint() - fingerprint_of(), without reading what was read before
 * @execution: the running command
 * @view: the elements
 * @count: how many
 * @fingerprint: result
 *
 * What struct tile_memory's version says of the memory decides.
 *
 * Return: as fingerprint_of().
 */
int recalled_fingerprint(struct execution *execution, const struct view *view, uint64_t count,
			 struct fingerprint *fingerprint);

#endif
