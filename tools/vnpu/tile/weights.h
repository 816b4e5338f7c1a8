/* SPDX-License-Identifier: MIT */
/*
 * The second operand of a product as it is multiplied: a dense matrix [k, n] of fp32 or of codes,
 * with its zero points and scales. What GEMM and CONV have in common, and what multiplies it.
 */
#ifndef VNPU_TILE_WEIGHTS_H
#define VNPU_TILE_WEIGHTS_H

#include <stdbool.h>
#include <stdint.h>

#include "codes.h"
#include "pairing.h"
#include "view.h"

struct execution;
struct fingerprinting;
struct quant;

/**
 * struct weights_source - where a matrix of weights lies
 * @elements: [k, n], or [groups, k, n]
 * @quant: its zero points and scales
 * @print: NULL, or makes the fingerprint of the elements as they are staged
 * @scale: [blocks of k, n] of BLOCKS, for which there is one group
 * @zeros: the same; [groups, n] of ZEROS
 */
struct weights_source {
	struct view elements;
	const struct quant *quant;
	const struct fingerprinting *print;
	struct view scale;
	struct view zeros;
};

/**
 * struct weights - a staged matrix
 * @pairing: types
 * @groups: matrices that follow each other, each with zero points and terms of its own
 * @k: rows
 * @n: columns
 * @shifted: integers: first operands have a zero point in codes, so that terms are needed
 * @order: of the terms of strict sums, as struct strict_product has it
 * @plane: dense rows: float in the first one, or int8_t codes; owned
 * @zeros: integers: zero point of each column, in codes; owned
 * @terms: @shifted: sum of a column's codes less k times its zero point; owned
 * @has_zeros: one of @zeros is not 0
 *
 * @zeros and @terms are of the accumulator's type: uint32_t or uint64_t.
 */
struct weights {
	const struct pairing *pairing;
	uint64_t groups;
	uint64_t k;
	uint64_t n;
	bool shifted;
	const uint32_t *order;
	void *plane[CODES_PLANES];
	void *zeros;
	void *terms;
	bool has_zeros;
};

/**
 * weights_load() - stage a matrix
 * @execution: the running command; bit errors asked for are made
 * @source: the matrix
 * @weights: @pairing, @groups, @k, @n and @shifted are set; what it holds is freed. To be freed
 *	with weights_free() even after an error
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_FAULT_*, TSR_HW_ERR_ENGINE or EXECUTION_ABORTED.
 */
int weights_load(struct execution *execution, const struct weights_source *source,
		 struct weights *weights);

/** weights_free() - free what is staged */
void weights_free(struct weights *weights);

/** weights_staging() - bytes of host memory that weights_load() takes for @k rows of @n */
uint64_t weights_staging(const struct pairing *pairing, uint64_t k, uint64_t n);

#endif
