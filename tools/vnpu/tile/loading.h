/* SPDX-License-Identifier: MIT */
/* Loads the input of a running command, through its prologue. */
#ifndef VNPU_TILE_LOADING_H
#define VNPU_TILE_LOADING_H

#include <stdint.h>

#include "block_run.h"
#include "view.h"

struct execution;
struct loaded;

/* Elements of one call of loading_elements(). */
#define LOADING_MOST	2048u

/**
 * struct loading - an input in use
 * @execution: the running command
 * @loaded: the input
 * @x: its elements, in the order they are numbered
 * @pre: its prologue, if it has one
 */
struct loading {
	struct execution *execution;
	const struct loaded *loaded;
	struct view x;
	struct block_run pre;
};

/**
 * loading_start() - before the first elements
 * @loading: result, to be given to loading_end()
 * @execution: the running command
 * @loaded: its input
 * @axes: mask of dimensions that are innermost when elements are numbered; 0: in their order
 */
void loading_start(struct loading *loading, struct execution *execution,
		   const struct loaded *loaded, uint32_t axes);

/**
 * loading_elements() - some elements, in the order of loading_start()
 * @loading: the input
 * @first: number of the first
 * @n: elements, at most LOADING_MOST
 * @to: result, elements of the type of struct loaded, aligned for any
 * @fault: address that failed
 *
 * Any thread.
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_*, or TSR_HW_ERR_ENGINE without memory.
 */
int loading_elements(struct loading *loading, uint64_t first, uint64_t n, void *to,
		     uint64_t *fault);

/** loading_end() - after the last elements */
void loading_end(struct loading *loading);

#endif
