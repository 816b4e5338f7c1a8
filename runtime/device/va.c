// SPDX-License-Identifier: MIT
#include "va.h"

#include <stdlib.h>

/* Ranges in use, in address order: a context has tens of them, not thousands. */
struct range {
	struct range *next;
	uint64_t start;
	uint64_t end;
};

struct tsr_va {
	uint64_t start;
	uint64_t end;
	struct range *used;
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
	while (va->used) {
		struct range *range = va->used;

		va->used = range->next;
		free(range);
	}
	free(va);
}

static uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

uint64_t tsr_va_take(struct tsr_va *va, uint64_t size, uint64_t align)
{
	uint64_t start = align_up(va->start, align);
	struct range *made, **link = &va->used;

	while (*link && ((*link)->start < start || (*link)->start - start < size)) {
		if ((*link)->end > start)
			start = align_up((*link)->end, align);
		link = &(*link)->next;
	}
	if (start >= va->end || va->end - start < size)
		return 0;
	made = malloc(sizeof(*made));
	if (!made)
		return 0;
	*made = (struct range){ .next = *link, .start = start, .end = start + size };
	*link = made;
	return start;
}

void tsr_va_give(struct tsr_va *va, uint64_t start, uint64_t size)
{
	struct range *range, **link = &va->used;

	while (*link && ((*link)->start != start || (*link)->end != start + size))
		link = &(*link)->next;
	range = *link;
	if (!range)
		return;
	*link = range->next;
	free(range);
}
