/* SPDX-License-Identifier: MIT */
/* Bytes of a file, or of one that is being made. */
#ifndef OBJDUMP_BYTES_H
#define OBJDUMP_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Neither a file that is read nor one that is assembled is larger. */
#define BYTES_MAX	((size_t)1 << 30)

/** struct bytes - owned memory; all zeros are none */
struct bytes {
	uint8_t *data;
	size_t size;
	size_t capacity;
};

/** bytes_reach() - make it at least @size long, new bytes zero; false: no memory, or too large */
bool bytes_reach(struct bytes *bytes, size_t size);

/** bytes_append() - put @size bytes of @data at the end; false as above */
bool bytes_append(struct bytes *bytes, const void *data, size_t size);

/**
 * bytes_read() - the content of a file
 * @path: "-" is standard input
 *
 * Return: 0 or a negative errno.
 */
int bytes_read(const char *path, struct bytes *bytes);

/**
 * bytes_write() - make a file of them
 * @path: NULL is standard output
 *
 * Return: 0 or a negative errno.
 */
int bytes_write(const char *path, const struct bytes *bytes);

void bytes_free(struct bytes *bytes);

/**
 * bytes_from_hex() - two digits for each byte
 * @at: where they go; they are there already
 * @digits: an even number
 *
 * Return: NULL, or where two that are none stand.
 */
const char *bytes_from_hex(struct bytes *bytes, size_t at, const char *digits);

#endif
