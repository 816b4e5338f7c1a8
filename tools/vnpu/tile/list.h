/* SPDX-License-Identifier: MIT */
/* Short lists that a command keeps: scales, zero points. The thread that executes it loads them. */
#ifndef VNPU_TILE_LIST_H
#define VNPU_TILE_LIST_H

#include <stdint.h>

struct execution;
struct view;

/**
 * list_real() - floating-point elements as fp32
 * @execution: the running command
 * @view: the elements
 * @type: of them
 * @first: number of the first one
 * @n: elements
 * @to: result
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_* or EXECUTION_ABORTED.
 */
int list_real(struct execution *execution, const struct view *view, unsigned int type,
	      uint64_t first, uint64_t n, float *to);

/** list_integers() - the same for integers of up to 32 bits, as int64 */
int list_integers(struct execution *execution, const struct view *view, unsigned int type,
		  uint64_t first, uint64_t n, int64_t *to);

#endif
