/* SPDX-License-Identifier: MIT */
/* What runs took, in device cycles and per node of the program. */
#ifndef RUN_MEASUREMENT_H
#define RUN_MEASUREMENT_H

#include <stddef.h>
#include <stdint.h>

#include "engine.h"

/** struct node_sum - all executions of one node */
struct node_sum {
	uint64_t executions;
	uint64_t cycles;
	uint64_t macs;
	uint64_t bytes_read;
	uint64_t bytes_written;
	uint64_t energy_pj;
	uint64_t infinite;	/* at least so many */
	uint64_t nan;
};

/**
 * struct measurement - all runs together
 * @node: one per node of the program; zero without records
 * @nodes: how many
 * @runs: executions of the program
 * @cycles: device cycles, sum over the jobs
 * @macs: multiply-accumulates of all runs
 * @wall_ns: time the host waited, copies included
 */
struct measurement {
	struct node_sum *node;
	size_t nodes;
	uint64_t runs;
	uint64_t cycles;
	uint64_t macs;
	uint64_t wall_ns;
};

enum exit_code measurement_init(struct measurement *measured, const struct tsr_program *program);
void measurement_free(struct measurement *measured);

/** measurement_add() - take in one run of the engine. */
void measurement_add(struct measurement *measured, const struct tsr_program *program,
		     const struct engine_run *run);

/** measurement_us() - @cycles in microseconds. */
double measurement_us(const struct engine *engine, uint64_t cycles);

/** measurement_tops() - rate of @macs in @cycles in 10^12 operations/s. */
double measurement_tops(const struct engine *engine, uint64_t macs, uint64_t cycles);

/** measurement_type() - type most of the multiply-accumulates are in, for the peak. */
enum tsr_type measurement_type(const struct tsr_program *program);

#endif
