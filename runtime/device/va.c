// SPDX-License-Identifier: MIT
/*
 * Ranges in use lie in an array, in address order: found by bisection, without an allocation
 * each. Contexts with thousands of buffers fill the space from below without gaps, so the
 * search for a free range begins where the first gap can be.
 */
#include "va.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM	64

struct range {
	uint64_t start;
	uint64_t end;
};

/* Nothing is free between @start and the end of the first @dense ranges. */
struct tsr_va {
	uint64_t start;
	uint64_t end;
	struct range *used;
	size_t count;
	size_t room;
	size_t dense;
};

struct tsr_va *tsr_va_create(uint64_t start, uint64_t end)
{
	struct tsr_va *va = calloc(1, sizeof(*va));

	if (va)
		*va = (struct tsr_va){ .start = start, .end = end };
	return va;
}

void tsr_va_destroy(struct tsr_va *va)
{
	if (!va)
		return;
	free(va->used);
	free(va);
}

static uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

static uint64_t end_of(const struct tsr_va *va, size_t ranges)
{
	return ranges ? va->used[ranges - 1].end : va->start;
}

static bool make_room(struct tsr_va *va)
{
	size_t room = va->room ? 2 * va->room : FIRST_ROOM;
	struct range *used;

	if (va->count < va->room)
		return true;
	used = realloc(va->used, room * sizeof(*used));
	if (!used)
		return false;
	va->used = used;
	va->room = room;
	return true;
}

static void insert(struct tsr_va *va, size_t at, struct range range)
{
	memmove(&va->used[at + 1], &va->used[at], (va->count - at) * sizeof(range));
	va->used[at] = range;
	va->count++;
	while (va->dense < va->count && va->used[va->dense].start == end_of(va, va->dense))
		va->dense++;
}

uint64_t tsr_va_take(struct tsr_va *va, uint64_t size, uint64_t align)
{
	uint64_t start = align_up(end_of(va, va->dense), align);
	size_t i;

	for (i = va->dense; i < va->count; i++) {
		if (va->used[i].start >= start && va->used[i].start - start >= size)
			break;
		if (va->used[i].end > start)
			start = align_up(va->used[i].end, align);
	}
	if (start >= va->end || va->end - start < size || !make_room(va))
		return 0;
	insert(va, i, (struct range){ start, start + size });
	return start;
}

static int compare(const void *key, const void *element)
{
	uint64_t start = *(const uint64_t *)key;
	const struct range *range = element;

	return (start > range->start) - (start < range->start);
}

void tsr_va_give(struct tsr_va *va, uint64_t start, uint64_t size)
{
	struct range *range = va->count ? bsearch(&start, va->used, va->count, sizeof(*range),
						  compare) : NULL;
	size_t at;

	if (!range || range->end != start + size)
		return;
	at = (size_t)(range - va->used);
	va->count--;
	memmove(range, range + 1, (va->count - at) * sizeof(*range));
	if (va->dense > at)
		va->dense = at;
}
