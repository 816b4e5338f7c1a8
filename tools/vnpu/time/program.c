// SPDX-License-Identifier: MIT
#include "program.h"

void program_load(const struct program *program, struct walks *walks,
		  const struct region *region, struct step *step)
{
	for (unsigned int i = 0; program->present && i < program->inputs; i++)
		step_load_region(step, walks, &program->input[i], region);
}

uint64_t program_held(const struct program *program, const struct region *region)
{
	uint64_t held = 0;

	for (unsigned int i = 0; program->present && i < program->inputs; i++)
		held += held_of_region(&program->input[i], region);
	return held;
}
