/* SPDX-License-Identifier: MIT */
/* Messages and exit codes of tessera-run; docs/man/tessera-run.1 lists the codes. */
#ifndef RUN_MESSAGE_H
#define RUN_MESSAGE_H

enum exit_code {
	EXIT_OK = 0,
	EXIT_DIFFERENT = 1,	/* the reference gives another result */
	EXIT_USAGE = 2,
	EXIT_FILE = 3,		/* an input or output file */
	EXIT_MODEL = 4,		/* not a model, or not one the NPU runs */
	EXIT_DEVICE = 5,	/* no device, no permission, driver or firmware missing */
	EXIT_JOB = 6,		/* the NPU refused or failed the job */
};

/** complain() - "tessera-run: ..." on standard error. Return: @code. */
enum exit_code complain(enum exit_code code, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** warn() - "tessera-run: warning: ..." on standard error; ends nothing. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
