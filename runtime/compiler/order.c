// SPDX-License-Identifier: MIT
/*
 * Edges of the program. The firmware runs any node whose predecessors are done,
 * so every pair of steps that touch the same bytes, one of them writing, needs a
 * path between them: true dependences, and reuse of scratch memory. Edges that
 * others imply are left out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/program.h>

#include "compiler.h"
#include "../error.h"

/* For each step the steps that must come before it, as a set of so many words. */
struct before {
	uint64_t *word;
	size_t words;
};

static bool overlap(const struct tsr_storage *a, const struct tsr_storage *b)
{
	if (a == b)
		return true;
	return a->kind == TSR_STORAGE_SCRATCH && b->kind == TSR_STORAGE_SCRATCH &&
	       a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

static bool conflict(const struct tsr_layout *layout, const struct tsr_step *a,
		     const struct tsr_step *b)
{
	unsigned int x[5], y[5];
	size_t i, k, xs = tsr_step_views(a, x), ys = tsr_step_views(b, y);

	/* View 0 is the one written. */
	for (i = 0; i < xs; i++)
		for (k = 0; k < ys; k++)
			if ((!i || !k) && overlap(&layout->storage[layout->view[x[i]].storage],
						  &layout->storage[layout->view[y[k]].storage]))
				return true;
	return false;
}

static uint64_t *set_of(const struct before *before, size_t step)
{
	return before->word + step * before->words;
}

static bool contains(const uint64_t *set, size_t step)
{
	return set[step / 64] >> (step % 64) & 1;
}

/* What comes before @from, and @from, come before @to; those are all in the words up to its own. */
static void merge(const struct before *before, size_t to, size_t from)
{
	uint64_t *set = set_of(before, to);
	const uint64_t *other = set_of(before, from);
	size_t i;

	for (i = 0; i <= from / 64; i++)
		set[i] |= other[i];
	set[from / 64] |= 1ull << (from % 64);
}

static int add_edge(struct tsr_edges *edges, size_t from, size_t to)
{
	if (edges->count == TSR_HW_MAX_EDGES)
		return tsr_fail(-E2BIG, "the graph needs more than %d dependences; split it",
				TSR_HW_MAX_EDGES);
	edges->edge[edges->count][0] = (uint16_t)from;
	edges->edge[edges->count++][1] = (uint16_t)to;
	return 0;
}

static int order_step(const struct tsr_steps *steps, const struct tsr_layout *layout, size_t to,
		      const struct before *before, struct tsr_edges *edges)
{
	size_t from;

	/* Nearest first, so that what they imply is known. */
	for (from = to; from-- > 0;) {
		if (contains(set_of(before, to), from) ||
		    !conflict(layout, &steps->step[from], &steps->step[to]))
			continue;
		if (add_edge(edges, from, to))
			return -E2BIG;
		merge(before, to, from);
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const uint16_t *x = a, *y = b;

	return x[0] != y[0] ? x[0] - y[0] : x[1] - y[1];
}

int tsr_order(const struct tsr_steps *steps, const struct tsr_layout *layout,
	      struct tsr_edges *edges)
{
	struct before before = { .words = steps->count / 64 + 1 };
	size_t to;
	int error = 0;

	*edges = (struct tsr_edges){ 0 };
	before.word = calloc(steps->count + 1, before.words * sizeof(*before.word));
	edges->edge = calloc(TSR_HW_MAX_EDGES, sizeof(*edges->edge));
	if (!before.word || !edges->edge)
		error = tsr_fail(-ENOMEM, "out of memory");
	for (to = 0; to < steps->count && !error; to++)
		error = order_step(steps, layout, to, &before, edges);
	free(before.word);
	if (error) {
		free(edges->edge);
		edges->edge = NULL;
	} else {
		qsort(edges->edge, edges->count, sizeof(*edges->edge), by_start);
	}
	return error;
}
