/* SPDX-License-Identifier: MIT */
/*
 * Runs a program over the virtual NPU's tile library, without driver and firmware:
 * each node when its predecessors are done, in an order drawn at random among all
 * that the program's edges allow. A missing edge therefore shows.
 */
#ifndef TSR_TESTS_EXECUTOR_H
#define TSR_TESTS_EXECUTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tessera.h>

struct sku;

/**
 * struct execution - a program and its memory
 * @sku: the device
 * @program: compiled program
 * @input: elements of each input, @repeat times
 * @output: where to, likewise
 * @repeat: repetitions
 * @seed: of the order; 0 is the order of the node numbers
 * @record: NULL, or room for a record per node and repetition
 * @cycles: out, if there are records: modelled cycles, one node after the other
 * @error: out: a sentence when it failed
 */
struct execution {
	const struct sku *sku;
	const struct tsr_program *program;
	const void *const *input;
	void *const *output;
	uint32_t repeat;
	uint64_t seed;
	struct tsr_node_profile *record;
	uint64_t cycles;
	char error[256];
};

/** execute() - Return: true when all nodes ran. */
bool execute(struct execution *execution);

#endif
