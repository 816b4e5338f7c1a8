// SPDX-License-Identifier: MIT
/* Random programs, register by register and instruction by instruction, with the reference. */
#include <stdlib.h>

#include "cmocka_prelude.h"
#include "pair.h"
#include "program_generator.h"
#include "random.h"

#define TARGET_INSNS 1000000u
#define ROUNDS_PER_PROGRAM 16
#define DEFAULT_SEED 0x7e55e7a0ull

/**
 * struct lockstep - one program on both cores
 * @pair: the cores
 * @compared: instructions whose result was compared
 * @differs: they differed before @bad_pc in x@bad_reg, or in pc when that is 0
 */
struct lockstep {
	struct pair *pair;
	uint64_t compared;
	bool differs;
	uint32_t bad_pc;
	unsigned int bad_reg;
};

static bool same_registers(struct lockstep *l)
{
	uint32_t regs[32];
	unsigned int i;

	reference_get_regs(l->pair->ref, regs);
	for (i = 1; i < 32; i++) {
		if (rv32_reg(l->pair->cpu, i) != regs[i]) {
			l->bad_reg = i;
			return false;
		}
	}
	return true;
}

/* Before each instruction both cores must agree; then the interpreter follows. */
static bool follow(void *opaque, uint32_t pc)
{
	struct lockstep *l = opaque;

	l->compared++;
	if (rv32_pc(l->pair->cpu) == pc && same_registers(l) &&
	    rv32_run(l->pair->cpu, 1) == RV32_STOP_BUDGET)
		return true;
	l->differs = true;
	l->bad_pc = pc;
	return false;
}

static void check(struct lockstep *l, uint32_t end, uint64_t seed, bool ran)
{
	if (l->differs)
		fail_msg("seed %#llx: cores differ before %#x in x%u (0: pc), interpreter at %#x",
			 (unsigned long long)seed, l->bad_pc, l->bad_reg, rv32_pc(l->pair->cpu));
	if (!ran)
		fail_msg("seed %#llx: the reference trapped", (unsigned long long)seed);
	assert_int_equal(rv32_pc(l->pair->cpu), end);
	pair_compare_regs(l->pair);
}

static void fill_data(struct pair *pair, uint64_t *random)
{
	uint32_t data[PAIR_DATA_SIZE / 4];
	unsigned int i;

	for (i = 0; i < PAIR_DATA_SIZE / 4; i++)
		data[i] = random_u32(random);
	pair_write(pair, PAIR_DATA, data, sizeof(data));
}

/* Each program has an address of its own for a while: the reference translates it once. */
static uint32_t place(struct pair *pair, const struct program *program, unsigned int number)
{
	const uint32_t slot = 2 * PROGRAM_MAX_HALVES;
	uint32_t addr = PAIR_CODE + number % ((PAIR_DATA - PAIR_CODE) / slot) * slot;

	pair_write(pair, addr, program->code, 2 * program->halves);
	return addr;
}

static void run_rounds(struct lockstep *l, uint32_t addr, uint32_t end, uint64_t seed,
		       uint64_t *random)
{
	uint32_t regs[32];
	unsigned int round;
	bool ran;

	for (round = 0; round < ROUNDS_PER_PROGRAM; round++) {
		program_registers(regs, random, PAIR_DATA + PAIR_DATA_SIZE / 2);
		pair_start(l->pair, addr, regs);
		ran = reference_run(l->pair->ref, addr, end, follow, l);
		check(l, end, seed, ran);
	}
	pair_compare_memory(l->pair, PAIR_DATA, PAIR_DATA_SIZE);
}

static uint64_t first_seed(void)
{
	const char *text = getenv("TESSERA_RV32_SEED");

	return text ? strtoull(text, NULL, 0) : DEFAULT_SEED;
}

static void random_programs_match_the_reference(void **state)
{
	struct lockstep l = { .pair = *state };
	uint64_t seed = first_seed(), random;
	struct program program;
	unsigned int number = 0;
	uint32_t addr;

	while (l.compared < TARGET_INSNS) {
		random_seed(&random, seed);
		fill_data(l.pair, &random);
		program_generate(&program, &random);
		addr = place(l.pair, &program, number++);
		run_rounds(&l, addr, addr + 2 * program.halves, seed++, &random);
	}
	print_message("%llu instructions of %u programs compared\n",
		      (unsigned long long)l.compared, number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(random_programs_match_the_reference, pair_setup,
						pair_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
