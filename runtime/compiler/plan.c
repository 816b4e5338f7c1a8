// SPDX-License-Identifier: MIT
/*
 * Intermediate tensors that are not alive together share memory: largest first,
 * each at the lowest offset that is free for its whole life.
 */
#include <errno.h>
#include <stdlib.h>

#include "compiler.h"
#include "../error.h"

#define ALIGN	64

static size_t align_up(size_t value)
{
	return (value + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static bool alive_together(const struct tsr_storage *a, const struct tsr_storage *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static int by_size(const void *a, const void *b)
{
	const struct tsr_storage *x = *(struct tsr_storage *const *)a;
	const struct tsr_storage *y = *(struct tsr_storage *const *)b;

	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return (x->first > y->first) - (x->first < y->first);
}

static bool collides(const struct tsr_storage *a, const struct tsr_storage *b, size_t offset)
{
	return alive_together(a, b) && offset < b->offset + align_up(b->size) &&
	       b->offset < offset + align_up(a->size);
}

/* Offsets to try are 0 and the end of every neighbour in time. */
static size_t lowest_fit(const struct tsr_storage *storage, struct tsr_storage **placed,
			 size_t count)
{
	size_t best = SIZE_MAX, candidate, i, k;

	for (i = 0; i <= count; i++) {
		candidate = i ? placed[i - 1]->offset + align_up(placed[i - 1]->size) : 0;
		if (candidate >= best)
			continue;
		for (k = 0; k < count && !collides(storage, placed[k], candidate); k++)
			;
		if (k == count)
			best = candidate;
	}
	return best;
}

static void plan_constants(struct tsr_layout *layout)
{
	size_t i;

	for (i = 0; i < layout->storage_count; i++) {
		struct tsr_storage *storage = &layout->storage[i];

		if (storage->kind != TSR_STORAGE_CONSTANT || storage->first == SIZE_MAX)
			continue;
		storage->offset = layout->constants;
		layout->constants += align_up(storage->size);
	}
}

int tsr_plan(struct tsr_layout *layout)
{
	struct tsr_storage **order = calloc(layout->storage_count + 1, sizeof(*order));
	size_t count = 0, i;

	if (!order)
		return tsr_fail(-ENOMEM, "out of memory");
	for (i = 0; i < layout->storage_count; i++)
		if (layout->storage[i].kind == TSR_STORAGE_SCRATCH &&
		    layout->storage[i].first != SIZE_MAX)
			order[count++] = &layout->storage[i];
	qsort(order, count, sizeof(*order), by_size);
	for (i = 0; i < count; i++) {
		order[i]->offset = lowest_fit(order[i], order, i);
		if (order[i]->offset + align_up(order[i]->size) > layout->scratch)
			layout->scratch = order[i]->offset + align_up(order[i]->size);
	}
	free(order);
	plan_constants(layout);
	return 0;
}
