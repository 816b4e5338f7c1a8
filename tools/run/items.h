/* SPDX-License-Identifier: MIT */
/*
 * Inputs and outputs as the user has them: files of items along the first dimension,
 * of which one run of the program takes a batch.
 */
#ifndef RUN_ITEMS_H
#define RUN_ITEMS_H

#include <stddef.h>
#include <stdint.h>

#include <tessera.h>

#include "options.h"

/**
 * struct items - all elements of one input or output
 * @argument: of the program
 * @data: elements of all runs, in the program's type
 */
struct items {
	const struct tsr_argument *argument;
	void *data;
};

/**
 * struct workload - what there is to run
 * @input: one per input of the program
 * @inputs: how many
 * @output: one per output of the program
 * @outputs: how many
 * @runs: repetitions of the program that the items need
 * @items: along the first dimension
 * @padding: rows the last run has too many; they are zero, and cut off the outputs
 */
struct workload {
	struct items *input;
	size_t inputs;
	struct items *output;
	size_t outputs;
	uint32_t runs;
	uint64_t items;
	uint64_t padding;
};

/** workload_make() - read or invent the inputs, make room for the outputs. Complains. */
enum exit_code workload_make(const struct options *options, const struct tsr_program *program,
			     struct workload *work);
void workload_free(struct workload *work);

/** workload_save() - write the outputs to the files the user named. Complains. */
enum exit_code workload_save(const struct options *options, const struct workload *work);

/** workload_print() - the outputs of the first items for people. */
void workload_print(const struct options *options, const struct workload *work);

/** items_rows() - rows of @items that are the user's. */
uint64_t items_rows(const struct workload *work, const struct items *items);

#endif
