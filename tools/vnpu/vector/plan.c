/* SPDX-License-Identifier: MIT */
/*
 * A result gets a place that no register has, so it is never on an operand, whose
 * elements may be of another size. The place its register had is free afterwards. What
 * is the same in every strip keeps its place for the whole run.
 */
#include "plan.h"

#include <stdbool.h>

#include "check.h"
#include "operation.h"

struct planner {
	struct vector_plan *plan;
	uint8_t place[TSR_HW_VECTOR_REGISTERS];
	bool reusable[PLAN_PLACES];
	uint8_t free[PLAN_PLACES];
	unsigned int free_count;
};

static uint8_t take(struct planner *planner)
{
	if (planner->free_count)
		return planner->free[--planner->free_count];
	planner->reusable[planner->plan->places] = true;
	return (uint8_t)planner->plan->places++;
}

static void give_back(struct planner *planner, uint8_t place)
{
	if (planner->reusable[place])
		planner->free[planner->free_count++] = place;
}

static void add(struct planner *planner, const struct tsr_hw_insn *insn, unsigned int number)
{
	bool once = vector_operation_of(insn->op)->same_everywhere;
	struct vector_plan *plan = planner->plan;
	struct plan_step step = {
		.insn = (uint8_t)number,
		.d = once ? (uint8_t)plan->places++ : take(planner),
		.a = planner->place[insn->a],
		.b = planner->place[insn->b],
		.c = planner->place[insn->c],
	};

	if (once)
		plan->once[plan->once_count++] = step;
	else
		plan->each[plan->each_count++] = step;
	give_back(planner, planner->place[insn->dst]);
	planner->place[insn->dst] = step.d;
}

/* Whether a place holds the same from the begin of a strip to its end. */
static bool is_kept(const struct planner *planner, uint8_t place)
{
	return place < PLAN_GIVEN || !planner->reusable[place];
}

/*
 * Operands of an instruction that may be a link: the value that is carried on, which @before made
 * unless it is the first one, and another. Return: whether the former is the second operand.
 */
static bool operands_of(const struct tsr_hw_insn *insn, const struct plan_step *step,
			const struct plan_step *before, uint8_t *carried, uint8_t *other)
{
	bool is_single = insn->op == TSR_HW_VECTOR_CONVERT;
	bool swapped = !is_single && before && step->b == before->d;

	*carried = swapped ? step->b : step->a;
	*other = is_single || swapped ? step->a : step->b;
	return swapped;
}

/* One more link of a chain whose value @before made, or its first. */
static bool link(const struct planner *planner, const struct tsr_hw_insn *insn,
		 const struct plan_step *step, const struct plan_step *before)
{
	struct chain *chain = &planner->plan->chain;
	struct chain_link *link = &chain->link[chain->links];
	uint8_t carried;
	bool swapped = operands_of(insn, step, before, &carried, &link->place);

	if (before ? carried != before->d : !is_kept(planner, carried))
		return false;
	if ((before && insn->type != chain->type) ||
	    !chain_operation_of(insn, swapped, &link->operation))
		return false;
	if (link->operation != CHAIN_CONVERT && !is_kept(planner, link->place))
		return false;
	if (!before)
		chain->first = carried;
	link->type = insn->type;
	chain->type = link->operation == CHAIN_CONVERT ? insn->imm & TSR_HW_VECTOR_TO_TYPE :
							 insn->type;
	chain->links++;
	return true;
}

static void find_chain(const struct planner *planner, const struct tsr_hw_insn *code)
{
	struct vector_plan *plan = planner->plan;
	const struct plan_step *before = NULL;

	for (unsigned int i = 0; i < plan->each_count; before = &plan->each[i++]) {
		if (link(planner, &code[plan->each[i].insn], &plan->each[i], before))
			continue;
		plan->chain.links = 0;
		return;
	}
	if (before && plan->result != before->d)
		plan->chain.links = 0;
}

void vector_plan(const struct vector_program *program, struct vector_plan *plan)
{
	struct planner planner = { .plan = plan };

	*plan = (struct vector_plan){ .places = PLAN_GIVEN };
	/* Registers that nothing was given are not read before they are written. */
	for (unsigned int i = 0; i < PLAN_GIVEN; i++)
		planner.place[i] = (uint8_t)i;
	for (unsigned int i = 0; i < program->head.insns; i++)
		add(&planner, &program->code[i], i);
	plan->result = planner.place[program->head.result];
	find_chain(&planner, program->code);
}
