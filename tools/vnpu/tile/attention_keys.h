/* SPDX-License-Identifier: MIT */
/* Keys and values of ATTENTION: rows of a head, perhaps in pages, perhaps with block scales. */
#ifndef VNPU_TILE_ATTENTION_KEYS_H
#define VNPU_TILE_ATTENTION_KEYS_H

#include <stdint.h>

#include "view.h"

struct quant;
struct tensor;
struct tile_memory;

/**
 * struct attention_keys - k or v
 * @elements: [batch or pool, heads, rows, width]
 * @scale: of block scales, [.., blocks]; repeated batches and heads have stride 0
 * @zeros: zero points of the blocks
 * @quant: which of them there are
 * @type: of the elements
 * @zeros_type: of the zero points
 * @scale_type: of the scales
 * @as: type that values with block scales are rounded to
 * @width: elements of a row
 * @heads: heads
 * @rows: of a head; of a page, if there are pages
 * @pages: [batch, @pages_each], the place of each page in the pool; or NULL
 * @pages_each: pages of a batch index
 */
struct attention_keys {
	struct view elements;
	struct view scale;
	struct view zeros;
	const struct quant *quant;
	unsigned int type;
	unsigned int zeros_type;
	unsigned int scale_type;
	unsigned int as;
	uint64_t width;
	uint64_t heads;
	uint64_t rows;
	const int32_t *pages;
	uint64_t pages_each;
};

/**
 * attention_keys_make() - where rows lie
 * @keys: result; its pages are for the caller to set
 * @tensor: k or v
 * @quant: its block scales
 * @as: type of q
 */
void attention_keys_make(struct attention_keys *keys, const struct tensor *tensor,
			 const struct quant *quant, unsigned int as);

/**
 * attention_keys_load() - some rows of a head as fp32
 * @memory: the job's memory
 * @keys: k or v
 * @batch: index of the batch
 * @head: head of k
 * @first: row
 * @n: rows
 * @to: dense result
 * @fault: address that failed
 *
 * Any thread.
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
int attention_keys_load(const struct tile_memory *memory, const struct attention_keys *keys,
			uint64_t batch, uint64_t head, uint64_t first, uint64_t n, float *to,
			uint64_t *fault);

#endif
