/* SPDX-License-Identifier: MIT */
/* Messages and exit codes; docs/man/tessera-objdump.1 lists the codes. */
#ifndef OBJDUMP_MESSAGE_H
#define OBJDUMP_MESSAGE_H

enum exit_code {
	EXIT_OK = 0,
	EXIT_MALFORMED = 1,	/* the input, or a file that cannot be read or written */
	EXIT_USAGE = 2,
};

/** complain() - "tessera-objdump: ..." on standard error */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
