/* SPDX-License-Identifier: MIT */
/*
 * Memory lent to a library that computes itself how much of it it needs. In a trial it
 * is checked that the library kept to it; a library that was wrong about its need does
 * no harm there. Any thread.
 */
#ifndef VNPU_TILE_LENT_H
#define VNPU_TILE_LENT_H

#include <stdbool.h>
#include <stddef.h>

/* Least margin: more than libraries round blocks up to. */
#define LENT_MARGIN	(16u << 20)

/**
 * struct lent - memory lent
 * @at: its start; aligned for any vector, contents undefined
 * @bytes: its size
 * @map: of a trial: what @at and its margins are in
 * @margin: of a trial: bytes on either side
 */
struct lent {
	unsigned char *at;
	size_t bytes;
	unsigned char *map;
	size_t margin;
};

/**
 * lent_get() - memory for a library
 * @lent: result, to be given to lent_put(); nothing on failure
 * @bytes: at least 1
 * @operand: of a trial, whose library is checked: bytes of its largest operand; else 0
 *
 * On both sides of memory in a trial lies address space, free for a library that does not keep
 * to it: what one writes outside is a part of an operand. Memory of a trial counts as staging
 * memory; its margins take none.
 *
 * Return: 0, -ENOMEM, or -ENOTSUP when the host has no address space for a trial, as with
 * strict accounting of memory.
 */
int lent_get(struct lent *lent, size_t bytes, size_t operand);

/**
 * lent_put() - give memory back
 * @lent: from lent_get(); all 0 is nothing
 *
 * Return: 0, -EFAULT when the library touched a margin in the trial.
 */
int lent_put(struct lent *lent);

#endif
