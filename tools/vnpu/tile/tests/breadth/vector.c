/* SPDX-License-Identifier: MIT */
/* VECTOR: random programs; the kind is the output's type. */
#include <string.h>

#include <number/load.h>
#include <number/store.h>

#include "breadth.h"
#include "half_tensors.h"
#include "stored.h"
#include "vector/tests/programs.h"
#include "vector_commands.h"

static unsigned int type_of_class(struct bench *bench, enum number_class class)
{
	unsigned int type;

	do
		type = breadth_types[bench_below(bench, BREADTH_ALL_TYPES)];
	while (number_class_of(type) != class);
	return type;
}

static void make(struct bench *bench, const struct breadth_case *one,
		 struct random_program *random, struct vector_command *command)
{
	uint64_t seed = bench->random;
	uint32_t dim[TSR_HW_MAX_RANK];

	do
		random_program(&seed, 1 + bench_below(bench, 8), 0, random);
	while (random->given.rank != one->rank);
	random->setting.tile = 0;
	*command = (struct vector_command){ .head = random->program.head };
	command->head.flags = (uint16_t)bench_below(bench, TSR_HW_VECTOR_STORE_FLAGS + 1);
	memcpy(command->constant, random->program.constants, sizeof(command->constant));
	memcpy(command->code, random->program.code, sizeof(command->code));
	for (unsigned int i = 0; i < one->rank; i++) {
		dim[i] = (uint32_t)random->setting.dims[i];
		/* Steps cut no byte. */
		command->block[i] = 2 + 2 * bench_below(bench, 3);
	}
	for (unsigned int i = 0; i < command->head.inputs; i++)
		breadth_input(bench, &command->input[i],
			      type_of_class(bench, random->given.input[i]), one->rank, dim,
			      one->layout);
	breadth_output(bench, &command->d, breadth_types[one->kind], one->rank, dim, one->layout);
}

static union value loaded(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			  uint64_t number)
{
	uint64_t bits = breadth_element(bench, tensor, number);
	union value value = { .i64 = 0 };

	number_load(tensor->type, &bits, &value, 1);
	return value;
}

static bool expect(const struct bench *bench, const struct random_program *random,
		   const struct vector_command *command, uint64_t number)
{
	union value given[5] = { { .i64 = 0 } };
	uint64_t divisions = 0;
	uint64_t want = 0;
	union value value;

	for (unsigned int i = 0; i < command->head.inputs; i++)
		given[i] = loaded(bench, &command->input[i], number);
	value = reference_run(&random->program, &random->setting, given, number, &divisions);
	number_store(random->program.result, &value, command->d.type, command->head.flags, &want,
		     1);
	return breadth_same(bench, &command->d, number, stored_canonical(command->d.type, want));
}

static bool run(struct bench *bench, const struct breadth_case *one)
{
	_Alignas(8) char bytes[VECTOR_COMMAND_BYTES];
	struct random_program random;
	struct vector_command command;
	bool good;

	make(bench, one, &random, &command);
	vector_command_pack(&command, bytes);
	good = breadth_execute(bench, bytes);
	for (uint64_t i = 0; good && i < random.elements; i++)
		good = expect(bench, &random, &command, i);
	return good && (number_bits(command.d.type) >= 8 || half_padding(bench, &command.d));
}

const struct breadth_command breadth_vector = { "VECTOR", BREADTH_ALL_TYPES, 1, 4, run };
