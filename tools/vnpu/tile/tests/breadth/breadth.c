/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "breadth.h"
#include "guarded.h"
#include "half_tensors.h"
#include "products.h"
#include "staged.h"
#include "stored.h"
#include "tile/execution.h"
#include "tile/staging.h"

const uint8_t breadth_types[BREADTH_ALL_TYPES] = {
	TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16, TSR_HW_TYPE_FP8_E4M3,
	TSR_HW_TYPE_FP8_E5M2, TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT16,
	TSR_HW_TYPE_UINT16, TSR_HW_TYPE_INT32, TSR_HW_TYPE_UINT32, TSR_HW_TYPE_INT64,
	TSR_HW_TYPE_UINT64, TSR_HW_TYPE_BOOL, TSR_HW_TYPE_E8M0, TSR_HW_TYPE_INT4,
	TSR_HW_TYPE_UINT4, TSR_HW_TYPE_FP4_E2M1,
};

/* Extents by rank. */
static const uint8_t most[TSR_HW_MAX_RANK + 1] = { 1, 200, 18, 7, 5, 4, 3, 3, 2 };

/* Elements of a step at most. */
#define STEP_ELEMENTS	4096u

unsigned int breadth_any_type(struct bench *bench)
{
	return breadth_types[bench_below(bench, BREADTH_TYPES)];
}

unsigned int breadth_any_output(struct bench *bench)
{
	return breadth_types[bench_below(bench, BREADTH_ALL_TYPES)];
}

void breadth_shape(struct bench *bench, unsigned int rank, uint32_t *dim)
{
	bool empty = !bench_below(bench, 32);

	for (unsigned int i = 0; i < rank; i++)
		dim[i] = 1 + bench_below(bench, most[rank]);
	/* A few are longer than what is done at once. */
	if (rank && !bench_below(bench, 64))
		dim[bench_below(bench, rank)] *= 1 + bench_below(bench, 40);
	if (rank && empty)
		dim[bench_below(bench, rank)] = 0;
}

/* Zeros, limits, and what is no number, as bits: the highest ones of any type, and few. */
static void put_special(struct bench *bench, const struct tsr_hw_tensor *tensor)
{
	unsigned int bits = 8 * bench_size(tensor->type);
	const uint64_t top = 1ull << (bits - 1);
	uint64_t infinity = tensor->type == TSR_HW_TYPE_FP32 ? 0x7f800000 :
			    tensor->type == TSR_HW_TYPE_FP16 ? 0x7c00 :
			    tensor->type == TSR_HW_TYPE_BF16 ? 0x7f80 : 0x7c;
	const uint64_t special[] = { 0, top, top - 1, top + 1, UINT64_MAX, 1, infinity,
				     infinity | top };
	uint64_t elements = bench_plain_elements(tensor);

	for (uint64_t i = 0; i < elements; i++)
		if (!bench_below(bench, 6))
			fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, i),
					 &special[bench_below(bench, 8)], bits / 8);
}

void breadth_input(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		   unsigned int rank, const uint32_t *dim, unsigned int layout)
{
	if (half_is(type)) {
		half_tensor(bench, tensor, type, rank, dim, layout, TSR_HW_SLOT_READ);
		return;
	}
	bench_plain(bench, tensor, type, rank, dim, layout, TSR_HW_SLOT_READ);
	if (!bench_below(bench, 4))
		put_special(bench, tensor);
}

void breadth_output(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		    unsigned int rank, const uint32_t *dim, unsigned int layout)
{
	layout &= ~LAYOUT_REPEAT;
	if (half_is(type))
		half_tensor(bench, tensor, type, rank, dim, layout, TSR_HW_SLOT_WRITE);
	else
		bench_plain(bench, tensor, type, rank, dim, layout, TSR_HW_SLOT_WRITE);
}

void breadth_output_along(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
			  unsigned int rank, const uint32_t *dim, unsigned int layout,
			  unsigned int packed)
{
	if (half_is(type) && dim[packed] > 1)
		half_tensor_along(bench, tensor, type, rank, dim, layout & ~LAYOUT_REPEAT,
				  TSR_HW_SLOT_WRITE, packed);
	else
		breadth_output(bench, tensor, half_is(type) ? TSR_HW_TYPE_FP32 : type, rank, dim,
			       layout);
}

/* Bytes of all slots that are written: some commands combine with what is there. */
static uint8_t kept[MEMORY_BYTES];

static void move_outputs(struct bench *bench,
			 void (*move)(struct fake_memory *memory, uint64_t va, void *bytes,
				      size_t n))
{
	uint8_t *at = kept;

	for (unsigned int i = 0; i < bench->slots; i++) {
		const struct tsr_hw_slot *slot = &bench->slot[i];

		if (!(slot->flags & TSR_HW_SLOT_WRITE))
			continue;
		if (slot->size > (size_t)(kept + sizeof(kept) - at))
			abort();
		move(bench->memory, slot->address, at, slot->size);
		at += slot->size;
	}
}

static void keep(struct fake_memory *memory, uint64_t va, void *bytes, size_t n)
{
	fake_memory_peek(memory, va, bytes, n);
}

static void restore(struct fake_memory *memory, uint64_t va, void *bytes, size_t n)
{
	fake_memory_poke(memory, va, bytes, n);
}

/* Whether a run that did not end well left nothing, and told no more progress than there is. */
static bool is_left_clean(const struct outcome *outcome)
{
	if (!staging_usage().used && outcome->progress <= outcome->steps)
		return true;
	fprintf(stderr, "error %d: %llu bytes are left, progress %llu\n", outcome->result.error,
		(unsigned long long)staging_usage().used, (unsigned long long)outcome->progress);
	return false;
}

/* Told to stop at any question, it stops, or was at its end. */
static bool stops(struct bench *bench, const void *command)
{
	struct outcome outcome;

	fake_memory_abort_after(bench->memory, 1 + bench_below(bench, 6));
	bench_run(bench, command, &outcome);
	fake_memory_abort_after(bench->memory, 0);
	if (outcome.result.error && outcome.result.error != EXECUTION_ABORTED) {
		fprintf(stderr, "error %d when told to stop\n", outcome.result.error);
		return false;
	}
	return is_left_clean(&outcome);
}

/* Without memory for an operand it says so, or goes another way. */
static bool runs_out(struct bench *bench, const void *command)
{
	struct outcome outcome;

	guarded_refuse((int)bench_below(bench, 8));
	bench_run(bench, command, &outcome);
	guarded_refuse(-1);
	if (outcome.result.error && outcome.result.error != TSR_HW_ERR_ENGINE) {
		fprintf(stderr, "error %d without memory\n", outcome.result.error);
		return false;
	}
	return is_left_clean(&outcome);
}

static bool is_fault_of(const struct tsr_hw_slot *slot, uint64_t page,
			const struct tile_result *result)
{
	uint32_t flag = result->error == TSR_HW_ERR_FAULT_READ ? TSR_HW_SLOT_READ :
			result->error == TSR_HW_ERR_FAULT_WRITE ? TSR_HW_SLOT_WRITE : 0;

	return slot->flags & flag && result->fault / FAKE_PAGE == page / FAKE_PAGE &&
	       result->fault >= slot->address && result->fault < slot->address + slot->size;
}

/* Without a page of a slot it says which, if it was refused anything there. */
static bool faults(struct bench *bench, const void *command, const struct tsr_hw_slot *slot)
{
	uint64_t page = slot->address + bench_below(bench, (uint32_t)slot->size + 1);
	struct outcome outcome;
	bool refused;

	fake_memory_refused(bench->memory);
	fake_memory_protect(bench->memory, page, false, false);
	bench_run(bench, command, &outcome);
	fake_memory_protect(bench->memory, page, true, true);
	refused = fake_memory_refused(bench->memory);
	if (refused ? is_fault_of(slot, page, &outcome.result) : !outcome.result.error)
		return is_left_clean(&outcome);
	fprintf(stderr, "error %d at %#llx without the page of %#llx\n", outcome.result.error,
		(unsigned long long)outcome.result.fault, (unsigned long long)page);
	return false;
}

/* Each slot is missed in turn. */
static bool faults_anywhere(struct bench *bench, const void *command)
{
	for (unsigned int i = 0; i < bench->slots; i++)
		if (!faults(bench, command, &bench->slot[i]))
			return false;
	return true;
}

/*
 * Before it runs to its end, some are stopped, some miss a page and some miss memory of the host.
 */
static bool ends_early(struct bench *bench, const void *command)
{
	unsigned int how = bench_below(bench, 8);
	bool right;

	if (how > 2 || !bench->slots)
		return true;
	move_outputs(bench, keep);
	right = how == 2 ? runs_out(bench, command) :
		how ? stops(bench, command) : faults_anywhere(bench, command);
	move_outputs(bench, restore);
	return right;
}

bool breadth_execute(struct bench *bench, const void *command)
{
	struct outcome outcome;

	if (!ends_early(bench, command))
		return false;
	staging_reset_peak();
	bench_run(bench, command, &outcome);
	if (!staged_as_said(bench, command))
		return false;
	if (outcome.result.error == TSR_HW_ERR_NONE && outcome.progress == outcome.steps)
		return true;
	fprintf(stderr, "error %d, progress %llu of %llu blocks\n", outcome.result.error,
		(unsigned long long)outcome.progress, (unsigned long long)outcome.steps);
	return false;
}

bool breadth_same(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t number,
		  uint64_t want)
{
	uint64_t got = breadth_element(bench, tensor, number);

	if (bench->strict ? got == want : stored_same(tensor->type, want, got))
		return true;
	fprintf(stderr, "element %llu of type %u: got %#llx, expected %#llx\n",
		(unsigned long long)number, tensor->type, (unsigned long long)got,
		(unsigned long long)want);
	return false;
}

uint64_t breadth_at(const struct bench *bench, const struct tsr_hw_tensor *tensor,
		    const uint64_t *at)
{
	uint64_t bits = 0;

	fake_memory_peek(bench->memory, bench_plain_at(bench, tensor, at), &bits,
			 bench_size(tensor->type));
	return bits;
}

void breadth_coordinates(const struct tsr_hw_tensor *tensor, uint64_t number, uint64_t *at)
{
	for (unsigned int i = tensor->rank; i-- > 0; number /= tensor->dim[i])
		at[i] = number % tensor->dim[i];
}

uint64_t breadth_element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			 uint64_t number)
{
	uint64_t at[TSR_HW_MAX_RANK];

	if (half_is(tensor->type))
		return half_element(bench, tensor, number);
	breadth_coordinates(tensor, number, at);
	return breadth_at(bench, tensor, at);
}

static void make_step(struct bench *bench, struct tsr_hw_step *step,
		      const struct tsr_hw_tensor *walked, uint32_t left)
{
	memset(step, 0, sizeof(*step));
	for (unsigned int i = walked->rank; i-- > 0;) {
		uint32_t dim = walked->dim[i] ? walked->dim[i] : 1;

		step->block[i] = 1 + bench_below(bench, dim < left ? dim : left);
		left /= step->block[i];
	}
}

void breadth_step(struct bench *bench, struct tsr_hw_step *step,
		  const struct tsr_hw_tensor *walked)
{
	make_step(bench, step, walked, STEP_ELEMENTS);
}

static void make_even(struct tsr_hw_step *step, const struct tsr_hw_tensor *tensor)
{
	for (unsigned int i = 0; half_is(tensor->type) && i < tensor->rank; i++)
		if (tensor->stride[i] == 1 && tensor->dim[i] > 1)
			step->block[i] += step->block[i] % 2;
}

void breadth_step_of(struct bench *bench, struct tsr_hw_step *step,
		     const struct tsr_hw_tensor *walked, const struct tsr_hw_tensor *d)
{
	/* One element more in a dimension makes it at most twice as many. */
	make_step(bench, step, walked,
		  STEP_ELEMENTS >> half_is(walked->type) >> half_is(d->type));
	make_even(step, walked);
	make_even(step, d);
}

bool breadth_padded(const struct bench *bench, const struct tsr_hw_tensor *d)
{
	if (!half_is(d->type) || half_padding(bench, d))
		return true;
	fprintf(stderr, "what lies behind an odd row of type %u is not 0\n", d->type);
	return false;
}

void breadth_operand(struct bench *bench, const struct breadth_case *one,
		     struct tsr_hw_tensor *tensor, unsigned int type, const uint32_t *dim)
{
	if (bench->strict && stored_is_float(type))
		breadth_input(bench, tensor, type, one->rank, dim, one->layout);
	else
		products_tensor(bench, tensor, type, one->rank, dim, one->layout);
}
