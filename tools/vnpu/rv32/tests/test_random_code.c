// SPDX-License-Identifier: MIT
/* Garbage as code: whatever it is, the core goes on or stops, and stays consistent. */
#include "cmocka_prelude.h"
#include "encode.h"
#include "machine.h"
#include "random.h"

#define ROUNDS 2000
#define SLICE 500
#define SLICES 4

static void fill_sram(struct machine *m, uint64_t *random)
{
	uint32_t addr;

	for (addr = SRAM_BASE; addr < SRAM_BASE + SRAM_SIZE; addr += 4)
		machine_put32(m, addr, random_u32(random));
}

/* Half of the registers point into the SRAM, so that loads, stores and jumps get far. */
static void fill_registers(struct machine *m, uint64_t *random)
{
	unsigned int i;

	for (i = 1; i < 32; i++)
		rv32_set_reg(m->cpu, i, i & 1 ? SRAM_BASE + random_below(random, SRAM_SIZE) :
					random_u32(random));
}

static void toggle_lines(struct machine *m, uint64_t *random)
{
	static const enum rv32_irq lines[] = {
		RV32_IRQ_SOFTWARE, RV32_IRQ_TIMER, RV32_IRQ_EXTERNAL,
	};

	rv32_set_irq(m->cpu, lines[random_below(random, 3)], random_below(random, 2));
}

static void check_consistent(struct machine *m, uint64_t before)
{
	assert_true(rv32_instret(m->cpu) - before <= SLICE);
	assert_int_equal(rv32_reg(m->cpu, ZERO), 0);
	assert_int_equal(rv32_pc(m->cpu) & 1, 0);
	assert_int_equal(machine_csr(m, CSR_MEPC) & 1, 0);
	assert_int_equal(machine_csr(m, CSR_MTVEC) & 2, 0);
	assert_int_equal(machine_csr(m, CSR_MSTATUS) & ~0x88u, 0x1800);
}

static bool run_slice(struct machine *m, uint64_t *random)
{
	uint64_t before = rv32_instret(m->cpu);
	enum rv32_stop why = rv32_run(m->cpu, SLICE);

	check_consistent(m, before);
	toggle_lines(m, random);
	if (why == RV32_STOP_FATAL)
		assert_non_null(rv32_fatal_info(m->cpu));
	return why != RV32_STOP_FATAL;
}

static void random_code_never_harms_the_core(void **state)
{
	struct machine *m = *state;
	unsigned int round, slice;
	uint64_t random, retired = 0;

	random_seed(&random, 0x9a7ba9e);
	for (round = 0; round < ROUNDS; round++) {
		if (round % 16 == 0)
			fill_sram(m, &random);
		rv32_reset(m->cpu, SRAM_BASE);
		machine_set_mtvec(m, SRAM_BASE + (random_below(&random, SRAM_SIZE) & ~2u));
		fill_registers(m, &random);
		rv32_set_pc(m->cpu, SRAM_BASE + random_below(&random, SRAM_SIZE - 16));
		for (slice = 0; slice < SLICES && run_slice(m, &random); slice++)
			continue;
		retired += rv32_instret(m->cpu);
	}
	print_message("%llu instructions retired\n", (unsigned long long)retired);
	assert_true(retired > ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(random_code_never_harms_the_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
