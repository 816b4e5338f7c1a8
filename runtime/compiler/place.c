// SPDX-License-Identifier: MIT
/*
 * Where every tensor lives. Reshape and transpose are views wherever strides can
 * express them; everything else that moves elements becomes a step of its own.
 */
#include "compiler.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/mmu.h>
#include <tsr_hw/program.h>

#include "../error.h"

/* The placement under construction: which view each tensor of the graph has. */
struct placing {
	const struct tsr_graph *graph;
	struct tsr_layout *layout;
	struct tsr_steps *out;
	size_t capacity;
	unsigned int *view_of;
	int error;
};

/*
 * Room for one more element behind @count. Arrays that are made here have room for a power of two,
 * so that growing them takes as long as filling them. Return: the array, or NULL without memory.
 */
static void *grow(struct placing *p, void *array, size_t count, size_t size)
{
	bool is_full = !(count & (count - 1));

	if (is_full)
		array = reallocarray(array, count ? 2 * count : 1, size);
	if (!array)
		p->error = -ENOMEM;
	return array;
}

static unsigned int add_storage(struct placing *p, const struct tsr_storage *storage)
{
	struct tsr_layout *layout = p->layout;
	struct tsr_storage *grown = grow(p, layout->storage, layout->storage_count, sizeof(*grown));

	if (!grown)
		return TSR_NO_STORAGE;
	layout->storage = grown;
	grown[layout->storage_count] = *storage;
	return (unsigned int)layout->storage_count++;
}

static unsigned int add_view(struct placing *p, const struct tsr_view *view)
{
	struct tsr_layout *layout = p->layout;
	struct tsr_view *grown = grow(p, layout->view, layout->view_count, sizeof(*grown));

	if (!grown)
		return TSR_NO_VIEW;
	layout->view = grown;
	grown[layout->view_count] = *view;
	return (unsigned int)layout->view_count++;
}

/* TSR_NO_STORAGE and TSR_NO_VIEW. */
static void reserve_none(struct placing *p)
{
	add_storage(p, &(struct tsr_storage){ .kind = TSR_STORAGE_NONE });
	add_view(p, &(struct tsr_view){ .storage = TSR_NO_STORAGE });
}

static struct tsr_step *add_step(struct placing *p, const struct tsr_step *step)
{
	struct tsr_step *grown;

	if (p->out->count == p->capacity) {
		p->capacity = p->capacity ? 2 * p->capacity : 64;
		grown = reallocarray(p->out->step, p->capacity, sizeof(*grown));
		if (!grown) {
			p->error = -ENOMEM;
			return NULL;
		}
		p->out->step = grown;
	}
	p->out->step[p->out->count] = *step;
	return &p->out->step[p->out->count++];
}

static void row_major(struct tsr_view *view)
{
	uint64_t stride = tsr_type_size(view->info.type);
	unsigned int i;

	for (i = view->info.rank; i-- > 0;) {
		view->stride[i] = stride;
		stride *= (uint64_t)view->info.dim[i];
	}
}

static bool is_row_major(const struct tsr_view *view)
{
	struct tsr_view plain = *view;
	unsigned int i;

	row_major(&plain);
	for (i = 0; i < view->info.rank; i++)
		if (view->info.dim[i] > 1 && view->stride[i] != plain.stride[i])
			return false;
	return true;
}

static unsigned int new_view(struct placing *p, const struct tsr_tensor_info *info,
			     enum tsr_storage_kind kind, size_t index, const void *data)
{
	struct tsr_storage storage = {
		.kind = kind, .index = index, .data = data,
		.size = tsr_info_elements(info) * tsr_type_size(info->type),
	};
	struct tsr_view view = { .info = *info };

	row_major(&view);
	view.storage = add_storage(p, &storage);
	return add_view(p, &view);
}

static void place_scales(struct placing *p, unsigned int view)
{
	const struct tsr_tensor_info *info = &p->layout->view[view].info;
	struct tsr_storage storage = {
		.kind = TSR_STORAGE_CONSTANT, .data = info->scales,
		.size = info->scale_count * sizeof(float),
	};

	if (info->scales && !p->error)
		p->layout->view[view].scales = add_storage(p, &storage);
}

static void place_constant(struct placing *p, size_t i)
{
	const struct tsr_graph_tensor *tensor = &p->graph->tensors[i];

	p->view_of[i] = new_view(p, &tensor->info, TSR_STORAGE_CONSTANT, 0, tensor->data);
	if (!p->error)
		place_scales(p, p->view_of[i]);
}

static void place_sources(struct placing *p)
{
	const struct tsr_graph *graph = p->graph;
	size_t i, inputs = 0;

	for (i = 0; i < graph->tensor_count; i++) {
		const struct tsr_graph_tensor *tensor = &graph->tensors[i];

		if (tensor->is_input)
			p->view_of[i] = new_view(p, &tensor->info, TSR_STORAGE_INPUT, inputs++,
						 NULL);
		else if (tensor->data)
			place_constant(p, i);
	}
}

/* Copy @from into @to, both of one shape; a change of codes makes it a conversion. */
static void add_move(struct placing *p, unsigned int from, unsigned int to, const char *what)
{
	const struct tsr_tensor_info *a = &p->layout->view[from].info;
	const struct tsr_tensor_info *b = &p->layout->view[to].info;
	bool same = a->type == b->type && a->scale == b->scale && a->zero_point == b->zero_point;
	struct tsr_step step = {
		.op = same ? TSR_OPERATOR_RESHAPE : TSR_OPERATOR_CONVERT,
		.in = { TSR_NO_TENSOR, TSR_NO_TENSOR, TSR_NO_TENSOR },
		.residual = TSR_NO_TENSOR, .out = TSR_NO_TENSOR,
		.in_view = { from }, .out_view = to,
	};

	strncpy(step.label, what, sizeof(step.label) - 1);
	add_step(p, &step);
}

static unsigned int compact(struct placing *p, unsigned int from)
{
	struct tsr_tensor_info info = p->layout->view[from].info;
	unsigned int to = new_view(p, &info, TSR_STORAGE_SCRATCH, 0, NULL);

	if (!p->error)
		add_move(p, from, to, "move");
	return to;
}

/* The view of a tensor that a step placed before has made, or of a source. */
static unsigned int view_of(struct placing *p, tsr_tensor tensor)
{
	if (p->view_of[tensor] == TSR_NO_VIEW)
		p->error = -ENOTRECOVERABLE;
	return p->view_of[tensor];
}

static unsigned int view_or_none(struct placing *p, tsr_tensor tensor)
{
	return tensor == TSR_NO_TENSOR ? TSR_NO_VIEW : view_of(p, tensor);
}

static void place_reshape(struct placing *p, const struct tsr_step *step)
{
	unsigned int from = view_of(p, step->in[0]);
	struct tsr_view view;

	if (!is_row_major(&p->layout->view[from]))
		from = compact(p, from);
	if (p->error)
		return;
	view = p->layout->view[from];
	view.info = p->graph->tensors[step->out].info;
	row_major(&view);
	p->view_of[step->out] = add_view(p, &view);
}

static void place_transpose(struct placing *p, const struct tsr_step *step)
{
	const struct tsr_view *from = &p->layout->view[view_of(p, step->in[0])];
	struct tsr_view view = *from;
	unsigned int i;

	view.info = p->graph->tensors[step->out].info;
	for (i = 0; i < view.info.rank; i++)
		view.stride[i] = from->stride[step->node->transpose.permutation[i]];
	p->view_of[step->out] = add_view(p, &view);
}

/* Each part is copied into its slice of the joined tensor. */
static void place_concat(struct placing *p, const struct tsr_step *step)
{
	unsigned int axis = step->node->concat.axis, whole;
	uint64_t offset = 0;
	size_t i;

	whole = new_view(p, &p->graph->tensors[step->out].info, TSR_STORAGE_SCRATCH, 0, NULL);
	for (i = 0; i < step->node->in_count && !p->error; i++) {
		unsigned int part = view_of(p, step->node->in[i]);
		struct tsr_view slice = p->layout->view[whole];

		slice.offset = offset;
		slice.info.dim[axis] = p->layout->view[part].info.dim[axis];
		offset += slice.stride[axis] * (uint64_t)slice.info.dim[axis];
		add_move(p, part, add_view(p, &slice), "concat");
	}
	p->view_of[step->out] = whole;
}

/*
 * What an integer product's accumulators are multiplied with, one for each column: the scales of
 * both operands over that of the output.
 */
static unsigned int place_multipliers(struct placing *p, const struct tsr_step *step)
{
	const struct tsr_tensor_info *a = &p->graph->tensors[step->in[0]].info;
	const struct tsr_tensor_info *b = &p->graph->tensors[step->in[1]].info;
	struct tsr_storage storage = {
		.kind = TSR_STORAGE_CONSTANT, .size = b->scale_count * sizeof(float),
	};
	float *multipliers = malloc(storage.size);
	size_t i;

	if (!multipliers) {
		p->error = -ENOMEM;
		return TSR_NO_STORAGE;
	}
	for (i = 0; i < b->scale_count; i++)
		multipliers[i] = tsr_multiplier(a, b->scales[i],
						&p->graph->tensors[step->out].info);
	storage.owned = multipliers;
	storage.data = multipliers;
	if (p->error || !add_storage(p, &storage))
		free(multipliers);
	return p->error ? TSR_NO_STORAGE : (unsigned int)p->layout->storage_count - 1;
}

/* The second operand of a product has multipliers in place of its scales. */
static void place_weights(struct placing *p, struct tsr_step *step)
{
	struct tsr_view view;

	if (p->error || (step->op != TSR_OPERATOR_GEMM && step->op != TSR_OPERATOR_CONV) ||
	    !p->graph->tensors[step->in[1]].info.scales)
		return;
	view = p->layout->view[step->in_view[1]];
	view.scales = place_multipliers(p, step);
	step->in_view[1] = add_view(p, &view);
}

static void place_compute(struct placing *p, const struct tsr_step *step)
{
	struct tsr_step copy = *step;
	unsigned int i;

	for (i = 0; i < 3; i++)
		copy.in_view[i] = view_or_none(p, step->in[i]);
	copy.residual_view = view_or_none(p, step->residual);
	place_weights(p, &copy);
	copy.out_view = new_view(p, &p->graph->tensors[step->out].info, TSR_STORAGE_SCRATCH, 0,
				 NULL);
	p->view_of[step->out] = copy.out_view;
	add_step(p, &copy);
}

static void place_step(struct placing *p, const struct tsr_step *step)
{
	switch (step->op) {
	case TSR_OPERATOR_RESHAPE:
		place_reshape(p, step);
		break;
	case TSR_OPERATOR_TRANSPOSE:
		place_transpose(p, step);
		break;
	case TSR_OPERATOR_CONCAT:
		place_concat(p, step);
		break;
	default:
		place_compute(p, step);
	}
}

/*
 * Let an intermediate that is an output be computed in the caller's memory;
 * whatever cannot (an input, a constant, a second name, a view) is copied there.
 */
static void place_output(struct placing *p, size_t index)
{
	unsigned int from = view_of(p, p->graph->outputs[index].tensor);
	const struct tsr_view *view = &p->layout->view[from];
	struct tsr_storage *storage = &p->layout->storage[view->storage];
	struct tsr_tensor_info info;
	unsigned int to;

	if (storage->kind == TSR_STORAGE_SCRATCH && is_row_major(view) &&
	    storage->size == tsr_info_elements(&view->info) * tsr_type_size(view->info.type)) {
		storage->kind = TSR_STORAGE_OUTPUT;
		storage->index = index;
		return;
	}
	info = view->info;
	to = new_view(p, &info, TSR_STORAGE_OUTPUT, index, NULL);
	if (!p->error)
		add_move(p, from, to, "output");
}

size_t tsr_step_views(const struct tsr_step *step, unsigned int views[5])
{
	size_t count = 0, i;

	views[count++] = step->out_view;
	for (i = 0; i < 3; i++)
		if (step->in_view[i] != TSR_NO_VIEW)
			views[count++] = step->in_view[i];
	if (step->residual_view != TSR_NO_VIEW)
		views[count++] = step->residual_view;
	return count;
}

static void touch(struct tsr_storage *storage, size_t step)
{
	if (storage->first == SIZE_MAX)
		storage->first = step;
	storage->last = step;
}

static void note_lifetimes(const struct tsr_steps *steps, struct tsr_layout *layout)
{
	unsigned int views[5];
	size_t s, i, count;

	for (i = 0; i < layout->storage_count; i++)
		layout->storage[i].first = SIZE_MAX;
	for (s = 0; s < steps->count; s++) {
		count = tsr_step_views(&steps->step[s], views);
		for (i = 0; i < count; i++) {
			const struct tsr_view *view = &layout->view[views[i]];

			touch(&layout->storage[view->storage], s);
			if (view->scales != TSR_NO_STORAGE)
				touch(&layout->storage[view->scales], s);
		}
	}
}

/* Bounds for what follows: sums of sizes cannot overflow, planning ends in time. */
static int check_limits(const struct tsr_steps *steps, const struct tsr_layout *layout)
{
	size_t i;

	if (steps->count > TSR_HW_MAX_NODES)
		return tsr_fail(-E2BIG, "the graph has %zu nodes after fusion, the device takes "
				"%d; split it", steps->count, TSR_HW_MAX_NODES);
	for (i = 0; i < layout->storage_count; i++)
		if (layout->storage[i].size > TSR_HW_VA_USER_END)
			return tsr_fail(-E2BIG, "a tensor of %zu bytes is larger than the device's "
					"address space", layout->storage[i].size);
	return 0;
}

void tsr_layout_free(struct tsr_layout *layout)
{
	size_t i;

	for (i = 0; i < layout->storage_count; i++)
		free(layout->storage[i].owned);
	free(layout->storage);
	free(layout->view);
}

int tsr_place(const struct tsr_graph *graph, struct tsr_steps *steps, struct tsr_layout *layout)
{
	struct tsr_steps placed = { 0 };
	struct placing p = {
		.graph = graph, .layout = layout, .out = &placed,
		.view_of = calloc(graph->tensor_count + 1, sizeof(*p.view_of)),
	};
	size_t i;

	*layout = (struct tsr_layout){ 0 };
	p.error = p.view_of ? 0 : -ENOMEM;
	reserve_none(&p);
	if (!p.error)
		place_sources(&p);
	for (i = 0; i < steps->count && !p.error; i++)
		place_step(&p, &steps->step[i]);
	for (i = 0; i < graph->output_count && !p.error; i++)
		place_output(&p, i);
	free(p.view_of);
	free(steps->step);
	*steps = placed;
	if (p.error)
		return tsr_fail(p.error, p.error == -ENOMEM ? "out of memory" :
				"compiler: a step reads a tensor that no step before it makes");
	note_lifetimes(steps, layout);
	return check_limits(steps, layout);
}
