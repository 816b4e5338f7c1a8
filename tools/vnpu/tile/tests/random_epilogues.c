/* SPDX-License-Identifier: MIT */
#include "random_epilogues.h"

#include <string.h>

#include <number/load.h>
#include <number/store.h>

#include "indices.h"
#include "vector/tests/reference.h"

#define BODY_BYTES	4096

void random_epilogue_take(struct bench *bench, struct random_epilogue *epilogue,
			  unsigned int inputs, uint32_t *dim)
{
	struct random_program *random = &epilogue->random;
	struct vector_command *program = &epilogue->program;

	random->setting.tile = 0;
	*program = (struct vector_command){ .head = random->program.head };
	program->head.inputs = (uint8_t)inputs;
	memcpy(program->constant, random->program.constants, sizeof(program->constant));
	memcpy(program->code, random->program.code, sizeof(program->code));
	for (unsigned int i = 0; i < random->given.rank; i++)
		dim[i] = (uint32_t)random->setting.dims[i];
	for (unsigned int i = 0; i < inputs; i++)
		bench_plain(bench, &program->input[i],
			    indices_type_of(bench, random->given.input[i]), random->given.rank, dim,
			    bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
	epilogue->exists = true;
}

uint32_t random_epilogue_pack(const struct random_epilogue *epilogue, unsigned int op,
			      const void *body, size_t size, void *bytes)
{
	_Alignas(8) char program[VECTOR_COMMAND_BYTES];
	const size_t head = sizeof(struct tsr_hw_vector_command);
	struct tsr_hw_command *command = bytes;
	uint32_t behind = 0;

	memcpy(bytes, body, size);
	command->op = (uint8_t)op;
	if (epilogue->exists) {
		behind = vector_command_pack(&epilogue->program, program) - (uint32_t)head;
		memcpy((char *)bytes + size, program + head, behind);
		command->post = (uint16_t)size;
	}
	command->size = (uint16_t)(size + behind);
	return command->size;
}

void random_epilogue_run(struct bench *bench, const struct random_epilogue *epilogue,
			 unsigned int op, const void *body, size_t size, struct outcome *outcome)
{
	_Alignas(8) char bytes[BODY_BYTES + RANDOM_EPILOGUE_BYTES];

	random_epilogue_pack(epilogue, op, body, size, bytes);
	bench_run(bench, bytes, outcome);
}

static union value value_at(const struct bench *bench, const struct tsr_hw_tensor *input,
			    uint64_t n)
{
	return indices_value(bench, input->type, bench_plain_address(bench, input, n));
}

union value random_epilogue_stored(const struct bench *bench,
				   const struct random_epilogue *epilogue,
				   const struct tsr_hw_tensor *d, uint64_t n,
				   enum number_class from, union value value)
{
	union value given[TSR_HW_VECTOR_VALUE + 1] = { { .i64 = 0 } };
	union value want = { .i64 = 0 };
	uint64_t stored = 0, divisions = 0;
	unsigned int flags = 0;

	if (epilogue->exists) {
		for (unsigned int i = 0; i < epilogue->program.head.inputs; i++)
			given[i] = value_at(bench, &epilogue->program.input[i], n);
		given[TSR_HW_VECTOR_VALUE] = value;
		value = reference_run(&epilogue->random.program, &epilogue->random.setting, given,
				      n, &divisions);
		from = epilogue->random.program.result;
		flags = epilogue->program.head.flags;
	}
	number_store(from, &value, d->type, flags, &stored, 1);
	number_load(d->type, &stored, &want, 1);
	return want;
}
