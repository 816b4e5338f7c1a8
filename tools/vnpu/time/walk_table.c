// SPDX-License-Identifier: MIT
#include "walk_table.h"

#include <string.h>

/* Up to so many inner lines are counted one by one. */
#define LINES_MAX 2048

/* Places in a page at which a box can begin: @unit bits apart, from @base on. */
struct places {
	uint64_t base;
	uint64_t unit;
	uint64_t count;
};

/* The inner counts at a place in a page: counted, or looked up. */
struct source {
	const struct walk_table *table;	/* NULL: count */
	struct places places;
	const struct shape *shape;
};

static struct span shape_from(const struct source *source, unsigned int level, uint64_t place);

static struct span inner_at(const struct source *source, unsigned int level, uint64_t place)
{
	uint64_t in_page = place % PAGE_BITS;

	if (source->table)
		return source->table->inner[(in_page - source->places.base) / source->places.unit];
	return shape_from(source, level, in_page);
}

static uint64_t period_of(uint64_t stride)
{
	return PAGE_BITS / walk_gcd(stride, PAGE_BITS);
}

static struct walk times(struct walk walk, uint64_t n)
{
	return (struct walk){ walk.bursts * n, walk.jumps * n, walk.pages * n };
}

static struct walk minus(struct walk a, struct walk b)
{
	return (struct walk){ a.bursts - b.bursts, a.jumps - b.jumps, a.pages - b.pages };
}

/*
 * What an inner box and the way to the next one add. The next one's own first burst is in its
 * counts: the way adds a burst less, which is none or, to the same burst, minus one.
 */
static struct walk with_way(const struct span *here, uint64_t place, uint64_t stride)
{
	struct walk sum = walk_add(here->walk,
				   walk_step(here->last, (place + stride) / BURST_BITS));

	sum.bursts--;
	return sum;
}

/* Boxes of dimension @level one by one, each for all that begin at the same place of a page. */
static struct span repeated(const struct source *source, unsigned int level, uint64_t place)
{
	uint64_t extent = source->shape->extent[level], stride = source->shape->stride[level];
	uint64_t period = period_of(stride), end = place + (extent - 1) * stride;
	struct span last = inner_at(source, level + 1, end);
	struct span span = { last.walk, last.last + end / PAGE_BITS * BURSTS_PER_PAGE };

	for (uint64_t turn = 0; turn < period && turn < extent - 1; turn++) {
		uint64_t start = (place + turn * stride) % PAGE_BITS;
		struct span here = inner_at(source, level + 1, start);

		span.walk = walk_add(span.walk, times(with_way(&here, start, stride),
						      (extent - turn - 2) / period + 1));
	}
	return span;
}

static struct span shape_from(const struct source *source, unsigned int level, uint64_t place)
{
	const struct shape *shape = source->shape;

	if (level == shape->rank)
		return (struct span){ { .bursts = 1 }, place / BURST_BITS };
	if (level == shape->rank - 1)
		return walk_line(place, shape->extent[level], shape->stride[level]);
	return repeated(source, level, place);
}

/* The prefix sums along the orbit from @start on; @period places. */
static void sum_orbit(struct walk_table *table, const struct places *places, uint64_t start,
		      uint64_t stride, uint64_t period)
{
	table->sums[0] = (struct walk){ 0 };
	for (uint64_t i = 0; i < period; i++) {
		uint64_t index = (start + i * (stride / places->unit)) % places->count;
		struct walk way = with_way(&table->inner[index],
					   places->base + index * places->unit, stride);

		table->sums[i + 1] = walk_add(table->sums[i], way);
	}
}

/* The sum of @n parts of an orbit from its part @first on. */
static struct walk part_of_orbit(const struct walk_table *table, uint64_t period, uint64_t first,
				 uint64_t n)
{
	struct walk sum = times(table->sums[period], n / period);
	uint64_t end = first + n % period;

	if (end > period) {
		sum = walk_add(sum, table->sums[period]);
		end -= period;
	}
	return minus(walk_add(sum, table->sums[end]), table->sums[first]);
}

/* The counts of @extent inner boxes, for every place of an orbit. */
static void tabulate_orbit(struct walk_table *table, const struct places *places, uint64_t start,
			   uint64_t extent, uint64_t stride)
{
	uint64_t period = period_of(stride), step = stride / places->unit;

	sum_orbit(table, places, start, stride, period);
	for (uint64_t i = 0; i < period; i++) {
		uint64_t index = (start + i * step) % places->count;
		uint64_t place = places->base + index * places->unit;
		uint64_t end = place + (extent - 1) * stride;
		struct span last = table->inner[(end % PAGE_BITS - places->base) / places->unit];

		table->outer[index] = (struct span){
			walk_add(part_of_orbit(table, period, i, extent - 1), last.walk),
			last.last + end / PAGE_BITS * BURSTS_PER_PAGE,
		};
	}
}

/* From the counts of the dimensions within @level to those with it. */
static void tabulate(struct walk_table *table, const struct places *places,
		     const struct shape *shape, unsigned int level)
{
	uint64_t orbits = places->count / period_of(shape->stride[level]);

	for (uint64_t start = 0; start < orbits; start++)
		tabulate_orbit(table, places, start, shape->extent[level], shape->stride[level]);
	memcpy(table->inner, table->outer, places->count * sizeof(*table->inner));
}

static void tabulate_lines(struct walk_table *table, const struct places *places,
			   const struct shape *shape)
{
	unsigned int level = shape->rank - 1;

	for (uint64_t i = 0; i < places->count; i++)
		table->inner[i] = walk_line(places->base + i * places->unit, shape->extent[level],
					    shape->stride[level]);
}

static struct places places_of(const struct shape *shape, uint64_t place)
{
	uint64_t unit = PAGE_BITS;

	for (unsigned int i = 0; i < shape->rank; i++)
		unit = walk_gcd(shape->stride[i], unit);
	return (struct places){ place % unit, unit, PAGE_BITS / unit };
}

/* Lines that are counted one by one; above LINES_MAX it may be any such number. */
static uint64_t lines_of(const struct shape *shape)
{
	uint64_t lines = 1;

	for (unsigned int i = 0; i + 1 < shape->rank && lines <= LINES_MAX; i++) {
		uint64_t period = period_of(shape->stride[i]);

		lines *= period < shape->extent[i] ? period : shape->extent[i];
	}
	return lines;
}

uint64_t walk_shape_work(const struct shape *shape)
{
	unsigned int inner = shape->rank - 1;
	uint64_t line = walk_line_work(shape->extent[inner], shape->stride[inner]);
	uint64_t lines = lines_of(shape);

	if (lines <= LINES_MAX)
		return lines * line;
	return places_of(shape, 0).count * (line + inner);
}

struct span walk_shape(struct walk_table *table, const struct shape *shape, uint64_t place)
{
	struct source source = { .shape = shape };

	if (lines_of(shape) <= LINES_MAX)
		return shape_from(&source, 0, place);
	source.table = table;
	source.places = places_of(shape, place);
	tabulate_lines(table, &source.places, shape);
	for (unsigned int level = shape->rank - 2; level > 0; level--)
		tabulate(table, &source.places, shape, level);
	return repeated(&source, 0, place);
}
