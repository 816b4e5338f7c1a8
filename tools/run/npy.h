/* SPDX-License-Identifier: MIT */
/* Arrays in NumPy's .npy files: little-endian, C order. */
#ifndef RUN_NPY_H
#define RUN_NPY_H

#include <stddef.h>
#include <stdint.h>

#define NPY_RANK_MAX	8

/**
 * struct npy - an array
 * @kind: 'f' floating point, 'i' signed, 'u' unsigned
 * @width: bytes of an element
 * @rank: dimensions, 0 for a single number
 * @dim: extents
 * @count: elements
 * @data: elements, row-major
 */
struct npy {
	char kind;
	size_t width;
	unsigned int rank;
	int64_t dim[NPY_RANK_MAX];
	size_t count;
	void *data;
};

/**
 * npy_load() - read a file
 * @array: out: the caller frees @array->data
 * @error: on failure a sentence that names the file and the cause
 * @error_size: bytes at @error
 *
 * Return: 0, -EINVAL for contents that are no such array, or the negative errno of reading.
 */
int npy_load(const char *path, struct npy *array, char *error, size_t error_size);

/** npy_save() - write a file; errors as npy_load(). */
int npy_save(const char *path, const struct npy *array, char *error, size_t error_size);

#endif
