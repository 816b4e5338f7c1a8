/* SPDX-License-Identifier: MIT */
/* Agreement of the outputs with the reference. */
#ifndef RUN_COMPARE_H
#define RUN_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include <tessera.h>

#include "items.h"

/**
 * struct comparison - one output against the reference
 * @count: values
 * @different: values that differ in a bit
 * @absolute: largest difference
 * @relative: largest difference, divided by the largest magnitude of the output
 * @passed: within what the precision allows
 */
struct comparison {
	uint64_t count;
	uint64_t different;
	double absolute;
	double relative;
	bool passed;
};

/**
 * compare_outputs() - compute @graph on the CPU for all items and compare
 * @comparison: one per output
 */
enum exit_code compare_outputs(const struct options *options, const struct tsr_graph *graph,
			       const struct workload *work, struct comparison *comparison);

#endif
