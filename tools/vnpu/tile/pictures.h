/* SPDX-License-Identifier: MIT */
/* Pictures of a convolution as a library takes them: dense, channels last, padding included. */
#ifndef VNPU_TILE_PICTURES_H
#define VNPU_TILE_PICTURES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct execution;
struct pairing;
struct tensor;

/**
 * struct pictures - where they lie, and what is put around them
 * @pairing: types: elements become fp32, or codes of one byte
 * @x: [N, C, W] or [N, C, H, W]
 * @size: rows and columns
 * @before: rows above, columns in front
 * @after: rows below, columns behind
 * @padding: byte that padding consists of
 * @wide: codes become int16_t of which @zero is subtracted, so that padding is 0
 * @zero: zero point in codes
 * @least: NULL, or of fp32: becomes subnormals_exponent() of what is loaded, if it is less
 */
struct pictures {
	const struct pairing *pairing;
	const struct tensor *x;
	uint64_t size[2];
	uint64_t before[2];
	uint64_t after[2];
	uint8_t padding;
	bool wide;
	int32_t zero;
	atomic_uint *least;
};

/** pictures_extent() - rows (0) or columns (1) of a staged picture */
uint64_t pictures_extent(const struct pictures *pictures, unsigned int axis);

/** pictures_elements() - elements of a staged picture */
uint64_t pictures_elements(const struct pictures *pictures);

/**
 * pictures_load() - stage pictures, by all threads
 * @execution: the running command
 * @pictures: how
 * @first: number of the first one
 * @count: how many
 * @to: [@count, rows, columns, C]
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_* or EXECUTION_ABORTED.
 */
int pictures_load(struct execution *execution, const struct pictures *pictures, uint64_t first,
		  uint64_t count, void *to);

#endif
