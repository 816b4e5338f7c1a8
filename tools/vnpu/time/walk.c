// SPDX-License-Identifier: MIT
#include "walk.h"

#include <stdlib.h>
#include <string.h>

#include "walk_table.h"

/* Steps of a command repeat few walks: as many as there are blocks at edges and places in pages. */
#define RECENT	1024

/* A walk that was counted. */
struct recent {
	struct shape shape;	/* rank 0: none */
	uint64_t place;
	struct span span;
	uint64_t work;
};

struct walks {
	uint64_t work;
	struct recent recent[RECENT];
	struct walk_table table;
};

struct walks *walks_create(void)
{
	return calloc(1, sizeof(struct walks));
}

void walks_destroy(struct walks *walks)
{
	free(walks);
}

uint64_t walks_work(const struct walks *walks)
{
	return walks->work;
}

/* Keeps the dimensions in order: larger strides first, of equal ones the lower number. */
static void insert(struct shape *shape, uint64_t extent, uint64_t stride)
{
	unsigned int at = shape->rank++;

	for (; at > 0 && shape->stride[at - 1] < stride; at--) {
		shape->extent[at] = shape->extent[at - 1];
		shape->stride[at] = shape->stride[at - 1];
	}
	shape->extent[at] = extent;
	shape->stride[at] = stride;
}

/* A dimension whose boxes lie one behind the other makes one with the dimension within it. */
static void merge(struct shape *shape)
{
	unsigned int kept = 0;

	for (unsigned int i = 1; i < shape->rank; i++) {
		if (shape->stride[kept] == shape->extent[i] * shape->stride[i])
			shape->extent[i] *= shape->extent[kept];
		else
			kept++;
		shape->extent[kept] = shape->extent[i];
		shape->stride[kept] = shape->stride[i];
	}
	shape->rank = shape->rank ? kept + 1 : 0;
}

/* The dimensions that are walked, and the lowest address. False: the box is empty. */
static bool shape_of(const struct box *box, struct shape *shape, uint64_t *start)
{
	int64_t lowest = box->address;

	memset(shape, 0, sizeof(*shape));
	for (unsigned int i = 0; i < box->rank; i++) {
		uint64_t extent = box->extent[i];
		int64_t stride = box->stride[i];

		if (!extent)
			return false;
		if (stride < 0)
			lowest += (int64_t)(extent - 1) * stride;
		if (extent > 1 && stride)
			insert(shape, extent, stride < 0 ? -stride : stride);
	}
	merge(shape);
	*start = lowest;
	return true;
}

static struct recent *slot_of(struct walks *walks, const struct shape *shape, uint64_t place)
{
	uint64_t hash = place;

	for (unsigned int i = 0; i < shape->rank; i++)
		hash = (hash ^ shape->extent[i] ^ shape->stride[i] << 20) * 0x9e3779b97f4a7c15u;
	return &walks->recent[hash >> 54];
}

_Static_assert(RECENT == 1 << 10, "slot_of() takes ten bits");

static bool equal(const struct shape *a, const struct shape *b)
{
	size_t size = a->rank * sizeof(a->extent[0]);

	return a->rank == b->rank && !memcmp(a->extent, b->extent, size) &&
	       !memcmp(a->stride, b->stride, size);
}

static struct span line_of(struct walks *walks, uint64_t place, uint64_t extent, uint64_t stride)
{
	walks->work += walk_line_work(extent, stride);
	return walk_line(place, extent, stride);
}

static struct span span_of(struct walks *walks, const struct shape *shape, uint64_t place)
{
	struct recent *recent;

	if (!shape->rank)
		return line_of(walks, place, 1, 0);
	if (shape->rank == 1)
		return line_of(walks, place, shape->extent[0], shape->stride[0]);
	recent = slot_of(walks, shape, place);
	if (recent->place != place || !equal(&recent->shape, shape)) {
		recent->span = walk_shape(&walks->table, shape, place);
		recent->shape = *shape;
		recent->place = place;
		recent->work = walk_shape_work(shape);
	}
	walks->work += recent->work;
	return recent->span;
}

struct walk walk_of(struct walks *walks, const struct box *box)
{
	struct shape shape;
	uint64_t start;

	if (!shape_of(box, &shape, &start))
		return (struct walk){ 0 };
	return span_of(walks, &shape, start % PAGE_BITS).walk;
}

void trail_add(struct trail *trail, struct walks *walks, const struct box *box)
{
	struct shape shape;
	struct span span;
	uint64_t start;

	if (!shape_of(box, &shape, &start))
		return;
	span = span_of(walks, &shape, start % PAGE_BITS);
	trail->walk = walk_add(trail->walk, span.walk);
	if (trail->begun) {
		trail->walk = walk_add(trail->walk, walk_step(trail->last, start / BURST_BITS));
		trail->walk.bursts--;
	}
	trail->begun = true;
	trail->last = start / PAGE_BITS * BURSTS_PER_PAGE + span.last;
}
