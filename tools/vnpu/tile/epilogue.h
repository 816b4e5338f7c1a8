/* SPDX-License-Identifier: MIT */
/* What follows the multiply-accumulate: bias, residual, activation, requantize. */
#ifndef VNPU_TILE_EPILOGUE_H
#define VNPU_TILE_EPILOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "activation.h"
#include "tensor.h"
#include "view.h"

struct execution;
struct tile_request;

/** struct epilogue - checked form of struct tsr_hw_epilogue */
struct epilogue {
	struct tensor bias;
	struct tensor residual;
	struct activation activation;
};

/**
 * struct finish - accumulators on their way to the output
 * @epilogue: the command's
 * @d: the output
 * @out: the output row by row, @channels innermost
 * @residual: the same of the residual, when there is one
 * @base: elements of the output before @out's first, for injected errors
 * @channels: columns of @out
 * @integer: accumulators are int32, else fp32
 * @bias: fp32: per channel, or NULL
 * @offset: int32: added per channel
 * @multiplier: int32: m[n] of the manual, unless the output is int32
 */
struct finish {
	const struct epilogue *epilogue;
	const struct tensor *d;
	struct view out;
	struct view residual;
	uint64_t base;
	uint64_t channels;
	bool integer;
	const float *bias;
	const int32_t *offset;
	const float *multiplier;
};

/**
 * epilogue_decode() - check an epilogue
 * @request: slot table
 * @raw: from the command
 * @d: the output
 * @channels: length of the bias
 * @integer: operands are integers
 * @epilogue: result
 *
 * Return: TSR_HW_ERR_*.
 */
int epilogue_decode(const struct tile_request *request, const struct tsr_hw_epilogue *raw,
		    const struct tensor *d, uint64_t channels, bool integer,
		    struct epilogue *epilogue);

/**
 * epilogue_bytes() - bytes it reads
 * @epilogue: checked epilogue
 *
 * Return: bytes of bias and residual.
 */
uint64_t epilogue_bytes(const struct epilogue *epilogue);

/**
 * finish_rows() - turn accumulators into output and write it, by all threads
 * @execution: the running command
 * @finish: how
 * @acc: dense accumulators of the range; may be overwritten
 * @row_offset: int32: subtracted per row of the range, or NULL
 * @first_row: first row of @out
 * @rows: rows
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
int finish_rows(struct execution *execution, const struct finish *finish, void *acc,
		const int32_t *row_offset, uint64_t first_row, uint64_t rows);

#endif
