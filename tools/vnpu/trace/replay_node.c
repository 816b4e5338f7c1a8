// SPDX-License-Identifier: MIT
#include "replay_node.h"

#include <stdlib.h>

#include "memory/mmu.h"
#include "record_format.h"

struct range {
	uint64_t serial;
	uint64_t va;
	uint64_t n;
	uint64_t used;		/* bytes taken already */
	uint64_t order;
	const uint8_t *data;	/* NULL: the access failed here */
	int error;
	bool write;
};

struct replay_ranges {
	struct range *range;
	size_t count;
	size_t room;
};

struct replay_ranges *replay_ranges_create(void)
{
	return calloc(1, sizeof(struct replay_ranges));
}

void replay_ranges_destroy(struct replay_ranges *ranges)
{
	if (!ranges)
		return;
	free(ranges->range);
	free(ranges);
}

static bool append(struct replay_ranges *ranges, const struct range *range)
{
	struct range *more;

	if (ranges->count == ranges->room) {
		ranges->room = ranges->room ? 2 * ranges->room : 1024;
		more = realloc(ranges->range, ranges->room * sizeof(*more));
		if (!more)
			return false;
		ranges->range = more;
	}
	ranges->range[ranges->count] = *range;
	ranges->range[ranges->count].order = ranges->count;
	ranges->count++;
	return true;
}

bool replay_ranges_add(struct replay_ranges *ranges, const struct record_copy *copy,
		       const uint8_t *data)
{
	struct range range = {
		.serial = copy->serial,
		.va = copy->va,
		.n = copy->n,
		.error = copy->error,
		.write = copy->access == MMU_WRITE,
	};

	if (copy->error) {
		range.va = copy->fault;
		range.n = 1;
		return append(ranges, &range);
	}
	for (uint64_t row = 0; row < copy->rows; row++) {
		range.va = copy->va + row * copy->stride;
		range.data = data + row * copy->n;
		if (!append(ranges, &range))
			return false;
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct range *x = a;
	const struct range *y = b;

	if (x->serial != y->serial)
		return x->serial < y->serial ? -1 : 1;
	if (x->write != y->write)
		return x->write ? 1 : -1;
	if (x->va != y->va)
		return x->va < y->va ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void replay_ranges_sort(struct replay_ranges *ranges)
{
	if (ranges->count)
		qsort(ranges->range, ranges->count, sizeof(ranges->range[0]), compare);
}

/* Ranges that begin at @va or before: the index behind the last of them. */
static size_t upper_bound(const struct replay_ranges *ranges, uint64_t serial, bool write,
			  uint64_t va)
{
	const struct range key = {
		.serial = serial, .write = write, .va = va, .order = UINT64_MAX,
	};
	size_t low = 0;
	size_t high = ranges->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&ranges->range[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool covers(const struct range *range, uint64_t va)
{
	return va - range->va < range->n;
}

const uint8_t *replay_ranges_find(struct replay_ranges *ranges, uint64_t serial, bool write,
				  uint64_t va, size_t *len)
{
	size_t at = upper_bound(ranges, serial, write, va);
	struct range *best = NULL;
	uint64_t begin = va, rest;

	while (at-- > 0) {
		struct range *range = &ranges->range[at];

		if (range->serial != serial || range->write != write)
			break;
		if (!range->data || !covers(range, va))
			continue;
		/* Those that begin before @va are looked at as far as they begin at one place. */
		if (range->va < begin && begin < va)
			break;
		begin = range->va;
		/* Going back, a later find is an earlier access. */
		if (!best || range->used < range->n)
			best = range;
	}
	if (!best)
		return NULL;
	rest = best->n - (va - best->va);
	if (*len > rest)
		*len = rest;
	best->used += *len;
	return best->data + (va - best->va);
}

int replay_ranges_fault(const struct replay_ranges *ranges, uint64_t serial, bool write,
			uint64_t va, size_t len, uint64_t *fault)
{
	size_t at = upper_bound(ranges, serial, write, va + len - 1);

	while (at-- > 0) {
		const struct range *range = &ranges->range[at];

		if (range->serial != serial || range->write != write || range->va < va)
			return 0;
		if (range->data)
			continue;
		*fault = range->va;
		return range->error;
	}
	return 0;
}
