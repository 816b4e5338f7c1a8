/* SPDX-License-Identifier: MIT */
/* The two kinds of .npy file the oracle deals in. */
#ifndef ORACLE_NPY_H
#define ORACLE_NPY_H

#include <stddef.h>
#include <stdint.h>

/**
 * npy_read_bytes() - read an array of unsigned bytes
 * @path: .npy file in format version 1, in C order
 * @item: bytes one item of the first dimension has
 * @count: set to the number of items
 *
 * Ends the program with a message when the file is something else.
 *
 * Return: the items, to be freed by the caller.
 */
uint8_t *npy_read_bytes(const char *path, size_t item, size_t *count);

/**
 * npy_write_floats() - write a matrix of single precision numbers
 * @path: file to write
 * @values: rows times columns numbers
 * @rows: number of rows
 * @columns: number of columns
 *
 * Ends the program with a message when the file cannot be written.
 */
void npy_write_floats(const char *path, const float *values, size_t rows, size_t columns);

#endif
