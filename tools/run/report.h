/* SPDX-License-Identifier: MIT */
/* What is said about a run: for people, and in JSON. */
#ifndef RUN_REPORT_H
#define RUN_REPORT_H

#include "compare.h"
#include "engine.h"
#include "items.h"
#include "measurement.h"
#include "options.h"

/** struct report - everything there is to say */
struct report {
	const struct options *options;
	const struct engine *engine;
	const struct tsr_program *program;
	const struct workload *work;
	const struct measurement *measured;
	const struct comparison *comparison;	/* one per output, NULL without --reference */
};

/** report_profile() - table of the nodes on standard output. */
void report_profile(const struct report *report);
/** report_total() - device time and achieved rate on standard output. */
void report_total(const struct report *report);
/** report_comparison() - agreement with the reference on standard output. */
void report_comparison(const struct report *report);
/** report_json() - all of it to the file the user named. Complains. */
enum exit_code report_json(const struct report *report);

#endif
