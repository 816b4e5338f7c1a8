/* SPDX-License-Identifier: MIT */
#include "product_blocks.h"

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "cost.h"

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

/* Blocks of k; without k there is one empty step. */
static uint64_t depth_of(const struct product_blocks *blocks, uint64_t k)
{
	return k ? k / blocks->bk + (k % blocks->bk != 0) : 1;
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

/* What is not kept for REALTIME work. */
static uint64_t main_part(const struct tsr_hw_fuses *fuses)
{
	return fuses->scratchpad_kib * 1024ull * 7 / 8;
}

int product_blocks_check(const struct tsr_hw_fuses *fuses, const struct product_blocks *blocks,
			 const struct product_extents *extents, const struct product_held *held)
{
	uint64_t rows = fuses->macs[extents->type] / fuses->array_columns;

	if (blocks->bk < extents->k && blocks->bk % rows)
		return TSR_HW_ERR_COMMAND;
	if (blocks->bn < extents->n && blocks->bn % fuses->array_columns)
		return TSR_HW_ERR_COMMAND;
	return product_blocks_set(blocks, extents, held) > main_part(fuses) ? TSR_HW_ERR_COMMAND :
									     TSR_HW_ERR_NONE;
}
