// SPDX-License-Identifier: MIT
/*
 * ATTENTION: blocks of rows, which are queries of the heads that share a head of k, and in each
 * blocks of keys. A block of keys has two steps, one for each product; both are blocks of the
 * array, since the second product needs what the vector unit made of the first.
 */
#include "steps_attention.h"

#include <errno.h>

#include "smaller.h"
#include "strips.h"
#include "walk_line.h"

/* Heads of q for one of k. */
static uint64_t share_of(const struct attention *attention)
{
	return attention->q.extent[1] / attention->k.extent[1];
}

static uint64_t rows_of(const struct attention *attention)
{
	return share_of(attention) * attention->q.extent[2];
}

static uint64_t width_of(const struct attention *attention)
{
	return attention->q.extent[3];
}

static uint64_t out_width_of(const struct attention *attention)
{
	return attention->v.extent[3];
}

static uint64_t keys_of(const struct attention *attention, uint64_t batch)
{
	return attention->length ?
	       (uint64_t)attention->length[batch * attention->length_stride] : attention->keys;
}

/* Rows of the block at hand. */
static uint64_t block_rows(const struct attention *attention, const struct head_block *at)
{
	return smaller(attention->blocks.bm, rows_of(attention) - at->row);
}

static uint64_t block_keys(const struct attention *attention, const struct head_block *at)
{
	return smaller(attention->blocks.bn, keys_of(attention, at->batch) - at->key);
}

/* The keys that some row of the block may see. */
static uint64_t seen_keys(const struct attention *attention, const struct head_block *at)
{
	uint64_t queries = attention->q.extent[2], keys = keys_of(attention, at->batch);
	uint64_t end = at->row + block_rows(attention, at) - 1;
	uint64_t last = end / queries > at->row / queries ? queries - 1 : end % queries;

	if (!attention->causal)
		return keys;
	return last + keys + 1 > queries ? last + keys + 1 - queries : 0;
}

static bool last_keys(const struct attention *attention, const struct head_block *at)
{
	return at->key + attention->blocks.bn >= seen_keys(attention, at);
}

/* Walks and bits of several regions that are one load. */
struct parts {
	struct walk walk;
	struct trail trail;
	uint64_t bits;
};

static void add_part(const struct steps *steps, struct parts *parts,
		     const struct operand *operand, const struct region *region)
{
	struct box box = operand_box(operand, region);

	parts->walk = walk_add(parts->walk, walk_of(steps->walks, &box));
	parts->bits += operand_volume(operand, region);
}

static void add_page(const struct steps *steps, struct parts *parts,
		     const struct operand *operand, const struct region *region)
{
	struct box box = operand_box(operand, region);

	trail_add(&parts->trail, steps->walks, &box);
	parts->walk = parts->trail.walk;
	parts->bits += operand_volume(operand, region);
}

/* The rows of the block in an operand of q's dimensions, one region for each head. */
static struct parts row_parts(const struct steps *steps, const struct attention *attention,
			      const struct operand *operand, uint64_t first, uint64_t width)
{
	const struct head_block *at = &steps->attention;
	uint64_t queries = attention->q.extent[2];
	uint64_t row = at->row, end = row + block_rows(attention, at);
	struct parts parts = { 0 };

	while (row < end) {
		uint64_t query = row % queries, count = smaller(end - row, queries - query);
		struct region region = {
			{ at->batch, at->head * share_of(attention) + row / queries, query, first },
			{ 1, 1, count, width },
		};

		add_part(steps, &parts, operand, &region);
		row += count;
	}
	return parts;
}

/* The block of keys in k, v or their scales, one region for each page. */
static struct parts key_parts(const struct steps *steps, const struct attention *attention,
			      const struct operand *operand)
{
	const struct head_block *at = &steps->attention;
	uint64_t key = at->key, end = key + block_keys(attention, at);
	uint64_t page = attention->page ? attention->page_tokens : end;
	struct parts parts = { 0 };

	while (key < end) {
		uint64_t place = attention->page ? key % page : key;
		uint64_t count = smaller(end - key, page - place);
		struct region region = { { at->batch, at->head, place, 0 },
					 { 1, 1, count, operand->extent[3] } };

		if (attention->page)
			region.start[0] = (uint64_t)attention->page[
				at->batch * attention->page_stride[0] +
				key / page * attention->page_stride[1]];
		add_page(steps, &parts, operand, &region);
		key += count;
	}
	return parts;
}

static uint64_t load_rows(const struct steps *steps, const struct attention *attention,
			  const struct operand *operand, uint64_t first, uint64_t width,
			  struct step *step)
{
	struct parts parts;

	if (!operand_loads(operand))
		return 0;
	parts = row_parts(steps, attention, operand, first, width);
	return step_load(step, operand, &parts.walk, parts.bits);
}

static uint64_t load_keys(const struct steps *steps, const struct attention *attention,
			  const struct operand *operand, struct step *step)
{
	struct parts parts;

	if (!operand_loads(operand))
		return 0;
	parts = key_parts(steps, attention, operand);
	return step_load(step, operand, &parts.walk, parts.bits);
}

/* What q holds, for the step after which it is free. */
static uint64_t rows_held(const struct steps *steps, const struct attention *attention)
{
	if (!operand_loads(&attention->q))
		return 0;
	return bytes_held(row_parts(steps, attention, &attention->q, 0,
				    width_of(attention)).bits);
}

static uint64_t array_part(const struct steps *steps, const struct attention *attention,
			   const struct operand *weights, uint64_t n, uint64_t k)
{
	struct extents extents = { block_rows(attention, &steps->attention), n, k, 1 };

	return array_slowed(&attention->precision, attention->strict,
			    array_cycles(steps->class, &attention->precision, weights->bits,
					 &extents));
}

/* The first product: scores of the rows, and what softmax makes of them. */
static void scores(struct steps *steps, const struct attention *attention, struct step *step)
{
	const struct head_block *at = &steps->attention;
	uint64_t m = block_rows(attention, at), n = block_keys(attention, at);
	uint64_t lanes = steps->class->vector_operations;

	if (!at->key)
		load_rows(steps, attention, &attention->q, 0, width_of(attention), step);
	step->freed_array = load_keys(steps, attention, &attention->k, step);
	step->freed_array += load_keys(steps, attention, &attention->scale_k, step);
	step->freed_array += load_keys(steps, attention, &attention->zeros_k, step);
	step->freed_vector = load_rows(steps, attention, &attention->mask, at->key, n, step);
	if (last_keys(attention, at))
		step->freed_array += rows_held(steps, attention);
	step->array = array_part(steps, attention, &attention->k, n, width_of(attention));
	step->vector = 10 * divide_up(m * n, lanes) +
		       2 * divide_up(m * out_width_of(attention), lanes);
	step->products = m * n * width_of(attention);
}

/* Epilogue and store of a block of rows. */
static void close_rows(struct steps *steps, const struct attention *attention,
		       struct step *step)
{
	uint64_t width = out_width_of(attention);
	const struct program *post = &attention->post;
	uint64_t m = block_rows(attention, &steps->attention);
	struct parts parts = row_parts(steps, attention, &attention->d, 0, width);

	for (unsigned int i = 0; post->present && i < post->inputs; i++)
		step->freed_vector += load_rows(steps, attention, &post->input[i], 0, width, step);
	step->vector = strips_linear(steps->class, post, m * width);
	step_store_walk(step, &attention->d, &parts.walk);
}

static void values(struct steps *steps, const struct attention *attention, struct step *step)
{
	const struct head_block *at = &steps->attention;
	uint64_t n = block_keys(attention, at), width = out_width_of(attention);

	step->freed_array = load_keys(steps, attention, &attention->v, step);
	step->freed_array += load_keys(steps, attention, &attention->scale_v, step);
	step->freed_array += load_keys(steps, attention, &attention->zeros_v, step);
	step->array = array_part(steps, attention, &attention->v, width, n);
	step->products = block_rows(attention, at) * n * width;
	if (last_keys(attention, at))
		close_rows(steps, attention, step);
}

/* The next block of rows; false: there is none. */
static bool next_rows(const struct attention *attention, struct head_block *at)
{
	at->key = 0;
	at->row += attention->blocks.bm;
	if (at->row < rows_of(attention))
		return true;
	at->row = 0;
	if (++at->head < attention->k.extent[1])
		return true;
	at->head = 0;
	return ++at->batch < attention->q.extent[0];
}

static void advance(const struct attention *attention, struct head_block *at)
{
	bool ends = last_keys(attention, at);

	if (seen_keys(attention, at) && !at->values) {
		at->values = true;
		return;
	}
	at->values = false;
	if (ends)
		at->more = next_rows(attention, at);
	else
		at->key += attention->blocks.bn;
}

void attention_next(struct steps *steps, const struct attention *attention, struct step *step)
{
	struct head_block *at = &steps->attention;

	step->on_array = true;
	step->first = true;
	step->drains = true;
	step->closes = true;
	/* Rows that see no key are 0: one step stores them. */
	if (!seen_keys(attention, at))
		close_rows(steps, attention, step);
	else if (at->values)
		values(steps, attention, step);
	else
		scores(steps, attention, step);
	if (!at->begun)
		step->array += steps->class->array_rows + steps->class->array_columns;
	at->begun = true;
	advance(attention, at);
	step->last = !at->more;
}

static uint64_t bytes_of(uint64_t elements, const struct operand *operand)
{
	return elements * operand->bits / 8;
}

/* Room of scores, sums and outputs of a block. */
static uint64_t fixed_of(const struct attention *attention, uint64_t bm, uint64_t bn)
{
	uint64_t width = out_width_of(attention);

	return 4 * bm * bn + 4 * bm * width + bytes_of(bm * width, &attention->d);
}

/* Room of a load; what lies in the scratchpad takes none. */
static uint64_t room_of(uint64_t elements, const struct operand *operand)
{
	uint64_t bursts = (elements * operand->bits + BURST_BITS - 1) / BURST_BITS;

	return operand_loads(operand) ? bursts * (BURST_BITS / 8) : 0;
}

/* Scales, or zero points, of a block of keys. */
static uint64_t scales_of(const struct operand *scale, uint64_t bn)
{
	return scale->bits ? room_of(bn * scale->extent[3], scale) : 0;
}

static uint64_t working_set(const struct attention *attention, uint64_t bm, uint64_t bn)
{
	const struct program *post = &attention->post;
	uint64_t set = room_of(bm * width_of(attention), &attention->q);

	set += 2 * room_of(bn * width_of(attention), &attention->k);
	set += 2 * room_of(bn * out_width_of(attention), &attention->v);
	set += 2 * (scales_of(&attention->scale_k, bn) + scales_of(&attention->scale_v, bn));
	set += 2 * (scales_of(&attention->zeros_k, bn) + scales_of(&attention->zeros_v, bn));
	set += 2 * room_of(bm * bn, &attention->mask);
	for (unsigned int i = 0; post->present && i < post->inputs; i++)
		set += room_of(bm * out_width_of(attention), &post->input[i]);
	return set;
}

/* The array parts of the largest blocks. */
static bool too_long(const struct steps *steps, const struct attention *attention, uint64_t bm,
		     uint64_t bn)
{
	const struct time_class *class = steps->class;
	struct extents scores = { bm, bn, width_of(attention), 1 };
	struct extents values = { bm, out_width_of(attention), bn, 1 };
	uint64_t limit = (uint64_t)1 << class->block_cycles_log2;

	return array_cycles(class, &attention->precision, attention->k.bits, &scores) +
	       class->array_rows + class->array_columns > limit ||
	       array_cycles(class, &attention->precision, attention->v.bits, &values) > limit;
}

int attention_steps(struct steps *steps, const struct attention *attention)
{
	const struct blocks *blocks = &attention->blocks;
	uint64_t bm = smaller(blocks->bm, rows_of(attention));
	uint64_t bn = smaller(blocks->bn, attention->keys);

	if (!blocks->bm || !blocks->bn)
		return -EINVAL;
	if (attention->page && attention->page_tokens % blocks->bn &&
	    blocks->bn % attention->page_tokens)
		return -EINVAL;
	steps->attention = (struct head_block){
		.more = attention->q.extent[0] && attention->k.extent[1] && rows_of(attention) &&
			out_width_of(attention),
	};
	steps->fixed = fixed_of(attention, bm, bn);
	steps->working_set = steps->fixed + working_set(attention, bm, bn);
	return too_long(steps, attention, bm, bn) ? -EINVAL : 0;
}
