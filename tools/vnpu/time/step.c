// SPDX-License-Identifier: MIT
#include "step.h"

#include <string.h>

static void insert(struct step *step, unsigned int at, const struct load *load)
{
	memmove(&step->load[at + 1], &step->load[at], (step->loads - at) * sizeof(*load));
	step->load[at] = *load;
	step->loads++;
}

static struct load load_of(const struct operand *operand, const struct walk *walk, uint64_t bits)
{
	return (struct load){
		.walk = *walk,
		.held = bytes_held(bits),
		.memory = operand->memory,
		.tile = operand->tile,
		.multicast = operand->multicast,
		.is_static = operand->is_static,
	};
}

uint64_t step_load(struct step *step, const struct operand *operand, const struct walk *walk,
		   uint64_t bits)
{
	struct load load = load_of(operand, walk, bits);

	if (!walk->bursts)
		return 0;
	insert(step, operand->is_static ? step->front++ : step->loads, &load);
	return load.held;
}

uint64_t step_load_region(struct step *step, struct walks *walks, const struct operand *operand,
			  const struct region *region)
{
	struct box box;
	struct walk walk;

	if (!operand_loads(operand))
		return 0;
	box = operand_box(operand, region);
	walk = walk_of(walks, &box);
	return step_load(step, operand, &walk, operand_volume(operand, region));
}

uint64_t step_load_control(struct step *step, struct walks *walks, const struct operand *operand,
			   const struct region *region)
{
	struct box box;
	struct load load;
	struct walk walk;

	if (!operand_loads(operand))
		return 0;
	box = operand_box(operand, region);
	walk = walk_of(walks, &box);
	if (!walk.bursts)
		return 0;
	load = load_of(operand, &walk, operand_volume(operand, region));
	insert(step, step->front++, &load);
	return load.held;
}

void step_store_walk(struct step *step, const struct operand *operand, const struct walk *walk)
{
	if (walk->bursts)
		step->store[step->stores++] = (struct store){ *walk, operand->memory };
}

void step_store(struct step *step, struct walks *walks, const struct operand *operand,
		const struct region *region)
{
	struct box box;
	struct walk walk;

	if (!operand->bits)
		return;
	box = operand_box(operand, region);
	walk = walk_of(walks, &box);
	step_store_walk(step, operand, &walk);
}

uint64_t step_held(const struct step *step)
{
	uint64_t held = 0;

	for (unsigned int i = 0; i < step->loads; i++)
		held += step->load[i].held;
	return held;
}
