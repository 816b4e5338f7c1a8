/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include <number/load.h>
#include <number/store.h>

#include "bench.h"
#include "half_tensors.h"
#include "random.h"
#include "vector/tests/programs.h"
#include "vector_commands.h"

static const uint8_t types[] = {
	TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP16, TSR_HW_TYPE_BF16, TSR_HW_TYPE_FP8_E4M3,
	TSR_HW_TYPE_FP8_E5M2, TSR_HW_TYPE_INT8, TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT16,
	TSR_HW_TYPE_UINT16, TSR_HW_TYPE_INT32, TSR_HW_TYPE_UINT32, TSR_HW_TYPE_INT64,
	TSR_HW_TYPE_UINT64, TSR_HW_TYPE_BOOL, TSR_HW_TYPE_E8M0, TSR_HW_TYPE_INT4,
	TSR_HW_TYPE_UINT4, TSR_HW_TYPE_FP4_E2M1,
};

#define TYPES	(sizeof(types) / sizeof(types[0]))

static unsigned int any_type(struct bench *bench)
{
	return types[bench_below(bench, TYPES)];
}

static unsigned int type_of_class(struct bench *bench, enum number_class class)
{
	unsigned int type;

	do
		type = any_type(bench);
	while (number_class_of(type) != class);
	return type;
}

static void run(struct bench *bench, const struct vector_command *command, struct outcome *outcome)
{
	_Alignas(8) char bytes[VECTOR_COMMAND_BYTES];

	vector_command_pack(command, bytes);
	bench_run(bench, bytes, outcome);
}

/* ---- against the reference ------------------------------------------------------- */

static void place_any(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		      unsigned int rank, const uint32_t *dim, unsigned int layout, uint32_t flags)
{
	if (number_bits(type) < 8)
		half_tensor(bench, tensor, type, rank, dim, layout, flags);
	else
		bench_plain(bench, tensor, type, rank, dim, layout, flags);
}

/* Tensors of a random program: inputs of any layout, repeated ones too. */
static void place(struct bench *bench, const struct random_program *random,
		  struct vector_command *command)
{
	const struct vector_program *program = &random->program;
	uint32_t dim[TSR_HW_MAX_RANK];

	*command = (struct vector_command){ .head = program->head };
	command->head.flags = (uint16_t)bench_below(bench, TSR_HW_VECTOR_STORE_FLAGS + 1);
	memcpy(command->constant, program->constants, sizeof(command->constant));
	memcpy(command->code, program->code, sizeof(command->code));
	for (unsigned int i = 0; i < random->given.rank; i++)
		dim[i] = (uint32_t)random->setting.dims[i];
	for (unsigned int i = 0; i < program->head.inputs; i++)
		place_any(bench, &command->input[i], type_of_class(bench, random->given.input[i]),
			  random->given.rank, dim, bench_any_layout(bench) | LAYOUT_REPEAT,
			  TSR_HW_SLOT_READ);
	place_any(bench, &command->d, any_type(bench), random->given.rank, dim,
		  bench_any_layout(bench), TSR_HW_SLOT_WRITE);
}

static union value element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			   uint64_t at)
{
	union value value = { .i64 = 0 };
	uint64_t stored = 0;

	if (number_bits(tensor->type) < 8)
		stored = half_element(bench, tensor, at);
	else
		fake_memory_peek(bench->memory, bench_plain_address(bench, tensor, at), &stored,
				 bench_size(tensor->type));
	number_load(tensor->type, &stored, &value, 1);
	return value;
}

static void check_element(const struct bench *bench, const struct random_program *random,
			  const struct vector_command *command, uint64_t at, uint64_t *divisions)
{
	union value given[5] = { { .i64 = 0 } };
	union value value, want = { .i64 = 0 }, got = element(bench, &command->d, at);
	uint64_t stored = 0;

	for (unsigned int i = 0; i < command->head.inputs; i++)
		given[i] = element(bench, &command->input[i], at);
	value = reference_run(&random->program, &random->setting, given, at, divisions);
	number_store(random->program.result, &value, command->d.type, command->head.flags, &stored,
		     1);
	number_load(command->d.type, &stored, &want, 1);
	if (reference_equal(number_class_of(command->d.type), got, want))
		return;
	fprintf(stderr, "element %llu: got 0x%llx, expected 0x%llx\n", (unsigned long long)at,
		(unsigned long long)got.i64, (unsigned long long)want.i64);
	fail();
}

static void check_random(struct bench *bench, uint64_t seed, unsigned int insns, bool parameters)
{
	struct random_program random;
	struct vector_command command;
	struct outcome outcome;
	uint64_t divisions = 0;

	bench_reset(bench);
	random_program(&seed, insns, parameters ? RANDOM_PARAMETERS : 0, &random);
	random.setting.tile = 0;
	bench->parameters = random.parameters;
	bench->parameter_count = parameters ? PROGRAM_PARAMETERS : 0;
	place(bench, &random, &command);
	for (unsigned int i = 0; i < random.given.rank; i++)
		command.block[i] = 2;
	run(bench, &command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	assert_int_equal(outcome.progress, outcome.steps);
	for (uint64_t i = 0; i < random.elements; i++)
		check_element(bench, &random, &command, i, &divisions);
	if (number_bits(command.d.type) < 8)
		assert_true(half_padding(bench, &command.d));
	assert_int_equal(outcome.result.divisions, divisions);
}

static void programs_match_the_reference(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 170);
	for (uint64_t seed = 0; seed < 4 * CASES; seed++)
		check_random(&bench, seed, 1 + (unsigned int)seed % 8, seed & 8);
	bench_close(&bench);
}

/* ---- chosen commands ------------------------------------------------------------- */

#define INSN(name, kind, to, x, y)							\
	{ .op = TSR_HW_VECTOR_##name, .type = TSR_HW_VECTOR_TYPE_##kind, .dst = to, .a = x, .b = y }

/* D = A + B of int32. */
static const struct vector_command sum = {
	.head = { .insns = 1, .inputs = 2, .result = 5 },
	.code = { INSN(ADD, I32, 5, 0, 1) },
};

static void place_sum(struct bench *bench, struct vector_command *command, unsigned int rank,
		      const uint32_t *dim)
{
	*command = sum;
	for (unsigned int i = 0; i < 2; i++)
		bench_plain(bench, &command->input[i], TSR_HW_TYPE_INT32, rank, dim, LAYOUT_DENSE,
			    TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	bench_plain(bench, &command->d, TSR_HW_TYPE_INT32, rank, dim, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
}

/* The runtime reuses memory: same layout, output over input. */
static void output_may_replace_an_input(void **state)
{
	const uint32_t n = 20000;
	struct vector_command command;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 171);
	place_sum(&bench, &command, 1, &n);
	command.input[1] = command.d = command.input[0];
	for (uint32_t i = 0; i < n; i++)
		fake_memory_poke(bench.memory, bench_plain_address(&bench, &command.d, i), &i, 4);
	run(&bench, &command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(element(&bench, &command.d, i).i32, 2 * i);
	bench_close(&bench);
}

static void a_fault_of_an_input_tells_its_address(void **state)
{
	const uint32_t n = 20000;
	struct vector_command command;
	struct outcome outcome;
	struct bench bench;
	uint64_t va;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 172);
	place_sum(&bench, &command, 1, &n);
	va = (bench_plain_address(&bench, &command.input[1], 9000) + FAKE_PAGE - 1) / FAKE_PAGE *
	     FAKE_PAGE;
	fake_memory_protect(bench.memory, va, false, false);
	run(&bench, &command, &outcome);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(outcome.result.fault, va);
	bench_close(&bench);
}

/* By copies alone, or with memory used in place. */
static void run_by(struct bench *bench, const struct vector_command *command, bool in_place)
{
	struct tile_memory memory = fake_memory_accessors(bench->memory);
	_Alignas(8) char bytes[VECTOR_COMMAND_BYTES];
	uint32_t size = vector_command_pack(command, bytes);
	struct outcome outcome;
	struct tile_job *job = bench_prepare(bench, TSR_HW_ENGINE_TENSOR, bytes, size, &outcome);

	assert_non_null(job);
	if (!in_place)
		memory.open = NULL;
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
}

/* (x + y) * x; operands begin somewhere in a page. */
static void check_in_place(unsigned int type, unsigned int computed, uint32_t n)
{
	struct vector_command command = {
		.block = { 4096 },
		.head = { .insns = 2, .inputs = 2, .result = 2 },
		.code = { { .op = TSR_HW_VECTOR_ADD, .type = (uint8_t)computed, .dst = 2, .b = 1 },
			  { .op = TSR_HW_VECTOR_MUL, .type = (uint8_t)computed, .dst = 2,
			    .a = 2 } },
	};
	struct tsr_hw_tensor output[2];
	struct bench bench;

	bench_open(&bench, "edge", 32u << 20, 179);
	for (unsigned int i = 0; i < 2; i++) {
		bench_plain(&bench, &command.input[i], type, 1, &n, LAYOUT_DENSE, TSR_HW_SLOT_READ);
		bench_plain(&bench, &output[i], type, 1, &n, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	}
	for (unsigned int i = 0; i < 2; i++) {
		command.d = output[i];
		run_by(&bench, &command, i);
	}
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(element(&bench, &output[0], i).i64,
				 element(&bench, &output[1], i).i64);
	bench_close(&bench);
}

static void memory_in_place_gives_what_copies_give(void **state)
{
	(void)state;
	check_in_place(TSR_HW_TYPE_INT8, TSR_HW_VECTOR_TYPE_I32, 70001);
	check_in_place(TSR_HW_TYPE_BF16, TSR_HW_VECTOR_TYPE_F32, 40000);
	check_in_place(TSR_HW_TYPE_INT64, TSR_HW_VECTOR_TYPE_I64, 9999);
	check_in_place(TSR_HW_TYPE_FP32, TSR_HW_VECTOR_TYPE_F32, 300);
	/* So large that it goes past the caches. */
	check_in_place(TSR_HW_TYPE_FP32, TSR_HW_VECTOR_TYPE_F32, (1u << 20) + 777);
}

/* Opening a window for a few of them would take longer. */
static void few_elements_are_copied(void **state)
{
	struct vector_command command;
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 72);
	for (uint32_t n = 1; n < 600; n++) {
		bench_reset(&bench);
		memset(&command, 0, sizeof(command));
		command.head = (struct tsr_hw_vector){ .inputs = 1 };
		command.block[0] = 4096;
		bench_plain(&bench, &command.input[0], TSR_HW_TYPE_FP32, 1, &n, LAYOUT_DENSE,
			    TSR_HW_SLOT_READ);
		bench_plain(&bench, &command.d, TSR_HW_TYPE_FP32, 1, &n, LAYOUT_DENSE,
			    TSR_HW_SLOT_WRITE);
		fake_memory_opened(bench.memory);
		run(&bench, &command, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(fake_memory_opened(bench.memory), n >= 256);
	}
	bench_close(&bench);
}

static void floating_results_that_are_no_numbers_are_counted(void **state)
{
	const uint32_t n = 3000;
	struct vector_command command = {
		.head = { .insns = 2, .consts = 1, .result = 1 },
		.constant = { 0x7f800000 },
		.code = { INSN(CONSTANT, F32, 0, 0, 0), INSN(SUB, F32, 1, 0, 0) },
	};
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 173);
	bench_plain(&bench, &command.d, TSR_HW_TYPE_FP32, 1, &n, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	run(&bench, &command, &outcome);
	assert_int_equal(outcome.result.nan, n);
	command.head.result = 0;
	run(&bench, &command, &outcome);
	assert_int_equal(outcome.result.infinite, n);
	bench_close(&bench);
}

/* Pieces and threads begin and end with a byte, wherever rows do. */
static void elements_beside_others_in_a_byte_are_stored(void **state)
{
	static const uint32_t shapes[][2] = { { 9001, 5 }, { 3, 20001 }, { 5, 9000 }, { 45001, 1 },
					      { 1, 45001 }, { 15001, 3 } };
	struct vector_command command = { .head = { .inputs = 1 }, .block = { 2, 2 } };
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 179);
	for (unsigned int i = 0; i < 4 * sizeof(shapes) / sizeof(shapes[0]); i++) {
		const uint32_t *dim = shapes[i / 4];

		bench_reset(&bench);
		half_tensor(&bench, &command.input[0], TSR_HW_TYPE_UINT4, 2, dim,
			    bench_any_layout(&bench), TSR_HW_SLOT_READ);
		half_tensor(&bench, &command.d, TSR_HW_TYPE_UINT4, 2, dim, bench_any_layout(&bench),
			    TSR_HW_SLOT_WRITE);
		run(&bench, &command, &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(outcome.progress, outcome.steps);
		for (uint32_t k = 0; k < dim[0] * dim[1]; k++)
			assert_int_equal(half_element(&bench, &command.d, k),
					 half_element(&bench, &command.input[0], k));
		assert_true(half_padding(&bench, &command.d));
	}
	bench_close(&bench);
}

/* ---- refusals -------------------------------------------------------------------- */

/* A defect of the bytes of a command, at most one. */
struct defect {
	const char *name;
	int error;
	void (*make)(struct tsr_hw_vector_command *head, struct tsr_hw_vector *program,
		     struct tsr_hw_tensor *inputs);
};

#define DEFECT(name, statement)								\
static void name(struct tsr_hw_vector_command *command, struct tsr_hw_vector *program,	\
		 struct tsr_hw_tensor *input)						\
{											\
	(void)command;									\
	(void)program;									\
	(void)input;									\
	statement;									\
}

DEFECT(nothing, )
DEFECT(no_program, command->head.post = 0)
DEFECT(program_inside_the_body, command->head.post -= 8)
DEFECT(program_further_on, command->head.post += 8)
DEFECT(shorter_than_its_program, command->head.size -= 8)
DEFECT(longer_than_its_program, command->head.size += 8)
DEFECT(not_of_whole_words, command->head.size -= 4)
DEFECT(reserved_bytes, command->head.mbz2 = 1)
DEFECT(more_inputs_than_there_are, program->inputs = 3)
DEFECT(instruction_that_is_none, program->insns = 33)
DEFECT(unwritten_result, program->result = 9)
DEFECT(other_extent, input[1].dim[0]--)
DEFECT(other_rank, input[1].rank = 2; input[1].dim[1] = 1)
DEFECT(other_class, input[1].type = TSR_HW_TYPE_UINT32)
DEFECT(no_tensor, input[0] = (struct tsr_hw_tensor){ .slot = TSR_HW_SLOT_NONE })
DEFECT(no_output, command->d = (struct tsr_hw_tensor){ .slot = TSR_HW_SLOT_NONE })
DEFECT(repeated_output, command->d.stride[0] = 0)
DEFECT(unknown_type, input[0].type = TSR_HW_TYPE_COUNT)
DEFECT(step_without_extent, command->step.block[0] = 0)
DEFECT(halves_in_whole_steps, input[0].type = TSR_HW_TYPE_INT4; command->step.block[0] = 2)
DEFECT(halves_in_one_step, input[0].type = TSR_HW_TYPE_INT4; command->step.block[0] = 101)
DEFECT(halves_cut_by_a_step, input[0].type = TSR_HW_TYPE_INT4; command->step.block[0] = 3)
DEFECT(stored_halves, command->d.type = TSR_HW_TYPE_UINT4; command->step.block[0] = 98)
DEFECT(stored_halves_cut_by_a_step, command->d.type = TSR_HW_TYPE_UINT4;
       command->step.block[0] = 99)
DEFECT(behind_the_slot, input[1].offset += 4)
DEFECT(slot_for_reading, command->d.slot = input[1].slot)

static const struct defect defects[] = {
	{ "nothing", TSR_HW_ERR_NONE, nothing },
	{ "no program", TSR_HW_ERR_COMMAND, no_program },
	{ "program inside the body", TSR_HW_ERR_COMMAND, program_inside_the_body },
	{ "program further on", TSR_HW_ERR_COMMAND, program_further_on },
	{ "shorter than its program", TSR_HW_ERR_COMMAND, shorter_than_its_program },
	{ "longer than its program", TSR_HW_ERR_COMMAND, longer_than_its_program },
	{ "not of whole words", TSR_HW_ERR_COMMAND, not_of_whole_words },
	{ "reserved bytes", TSR_HW_ERR_COMMAND, reserved_bytes },
	{ "more inputs than there are", TSR_HW_ERR_COMMAND, more_inputs_than_there_are },
	{ "too many instructions", TSR_HW_ERR_COMMAND, instruction_that_is_none },
	{ "unwritten result", TSR_HW_ERR_COMMAND, unwritten_result },
	{ "other extent", TSR_HW_ERR_COMMAND, other_extent },
	{ "other rank", TSR_HW_ERR_COMMAND, other_rank },
	{ "other type of register", TSR_HW_ERR_COMMAND, other_class },
	{ "no tensor", TSR_HW_ERR_COMMAND, no_tensor },
	{ "no output", TSR_HW_ERR_COMMAND, no_output },
	{ "repeated output", TSR_HW_ERR_COMMAND, repeated_output },
	{ "unknown type", TSR_HW_ERR_COMMAND, unknown_type },
	{ "step without extent", TSR_HW_ERR_COMMAND, step_without_extent },
	{ "halves in whole steps", TSR_HW_ERR_NONE, halves_in_whole_steps },
	{ "halves in one step", TSR_HW_ERR_NONE, halves_in_one_step },
	{ "halves cut by a step", TSR_HW_ERR_COMMAND, halves_cut_by_a_step },
	{ "stored halves", TSR_HW_ERR_NONE, stored_halves },
	{ "stored halves cut by a step", TSR_HW_ERR_COMMAND, stored_halves_cut_by_a_step },
	{ "behind the slot", TSR_HW_ERR_SLOT, behind_the_slot },
	{ "slot for reading only", TSR_HW_ERR_SLOT, slot_for_reading },
};

static int verdict(struct bench *bench, const struct vector_command *command,
		   const struct defect *defect)
{
	/*
	 * What follows is another command, so that one that is too long ends inside of the stream.
	 */
	_Alignas(8) char bytes[2 * VECTOR_COMMAND_BYTES];
	uint32_t size = vector_command_pack(command, bytes);
	struct tsr_hw_vector_command *head = (struct tsr_hw_vector_command *)bytes;
	struct tsr_hw_vector *program = (struct tsr_hw_vector *)(head + 1);
	struct outcome outcome;

	memcpy(bytes + size, bytes, size);
	defect->make(head, program, (struct tsr_hw_tensor *)(program + 1));
	tile_free(bench_prepare(bench, TSR_HW_ENGINE_TENSOR, bytes, 2 * size, &outcome));
	return outcome.result.error;
}

static void a_defect_is_refused(void **state)
{
	const uint32_t n = 100;
	struct vector_command command;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 176);
	place_sum(&bench, &command, 1, &n);
	bench.slot[command.input[1].slot].flags = TSR_HW_SLOT_READ;
	for (size_t i = 0; i < sizeof(defects) / sizeof(defects[0]); i++) {
		int error = verdict(&bench, &command, &defects[i]);

		if (error != defects[i].error)
			fail_msg("%s: error %d, expected %d", defects[i].name, error,
				 defects[i].error);
	}
	bench_close(&bench);
}

/* By a constant and by an instruction; the number is one more than the job has, or not. */
static void parameters_that_the_job_does_not_have_are_refused(void **state)
{
	static const uint64_t parameters[3] = { 7, 8, 9 };
	const uint32_t n = 100;
	struct vector_command commands[] = {
		{
			.head = { .insns = 1, .consts = 1, .const_p = 1 },
			.code = { INSN(CONSTANT, I64, 0, 0, 0) },
		},
		{
			.head = { .insns = 1 },
			.code = { INSN(PARAMETER, I64, 0, 0, 0) },
		},
	};
	struct outcome outcome;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 177);
	bench.parameters = parameters;
	bench.parameter_count = 3;
	for (unsigned int i = 0; i < 2; i++) {
		bench_plain(&bench, &commands[i].d, TSR_HW_TYPE_INT64, 1, &n, LAYOUT_DENSE,
			    TSR_HW_SLOT_WRITE);
		commands[i].code[0].imm = i ? 2 : 0;
		commands[i].constant[0] = 2;
		run(&bench, &commands[i], &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_NONE);
		assert_int_equal(element(&bench, &commands[i].d, n - 1).i64, 9);
		commands[i].code[0].imm = i ? 3 : 0;
		commands[i].constant[0] = 3;
		run(&bench, &commands[i], &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_PARAMETER);
		commands[i].code[0].imm = i ? TSR_HW_VECTOR_PARAMETERS : 0;
		commands[i].constant[0] = 1ull << 32;
		run(&bench, &commands[i], &outcome);
		assert_int_equal(outcome.result.error, TSR_HW_ERR_COMMAND);
	}
	bench_close(&bench);
}

/* What the job gave when it was taken counts, not what stands there afterwards. */
static void parameters_are_those_of_the_start(void **state)
{
	uint64_t parameters[1] = { 5 };
	const uint32_t n = 10;
	struct vector_command command = {
		.head = { .insns = 1 },
		.code = { INSN(PARAMETER, I64, 0, 0, 0) },
	};
	_Alignas(8) char bytes[VECTOR_COMMAND_BYTES];
	struct tile_memory memory;
	struct outcome outcome;
	struct tile_job *job;
	struct bench bench;

	(void)state;
	bench_open(&bench, "edge", MEMORY_BYTES, 178);
	memory = fake_memory_accessors(bench.memory);
	bench.parameters = parameters;
	bench.parameter_count = 1;
	bench_plain(&bench, &command.d, TSR_HW_TYPE_INT64, 1, &n, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	job = bench_prepare(&bench, TSR_HW_ENGINE_TENSOR, bytes,
			    vector_command_pack(&command, bytes), &outcome);
	assert_non_null(job);
	parameters[0] = 6;
	tile_execute(job, &memory, NULL, &outcome.result);
	tile_free(job);
	assert_int_equal(element(&bench, &command.d, 0).i64, 5);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_match_the_reference),
		cmocka_unit_test(output_may_replace_an_input),
		cmocka_unit_test(a_fault_of_an_input_tells_its_address),
		cmocka_unit_test(memory_in_place_gives_what_copies_give),
		cmocka_unit_test(few_elements_are_copied),
		cmocka_unit_test(floating_results_that_are_no_numbers_are_counted),
		cmocka_unit_test(elements_beside_others_in_a_byte_are_stored),
		cmocka_unit_test(a_defect_is_refused),
		cmocka_unit_test(parameters_that_the_job_does_not_have_are_refused),
		cmocka_unit_test(parameters_are_those_of_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
