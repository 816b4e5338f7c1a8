// SPDX-License-Identifier: MIT
#include "program.h"

#include <string.h>

#include <tsr_hw/vector.h>

#include "descriptor.h"
#include "vector/facts.h"

static uint64_t weight_of(const struct tsr_hw_insn *code, unsigned int count)
{
	uint64_t weight = 0;

	for (unsigned int i = 0; i < count; i++) {
		const struct vector_facts *facts = vector_facts_of(code[i].op);

		weight += facts ? facts->weight : 0;
	}
	return weight ? weight : 1;
}

void take_program(const struct measure_source *source, const struct tsr_hw_command *head,
		  uint32_t at, struct program *program)
{
	const struct tsr_hw_vector *raw = (const void *)((const char *)head + at);
	const struct tsr_hw_tensor *inputs = (const void *)(raw + 1);
	const __le64 *constants;

	*program = (struct program){ 0 };
	if (!at)
		return;
	constants = (const void *)(inputs + raw->inputs);
	program->present = true;
	program->inputs = raw->inputs;
	program->weight = weight_of((const void *)(constants + raw->consts), raw->insns);
	for (unsigned int i = 0; i < raw->inputs && i < INPUTS_MAX; i++)
		take_tensor(source, &inputs[i], &program->input[i]);
}
