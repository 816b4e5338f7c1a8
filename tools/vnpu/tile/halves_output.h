/* SPDX-License-Identifier: MIT */
/*
 * An output of elements of half a byte, of a command that computes them in an order of its own:
 * two that share a byte may come from two threads. They are kept, one a byte, until all are there,
 * and stored by bytes then.
 */
#ifndef VNPU_TILE_HALVES_OUTPUT_H
#define VNPU_TILE_HALVES_OUTPUT_H

#include <stdint.h>

#include "view.h"

struct execution;

/**
 * struct halves_output - elements that have come
 * @codes: one a byte, in the order of their numbers, or NULL
 * @from: the codes with the dimension whose neighbours share a byte innermost
 * @d: the output in that order
 * @count: elements
 * @odd_row: extent of that dimension if it is odd, else 0
 */
struct halves_output {
	uint8_t *codes;
	struct view from;
	struct view d;
	uint64_t count;
	uint64_t odd_row;
};

/** halves_output_staging() - bytes of host memory that it takes; 0 if elements are whole bytes */
uint64_t halves_output_staging(const struct tensor *d);

/**
 * halves_output_start() - before the first element
 * @output: result, to be given to halves_output_end()
 * @execution: the running command
 * @d: its output
 * @axes: mask of dimensions that are innermost when elements are numbered; 0: in their order
 *
 * Return: TSR_HW_ERR_NONE, or TSR_HW_ERR_ENGINE without memory.
 */
int halves_output_start(struct halves_output *output, const struct tensor *d, uint32_t axes);

/**
 * halves_output_put() - some elements
 * @output: of halves_output_start()
 * @first: number of the first one
 * @n: how many
 * @codes: one a byte, upper halves 0
 *
 * Any thread; each element once.
 */
void halves_output_put(const struct halves_output *output, uint64_t first, uint64_t n,
		       const uint8_t *codes);

/**
 * halves_output_store() - store all of them
 * @output: in which all have come
 * @execution: the running command
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_* or EXECUTION_ABORTED.
 */
int halves_output_store(struct halves_output *output, struct execution *execution);

/** halves_output_end() - give back its memory */
void halves_output_end(struct halves_output *output);

#endif
