/* SPDX-License-Identifier: MIT */
/* How a product is cut into steps (docs/hardware.md, section 11.14). */
#ifndef VNPU_TILE_PRODUCT_BLOCKS_H
#define VNPU_TILE_PRODUCT_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/command.h>

struct tsr_hw_fuses;

/**
 * struct product_blocks - checked form of struct tsr_hw_blocks
 * @bm: rows in a block
 * @bn: columns
 * @bk: of the sum
 * @bg: groups
 * @order: TSR_HW_ORDER_*
 */
struct product_blocks {
	uint32_t bm;
	uint32_t bn;
	uint32_t bk;
	uint32_t bg;
	uint8_t order;
};

/**
 * struct product_extents - what is cut
 * @m: rows of a block: of a matrix product those of the whole, if they are less
 * @n: columns
 * @k: of the sum
 * @type: TSR_HW_TYPE_* that the product runs at
 * @weight_bits: of an element of the second operand, as stored
 */
struct product_extents {
	uint64_t m;
	uint64_t n;
	uint64_t k;
	unsigned int type;
	unsigned int weight_bits;
};

/**
 * struct product_held - bytes of the largest block of each
 * @outputs: elements of the output
 * @wide: accumulators have eight bytes, else four
 * @output_bits: of an element of the output
 * @a: first operand with what belongs to it; 0 if it is not loaded
 * @b: second operand with what belongs to it
 * @inputs: of the epilogue
 */
struct product_held {
	uint64_t outputs;
	bool wide;
	unsigned int output_bits;
	uint64_t a;
	uint64_t b;
	uint64_t inputs;
};

/**
 * product_blocks_decode() - check the fields
 * @raw: from the command
 * @groups: groups of the command that a block may have at most: 1 of a matrix product
 * @blocks: result
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int product_blocks_decode(const struct tsr_hw_blocks *raw, uint64_t groups,
			  struct product_blocks *blocks);

/**
 * product_blocks_set() - bytes of scratchpad that the command's ring must have
 * @blocks: how it is cut
 * @extents: what
 * @held: by one block
 *
 * Saturates.
 */
uint64_t product_blocks_set(const struct product_blocks *blocks,
			    const struct product_extents *extents,
			    const struct product_held *held);

/**
 * product_blocks_check() - whether blocks suit the array of a device and fit the ring
 * @fuses: the device; its rate for @extents->type is not 0
 * @ring: bytes of scratchpad that loads go through
 * @blocks: how the product is cut
 * @extents: what
 * @held: by one block
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int product_blocks_check(const struct tsr_hw_fuses *fuses, uint64_t ring,
			 const struct product_blocks *blocks, const struct product_extents *extents,
			 const struct product_held *held);

#endif
