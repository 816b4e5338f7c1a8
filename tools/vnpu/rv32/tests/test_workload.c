// SPDX-License-Identifier: MIT
/* Compiled C on the interpreter, on the reference and on the host: one result. */
#include <stdio.h>
#include <time.h>

#include "cmocka_prelude.h"
#include "pair.h"
#include "workload.h"

/* Fixed by workload.ld and workload_start.c. */
#define RESULTS_ADDR (PAIR_BASE + 0x20000)

#define MAX_INSNS 50000000u

static const char *image_path;

static void load_image(struct pair *pair)
{
	static uint8_t image[RESULTS_ADDR - PAIR_BASE];
	FILE *file = fopen(image_path, "rb");
	size_t size;

	assert_non_null(file);
	size = fread(image, 1, sizeof(image), file);
	fclose(file);
	assert_true(size > 1000);
	pair_write(pair, PAIR_BASE, image, (uint32_t)size);
}

static void start(struct pair *pair)
{
	const uint32_t regs[32] = { 0 };

	load_image(pair);
	pair_start(pair, PAIR_BASE, regs);
}

/* The workload ends in a jump to itself. */
static uint64_t run_interpreter(struct pair *pair)
{
	uint32_t pc;

	do {
		pc = rv32_pc(pair->cpu);
		assert_int_equal(rv32_run(pair->cpu, 1), RV32_STOP_BUDGET);
	} while (rv32_pc(pair->cpu) != pc && rv32_instret(pair->cpu) < MAX_INSNS);
	return rv32_instret(pair->cpu) - 1;
}

static void interpreter_computes_what_the_host_does(void **state)
{
	struct pair *pair = *state;
	uint32_t expected[WORKLOAD_RESULTS];

	start(pair);
	assert_in_range(run_interpreter(pair), 100000, MAX_INSNS);
	workload_run(expected);
	assert_memory_equal(pair->memory + (RESULTS_ADDR - PAIR_BASE), expected, sizeof(expected));
}

static void interpreter_and_reference_end_in_the_same_state(void **state)
{
	struct pair *pair = *state;
	uint32_t end;

	start(pair);
	run_interpreter(pair);
	end = rv32_pc(pair->cpu);
	assert_true(reference_run(pair->ref, PAIR_BASE, end, NULL, NULL));
	pair_compare_regs(pair);
	pair_compare_memory(pair, PAIR_BASE, PAIR_SIZE);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void one_run_takes_the_same_instructions_as_many_steps(void **state)
{
	struct pair *pair = *state;
	double begin, duration;
	uint64_t steps;
	uint32_t end;

	start(pair);
	steps = run_interpreter(pair);
	end = rv32_pc(pair->cpu);
	start(pair);
	begin = seconds();
	assert_int_equal(rv32_run(pair->cpu, steps), RV32_STOP_BUDGET);
	duration = seconds() - begin;
	assert_int_equal(rv32_pc(pair->cpu), end);
	print_message("%llu instructions, %.0f million per second\n", (unsigned long long)steps,
		      (double)steps / duration / 1e6);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(interpreter_computes_what_the_host_does,
						pair_setup, pair_teardown),
		cmocka_unit_test_setup_teardown(interpreter_and_reference_end_in_the_same_state,
						pair_setup, pair_teardown),
		cmocka_unit_test_setup_teardown(one_run_takes_the_same_instructions_as_many_steps,
						pair_setup, pair_teardown),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: %s WORKLOAD-IMAGE\n", argv[0]);
		return 2;
	}
	image_path = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
