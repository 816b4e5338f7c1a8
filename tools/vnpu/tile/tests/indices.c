/* SPDX-License-Identifier: MIT */
#include "indices.h"

#include <math.h>
#include <string.h>

#include <number/load.h>

const uint8_t indices_types[INDICES_TYPES] = {
	TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16, TSR_HW_TYPE_FP8_E4M3,
	TSR_HW_TYPE_FP8_E5M2, TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT16,
	TSR_HW_TYPE_UINT16, TSR_HW_TYPE_INT32, TSR_HW_TYPE_UINT32, TSR_HW_TYPE_INT64,
	TSR_HW_TYPE_UINT64, TSR_HW_TYPE_BOOL, TSR_HW_TYPE_E8M0,
};

unsigned int indices_any_type(struct bench *bench)
{
	return indices_types[bench_below(bench, INDICES_TYPES)];
}

unsigned int indices_type_of(struct bench *bench, enum number_class class)
{
	unsigned int type;

	do
		type = indices_any_type(bench);
	while (number_class_of(type) != class);
	return type;
}

/* Shapes of a command; those of the parts follow from the others. */
struct shapes {
	unsigned int whole;
	unsigned int index;
	unsigned int parts;
	uint32_t whole_dim[TSR_HW_MAX_RANK];
	uint32_t index_dim[TSR_HW_MAX_RANK];
	uint32_t parts_dim[TSR_HW_MAX_RANK];
};

void indices_step(struct tsr_hw_step *step, const struct tsr_hw_tensor *walked)
{
	uint32_t left = 4096;

	memset(step, 0, sizeof(*step));
	for (unsigned int i = walked->rank; i-- > 0;) {
		uint32_t dim = walked->dim[i] ? walked->dim[i] : 1;

		step->block[i] = dim < left ? dim : left;
		left /= step->block[i];
	}
}

void indices_coordinates(const struct tsr_hw_tensor *tensor, uint64_t index, uint64_t *at)
{
	for (unsigned int i = tensor->rank; i-- > 0;) {
		at[i] = index % tensor->dim[i];
		index /= tensor->dim[i];
	}
}

void indices_put(struct bench *bench, const struct tsr_hw_tensor *index, uint64_t at,
		 int64_t value)
{
	fake_memory_poke(bench->memory, bench_plain_address(bench, index, at), &value,
			 bench_size(index->type));
}

uint64_t indices_bits(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t va)
{
	uint64_t bits = 0;

	fake_memory_peek(bench->memory, va, &bits, bench_size(tensor->type));
	return bits;
}

static int64_t index_at(const struct bench *bench, const struct tsr_hw_tensor *index,
			const uint64_t *at)
{
	uint64_t bits = indices_bits(bench, index, bench_plain_at(bench, index, at));

	return index->type == TSR_HW_TYPE_INT32 ? (int32_t)bits : (int64_t)bits;
}

/* Take the index at @from as the coordinate of dimension @dimension. */
static bool follow(const struct bench *bench, const struct tsr_hw_gather *gather,
		   const struct tsr_hw_tensor *whole, const uint64_t *from,
		   unsigned int dimension, uint64_t *at)
{
	int64_t value = index_at(bench, &gather->index, from);
	int64_t extent = whole->dim[dimension];

	if (value < -extent || value >= extent)
		return false;
	at[dimension] = (uint64_t)(value < 0 ? value + extent : value);
	return true;
}

static bool select_nd(const struct bench *bench, const struct tsr_hw_gather *gather,
		      const struct tsr_hw_tensor *whole, const uint64_t *parts, uint64_t *at)
{
	unsigned int places = gather->index.rank - 1u;
	uint32_t count = gather->index.dim[places];
	unsigned int batch = gather->batch_dims;
	uint64_t from[TSR_HW_MAX_RANK] = { 0 };

	for (unsigned int i = 0; i < places; i++)
		from[i] = parts[i];
	for (unsigned int i = 0; i < batch; i++)
		at[i] = parts[i];
	for (unsigned int i = batch + count; i < whole->rank; i++)
		at[i] = parts[places + i - batch - count];
	for (uint32_t c = 0; c < count; c++) {
		from[places] = c;
		if (!follow(bench, gather, whole, from, batch + c, at))
			return false;
	}
	return true;
}

static bool select_axis(const struct bench *bench, const struct tsr_hw_gather *gather,
			const struct tsr_hw_tensor *whole, const uint64_t *parts, uint64_t *at)
{
	unsigned int own = gather->index.rank - gather->batch_dims;
	uint64_t from[TSR_HW_MAX_RANK] = { 0 };

	for (unsigned int i = 0; i < gather->axis; i++)
		at[i] = parts[i];
	for (unsigned int i = gather->axis + 1u; i < whole->rank; i++)
		at[i] = parts[i - 1 + own];
	for (unsigned int i = 0; i < gather->batch_dims; i++)
		from[i] = parts[i];
	for (unsigned int i = 0; i < own; i++)
		from[gather->batch_dims + i] = parts[gather->axis + i];
	return follow(bench, gather, whole, from, gather->axis, at);
}

bool indices_select(const struct bench *bench, const struct tsr_hw_gather *gather,
		    const struct tsr_hw_tensor *whole, const uint64_t *parts, uint64_t *at)
{
	if (gather->kind == TSR_HW_GATHER_ND)
		return select_nd(bench, gather, whole, parts, at);
	if (gather->kind == TSR_HW_GATHER_AXIS)
		return select_axis(bench, gather, whole, parts, at);
	memcpy(at, parts, TSR_HW_MAX_RANK * sizeof(*at));
	return follow(bench, gather, whole, parts, gather->axis, at);
}

static uint32_t any_extent(struct bench *bench, unsigned int rank)
{
	return bench_extent(bench, rank < 3 ? 40 : rank < 5 ? 6 : 2);
}

static void make_axis(struct bench *bench, struct tsr_hw_gather *gather, struct shapes *shapes)
{
	unsigned int most = TSR_HW_MAX_RANK + 1 - shapes->whole;
	unsigned int own = bench_below(bench, most < 3 ? most + 1 : 4);

	gather->axis = (uint8_t)bench_below(bench, shapes->whole);
	gather->batch_dims = (uint8_t)bench_below(bench, gather->axis + 1u);
	if (gather->batch_dims + own > TSR_HW_MAX_RANK)
		gather->batch_dims = 0;
	memcpy(shapes->index_dim, shapes->whole_dim, sizeof(shapes->index_dim));
	shapes->index = gather->batch_dims + own;
	memcpy(shapes->parts_dim, shapes->whole_dim, sizeof(shapes->parts_dim));
	shapes->parts = shapes->whole - 1 + own;
	for (unsigned int i = 0; i < own; i++) {
		uint32_t dim = any_extent(bench, shapes->parts);

		shapes->index_dim[gather->batch_dims + i] = dim;
		shapes->parts_dim[gather->axis + i] = dim;
	}
	for (unsigned int i = gather->axis + 1u; i < shapes->whole; i++)
		shapes->parts_dim[i - 1 + own] = shapes->whole_dim[i];
}

static void make_element(struct bench *bench, struct tsr_hw_gather *gather,
			 struct shapes *shapes)
{
	gather->axis = (uint8_t)bench_below(bench, shapes->whole);
	shapes->index = shapes->whole;
	shapes->parts = shapes->whole;
	for (unsigned int i = 0; i < shapes->whole; i++) {
		uint32_t dim = shapes->whole_dim[i];

		if (i == gather->axis)
			dim = any_extent(bench, shapes->whole);
		else if (dim && !bench_below(bench, 3))
			dim = bench_below(bench, dim);
		shapes->index_dim[i] = dim;
		shapes->parts_dim[i] = dim;
	}
}

static void make_nd(struct bench *bench, struct tsr_hw_gather *gather, struct shapes *shapes)
{
	unsigned int batch = bench_below(bench, shapes->whole);
	unsigned int count = 1 + bench_below(bench, shapes->whole - batch);
	unsigned int kept = shapes->whole - count;	/* the batch and the slice */
	unsigned int most = TSR_HW_MAX_RANK - kept;
	unsigned int own = bench_below(bench, most < 3 ? most + 1 : 3);

	if (batch + own >= TSR_HW_MAX_RANK)
		own = TSR_HW_MAX_RANK - 1 - batch;
	gather->batch_dims = (uint8_t)batch;
	memcpy(shapes->index_dim, shapes->whole_dim, sizeof(shapes->index_dim));
	memcpy(shapes->parts_dim, shapes->whole_dim, sizeof(shapes->parts_dim));
	for (unsigned int i = 0; i < own; i++) {
		shapes->index_dim[batch + i] = any_extent(bench, kept + own);
		shapes->parts_dim[batch + i] = shapes->index_dim[batch + i];
	}
	shapes->index_dim[batch + own] = count;
	shapes->index = batch + own + 1;
	for (unsigned int i = batch + count; i < shapes->whole; i++)
		shapes->parts_dim[i - count + own] = shapes->whole_dim[i];
	shapes->parts = kept + own;
}

/* The dimension of the whole that element @at of the indices leads to. */
static uint32_t extent_of(const struct tsr_hw_gather *gather, const struct shapes *shapes,
			  uint64_t at)
{
	if (gather->kind != TSR_HW_GATHER_ND)
		return shapes->whole_dim[gather->axis];
	return shapes->whole_dim[gather->batch_dims + at % shapes->index_dim[shapes->index - 1]];
}

/* One of them is just outside of its dimension, now and then. */
static void put_indices(struct bench *bench, const struct tsr_hw_gather *gather,
			const struct shapes *shapes)
{
	uint64_t count = bench_plain_elements(&gather->index);
	uint64_t outside = count && !bench_below(bench, 6) ? bench_below(bench, (uint32_t)count) :
							     count;

	for (uint64_t i = 0; i < count; i++) {
		int64_t extent = extent_of(gather, shapes, i);
		int64_t value = bench_below(bench, extent ? 2 * (uint32_t)extent : 1);

		if (i == outside)
			value = bench_below(bench, 2) ? -1 : 2 * extent;
		indices_put(bench, &gather->index, i, value - extent);
	}
}

/* Extents of everything, by those of the whole. */
static void choose_shapes(struct bench *bench, struct tsr_hw_gather *gather, unsigned int rank,
			  struct shapes *shapes)
{
	*shapes = (struct shapes){ .whole = rank };
	gather->axis = 0;
	gather->batch_dims = 0;
	for (unsigned int i = 0; i < rank; i++)
		shapes->whole_dim[i] = any_extent(bench, rank);
	if (gather->kind == TSR_HW_GATHER_AXIS)
		make_axis(bench, gather, shapes);
	else if (gather->kind == TSR_HW_GATHER_ELEMENT)
		make_element(bench, gather, shapes);
	else
		make_nd(bench, gather, shapes);
}

/* Layouts of a command's tensors: what is written does not repeat. */
struct layouts {
	unsigned int whole;
	unsigned int index;
	unsigned int parts;
};

static void place(struct bench *bench, struct tsr_hw_gather *gather, unsigned int type,
		  bool scatter, const struct shapes *shapes, const struct layouts *layouts)
{
	static const uint8_t index_types[] = { TSR_HW_TYPE_INT32, TSR_HW_TYPE_INT64 };

	bench_plain(bench, scatter ? &gather->d : &gather->x, type, shapes->whole,
		    shapes->whole_dim, layouts->whole,
		    scatter ? TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE : TSR_HW_SLOT_READ);
	bench_plain(bench, &gather->index, index_types[bench_below(bench, 2)], shapes->index,
		    shapes->index_dim, layouts->index, TSR_HW_SLOT_READ);
	bench_plain(bench, scatter ? &gather->x : &gather->d, type, shapes->parts,
		    shapes->parts_dim, layouts->parts,
		    scatter ? TSR_HW_SLOT_READ : TSR_HW_SLOT_WRITE);
	put_indices(bench, gather, shapes);
	indices_step(&gather->step, scatter ? &gather->x : &gather->d);
}

void indices_random(struct bench *bench, struct tsr_hw_gather *gather, unsigned int type,
		    bool scatter)
{
	unsigned int rank = 1 + bench_below(bench, TSR_HW_MAX_RANK);
	unsigned int layout = bench_any_layout(bench);
	struct layouts layouts;
	struct shapes shapes;

	choose_shapes(bench, gather, rank, &shapes);
	layouts.whole = scatter ? layout : layout | LAYOUT_REPEAT;
	layouts.index = bench_any_layout(bench) | LAYOUT_REPEAT;
	layouts.parts = bench_any_layout(bench);
	place(bench, gather, type, scatter, &shapes, &layouts);
}

void indices_of_rank(struct bench *bench, struct tsr_hw_gather *gather, unsigned int type,
		     bool scatter, unsigned int rank, unsigned int layout)
{
	unsigned int written = layout & ~LAYOUT_REPEAT;
	const struct layouts layouts = {
		.whole = scatter ? written : layout,
		.index = layout,
		.parts = scatter ? layout : written,
	};
	struct shapes shapes;

	choose_shapes(bench, gather, rank, &shapes);
	place(bench, gather, type, scatter, &shapes, &layouts);
}

union value indices_value(const struct bench *bench, unsigned int type, uint64_t va)
{
	union value value = { .i64 = 0 };
	uint64_t stored = 0;

	fake_memory_peek(bench->memory, va, &stored, bench_size(type));
	number_load(type, &stored, &value, 1);
	return value;
}

float indices_real(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t va)
{
	union value value = indices_value(bench, tensor->type, va);

	switch (number_class_of(tensor->type)) {
	case NUMBER_F32:
		return value.f32;
	case NUMBER_I32:
		return (float)value.i32;
	case NUMBER_I64:
		return (float)value.i64;
	case NUMBER_BOOL:
		return value.boolean;
	}
	return NAN;
}
