/* SPDX-License-Identifier: MIT */
/*
 * Products of staged matrices: rows of A times one matrix of weights, with zero
 * points, then the epilogue. What GEMM and CONV have in common.
 */
#ifndef VNPU_TILE_PRODUCT_H
#define VNPU_TILE_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "epilogue.h"

struct execution;
struct tensor;
struct tile_request;
struct tsr_hw_scaled_tensor;
struct view;

/**
 * struct channels - vectors by output channel, staged once per command
 * @bias: fp32 operands: bias, or NULL
 * @offset: integer operands: bias, zeros without one
 * @multiplier: integer operands: m[n], or NULL for an int32 output
 */
struct channels {
	float *bias;
	int32_t *offset;
	float *multiplier;
};

/**
 * struct product - weights [k, n] and what goes with them
 * @a: first operand: type and zero point
 * @b: second operand
 * @integer: int8 operands, else fp32
 * @k: rows of the weights
 * @n: columns
 * @weights: float or int8_t, dense; owned
 * @order: of terms in strict mode: @k row numbers of @weights, or NULL for their own
 * @a_zero: zero point of A as staged, in uint8 codes
 * @b_zero: zero point of @weights as staged, in int8 codes
 * @offset: int32 added per column: bias and what the zero points ask for; owned
 */
struct product {
	const struct tensor *a;
	const struct tensor *b;
	bool integer;
	uint64_t k;
	uint64_t n;
	void *weights;
	const uint32_t *order;
	int32_t a_zero;
	int32_t b_zero;
	int32_t *offset;
};

/**
 * product_decode() - check operands and output of GEMM or CONV
 * @request: slot table
 * @raw_a: first operand
 * @raw_b: second operand
 * @raw_d: output
 * @a: result
 * @b: result
 * @d: result
 *
 * Return: TSR_HW_ERR_*.
 */
int product_decode(const struct tile_request *request, const struct tsr_hw_scaled_tensor *raw_a,
		   const struct tsr_hw_scaled_tensor *raw_b,
		   const struct tsr_hw_scaled_tensor *raw_d,
		   struct tensor *a, struct tensor *b, struct tensor *d);

/**
 * product_weight_bytes() - distinct bytes of the second operand and its scales
 * @b: second operand
 * @channels: entries of the scale vector, if any
 *
 * Return: bytes.
 */
uint64_t product_weight_bytes(const struct tensor *b, uint64_t channels);

/**
 * channels_load() - stage bias and scales
 * @execution: the running command
 * @epilogue: its epilogue
 * @a: first operand
 * @b: second operand, with the scale vector if any
 * @d: output
 * @count: channels
 * @channels: result, to be freed with channels_free() even after an error
 *
 * Return: TSR_HW_ERR_*.
 */
int channels_load(struct execution *execution, const struct epilogue *epilogue,
		  const struct tensor *a, const struct tensor *b, const struct tensor *d,
		  uint64_t count, struct channels *channels);

/** channels_free() - free the vectors */
void channels_free(struct channels *channels);

/**
 * product_load() - stage weights
 * @execution: the running command
 * @product: @a, @b, @k and @n are set
 * @view: the weights in [k, n] order
 * @offset: struct channels' offset of the first column
 *
 * Frees what the product held. To be freed with product_free() even after an error.
 *
 * Return: TSR_HW_ERR_*.
 */
int product_load(struct execution *execution, struct product *product,
		 const struct view *view, const int32_t *offset);

/** product_free() - free the weights */
void product_free(struct product *product);

/**
 * product_element() - bytes of a staged element of A
 * @product: the product
 *
 * Return: 1 for integers, else 4.
 */
uint64_t product_element(const struct product *product);

/**
 * product_rows() - rows of A to work on at a time
 * @product: the product
 * @rows: rows there are
 *
 * Return: 1 to @rows, so that progress shows and buffers stay bounded.
 */
uint64_t product_rows(const struct product *product, uint64_t rows);

/**
 * product_staging() - host memory that a command of products takes
 * @product: @integer, @k and @n are set
 * @rows: rows of A there are
 * @channels: of the command
 *
 * Return: bytes at most.
 */
uint64_t product_staging(const struct product *product, uint64_t rows, uint64_t channels);

/**
 * product_run() - multiply and write rows of the output
 * @execution: the running command
 * @product: staged weights
 * @finish: where the output goes
 * @a: @rows dense rows of A: fp32, or uint8 codes (execution_load_unsigned())
 * @first_row: row of @finish's output they belong to
 * @rows: rows
 *
 * Return: TSR_HW_ERR_*.
 */
int product_run(struct execution *execution, const struct product *product,
		const struct finish *finish, const void *a, uint64_t first_row, uint64_t rows);

#endif
