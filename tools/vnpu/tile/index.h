/* SPDX-License-Identifier: MIT */
/*
 * Indices from memory. They are read once into private memory and checked there, all of a
 * command before it touches anything else: what changes in memory afterwards has no effect.
 */
#ifndef VNPU_TILE_INDEX_H
#define VNPU_TILE_INDEX_H

#include <stdint.h>

#include "tensor.h"

struct execution;

#define TYPES_INDEX	(TYPE_BIT(TSR_HW_TYPE_INT32) | TYPE_BIT(TSR_HW_TYPE_INT64))

/* Indices of one command; dimensions repeated by stride 0 count once. */
#define INDEX_MOST	(1ull << 22)

/**
 * struct index_layout - where the indices of a tensor lie in private memory
 * @tensor: the indices
 * @coordinates: consecutive ones that belong together: the extent of the last dimension,
 *	or 1
 * @extent: of the dimensions that they lead to, for each coordinate
 * @count: private indices; dimensions repeated by stride 0 are there once
 * @step: private indices between neighbours in each dimension; 0 repeats
 */
struct index_layout {
	const struct tensor *tensor;
	unsigned int coordinates;
	uint64_t extent[TSR_HW_MAX_RANK];
	uint64_t count;
	uint64_t step[TSR_HW_MAX_RANK];
};

/**
 * index_place() - lay out the indices of a tensor; sets @count and @step
 * @layout: tensor, coordinates and their extents are set
 */
void index_place(struct index_layout *layout);

/** index_staging() - bytes of private memory that index_load() takes; absurd for too many */
uint64_t index_staging(const struct index_layout *layout);

/**
 * index_load() - read the indices and check them
 * @execution: the running command
 * @layout: from index_place()
 * @index: result: the indices, all inside of their extents, to be given to staging_put()
 *
 * A negative index counts from the end, once.
 *
 * Return: TSR_HW_ERR_NONE, TSR_HW_ERR_INDEX, TSR_HW_ERR_FAULT_*, TSR_HW_ERR_ENGINE or
 * EXECUTION_ABORTED; *@index is NULL but for the first.
 */
int index_load(struct execution *execution, const struct index_layout *layout, int64_t **index);

#endif
