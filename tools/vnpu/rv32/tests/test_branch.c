// SPDX-License-Identifier: MIT
#include "cmocka_prelude.h"
#include "encode.h"
#include "machine.h"

/* Whether the branch with @f3 is taken for a and b. */
static bool taken(struct machine *m, uint32_t f3, uint32_t a, uint32_t b)
{
	rv32_set_reg(m->cpu, A0, a);
	rv32_set_reg(m->cpu, A1, b);
	machine_step(m, branch(f3, A0, A1, 0x100));
	if (rv32_pc(m->cpu) == CODE_ADDR + 0x100)
		return true;
	assert_int_equal(rv32_pc(m->cpu), CODE_ADDR + 4);
	return false;
}

static void branches_compare_as_named(void **state)
{
	enum { BEQ = 0, BNE = 1, BLT = 4, BGE = 5, BLTU = 6, BGEU = 7 };

	assert_true(taken(*state, BEQ, 3, 3));
	assert_false(taken(*state, BEQ, 3, 4));
	assert_true(taken(*state, BNE, 3, 4));
	assert_false(taken(*state, BNE, 3, 3));
	assert_true(taken(*state, BLT, (uint32_t)-1, 0));
	assert_false(taken(*state, BLT, 0, 0));
	assert_true(taken(*state, BGE, 0, 0));
	assert_false(taken(*state, BGE, (uint32_t)-1, 0));
	assert_true(taken(*state, BLTU, 0, (uint32_t)-1));
	assert_false(taken(*state, BLTU, (uint32_t)-1, 0));
	assert_true(taken(*state, BGEU, (uint32_t)-1, 0));
	assert_false(taken(*state, BGEU, 0, 1));
}

static void branch_offset_reaches_both_ways(void **state)
{
	struct machine *m = *state;

	machine_put32(m, DATA_ADDR, branch(0, ZERO, ZERO, -4096));
	rv32_set_pc(m->cpu, DATA_ADDR);
	rv32_run(m->cpu, 1);
	assert_int_equal(rv32_pc(m->cpu), DATA_ADDR - 4096);
	machine_step(m, branch(0, ZERO, ZERO, 4094));
	assert_int_equal(rv32_pc(m->cpu), CODE_ADDR + 4094);
}

static void jal_links_and_jumps(void **state)
{
	struct machine *m = *state;

	machine_step(m, jal(RA, 0x7ffe));
	assert_int_equal(rv32_pc(m->cpu), CODE_ADDR + 0x7ffe);
	assert_int_equal(rv32_reg(m->cpu, RA), CODE_ADDR + 4);
	machine_step(m, jal(ZERO, -0x100000));
	assert_int_equal(rv32_pc(m->cpu), CODE_ADDR - 0x100000);
}

static void jalr_clears_bit_zero(void **state)
{
	struct machine *m = *state;

	rv32_set_reg(m->cpu, A0, DATA_ADDR + 8);
	machine_step(m, jalr(RA, A0, -3));
	assert_int_equal(rv32_pc(m->cpu), DATA_ADDR + 4);
	assert_int_equal(rv32_reg(m->cpu, RA), CODE_ADDR + 4);
}

static void jalr_may_overwrite_its_base(void **state)
{
	struct machine *m = *state;

	rv32_set_reg(m->cpu, A0, DATA_ADDR);
	machine_step(m, jalr(A0, A0, 0));
	assert_int_equal(rv32_pc(m->cpu), DATA_ADDR);
	assert_int_equal(rv32_reg(m->cpu, A0), CODE_ADDR + 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(branches_compare_as_named),
		MACHINE_TEST(branch_offset_reaches_both_ways),
		MACHINE_TEST(jal_links_and_jumps),
		MACHINE_TEST(jalr_clears_bit_zero),
		MACHINE_TEST(jalr_may_overwrite_its_base),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
