// SPDX-License-Identifier: MIT
#include "bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK	65536

static bool grow(struct bytes *bytes, size_t size)
{
	size_t capacity = size > 2 * bytes->capacity ? size : 2 * bytes->capacity;
	uint8_t *data = realloc(bytes->data, capacity);

	if (!data)
		return false;
	bytes->data = data;
	bytes->capacity = capacity;
	return true;
}

bool bytes_reach(struct bytes *bytes, size_t size)
{
	if (size <= bytes->size)
		return true;
	if (size > BYTES_MAX || (size > bytes->capacity && !grow(bytes, size)))
		return false;
	memset(bytes->data + bytes->size, 0, size - bytes->size);
	bytes->size = size;
	return true;
}

bool bytes_append(struct bytes *bytes, const void *data, size_t size)
{
	size_t end = bytes->size;

	if (!size)
		return true;
	if (!bytes_reach(bytes, end + size))
		return false;
	memcpy(bytes->data + end, data, size);
	return true;
}

static int read_all(FILE *stream, struct bytes *bytes)
{
	uint8_t chunk[CHUNK];
	size_t size;

	while ((size = fread(chunk, 1, sizeof(chunk), stream)) > 0) {
		if (!bytes_append(bytes, chunk, size))
			return -EFBIG;
	}
	return ferror(stream) ? -EIO : 0;
}

int bytes_read(const char *path, struct bytes *bytes)
{
	FILE *stream = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
	int error;

	if (!stream)
		return -errno;
	errno = 0;
	error = read_all(stream, bytes);
	if (error == -EIO && errno)
		error = -errno;
	if (stream != stdin)
		fclose(stream);
	return error;
}

int bytes_write(const char *path, const struct bytes *bytes)
{
	FILE *stream = path ? fopen(path, "wbe") : stdout;
	bool written;

	if (!stream)
		return -errno;
	errno = 0;
	written = fwrite(bytes->data, 1, bytes->size, stream) == bytes->size && !fflush(stream);
	if (path && fclose(stream))
		written = false;
	return written ? 0 : errno ? -errno : -EIO;
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
}

/* 0 to 15, or -1 */
static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return -1;
}

const char *bytes_from_hex(struct bytes *bytes, size_t at, const char *digits)
{
	for (; *digits; digits += 2, at++) {
		int high = hex_digit(digits[0]), low = hex_digit(digits[1]);

		if (high < 0 || low < 0)
			return digits;
		bytes->data[at] = (uint8_t)(high << 4 | low);
	}
	return NULL;
}
