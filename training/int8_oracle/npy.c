// SPDX-License-Identifier: MIT
#include "npy.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Magic, version 1.0, then the length of a text that describes the array. */
#define PREFIX		"\x93NUMPY\x01"
#define PREFIX_SIZE	8
#define START		10
#define HEADER_SIZE	128

static FILE *open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (!file)
		err(1, "%s", path);
	return file;
}

/* Skip the header of @file after checking that it announces unsigned bytes. */
static void skip_header(FILE *file, const char *path)
{
	unsigned char start[START];
	char text[UINT16_MAX + 1];
	size_t length;

	if (fread(start, 1, START, file) != START || memcmp(start, PREFIX "\0", PREFIX_SIZE))
		errx(1, "%s: not a .npy file of format version 1", path);
	length = start[8] | start[9] << 8;
	if (fread(text, 1, length, file) != length)
		errx(1, "%s: header cut short", path);
	text[length] = '\0';
	if (!strstr(text, "'descr': '|u1'") || !strstr(text, "'fortran_order': False"))
		errx(1, "%s: not unsigned bytes in C order", path);
}

uint8_t *npy_read_bytes(const char *path, size_t item, size_t *count)
{
	FILE *file = open_file(path, "rb");
	uint8_t *bytes;
	long start, end;

	skip_header(file, path);
	start = ftell(file);
	if (fseek(file, 0, SEEK_END) || (end = ftell(file)) < start || (end - start) % item)
		errx(1, "%s: does not hold whole items of %zu bytes", path, item);
	bytes = malloc(end - start + 1);
	if (!bytes || fseek(file, start, SEEK_SET) ||
	    fread(bytes, 1, end - start, file) != (size_t)(end - start))
		err(1, "%s", path);
	fclose(file);
	*count = (end - start) / item;
	return bytes;
}

void npy_write_floats(const char *path, const float *values, size_t rows, size_t columns)
{
	FILE *file = open_file(path, "wb");
	char text[HEADER_SIZE - START + 1];
	unsigned char start[START] = PREFIX;
	int used = snprintf(text, sizeof(text),
			    "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }",
			    rows, columns);

	start[8] = HEADER_SIZE - START;
	memset(text + used, ' ', sizeof(text) - used);
	text[HEADER_SIZE - START - 1] = '\n';
	if (fwrite(start, 1, START, file) != START ||
	    fwrite(text, 1, HEADER_SIZE - START, file) != HEADER_SIZE - START ||
	    fwrite(values, sizeof(*values), rows * columns, file) != rows * columns ||
	    fclose(file))
		err(1, "%s", path);
}
