/* SPDX-License-Identifier: MIT */
/* What the elements of an operand of a product mean: zero points and block scales, checked. */
#ifndef VNPU_TILE_QUANT_H
#define VNPU_TILE_QUANT_H

#include <stdbool.h>
#include <stdint.h>

#include "tensor.h"

struct tile_request;

/**
 * struct quant - checked form of struct tsr_hw_quant
 * @kind: TSR_HW_QUANT_*
 * @block: consecutive k that share an element of @scale and @zeros: all of ZEROS; 0 without them
 * @zero: zero point of ZERO, else 0
 * @scale: of BLOCKS, else none
 * @zeros: of ZEROS and perhaps of BLOCKS, else none
 */
struct quant {
	uint8_t kind;
	uint64_t block;
	int64_t zero;
	struct tensor scale;
	struct tensor zeros;
};

/**
 * struct quant_operand - the operand, as its scales and zero points must fit it
 * @tensor: its type; its first extents are those of the batch
 * @batch: dimensions in front of those of the matrix, in it and in its scales
 * @others: rows of a first operand, columns of a second one
 * @depth: K
 * @blocks_last: scales are [.., others, blocks of k], as of a first operand; else
 *	[.., blocks, others]
 * @kinds: mask of bits 1 << TSR_HW_QUANT_* that are allowed, beside NONE
 */
struct quant_operand {
	const struct tensor *tensor;
	unsigned int batch;
	uint64_t others;
	uint64_t depth;
	bool blocks_last;
	unsigned int kinds;
};

/**
 * quant_decode() - check zero points and scales of an operand
 * @request: slot table and parameters
 * @raw: from the command
 * @operand: what it is of
 * @quant: result
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_COMMAND, TSR_HW_ERR_PARAMETER, TSR_HW_ERR_SLOT or
 * TSR_HW_ERR_UNSUPPORTED.
 */
int quant_decode(const struct tile_request *request, const struct tsr_hw_quant *raw,
		 const struct quant_operand *operand, struct quant *quant);

/** quant_blocks() - blocks of k that have an element of scale and zero points: K // block */
static inline uint64_t quant_blocks(uint64_t depth, uint64_t block)
{
	return block ? depth / block + (depth % block != 0) : 0;
}

/**
 * quant_block_types() - bits of the types of @operand and its scales that need
 * block_types of the fuses
 */
uint32_t quant_block_types(const struct tensor *operand, const struct quant *quant);

/** quant_bytes() - distinct bytes of scale and zero points */
uint64_t quant_bytes(const struct quant *quant);

#endif
