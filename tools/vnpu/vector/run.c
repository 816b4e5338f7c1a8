/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include <number/store.h>
#include <tsr_hw/types.h>

/* Bytes from one place to the next: apart by more than a power of two, as caches like it. */
#define PLACE_BYTES	(VECTOR_STRIP * sizeof(uint64_t) + 64)
#define ALIGNMENT	64

/*
 * @place: where each lies; those that the command fills point to the strip's elements.
 * @small: the chain in lanes of 16 bits
 * @asked: whether it is one was asked for its ends
 * @is_small: and it is
 * @divisions_by_zero: of all strips
 */
struct vector_run {
	const struct vector_program *program;
	struct vector_setting setting;
	struct vector_plan plan;
	uint64_t divisions_by_zero;
	const void *place[PLAN_PLACES];
	struct chain16 small;
	bool asked;
	bool is_small;
	_Alignas(ALIGNMENT) unsigned char own[];
};

static void *own_place(struct vector_run *run, unsigned int place)
{
	return run->own + (place - PLAN_GIVEN) * PLACE_BYTES;
}

static void execute(struct vector_run *run, const struct plan_step *step, uint64_t first, size_t n)
{
	const struct tsr_hw_insn *insn = &run->program->code[step->insn];
	const struct vector_work work = {
		.d = own_place(run, step->d),
		.a = run->place[step->a],
		.b = run->place[step->b],
		.c = run->place[step->c],
		.n = n,
		.imm = insn->imm,
		.type = insn->type,
		.first = first,
		.program = run->program,
		.setting = &run->setting,
		.divisions_by_zero = &run->divisions_by_zero,
	};

	vector_operation_of(insn->op)->loop[insn->type](&work);
}

struct vector_run *vector_begin(const struct vector_program *program,
				const struct vector_setting *setting)
{
	struct vector_plan plan;
	struct vector_run *run;

	vector_plan(program, &plan);
	run = aligned_alloc(ALIGNMENT, sizeof(*run) + (plan.places - PLAN_GIVEN) * PLACE_BYTES);
	if (!run)
		return NULL;
	*run = (struct vector_run){ .program = program, .setting = *setting, .plan = plan };
	for (unsigned int i = PLAN_GIVEN; i < plan.places; i++)
		run->place[i] = own_place(run, i);
	for (unsigned int i = 0; i < plan.once_count; i++)
		execute(run, &plan.once[i], 0, VECTOR_STRIP);
	return run;
}

/* Where the last instruction's result goes; there is one. */
static void *last_place(struct vector_run *run)
{
	return own_place(run, run->plan.each[run->plan.each_count - 1].d);
}

static bool is_chain(const struct vector_run *run, size_t n)
{
	return run->plan.chain.links && n % CHAIN_BLOCK == 0;
}

/*
 * Links are sums, products, extrema and conversions, of which none takes an element for an index.
 */
bool vector_bears_change(const struct vector_run *run, size_t n)
{
	return is_chain(run, n);
}

static void give(struct vector_run *run, const struct vector_strip *strip)
{
	for (unsigned int i = 0; i < PLAN_GIVEN; i++)
		run->place[i] = strip->given[i];
}

const void *vector_strip(struct vector_run *run, const struct vector_strip *strip)
{
	give(run, strip);
	if (is_chain(run, strip->n)) {
		chain_run(&run->plan.chain, run->place, strip->next, last_place(run), strip->n);
		return run->place[run->plan.result];
	}
	for (unsigned int i = 0; i < run->plan.each_count; i++)
		execute(run, &run->plan.each[i], strip->first, strip->n);
	return run->place[run->plan.result];
}

/* What a chain's results of 8 bits lie between; those of integers may keep the low bits instead. */
static void store_chain(struct vector_run *run, bool is_signed, void *to, size_t n)
{
	const struct chain *chain = &run->plan.chain;
	bool wraps = chain->type == TSR_HW_VECTOR_TYPE_I32 &&
		     run->program->head.flags & TSR_HW_VECTOR_STORE_WRAP;

	chain_store(chain, run->place, wraps ? INT32_MIN : is_signed ? INT8_MIN : 0,
		    wraps ? INT32_MAX : is_signed ? INT8_MAX : UINT8_MAX, to, n);
}

void vector_strip_stored(struct vector_run *run, const struct vector_strip *strip,
			 unsigned int type, void *to)
{
	bool is_signed = type == TSR_HW_TYPE_INT8;

	if (is_chain(run, strip->n) && (is_signed || type == TSR_HW_TYPE_UINT8)) {
		give(run, strip);
		store_chain(run, is_signed, to, strip->n);
		return;
	}
	number_store(run->program->result, vector_strip(run, strip), type, run->program->head.flags,
		     to, strip->n);
}

/* Strips of a command have the same ends, so that little is asked again. */
static bool is_small(struct vector_run *run, const struct chain16_ends *ends)
{
	if (run->asked && !memcmp(&run->small.ends, ends, sizeof(*ends)))
		return run->is_small;
	run->asked = true;
	run->is_small = chain16_plan(&run->plan.chain, ends, run->place, &run->small);
	return run->is_small;
}

bool vector_stores(struct vector_run *run, const struct chain16_ends *ends, size_t n)
{
	return is_chain(run, n) && is_small(run, ends);
}

bool vector_store(struct vector_run *run, const struct vector_strip *strip,
		  const struct chain16_ends *ends, void *to)
{
	if (!vector_stores(run, ends, strip->n))
		return false;
	give(run, strip);
	chain16_run(&run->plan.chain, &run->small, run->place, to, strip->n);
	return true;
}

uint64_t vector_divisions_by_zero(const struct vector_run *run)
{
	return run->divisions_by_zero;
}

void vector_end(struct vector_run *run)
{
	free(run);
}
