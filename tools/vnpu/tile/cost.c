/* SPDX-License-Identifier: MIT */
#include "cost.h"

#include "number/types.h"
#include "sku.h"
#include "tile.h"
#include "work.h"

/* Constants of model version 1. */
#define COMMAND_CYCLES	64
#define DMA_CYCLES	32
#define MOVE_BYTES	4	/* bytes per cycle and vector lane */
#define BLOCK_ELEMENTS	4096
#define BLOCK_ROWS	4096	/* of an array product */

static uint64_t divide_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Rows that the array has for a type that it computes. */
static uint64_t rows_of(const struct tsr_hw_fuses *fuses, unsigned int type)
{
	return fuses->macs[type] / ((uint64_t)fuses->array_columns * fuses->array_ports);
}

/*
 * Weight-stationary array: a block of rows x columns weights is loaded while the one
 * before it computes, so a block takes as many cycles as the longer of both.
 */
static uint64_t array_cycles(const struct tsr_hw_fuses *fuses, const struct work *work)
{
	uint64_t columns = fuses->array_columns;
	uint64_t rows = rows_of(fuses, work->type);
	uint64_t weights = divide_up(rows * columns * number_bits(work->type),
				     8ull * fuses->weight_path);
	uint64_t cycles = saturating_mul(work->batch, divide_up(max(work->k, 1), rows));

	cycles = saturating_mul(cycles, divide_up(work->n, columns));
	cycles = saturating_mul(cycles, max(divide_up(work->m, fuses->array_ports), weights));
	return saturating_add(cycles, fuses->array_rows + columns);
}

/* A strip is as many elements as there are lanes, and does not go over the end of a row. */
static uint64_t strips(uint64_t elements, uint64_t row, uint64_t lanes)
{
	if (!row)
		return divide_up(elements, lanes);
	return saturating_mul(elements / row, divide_up(row, lanes));
}

static uint64_t vector_cycles(const struct work *work, uint64_t lanes)
{
	uint64_t cycles = saturating_mul(strips(work->elements, work->row, lanes), work->factor);
	uint64_t pre = strips(work->pre_elements, work->pre_row, lanes);
	uint64_t post = strips(work->post_elements, work->post_row, lanes);

	cycles = saturating_add(cycles, saturating_mul(pre, work->pre_weight));
	return saturating_add(cycles, saturating_mul(post, work->post_weight));
}

static uint64_t compute_cycles(const struct tsr_hw_fuses *fuses, const struct work *work)
{
	uint64_t lanes = fuses->vector_operations;

	switch (work->unit) {
	case WORK_ARRAY:
		/* The vector unit has no elements but those of the epilogue. */
		return max(array_cycles(fuses, work), vector_cycles(work, lanes));
	case WORK_VECTOR:
		return vector_cycles(work, lanes);
	case WORK_SERIAL:
		return work->elements;
	case WORK_MOVE:
		return max(divide_up(work->bytes_written, MOVE_BYTES * lanes), work->places);
	default:
		return 0;
	}
}

static uint64_t memory_cycles(const struct tsr_hw_fuses *fuses, const struct work *work)
{
	uint64_t bytes = saturating_add(work->bytes_read, work->bytes_written);
	unsigned __int128 scaled = (unsigned __int128)bytes * fuses->clock_khz;
	uint64_t rate = (uint64_t)fuses->memory_mb_s * 1000;
	unsigned __int128 cycles = (scaled + rate - 1) / rate;

	return cycles > UINT64_MAX ? UINT64_MAX : (uint64_t)cycles;
}

static uint64_t blocks_of(const struct tsr_hw_fuses *fuses, const struct work *work)
{
	uint64_t columns = fuses->array_columns;
	uint64_t blocks;

	if (work->unit != WORK_ARRAY)
		return divide_up(work->elements, BLOCK_ELEMENTS);
	blocks = saturating_mul(work->batch,
				divide_up(max(work->k, 1), rows_of(fuses, work->type)));
	blocks = saturating_mul(blocks, divide_up(work->n, columns));
	return saturating_mul(blocks, divide_up(work->m, BLOCK_ROWS));
}

static uint64_t operations_of(const struct work *work)
{
	uint64_t pre = saturating_mul(work->pre_elements, work->pre_weight);
	uint64_t post = saturating_mul(work->post_elements, work->post_weight);

	if (work->unit == WORK_ARRAY)
		return saturating_add(work->batch * work->m * work->n * max(work->k, 1), post);
	if (work->unit != WORK_VECTOR)
		return work->elements;
	return saturating_add(saturating_mul(work->elements, work->factor), saturating_add(pre, post));
}

void cost_of(const struct sku *sku, const struct work *work, struct tile_cost *cost)
{
	const struct tsr_hw_fuses *fuses = sku_fuses(sku);
	uint64_t overhead = work->unit == WORK_DMA ? DMA_CYCLES : COMMAND_CYCLES;
	uint64_t busy = max(compute_cycles(fuses, work), memory_cycles(fuses, work));

	cost->cycles = saturating_add(overhead, busy);
	cost->operations = operations_of(work);
	cost->macs = work->unit == WORK_ARRAY ? work->batch * work->m * work->n * work->k : 0;
	cost->bytes_read = work->bytes_read;
	cost->bytes_written = work->bytes_written;
	cost->blocks = blocks_of(fuses, work);
}
