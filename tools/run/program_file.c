// SPDX-License-Identifier: MIT
#include "program_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tessera.h>

enum exit_code program_file_write(const char *path, const struct tsr_program *program)
{
	size_t size;
	const void *bytes = tsr_program_data(program, &size);
	FILE *stream = fopen(path, "wbe");
	bool written;

	if (!stream)
		return complain(EXIT_FILE, "%s: %s", path, strerror(errno));
	written = fwrite(bytes, size, 1, stream) == 1;
	if (fclose(stream) || !written)
		return complain(EXIT_FILE, "%s: %s", path, strerror(errno));
	return EXIT_OK;
}
