/* SPDX-License-Identifier: MIT */
/* Values that a floating-point type does not hold: in constants, and in what a run computed. */
#ifndef RUN_RANGE_H
#define RUN_RANGE_H

#include <stdbool.h>

#include <tessera.h>

#include "measurement.h"
#include "options.h"

/** range_warn_of_constants() - name nodes whose constants did not fit the precision. */
void range_warn_of_constants(const struct tsr_program *program);

/**
 * range_wants_records() - must runs keep records, for the warning after them?
 *
 * With --profile they do; without it only what computes in fp16 or bf16 is looked at,
 * because records cost device time and wider types overflow rarely.
 */
bool range_wants_records(const struct options *options, const struct tsr_program *program);

/** range_warn_of_results() - name nodes whose results were infinite or not a number. */
void range_warn_of_results(const struct tsr_program *program,
			   const struct measurement *measured);

#endif
