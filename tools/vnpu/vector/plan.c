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
}
