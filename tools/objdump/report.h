/* SPDX-License-Identifier: MIT */
/* What is printed for each program, stream and golden vector. */
#ifndef OBJDUMP_REPORT_H
#define OBJDUMP_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "options.h"

struct json_object;

/**
 * struct report - the output of one run
 * @options: what is asked
 * @files: array of JSON, or NULL
 * @printed: units that have been printed
 * @malformed: one had a defect, or was none
 */
struct report {
	const struct options *options;
	struct json_object *files;
	size_t printed;
	bool malformed;
};

/** report_begin() */
void report_begin(struct report *report, const struct options *options);

/** report_file() - everything in a file; @name is for messages */
void report_file(struct report *report, const char *name, const struct bytes *file);

/** report_end() - JSON is printed here; false: standard output cannot be written */
bool report_end(struct report *report);

#endif
