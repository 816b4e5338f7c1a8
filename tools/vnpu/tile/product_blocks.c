/* SPDX-License-Identifier: MIT */
#include "product_blocks.h"

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "saturating.h"
#include "smaller.h"

/* Of a block that is loaded while the one before is used. */
#define BUFFERS	2

int product_blocks_decode(const struct tsr_hw_blocks *raw, uint64_t groups,
			  struct product_blocks *blocks)
{
	for (unsigned int i = 0; i < sizeof(raw->mbz); i++)
		if (raw->mbz[i])
			return TSR_HW_ERR_COMMAND;
	if (!raw->bm || !raw->bn || !raw->bk || !raw->bg || raw->bg > groups)
		return TSR_HW_ERR_COMMAND;
	if (raw->order > TSR_HW_ORDER_B_RESIDENT)
		return TSR_HW_ERR_COMMAND;
	*blocks = (struct product_blocks){ raw->bm, raw->bn, raw->bk, raw->bg, raw->order };
	return TSR_HW_ERR_NONE;
}

static uint64_t divide_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

/* Blocks of k; without k there is one empty step. */
static uint64_t depth_of(const struct product_blocks *blocks, uint64_t k)
{
	return k ? divide_up(k, blocks->bk) : 1;
}

uint64_t product_blocks_set(const struct product_blocks *blocks,
			    const struct product_extents *extents,
			    const struct product_held *held)
{
	uint64_t depth = depth_of(blocks, extents->k);
	uint64_t a = blocks->order == TSR_HW_ORDER_A_RESIDENT ? depth : BUFFERS;
	uint64_t b = blocks->order == TSR_HW_ORDER_B_RESIDENT ? depth : BUFFERS;
	uint64_t set = saturating_mul(held->outputs, held->wide ? 8 : 4);

	set = saturating_add(set, saturating_mul(held->outputs, held->output_bits) / 8);
	set = saturating_add(set, saturating_mul(held->a, a));
	set = saturating_add(set, saturating_mul(held->b, b));
	return saturating_add(set, held->inputs);
}

static uint64_t rows_of(const struct tsr_hw_fuses *fuses, unsigned int type)
{
	return fuses->macs[type] / ((uint64_t)fuses->array_columns * fuses->array_ports);
}

/* Cycles of the array for the largest block; groups are one behind the other. */
static uint64_t array_cycles(const struct tsr_hw_fuses *fuses, const struct product_blocks *blocks,
			     const struct product_extents *extents)
{
	uint64_t rows = rows_of(fuses, extents->type), columns = fuses->array_columns;
	uint64_t weights = divide_up(rows * columns * extents->weight_bits,
				     8ull * fuses->weight_path);
	uint64_t streamed = divide_up(extents->m, fuses->array_ports);
	uint64_t cycles = larger(streamed, weights);

	cycles = saturating_mul(cycles, divide_up(smaller(blocks->bk, extents->k), rows));
	cycles = saturating_mul(cycles, divide_up(smaller(blocks->bn, extents->n), columns));
	cycles = saturating_mul(cycles, blocks->bg);
	return saturating_add(cycles, fuses->array_rows + columns);
}

int product_blocks_check(const struct tsr_hw_fuses *fuses, uint64_t ring,
			 const struct product_blocks *blocks, const struct product_extents *extents,
			 const struct product_held *held)
{
	if (blocks->bk < extents->k && blocks->bk % rows_of(fuses, extents->type))
		return TSR_HW_ERR_COMMAND;
	if (blocks->bn < extents->n && blocks->bn % fuses->array_columns)
		return TSR_HW_ERR_COMMAND;
	if (array_cycles(fuses, blocks, extents) > 1ull << fuses->block_cycles_log2)
		return TSR_HW_ERR_COMMAND;
	return product_blocks_set(blocks, extents, held) > ring ? TSR_HW_ERR_COMMAND :
								  TSR_HW_ERR_NONE;
}
