/* SPDX-License-Identifier: MIT */
/* Executes the VECTOR program of a command for ranges of its output. */
#ifndef VNPU_TILE_BLOCK_RUN_H
#define VNPU_TILE_BLOCK_RUN_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <vector/chain16.h>

#include "block.h"
#include "halves_output.h"
#include "view.h"

struct execution;
struct vector_run;

/* Threads beyond this many prepare the program again for each range. */
#define BLOCK_RUNS	64

/**
 * struct block_run - a program in execution
 * @execution: the running command
 * @block: the program and its inputs
 * @program: that program; dimensions that it names are numbered as they are walked
 * @input: elements of the inputs
 * @d: elements of the output
 * @halves: those of half a byte, unless ranges begin and end with a byte
 * @type: of the output
 * @dims: extents as they are walked, outermost first
 * @ends: types of what memory holds
 * @in_place: elements of a piece whose operands are used where they are, 0 for none
 * @streams: the output is too large for a cache to keep it
 * @odd_row: elements that begin and end with a byte if they are an odd number, else 0
 * @lock: protects the members behind it
 * @idle: prepared, in use by no thread
 * @idle_count: how many
 * @divisions: integer divisions by 0 of those that have ended
 */
struct block_run {
	struct execution *execution;
	const struct block *block;
	struct vector_program program;
	struct view input[TSR_HW_VECTOR_MAX_INPUTS];
	struct view d;
	struct halves_output halves;
	unsigned int type;
	uint64_t dims[TSR_HW_MAX_RANK];
	uint64_t odd_row;
	struct chain16_ends ends;
	uint64_t in_place;
	bool streams;
	pthread_mutex_t lock;
	struct vector_run *idle[BLOCK_RUNS];
	unsigned int idle_count;
	uint64_t divisions;
};

/**
 * block_start() - before the first range
 * @run: result, to be given to block_end()
 * @execution: the running command
 * @block: its program
 * @d: its output
 *
 * Return: TSR_HW_ERR_NONE, or TSR_HW_ERR_ENGINE without memory.
 */
int block_start(struct block_run *run, struct execution *execution, const struct block *block,
		const struct tensor *d);

/**
 * block_start_along() - block_start() with elements in another order
 * @run: result, to be given to block_end()
 * @execution: the running command
 * @block: its program
 * @d: its output
 * @axes: mask of dimensions that are innermost when elements are numbered; 0: in their order
 *
 * Return: as block_start().
 */
int block_start_along(struct block_run *run, struct execution *execution,
		      const struct block *block, const struct tensor *d, uint32_t axes);

/**
 * block_start_places() - before block_run_places(); elements have the order of tensor_packed()
 * @run: result, to be given to block_end()
 * @execution: the running command
 * @block: its program
 * @d: its output
 */
void block_start_places(struct block_run *run, struct execution *execution,
			const struct block *block, const struct tensor *d);

/**
 * block_start_loading() - before the first values of a prologue
 * @run: result, to be given to block_end()
 * @execution: the running command
 * @block: its program
 * @x: what the command loads
 * @axes: mask of dimensions that are innermost when elements are numbered; 0: in their order
 */
void block_start_loading(struct block_run *run, struct execution *execution,
			 const struct block *block, const struct tensor *x, uint32_t axes);

/**
 * block_range() - load the inputs, execute the program, store the results
 * @run: of block_start()
 * @first: number of the first element, in the order of its start
 * @n: elements
 * @value: the command's own, @n elements of the type it gave the program, or NULL; may be
 *	overwritten
 * @fault: address that failed
 *
 * Any thread.
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_*, or TSR_HW_ERR_ENGINE without memory.
 */
int block_range(struct block_run *run, uint64_t first, uint64_t n, void *value,
		uint64_t *fault);

/**
 * block_range_counted() - block_range() of a program that was checked for a count
 * @run: of block_start() or block_start_along()
 * @first: number of the first element
 * @n: elements
 * @value: the command's own, @n elements
 * @count: @n of the command's counts, or NULL if the program has none
 * @fault: address that failed
 *
 * Return: as block_range().
 */
int block_range_counted(struct block_run *run, uint64_t first, uint64_t n, void *value,
			const int64_t *count, uint64_t *fault);

/**
 * block_values() - load the inputs, execute the program, keep the results
 * @run: of block_start_loading()
 * @first: number of the first element
 * @n: elements
 * @value: the command's own, @n elements of the type it gave the program
 * @to: @n elements of the program's result, on none of @value
 * @fault: address that failed
 *
 * Any thread.
 *
 * Return: as block_range().
 */
int block_values(struct block_run *run, uint64_t first, uint64_t n, const void *value, void *to,
		 uint64_t *fault);

/**
 * block_places() - elements of an output, counted as halves_places() does
 * @run: of block_start_places()
 */
uint64_t block_places(const struct block_run *run);

/**
 * block_run_places() - block_range() of places
 * @run: of block_start_places()
 * @first: number of the first place, even
 * @n: places, even but for the last ones
 * @fault: address that failed
 *
 * Return: as block_range().
 */
int block_run_places(struct block_run *run, uint64_t first, uint64_t n, uint64_t *fault);

/**
 * block_end() - after the last range; adds divisions by 0 to those of the execution
 * @run: of block_start(), block_start_along() or block_start_places()
 * @error: what went wrong with a range or with the start, or TSR_HW_ERR_NONE
 *
 * Return: @error, or that of storing elements that share bytes.
 */
int block_end(struct block_run *run, int error);

/** block_end_loading() - after the last values of a prologue; of block_start_loading() */
void block_end_loading(struct block_run *run);

#endif
