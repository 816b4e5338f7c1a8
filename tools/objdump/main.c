// SPDX-License-Identifier: MIT
/* tessera-objdump: what is in a program, and the way back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "assemble.h"
#include "bytes.h"
#include "message.h"
#include "options.h"
#include "report.h"

static enum exit_code read_file(const char *path, struct bytes *bytes)
{
	int error = bytes_read(path, bytes);

	if (!error)
		return EXIT_OK;
	complain("%s: %s", path, strerror(-error));
	return EXIT_MALFORMED;
}

static enum exit_code write_file(const char *path, const struct bytes *bytes)
{
	int error = bytes_write(path, bytes);

	if (!error)
		return EXIT_OK;
	complain("%s: %s", path ? path : "standard output", strerror(-error));
	return EXIT_MALFORMED;
}

static enum exit_code run_assembler(const struct options *options)
{
	struct bytes text = { 0 }, out = { 0 };
	const char *path = options->files[0];
	struct text_error error;
	enum exit_code code = read_file(path, &text);

	if (!code && !assemble((const char *)text.data, text.size, &out, &error)) {
		complain("%s: line %u: %s", path, error.line, error.message);
		code = EXIT_MALFORMED;
	}
	if (!code)
		code = write_file(options->output, &out);
	bytes_free(&out);
	bytes_free(&text);
	return code;
}

static enum exit_code run_disassembler(const struct options *options)
{
	struct bytes file = { 0 };
	struct report report;
	enum exit_code code = EXIT_OK;

	report_begin(&report, options);
	for (int i = 0; i < options->file_count; i++) {
		if (read_file(options->files[i], &file))
			code = EXIT_MALFORMED;
		else
			report_file(&report, options->files[i], &file);
		bytes_free(&file);
	}
	if (!report_end(&report)) {
		complain("standard output: %s", strerror(errno));
		code = EXIT_MALFORMED;
	}
	return report.malformed ? EXIT_MALFORMED : code;
}

int main(int argc, char **argv)
{
	struct options options;
	bool finished;
	enum exit_code code = options_parse(argc, argv, &options, &finished);

	if (code || finished)
		return code;
	return options.assemble ? run_assembler(&options) : run_disassembler(&options);
}
