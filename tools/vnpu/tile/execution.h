/* SPDX-License-Identifier: MIT */
/* One running command: memory, progress, abort and injected bit errors. */
#ifndef VNPU_TILE_EXECUTION_H
#define VNPU_TILE_EXECUTION_H

#include <stdbool.h>
#include <stdint.h>

struct nonfinite;
struct tensor;
struct tile_flip;
struct tile_memory;
struct view;

/* Besides TSR_HW_ERR_*: the device asked to stop. */
#define EXECUTION_ABORTED	(-1)

/**
 * struct execution - one running command
 * @memory: accessors
 * @flip: bit errors still to be made, or NULL
 * @nonfinite: counts of all commands
 * @strict: sums of floating-point numbers have the order of strict mode, and all that are no
 *	number the same code
 * @parameters: of the job
 * @type: of the results to count there, 0 for a command that does not compute
 * @steps: that the command reports
 * @reported: of them reported as progress
 * @divisions: integer divisions by 0 of all commands so far
 * @fault: address of the error
 * @flip_byte: byte of the output that gets a bit flipped, UINT64_MAX for none
 * @flip_mask: the bit
 */
struct execution {
	const struct tile_memory *memory;
	struct tile_flip *flip;
	struct nonfinite *nonfinite;
	bool strict;
	const uint64_t *parameters;
	unsigned int type;
	uint64_t steps;
	uint64_t reported;
	uint64_t divisions;
	uint64_t fault;
	uint64_t flip_byte;
	uint8_t flip_mask;
};

/**
 * execution_start() - begin a command
 * @execution: memory, flip, nonfinite, strict and parameters are set
 * @steps: that the command reports
 * @d: its output
 * @computes: whether results are numbers: movement looks at bits only
 */
void execution_start(struct execution *execution, uint64_t steps, const struct tensor *d,
		     bool computes);

/**
 * execution_progress() - @done of @total parts of the command are in memory
 * @execution: the running command
 * @done: parts, never less than before
 * @total: parts
 *
 * Only from the thread that executes the stream.
 *
 * Return: TSR_HW_ERR_NONE or EXECUTION_ABORTED.
 */
int execution_progress(struct execution *execution, uint64_t done, uint64_t total);

/**
 * execution_finish() - the command ended well: the steps that are left, all of
 * one that had nothing to do
 */
void execution_finish(struct execution *execution);

/**
 * execution_ranges() - run the whole of a command range by range, by all threads
 * @execution: the running command
 * @total: parts of the command
 * @step: parts of one range
 * @body: does @n parts from @first, any thread; returns 0, or an error with *@fault
 * @context: handed to @body
 *
 * Reports progress as it goes, at the end of all.
 *
 * Return: TSR_HW_ERR_NONE, the error of @body, or EXECUTION_ABORTED.
 */
int execution_ranges(struct execution *execution, uint64_t total, uint64_t step,
		     int (*body)(void *context, uint64_t first, uint64_t n, uint64_t *fault),
		     void *context);

/**
 * execution_load() - copy a range of an operand to a private buffer, by all threads
 * @execution: the running command
 * @view: the operand
 * @first: number of the first element
 * @count: elements
 * @to: dense destination
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
int execution_load(struct execution *execution, const struct view *view, uint64_t first,
		   uint64_t count, void *to);

/**
 * struct execution_flip - a bit error of staged weights
 * @at: byte of the elements as gathered, UINT64_MAX for none
 * @mask: the bit
 */
struct execution_flip {
	uint64_t at;
	uint8_t mask;
};

/** execution_flips_weights() - whether a bit error of weights was asked for, and not yet made */
bool execution_flips_weights(const struct execution *execution);

/**
 * execution_take_weight_flip() - the bit error of weights that was asked for, and no more
 * @execution: the running command
 * @view: the second operand
 * @count: elements that are staged
 */
struct execution_flip execution_take_weight_flip(struct execution *execution,
						 const struct view *view, uint64_t count);

/**
 * execution_flip_weights() - make the error, if it lies here
 * @flip: of execution_take_weight_flip()
 * @first: number of the first byte
 * @bytes: bytes
 * @raw: they, as gathered
 *
 * Any thread.
 */
void execution_flip_weights(const struct execution_flip *flip, uint64_t first, uint64_t bytes,
			    void *raw);

/**
 * execution_flip_within() - a command does not store its whole output
 * @execution: the running command
 * @bytes: it stores: bit errors are made in these
 */
void execution_flip_within(struct execution *execution, uint64_t bytes);

/**
 * execution_flip() - make the bit error of the output that was asked for, if it lies here
 * @execution: the running command
 * @first: number of the first byte
 * @bytes: bytes
 * @from: they, as they are about to be stored
 *
 * Any thread.
 */
void execution_flip(const struct execution *execution, uint64_t first, uint64_t bytes,
		    void *from);

/**
 * execution_mark() - what is done with results before they are stored
 * @execution: the running command
 * @first: number of the first element of the output
 * @count: elements
 * @size: bytes of one
 * @from: elements as stored; overwritten by an injected error, and with NaN's one code
 *
 * Any thread.
 */
void execution_mark(const struct execution *execution, uint64_t first, uint64_t count,
		    uint32_t size, void *from);

/** execution_keeps() - whether execution_mark() leaves all results as they are */
bool execution_keeps(const struct execution *execution);

/**
 * execution_store() - write a range of the output
 * @execution: the running command
 * @view: the output, or a part of it
 * @base: elements of the output that lie before @view's first
 * @first: number of the first element in @view
 * @count: elements
 * @from: elements as stored; overwritten by an injected error
 * @fault: address that failed
 *
 * Any thread.
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
int execution_store(const struct execution *execution, const struct view *view, uint64_t base,
		    uint64_t first, uint64_t count, void *from, uint64_t *fault);

#endif
