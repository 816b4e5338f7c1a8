/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs.h"
#include "random.h"
#include "vector/run.h"

#define MOST_ELEMENTS	(9 * 9 * 9 * 9)
#define MOST_BYTES	(MOST_ELEMENTS * sizeof(uint64_t))

/* Elements of what a program is given: one array for each register, of its type. */
struct data {
	_Alignas(8) char given[PLAN_GIVEN][MOST_BYTES];
	uint64_t divisions;
};

static bool is_given(const struct random_program *random, unsigned int reg)
{
	return reg == TSR_HW_VECTOR_VALUE ? random->given.has_value :
					    reg < random->program.head.inputs;
}

static enum number_class class_of(const struct random_program *random, unsigned int reg)
{
	return reg == TSR_HW_VECTOR_VALUE ? random->given.value : random->given.input[reg];
}

static void fill(uint64_t *state, const struct random_program *random, struct data *data)
{
	for (unsigned int reg = 0; reg < PLAN_GIVEN; reg++) {
		size_t size = number_class_size(class_of(random, reg));

		for (uint64_t i = 0; is_given(random, reg) && i < random->elements; i++) {
			union value value = random_value(state, class_of(random, reg));

			memcpy(data->given[reg] + i * size, &value, size);
		}
	}
}

static union value element(enum number_class class, const void *values, uint64_t at)
{
	size_t size = number_class_size(class);
	union value value = { .i64 = 0 };

	memcpy(&value, (const char *)values + at * size, size);
	return value;
}

static void check_element(const struct random_program *random, struct data *data, uint64_t at,
			  union value got, uint64_t seed)
{
	union value given[PLAN_GIVEN];
	union value want;

	for (unsigned int reg = 0; reg < PLAN_GIVEN; reg++)
		given[reg] = element(class_of(random, reg), data->given[reg], at);
	want = reference_run(&random->program, &random->setting, given, at, &data->divisions);
	if (reference_equal(random->program.result, got, want))
		return;
	fprintf(stderr, "seed %llu, element %llu: got 0x%llx, expected 0x%llx\n",
		(unsigned long long)seed, (unsigned long long)at, (unsigned long long)got.i64,
		(unsigned long long)want.i64);
	fail();
}

/* Strips of random lengths, as long as the largest. */
static void check_program(uint64_t *state, const struct random_program *random, struct data *data,
			  uint64_t seed)
{
	struct vector_run *run = vector_begin(&random->program, &random->setting);
	struct vector_strip strip = { .first = 0 };

	assert_non_null(run);
	for (; strip.first < random->elements; strip.first += strip.n) {
		uint64_t left = random->elements - strip.first;
		const void *result;

		strip.n = 1 + random_next(state) % (left < VECTOR_STRIP ? left : VECTOR_STRIP);
		for (unsigned int reg = 0; reg < PLAN_GIVEN; reg++)
			strip.given[reg] = data->given[reg] +
					   strip.first * number_class_size(class_of(random, reg));
		result = vector_strip(run, &strip);
		for (size_t i = 0; i < strip.n; i++)
			check_element(random, data, strip.first + i,
				      element(random->program.result, result, i), seed);
	}
	assert_int_equal(vector_divisions_by_zero(run), data->divisions);
	vector_end(run);
}

static void check_seeds(uint64_t first, unsigned int count, unsigned int insns)
{
	struct data *data = calloc(1, sizeof(*data));

	assert_non_null(data);
	for (uint64_t seed = first; seed < first + count; seed++) {
		struct random_program random;
		uint64_t state = seed;

		random_program(&state, insns, RANDOM_VALUE | RANDOM_PARAMETERS, &random);
		fill(&state, &random, data);
		data->divisions = 0;
		check_program(&state, &random, data, seed);
	}
	free(data);
}

static void one_instruction_gives_what_the_reference_gives(void **state)
{
	(void)state;
	check_seeds(1, 3000, 1);
}

static void short_programs_give_what_the_reference_gives(void **state)
{
	(void)state;
	check_seeds(10001, 1000, 5);
}

static void programs_of_full_length_give_what_the_reference_gives(void **state)
{
	(void)state;
	check_seeds(20001, 500, TSR_HW_VECTOR_MAX_INSNS);
}

/* Every instruction takes the result of the one before, as its first or second operand. */
static void make_chain(uint64_t *state, enum number_class class, struct random_program *random)
{
	static const uint8_t operations[] = {
		TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_SUB, TSR_HW_VECTOR_MUL, TSR_HW_VECTOR_MIN,
		TSR_HW_VECTOR_MAX,
	};
	const struct tsr_hw_vector head = { .insns = 7, .inputs = 2, .consts = 1, .result = 3 };
	const uint64_t constant = (uint32_t)random_next(state);
	struct tsr_hw_insn code[7] = {
		{ .op = TSR_HW_VECTOR_CONSTANT, .type = (uint8_t)class, .dst = 2 },
	};

	for (unsigned int i = 1; i < head.insns; i++) {
		uint8_t other = random_next(state) % 3, carried = i == 1 ? 0 : 3;
		bool swapped = random_next(state) % 2;

		code[i] = (struct tsr_hw_insn){
			.op = operations[random_next(state) % sizeof(operations)],
			.type = (uint8_t)class, .dst = 3,
			.a = swapped ? other : carried, .b = swapped ? carried : other,
		};
	}
	*random = (struct random_program){ .elements = 5 * CHAIN_BLOCK };
	random->given = (struct vector_given){ .input = { class, class }, .rank = 1 };
	random->setting.dims[0] = random->elements;
	assert_null(vector_check(&head, &constant, code, &random->given, &random->program));
}

static void check_chain(const struct random_program *random, struct data *data, uint64_t seed)
{
	struct vector_run *run = vector_begin(&random->program, &random->setting);
	const struct vector_strip strip = { .given = { data->given[0], data->given[1] },
					    .n = random->elements };
	const void *result;

	assert_non_null(run);
	assert_true(vector_bears_change(run, strip.n));
	assert_false(vector_bears_change(run, strip.n - 1));
	result = vector_strip(run, &strip);
	for (size_t i = 0; i < strip.n; i++)
		check_element(random, data, i, element(random->program.result, result, i), seed);
	vector_end(run);
}

static void chains_give_what_the_reference_gives(void **state)
{
	struct data *data = calloc(1, sizeof(*data));

	(void)state;
	assert_non_null(data);
	for (uint64_t seed = 30001; seed < 30401; seed++) {
		struct random_program random;
		uint64_t numbers = seed;

		make_chain(&numbers, seed % 2 ? NUMBER_F32 : NUMBER_I32, &random);
		fill(&numbers, &random, data);
		check_chain(&random, data, seed);
	}
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_instruction_gives_what_the_reference_gives),
		cmocka_unit_test(short_programs_give_what_the_reference_gives),
		cmocka_unit_test(programs_of_full_length_give_what_the_reference_gives),
		cmocka_unit_test(chains_give_what_the_reference_gives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
