/* SPDX-License-Identifier: MIT */
#include "attention_keys.h"

#include <number/load.h>
#include <number/store.h>
#include <number/types.h>
#include <tsr_hw/error.h>

#include "gather.h"
#include "quant.h"
#include "real.h"
#include "smaller.h"
#include "tensor.h"

/* Elements that are converted at a time: whole blocks of scales, but of a row that is one block. */
#define PIECE		1024u
#define SMALLEST_BLOCK	32u
#define BLOCKS		(PIECE / SMALLEST_BLOCK)

/* Of the scales or zero points @of of @tensor: one of a batch or a head is that of all. */
static void view_parts(struct view *view, const struct tensor *of, const struct tensor *tensor)
{
	view_start_tensor(view, of);
	for (unsigned int i = 0; i < 3; i++)
		view_add(view, tensor->dim[i], of->dim[i] == 1 ? 0 : of->stride[i]);
	view_add(view, of->dim[3], of->stride[3]);
}

void attention_keys_make(struct attention_keys *keys, const struct tensor *tensor,
			 const struct quant *quant, unsigned int as)
{
	*keys = (struct attention_keys){
		.quant = quant,
		.type = tensor->type,
		.zeros_type = quant->zeros.type,
		.scale_type = quant->scale.type,
		.as = as,
		.heads = tensor->dim[1],
		.rows = tensor->dim[2],
		.width = tensor->dim[3],
	};
	view_start_tensor(&keys->elements, tensor);
	for (unsigned int i = 0; i < 4; i++)
		view_add(&keys->elements, tensor->dim[i], tensor->stride[i]);
	if (tensor_present(&quant->scale))
		view_parts(&keys->scale, &quant->scale, tensor);
	if (tensor_present(&quant->zeros))
		view_parts(&keys->zeros, &quant->zeros, tensor);
}

/* Rows that lie one behind the other. */
static int load_plain(const struct tile_memory *memory, const struct attention_keys *keys,
		      uint64_t row, uint64_t n, float *to, uint64_t *fault)
{
	_Alignas(64) float raw[PIECE];
	uint64_t first = row * keys->width, count = n * keys->width;
	int error = TSR_HW_ERR_NONE;

	for (uint64_t at = 0; !error && at < count; at += PIECE) {
		uint64_t m = smaller(count - at, PIECE);

		error = gather(memory, &keys->elements, first + at, m, raw, fault);
		if (!error)
			real_load(keys->type, raw, to + at, m);
	}
	return error;
}

/* What a block has: a scale and a zero point. */
struct meaning {
	float scale[BLOCKS];
	int64_t zero[BLOCKS];
};

static int64_t integer_at(unsigned int type, const void *from, uint64_t i)
{
	return number_class_of(type) == NUMBER_I64 ? ((const int64_t *)from)[i] :
						     ((const int32_t *)from)[i];
}

static int load_meaning(const struct tile_memory *memory, const struct attention_keys *keys,
			uint64_t first, uint64_t n, struct meaning *meaning, uint64_t *fault)
{
	_Alignas(64) int64_t raw[BLOCKS], wide[BLOCKS];
	int error = gather(memory, &keys->scale, first, n, raw, fault);

	if (error)
		return error;
	real_load(keys->scale_type, raw, meaning->scale, n);
	for (uint64_t i = 0; i < n; i++)
		meaning->zero[i] = 0;
	if (!tensor_present(&keys->quant->zeros))
		return TSR_HW_ERR_NONE;
	error = gather(memory, &keys->zeros, first, n, raw, fault);
	if (error)
		return error;
	number_load(keys->zeros_type, raw, wide, n);
	for (uint64_t i = 0; i < n; i++)
		meaning->zero[i] = integer_at(keys->zeros_type, wide, i);
	return TSR_HW_ERR_NONE;
}

/* @n elements of one block: s * (q - z), rounded after each operation, and to the type of q. */
static void scale_block(const struct attention_keys *keys, const void *stored, float scale,
			int64_t zero, float *to, uint64_t n)
{
	if (number_class_of(keys->type) == NUMBER_F32)
		for (uint64_t i = 0; i < n; i++)
			to[i] = scale * ((const float *)stored)[i];
	else
		for (uint64_t i = 0; i < n; i++)
			to[i] = scale * (float)(integer_at(keys->type, stored, i) - zero);
}

static void round_to(unsigned int type, float *values, uint64_t n)
{
	_Alignas(64) float stored[PIECE];

	if (type == TSR_HW_TYPE_FP32)
		return;
	number_store(NUMBER_F32, values, type, 0, stored, n);
	number_load(type, stored, values, n);
}

/* @n elements of row @row from column @column on, where a block begins. */
static int load_scaled(const struct tile_memory *memory, const struct attention_keys *keys,
		       uint64_t row, uint64_t column, uint64_t n, float *to, uint64_t *fault)
{
	_Alignas(64) uint64_t raw[PIECE], values[PIECE];
	size_t size = number_class_size(number_class_of(keys->type));
	uint64_t block = keys->quant->block, blocks = quant_blocks(keys->width, block);
	struct meaning meaning;
	int error = gather(memory, &keys->elements, row * keys->width + column, n, raw, fault);

	if (!error)
		error = load_meaning(memory, keys, row * blocks + column / block,
				     quant_blocks(n, block), &meaning, fault);
	if (error)
		return error;
	number_load(keys->type, raw, values, n);
	for (uint64_t at = 0; at < n; at += block)
		scale_block(keys, (const char *)values + at * size, meaning.scale[at / block],
			    meaning.zero[at / block], to + at, smaller(block, n - at));
	round_to(keys->as, to, n);
	return TSR_HW_ERR_NONE;
}

static int load_rows(const struct tile_memory *memory, const struct attention_keys *keys,
		     uint64_t row, uint64_t n, float *to, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	if (!tensor_present(&keys->quant->scale))
		return load_plain(memory, keys, row, n, to, fault);
	for (uint64_t i = 0; i < n; i++)
		for (uint64_t column = 0; !error && column < keys->width; column += PIECE)
			error = load_scaled(memory, keys, row + i, column,
					    smaller(PIECE, keys->width - column),
					    to + i * keys->width + column, fault);
	return error;
}

int attention_keys_load(const struct tile_memory *memory, const struct attention_keys *keys,
			uint64_t batch, uint64_t head, uint64_t first, uint64_t n, float *to,
			uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	for (uint64_t done = 0, count; !error && done < n; done += count) {
		uint64_t key = first + done, item = batch;

		count = n - done;
		if (keys->pages) {
			item = (uint64_t)keys->pages[batch * keys->pages_each + key / keys->rows];
			key %= keys->rows;
			count = smaller(count, keys->rows - key);
		}
		error = load_rows(memory, keys, (item * keys->heads + head) * keys->rows + key,
				  count, to + done * keys->width, fault);
	}
	return error;
}
