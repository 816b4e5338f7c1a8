// SPDX-License-Identifier: MIT
/* Memory: views, what steps write and read of them, lifetimes. */
#include "verify.h"

#include <errno.h>
#include <stdlib.h>

#include "../error.h"

#define ALIGN	64	/* of every storage in its space */

static int wrong_step(const struct tsr_steps *steps, size_t i, const char *what)
{
	return tsr_fail(-ENOTRECOVERABLE, "compiler: step %zu (%s) %s", i, steps->step[i].label,
			what);
}

static int wrong_storage(size_t i, const char *what)
{
	return tsr_fail(-ENOTRECOVERABLE, "compiler: storage %zu %s", i, what);
}

static uint64_t bytes_of(const struct tsr_tensor_info *info)
{
	return tsr_info_elements(info) * tsr_type_size(info->type);
}

static uint64_t view_end(const struct tsr_view *view)
{
	uint64_t end = view->offset + tsr_type_size(view->info.type);
	unsigned int i;

	for (i = 0; i < view->info.rank; i++)
		end += (uint64_t)(view->info.dim[i] - 1) * view->stride[i];
	return end;
}

static int check_views(const struct tsr_layout *layout)
{
	size_t i;

	for (i = TSR_NO_VIEW + 1; i < layout->view_count; i++) {
		const struct tsr_view *view = &layout->view[i];

		if (view->storage == TSR_NO_STORAGE || view->storage >= layout->storage_count ||
		    view->scales >= layout->storage_count)
			return tsr_fail(-ENOTRECOVERABLE, "compiler: view %zu has no storage", i);
		if (view_end(view) > layout->storage[view->storage].size)
			return tsr_fail(-ENOTRECOVERABLE, "compiler: view %zu ends beyond its "
					"storage", i);
	}
	return 0;
}

/* How many operands a command cannot do without. */
static unsigned int operands_of(const struct tsr_step *step)
{
	return step->op == TSR_OPERATOR_CONV || step->op == TSR_OPERATOR_GEMM ||
	       step->op == TSR_OPERATOR_BINARY ? 2 : 1;
}

static bool operands_present(const struct tsr_layout *layout, const struct tsr_step *step)
{
	unsigned int views[5], i;
	size_t count = tsr_step_views(step, views), k;

	for (k = 0; k < count; k++)
		if (views[k] == TSR_NO_VIEW || views[k] >= layout->view_count)
			return false;
	for (i = 0; i < operands_of(step); i++)
		if (step->in_view[i] == TSR_NO_VIEW)
			return false;
	return true;
}

static const struct tsr_storage *storage_of(const struct tsr_layout *layout, unsigned int view)
{
	return &layout->storage[layout->view[view].storage];
}

static bool is_result(const struct tsr_storage *storage)
{
	return storage->kind == TSR_STORAGE_SCRATCH || storage->kind == TSR_STORAGE_OUTPUT;
}

static int check_reads(const struct tsr_steps *steps, size_t i, const struct tsr_layout *layout,
		       const uint64_t *written)
{
	unsigned int views[5];
	size_t count = tsr_step_views(&steps->step[i], views), k;

	for (k = 1; k < count; k++) {
		const struct tsr_storage *storage = storage_of(layout, views[k]);

		if (is_result(storage) && written[storage - layout->storage] != storage->size)
			return wrong_step(steps, i, "reads memory before it is written");
	}
	return 0;
}

/* Parts that begin at different bytes and fill the storage together do not overlap. */
static bool begins_again(const struct tsr_steps *steps, size_t i,
			 const struct tsr_layout *layout)
{
	const struct tsr_view *view = &layout->view[steps->step[i].out_view], *other;
	size_t k;

	for (k = 0; k < i; k++) {
		other = &layout->view[steps->step[k].out_view];
		if (other->storage == view->storage && other->offset == view->offset)
			return true;
	}
	return false;
}

static int check_write(const struct tsr_steps *steps, size_t i, const struct tsr_layout *layout,
		       uint64_t *written)
{
	const struct tsr_view *view = &layout->view[steps->step[i].out_view];
	const struct tsr_storage *storage = &layout->storage[view->storage];

	if (!is_result(storage))
		return wrong_step(steps, i, "writes an input or a constant");
	written[view->storage] += bytes_of(&view->info);
	if (written[view->storage] > storage->size || begins_again(steps, i, layout))
		return wrong_step(steps, i, "writes memory a second time");
	return 0;
}

/* Each index of the kind belongs to one storage. */
static int check_arguments(const struct tsr_layout *layout, enum tsr_storage_kind kind,
			   size_t arguments)
{
	size_t count = 0, i, k;

	for (i = 0; i < layout->storage_count; i++) {
		if (layout->storage[i].kind != kind)
			continue;
		count++;
		if (layout->storage[i].index >= arguments)
			return wrong_storage(i, "belongs to no argument");
		for (k = 0; k < i; k++)
			if (layout->storage[k].kind == kind &&
			    layout->storage[k].index == layout->storage[i].index)
				return wrong_storage(i, "belongs to the argument of another");
	}
	if (count == arguments)
		return 0;
	return tsr_fail(-ENOTRECOVERABLE, "compiler: %zu of %zu arguments have memory", count,
			arguments);
}

static int check_outputs(const struct tsr_graph *graph, const struct tsr_layout *layout,
			 const uint64_t *written)
{
	size_t i, inputs = 0;
	int error;

	for (i = 0; i < graph->tensor_count; i++)
		inputs += graph->tensors[i].is_input;
	error = check_arguments(layout, TSR_STORAGE_INPUT, inputs);
	if (!error)
		error = check_arguments(layout, TSR_STORAGE_OUTPUT, graph->output_count);
	for (i = 0; i < layout->storage_count && !error; i++)
		if (layout->storage[i].kind == TSR_STORAGE_OUTPUT &&
		    written[i] != layout->storage[i].size)
			error = wrong_storage(i, "is an output that is not written");
	return error;
}

int tsr_verify_layout(const struct tsr_graph *graph, const struct tsr_steps *steps,
		      const struct tsr_layout *layout)
{
	uint64_t *written = calloc(layout->storage_count + 1, sizeof(*written));
	int error = written ? check_views(layout) : tsr_fail(-ENOMEM, "out of memory");
	size_t i;

	for (i = 0; i < steps->count && !error; i++) {
		if (!operands_present(layout, &steps->step[i]))
			error = wrong_step(steps, i, "lacks an operand");
		if (!error)
			error = check_reads(steps, i, layout, written);
		if (!error)
			error = check_write(steps, i, layout, written);
	}
	if (!error)
		error = check_outputs(graph, layout, written);
	free(written);
	return error;
}

/* Steps during which a storage holds something, counted anew from what steps touch. */
struct lifetime {
	size_t first;
	size_t last;
	bool used;
};

static void live(struct lifetime *lifetime, size_t step)
{
	if (!lifetime->used)
		lifetime->first = step;
	lifetime->last = step;
	lifetime->used = true;
}

static void find_lifetimes(const struct tsr_steps *steps, const struct tsr_layout *layout,
			   struct lifetime *lifetimes)
{
	unsigned int views[5];
	size_t i, k, count;

	for (i = 0; i < steps->count; i++) {
		count = tsr_step_views(&steps->step[i], views);
		for (k = 0; k < count; k++) {
			const struct tsr_view *view = &layout->view[views[k]];

			live(&lifetimes[view->storage], i);
			if (view->scales != TSR_NO_STORAGE)
				live(&lifetimes[view->scales], i);
		}
	}
}

static bool share(const struct tsr_layout *layout, const struct lifetime *lifetimes, size_t i,
		  size_t k)
{
	const struct tsr_storage *a = &layout->storage[i], *b = &layout->storage[k];
	bool together = a->kind == TSR_STORAGE_CONSTANT ||
			(lifetimes[i].first <= lifetimes[k].last &&
			 lifetimes[k].first <= lifetimes[i].last);

	return a->kind == b->kind && lifetimes[k].used && together &&
	       a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

static int check_place(const struct tsr_layout *layout, const struct lifetime *lifetimes,
		       size_t i)
{
	const struct tsr_storage *storage = &layout->storage[i];
	size_t space = storage->kind == TSR_STORAGE_SCRATCH ? layout->scratch :
							      layout->constants;
	size_t k;

	if (storage->offset % ALIGN || storage->offset + storage->size > space)
		return wrong_storage(i, "is unaligned or ends beyond its space");
	for (k = 0; k < i; k++)
		if (share(layout, lifetimes, i, k))
			return wrong_storage(i, "shares bytes with another while both are needed");
	return 0;
}

int tsr_verify_plan(const struct tsr_steps *steps, const struct tsr_layout *layout)
{
	struct lifetime *lifetimes = calloc(layout->storage_count + 1, sizeof(*lifetimes));
	int error = lifetimes ? 0 : tsr_fail(-ENOMEM, "out of memory");
	size_t i;

	if (!error)
		find_lifetimes(steps, layout, lifetimes);
	for (i = 0; i < layout->storage_count && !error; i++)
		if (lifetimes[i].used && (layout->storage[i].kind == TSR_STORAGE_SCRATCH ||
					  layout->storage[i].kind == TSR_STORAGE_CONSTANT))
			error = check_place(layout, lifetimes, i);
	free(lifetimes);
	return error;
}
