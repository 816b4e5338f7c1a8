/* SPDX-License-Identifier: MIT */
/* Command line of tessera-objdump. */
#ifndef OBJDUMP_OPTIONS_H
#define OBJDUMP_OPTIONS_H

#include <stdbool.h>

#include "message.h"
#include "text.h"

/**
 * struct options - what the user asked for
 * @text: what to show
 * @assemble: text to bytes
 * @stream: files are streams by themselves
 * @json: print JSON
 * @name: only the golden vector of this name, or NULL
 * @output: file for the bytes, NULL for standard output
 * @files: to read; a "-" is standard input
 * @file_count: how many, at least 1
 */
struct options {
	struct text_options text;
	bool assemble;
	bool stream;
	bool json;
	const char *name;
	const char *output;
	char **files;
	int file_count;
};

/**
 * options_parse() - read the command line
 * @finished: set when help or version was printed
 */
enum exit_code options_parse(int argc, char **argv, struct options *options, bool *finished);

#endif
