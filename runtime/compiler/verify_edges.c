// SPDX-License-Identifier: MIT
/* Paths between steps that touch the same memory. */
#include "verify.h"

#include <errno.h>
#include <stdlib.h>

#include "../error.h"

/* reach[to * count + from]: a path leads from one to the other. */
static bool *find_paths(size_t count, const struct tsr_edges *edges)
{
	bool *reach = calloc(count * count + 1, sizeof(*reach));
	size_t i, from, to;

	for (i = 0; reach && i < edges->count; i++)
		reach[edges->edge[i][1] * count + edges->edge[i][0]] = true;
	/* Edges lead forward, so what reaches an earlier step is known by then. */
	for (to = 0; reach && to < count; to++)
		for (from = to; from-- > 0;)
			for (i = 0; reach[to * count + from] && i < from; i++)
				reach[to * count + i] |= reach[from * count + i];
	return reach;
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
		      const bool *reach, size_t from, size_t to)
{
	const struct tsr_step *a = &steps->step[from], *b = &steps->step[to];

	if (reach[to * steps->count + from] || (!touches(layout, a, b) && !touches(layout, b, a)))
		return 0;
	return tsr_fail(-ENOTRECOVERABLE, "compiler: no path from step %zu (%s) to step %zu (%s), "
			"which touches its memory", from, a->label, to, b->label);
}

int tsr_verify_edges(const struct tsr_steps *steps, const struct tsr_layout *layout,
		     const struct tsr_edges *edges)
{
	size_t i, from, to;
	bool *reach;
	int error = 0;

	for (i = 0; i < edges->count; i++)
		if (edges->edge[i][0] >= edges->edge[i][1] || edges->edge[i][1] >= steps->count)
			return tsr_fail(-ENOTRECOVERABLE, "compiler: edge %zu leads from step %u "
					"to step %u", i, edges->edge[i][0], edges->edge[i][1]);
	reach = find_paths(steps->count, edges);
	if (!reach)
		return tsr_fail(-ENOMEM, "out of memory");
	for (to = 0; to < steps->count && !error; to++)
		for (from = 0; from < to && !error; from++)
			error = check_pair(steps, layout, reach, from, to);
	free(reach);
	return error;
}
