// SPDX-License-Identifier: MIT
/* Paths between steps that touch the same memory. */
#include "verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../error.h"

/* For each step those from which a path leads to it, as a set of so many words. */
struct paths {
	uint64_t *word;
	size_t words;
};

static bool path_leads(const struct paths *paths, size_t from, size_t to)
{
	return paths->word[to * paths->words + from / 64] >> (from % 64) & 1;
}

/* The edge's start reaches its end, and so does what reaches the start. */
static void follow(const struct paths *paths, size_t from, size_t to)
{
	size_t i;

	for (i = 0; i <= from / 64; i++)
		paths->word[to * paths->words + i] |= paths->word[from * paths->words + i];
	paths->word[to * paths->words + from / 64] |= 1ull << (from % 64);
}

static int by_end(const void *a, const void *b)
{
	const uint16_t *x = a, *y = b;

	return x[1] - y[1];
}

/* Edges lead forward, so what reaches a step is known before the edges that start there. */
static int find_paths(size_t count, const struct tsr_edges *edges, struct paths *paths)
{
	uint16_t (*edge)[2] = calloc(edges->count + 1, sizeof(*edge));
	int error = 0;
	size_t i;

	paths->words = count / 64 + 1;
	paths->word = calloc(count + 1, paths->words * sizeof(*paths->word));
	if (!edge || !paths->word)
		error = tsr_fail(-ENOMEM, "out of memory");
	if (!error && edges->count) {
		memcpy(edge, edges->edge, edges->count * sizeof(*edge));
		qsort(edge, edges->count, sizeof(*edge), by_end);
		for (i = 0; i < edges->count; i++)
			follow(paths, edge[i][0], edge[i][1]);
	}
	free(edge);
	return error;
}

/* A span of memory that a step touches; equal spaces, overlapping bytes: the same memory. */
struct span {
	enum tsr_storage_kind kind;
	size_t index;
	size_t start;
	size_t end;
};

static struct span span_of(const struct tsr_layout *layout, unsigned int view)
{
	const struct tsr_storage *storage = &layout->storage[layout->view[view].storage];

	if (storage->kind == TSR_STORAGE_SCRATCH)
		return (struct span){ storage->kind, 0, storage->offset,
				      storage->offset + storage->size };
	return (struct span){ storage->kind, layout->view[view].storage, 0, storage->size };
}

static bool same_memory(const struct tsr_layout *layout, unsigned int a, unsigned int b)
{
	struct span x = span_of(layout, a), y = span_of(layout, b);

	return x.kind == y.kind && x.index == y.index && x.start < y.end && y.start < x.end;
}

/* Does @a touch what @b writes? */
static bool touches(const struct tsr_layout *layout, const struct tsr_step *a,
		    const struct tsr_step *b)
{
	unsigned int views[5];
	size_t count = tsr_step_views(a, views), i;

	for (i = 0; i < count; i++)
		if (same_memory(layout, views[i], b->out_view))
			return true;
	return false;
}

static int check_pair(const struct tsr_steps *steps, const struct tsr_layout *layout,
		      const struct paths *paths, size_t from, size_t to)
{
	const struct tsr_step *a = &steps->step[from], *b = &steps->step[to];

	if (path_leads(paths, from, to) || (!touches(layout, a, b) && !touches(layout, b, a)))
		return 0;
	return tsr_fail(-ENOTRECOVERABLE, "compiler: no path from step %zu (%s) to step %zu (%s), "
			"which touches its memory", from, a->label, to, b->label);
}

int tsr_verify_edges(const struct tsr_steps *steps, const struct tsr_layout *layout,
		     const struct tsr_edges *edges)
{
	struct paths paths;
	size_t i, from, to;
	int error;

	for (i = 0; i < edges->count; i++)
		if (edges->edge[i][0] >= edges->edge[i][1] || edges->edge[i][1] >= steps->count)
			return tsr_fail(-ENOTRECOVERABLE, "compiler: edge %zu leads from step %u "
					"to step %u", i, edges->edge[i][0], edges->edge[i][1]);
	error = find_paths(steps->count, edges, &paths);
	for (to = 0; to < steps->count && !error; to++)
		for (from = 0; from < to && !error; from++)
			error = check_pair(steps, layout, &paths, from, to);
	free(paths.word);
	return error;
}
