/* SPDX-License-Identifier: MIT */
#include "execution.h"

#include <tsr_hw/error.h>

#include "canonical.h"
#include "gather.h"
#include "nonfinite.h"
#include "parallel.h"
#include "smaller.h"
#include "staging.h"
#include "tensor.h"
#include "tile.h"
#include "view.h"

/* Parts between two reports of progress. */
#define CHUNK	(1u << 23)

/* What execution_ranges() does, and where a chunk of it begins. */
struct chunk {
	int (*body)(void *context, uint64_t first, uint64_t n, uint64_t *fault);
	void *context;
	uint64_t first;
};

struct load {
	const struct execution *execution;
	const struct view *view;
	uint64_t first;
	char *to;
};

void execution_start(struct execution *execution, uint64_t steps, const struct tensor *d,
		     bool computes)
{
	struct tile_flip *flip = execution->flip;
	uint64_t bytes = tensor_elements(d) * d->size;

	execution->steps = steps;
	execution->reported = 0;
	execution->type = computes ? d->type : 0;
	execution->flip_byte = UINT64_MAX;
	if (!bytes || !flip || flip->result_bit == TILE_FLIP_NONE)
		return;
	execution->flip_byte = flip->result_bit / 8 % bytes;
	execution->flip_mask = (uint8_t)(1u << flip->result_bit % (d->halves ? 4 : 8));
	flip->result_bit = TILE_FLIP_NONE;
}

int execution_progress(struct execution *execution, uint64_t done, uint64_t total)
{
	const struct tile_memory *memory = execution->memory;
	unsigned __int128 product = (unsigned __int128)execution->steps * done;
	uint64_t share = (uint64_t)(product / total);

	if (share > execution->reported) {
		memory->progress(memory->ctx, share - execution->reported);
		execution->reported = share;
	}
	return memory->aborted(memory->ctx) ? EXECUTION_ABORTED : TSR_HW_ERR_NONE;
}

void execution_finish(struct execution *execution)
{
	const struct tile_memory *memory = execution->memory;

	if (execution->reported < execution->steps)
		memory->progress(memory->ctx, execution->steps - execution->reported);
	execution->reported = execution->steps;
}

static int run_range(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct chunk *chunk = context;

	return chunk->body(chunk->context, chunk->first + first, n, fault);
}

int execution_ranges(struct execution *execution, uint64_t total, uint64_t step,
		     int (*body)(void *context, uint64_t first, uint64_t n, uint64_t *fault),
		     void *context)
{
	struct chunk chunk = { body, context, 0 };
	int error = TSR_HW_ERR_NONE;

	for (; !error && chunk.first < total; chunk.first += CHUNK) {
		uint64_t n = smaller(total - chunk.first, CHUNK);

		error = parallel_ranges(execution->memory, n, step, run_range, &chunk,
					&execution->fault);
		if (!error)
			error = execution_progress(execution, chunk.first + n, total);
	}
	return error;
}

static int load_block(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	const struct load *load = context;

	return gather(load->execution->memory, load->view, load->first + first, n,
		      load->to + first * load->view->size, fault);
}

int execution_load(struct execution *execution, const struct view *view, uint64_t first,
		   uint64_t count, void *to)
{
	struct load load = { execution, view, first, to };

	return parallel_ranges(execution->memory, count, GATHER_BLOCK / view->size, load_block,
			       &load, &execution->fault);
}

bool execution_flips_weights(const struct execution *execution)
{
	return execution->flip && execution->flip->weight_bit != TILE_FLIP_NONE;
}

struct execution_flip execution_take_weight_flip(struct execution *execution,
						 const struct view *view, uint64_t count)
{
	struct tile_flip *flip = execution->flip;
	unsigned int bits = view->halves ? 4 : 8 * view->size;
	uint64_t element, bit;

	if (!count || !execution_flips_weights(execution))
		return (struct execution_flip){ .at = UINT64_MAX };
	element = flip->weight_bit / bits % count;
	bit = flip->weight_bit % bits;
	flip->weight_bit = TILE_FLIP_NONE;
	return (struct execution_flip){ element * view->size + bit / 8, (uint8_t)(1u << bit % 8) };
}

void execution_flip_weights(const struct execution_flip *flip, uint64_t first, uint64_t bytes,
			    void *raw)
{
	/* Only one thread has the byte in its range. */
	if (flip->at - first < bytes)
		((uint8_t *)raw)[flip->at - first] ^= flip->mask;
}

void execution_flip_within(struct execution *execution, uint64_t bytes)
{
	if (execution->flip_byte != UINT64_MAX)
		execution->flip_byte %= bytes;
}

void execution_flip(const struct execution *execution, uint64_t first, uint64_t bytes,
		    void *from)
{
	/* Only one thread has the byte in its range. */
	if (execution->flip_byte - first < bytes)
		((uint8_t *)from)[execution->flip_byte - first] ^= execution->flip_mask;
}

void execution_mark(const struct execution *execution, uint64_t first, uint64_t count,
		    uint32_t size, void *from)
{
	nonfinite_add(execution->nonfinite, execution->type, from, count);
	if (execution->strict)
		canonical_nan(execution->type, from, count);
	execution_flip(execution, first * size, count * size, from);
}

bool execution_keeps(const struct execution *execution)
{
	return !execution->strict && execution->flip_byte == UINT64_MAX;
}

int execution_store(const struct execution *execution, const struct view *view, uint64_t base,
		    uint64_t first, uint64_t count, void *from, uint64_t *fault)
{
	execution_mark(execution, base + first, count, view->size, from);
	return scatter(execution->memory, view, first, count, from, fault);
}
