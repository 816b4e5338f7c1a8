// SPDX-License-Identifier: MIT
#include "product.h"

#include <errno.h>
#include <stddef.h>

#include "strips.h"

#define STRICT_FACTOR 4

/* Loops with n outside of m. */
static bool columns_outside(enum order order)
{
	return order == OUTPUT_N || order == B_RESIDENT;
}

uint64_t precision_rows(const struct time_class *class, const struct precision *precision)
{
	return precision->macs / ((uint64_t)class->array_columns * class->array_ports);
}

uint64_t array_cycles(const struct time_class *class, const struct precision *precision,
		      uint64_t bits, const struct extents *extents)
{
	uint64_t rows = precision_rows(class, precision);
	uint64_t weights = divide_up(rows * class->array_columns * bits, 8ull * class->weight_path);
	uint64_t streamed = divide_up(extents->m, class->array_ports);

	return extents->groups * divide_up(extents->k, rows) *
	       divide_up(extents->n, class->array_columns) *
	       (streamed > weights ? streamed : weights);
}

uint64_t array_slowed(const struct precision *precision, bool strict, uint64_t cycles)
{
	return strict && precision->floating ? STRICT_FACTOR * cycles : cycles;
}

uint64_t product_array(const struct product *product, const struct extents *extents)
{
	return array_cycles(product->class, product->precision, product->weight_bits, extents);
}

uint64_t product_ring(const struct product *product, uint64_t largest_a, uint64_t largest_b)
{
	enum order order = product->blocks->order;

	return largest_a * (order == A_RESIDENT ? product->depth : 2) +
	       largest_b * (order == B_RESIDENT ? product->depth : 2);
}

uint64_t product_fixed(const struct precision *precision, uint64_t elements, uint64_t output_bits)
{
	return (precision->wide ? 8 : 4) * elements + elements * output_bits / 8;
}

/* The next index below @end, or 0 and false. */
static bool count(uint64_t *index, uint64_t end)
{
	if (++*index < end)
		return true;
	*index = 0;
	return false;
}

/* From a batch index on, the first one with steps. */
static bool find_batch(const struct product *product, struct place *place)
{
	if (!product->columns)
		return false;
	/* There may be any number of them: those without rows are skipped at once. */
	while (place->batch < product->batches &&
	       !product->operations->rows(product, place->batch))
		place->batch += product->alike - place->batch % product->alike;
	return place->batch < product->batches;
}

static bool advance(const struct product *product, struct place *place)
{
	uint64_t rows = product->operations->rows(product, place->batch);
	bool outside = columns_outside(product->blocks->order);

	if (count(&place->k, product->depth))
		return true;
	if (outside && (count(&place->m, rows) || count(&place->n, product->columns)))
		return true;
	if (!outside && (count(&place->n, product->columns) || count(&place->m, rows)))
		return true;
	place->batch++;
	return find_batch(product, place);
}

void product_begin(struct product *product)
{
	product->place = (struct place){ 0 };
	product->begun = false;
	product->more = find_batch(product, &product->place);
}

/* Whether a step loads a block of a; kept ones are loaded in the first turn of n only. */
static bool loads_a(const struct product *product)
{
	const struct place *here = &product->place;

	if (product->blocks->order == A_RESIDENT && here->n)
		return false;
	return !product->begun || !product->operations->same_a(product, here, &product->before);
}

static bool loads_b(const struct product *product)
{
	const struct place *here = &product->place;

	if (product->blocks->order == B_RESIDENT && here->m)
		return false;
	return !product->begun || !product->operations->same_b(product, here, &product->before);
}

/*
 * Whether a step is the last one to use its block. Kept blocks of several k are used in each turn,
 * the last one included; one that is alone stays while the steps that follow use it.
 */
static bool ends_a(const struct product *product, const struct place *next, bool more)
{
	const struct place *here = &product->place;

	if (product->blocks->order == A_RESIDENT && product->depth > 1)
		return here->n == product->columns - 1;
	return !more || !product->operations->same_a(product, here, next);
}

static bool ends_b(const struct product *product, const struct place *next, bool more)
{
	const struct place *here = &product->place;

	if (product->blocks->order == B_RESIDENT && product->depth > 1)
		return here->m == product->operations->rows(product, here->batch) - 1;
	return !more || !product->operations->same_b(product, here, next);
}

uint64_t product_held_a(const struct product *product, const struct place *place)
{
	return product->operations->a(product, place, NULL) +
	       product->operations->scales_a(product, place, NULL);
}

uint64_t product_held_b(const struct product *product, const struct place *place)
{
	return product->operations->b(product, place, NULL) +
	       product->operations->scales_b(product, place, NULL);
}

uint64_t product_held_inputs(const struct product *product, const struct place *place)
{
	uint64_t held = 0;

	for (unsigned int i = 0; product->post->present && i < product->post->inputs; i++)
		held += product->operations->input(product, i, place, NULL);
	return held;
}

static void load_operands(const struct product *product, struct step *step)
{
	const struct product_operations *operations = product->operations;
	bool a = loads_a(product), b = loads_b(product);

	if (a)
		operations->a(product, &product->place, step);
	if (b)
		operations->b(product, &product->place, step);
	if (a)
		operations->scales_a(product, &product->place, step);
	if (b)
		operations->scales_b(product, &product->place, step);
}

static void free_operands(const struct product *product, const struct place *next, bool more,
			  struct step *step)
{
	uint64_t *freed = step->on_array ? &step->freed_array : &step->freed_vector;

	if (ends_a(product, next, more))
		*freed += product_held_a(product, &product->place);
	if (ends_b(product, next, more))
		*freed += product_held_b(product, &product->place);
}

/* Inputs of the epilogue, with the last step of a block. */
static void take_inputs(const struct product *product, const struct place *next, bool more,
			struct step *step)
{
	const struct product_operations *operations = product->operations;
	const struct place *here = &product->place;

	for (unsigned int i = 0; product->post->present && i < product->post->inputs; i++) {
		if (!product->closed_one ||
		    !operations->same_input(product, i, here, &product->closed))
			operations->input(product, i, here, step);
		if (!more || !operations->same_input(product, i, here, next))
			step->freed_vector += operations->input(product, i, here, NULL);
	}
}

uint64_t product_vector(const struct product *product, uint64_t outputs)
{
	return divide_up(outputs * product->sum,
			 product->class->vector_operations * product->vector_lanes);
}

static void close_block(struct product *product, const struct extents *extents,
			const struct place *next, bool more, struct step *step)
{
	uint64_t outputs = extents->m * extents->n * extents->groups;

	step->drains = product->on_array;
	step->closes = product->on_array;
	step->vector = strips_linear(product->class, product->post, outputs);
	if (!product->on_array)
		step->vector += product_vector(product, outputs);
	take_inputs(product, next, more, step);
	product->operations->store(product, &product->place, step);
	product->closed = product->place;
	product->closed_one = true;
}

static uint64_t array_part(const struct product *product, const struct extents *extents)
{
	uint64_t cycles;

	if (!product->on_array)
		return 0;
	cycles = array_slowed(product->precision, product->strict,
			      product_array(product, extents));
	if (!product->begun)
		cycles += product->class->array_rows + product->class->array_columns;
	return cycles;
}

void product_next(struct product *product, struct step *step)
{
	struct extents extents = product->operations->extents(product, &product->place);
	struct place next = product->place;
	bool more = advance(product, &next);

	step->on_array = product->on_array;
	step->first = !product->place.k;
	step->array = array_part(product, &extents);
	step->products = extents.m * extents.n * extents.k * extents.groups;
	load_operands(product, step);
	free_operands(product, &next, more, step);
	if (product->place.k == product->depth - 1)
		close_block(product, &extents, &next, more, step);
	step->last = !more;
	product->before = product->place;
	product->begun = true;
	product->place = next;
	product->more = more;
}

int product_check(const struct product *product)
{
	const struct blocks *blocks = product->blocks;
	const struct time_class *class = product->class;
	uint64_t rows = precision_rows(class, product->precision);

	if (!blocks->bm || !blocks->bn || !blocks->bk || !blocks->bg)
		return -EINVAL;
	if (blocks->bk < product->sum && blocks->bk % rows)
		return -EINVAL;
	if (blocks->bn < product->width && blocks->bn % class->array_columns)
		return -EINVAL;
	return 0;
}

int product_check_array(const struct product *product)
{
	const struct time_class *class = product->class;
	struct place first = { 0 };
	struct extents extents;

	if (!product->on_array)
		return 0;
	/* The first block is as large as any, and a step or not. */
	extents = product->operations->extents(product, &first);
	if (product_array(product, &extents) + class->array_rows + class->array_columns >
	    (uint64_t)1 << class->block_cycles_log2)
		return -EINVAL;
	return 0;
}
