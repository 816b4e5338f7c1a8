// SPDX-License-Identifier: MIT
#include "cmocka_prelude.h"
#include "encode.h"
#include "machine.h"

/* x[a0] = a, x[a1] = b, run @insn, return x[a2]. */
static uint32_t compute(struct machine *m, uint32_t insn, uint32_t a, uint32_t b)
{
	rv32_set_reg(m->cpu, A0, a);
	rv32_set_reg(m->cpu, A1, b);
	machine_step(m, insn);
	assert_int_equal(rv32_pc(m->cpu), CODE_ADDR + 4);
	return rv32_reg(m->cpu, A2);
}

static uint32_t reg_op(struct machine *m, uint32_t f3, uint32_t f7, uint32_t a, uint32_t b)
{
	return compute(m, op_reg(f3, f7, A2, A0, A1), a, b);
}

static uint32_t imm_op(struct machine *m, uint32_t f3, uint32_t a, int32_t imm)
{
	return compute(m, op_imm(f3, A2, A0, imm), a, 0);
}

static void add_and_sub_wrap(void **state)
{
	assert_int_equal(reg_op(*state, 0, 0, 0xffffffff, 2), 1);
	assert_int_equal(reg_op(*state, 0, 0x20, 1, 2), 0xffffffff);
	assert_int_equal(imm_op(*state, 0, 5, -2048), (uint32_t)-2043);
}

static void comparisons_honour_the_sign(void **state)
{
	assert_int_equal(reg_op(*state, 2, 0, 0x80000000, 1), 1);
	assert_int_equal(reg_op(*state, 3, 0, 0x80000000, 1), 0);
	assert_int_equal(imm_op(*state, 2, 0, -1), 0);
	assert_int_equal(imm_op(*state, 3, 0, -1), 1);
}

static void logic_operations(void **state)
{
	assert_int_equal(reg_op(*state, 4, 0, 0xff00ff00, 0x0ff00ff0), 0xf0f0f0f0);
	assert_int_equal(reg_op(*state, 6, 0, 0xff00ff00, 0x0ff00ff0), 0xfff0fff0);
	assert_int_equal(reg_op(*state, 7, 0, 0xff00ff00, 0x0ff00ff0), 0x0f000f00);
	assert_int_equal(imm_op(*state, 4, 0x0f0f0f0f, -1), 0xf0f0f0f0);
	assert_int_equal(imm_op(*state, 6, 0, -256), 0xffffff00);
	assert_int_equal(imm_op(*state, 7, 0x12345678, 0xff), 0x78);
}

static void shifts_use_five_bits(void **state)
{
	assert_int_equal(reg_op(*state, 1, 0, 1, 33), 2);
	assert_int_equal(reg_op(*state, 5, 0, 0x80000000, 31), 1);
	assert_int_equal(reg_op(*state, 5, 0x20, 0x80000000, 31), 0xffffffff);
	assert_int_equal(imm_op(*state, 1, 1, 31), 0x80000000);
	assert_int_equal(imm_op(*state, 5, 0x80000000, 4), 0x08000000);
	assert_int_equal(imm_op(*state, 5, 0x80000000, 0x400 | 4), 0xf8000000);
}

static void upper_immediates(void **state)
{
	assert_int_equal(compute(*state, lui(A2, 0xabcde000), 0, 0), 0xabcde000);
	assert_int_equal(compute(*state, auipc(A2, 0xfffff000), 0, 0), CODE_ADDR - 0x1000);
}

static void multiplication_halves(void **state)
{
	assert_int_equal(reg_op(*state, 0, 1, 0x10001, 0x10001), 0x20001);
	assert_int_equal(reg_op(*state, 1, 1, 0xffffffff, 0xffffffff), 0);
	assert_int_equal(reg_op(*state, 2, 1, 0xffffffff, 0xffffffff), 0xffffffff);
	assert_int_equal(reg_op(*state, 3, 1, 0xffffffff, 0xffffffff), 0xfffffffe);
	assert_int_equal(reg_op(*state, 1, 1, 0x80000000, 0x80000000), 0x40000000);
	assert_int_equal(reg_op(*state, 2, 1, 0x80000000, 0xffffffff), 0x80000000);
}

static void division_truncates_towards_zero(void **state)
{
	assert_int_equal(reg_op(*state, 4, 1, (uint32_t)-7, 2), (uint32_t)-3);
	assert_int_equal(reg_op(*state, 6, 1, (uint32_t)-7, 2), (uint32_t)-1);
	assert_int_equal(reg_op(*state, 5, 1, (uint32_t)-7, 2), 0x7ffffffc);
	assert_int_equal(reg_op(*state, 7, 1, (uint32_t)-7, 2), 1);
}

static void division_by_zero_is_defined(void **state)
{
	assert_int_equal(reg_op(*state, 4, 1, 5, 0), 0xffffffff);
	assert_int_equal(reg_op(*state, 5, 1, 5, 0), 0xffffffff);
	assert_int_equal(reg_op(*state, 6, 1, 5, 0), 5);
	assert_int_equal(reg_op(*state, 7, 1, 5, 0), 5);
}

static void division_overflow_is_defined(void **state)
{
	assert_int_equal(reg_op(*state, 4, 1, 0x80000000, 0xffffffff), 0x80000000);
	assert_int_equal(reg_op(*state, 6, 1, 0x80000000, 0xffffffff), 0);
}

static void x0_stays_zero(void **state)
{
	struct machine *m = *state;

	machine_step(m, addi(ZERO, ZERO, 5));
	assert_int_equal(rv32_reg(m->cpu, ZERO), 0);
	assert_int_equal(compute(m, op_reg(0, 0, A2, ZERO, ZERO), 1, 1), 0);
	rv32_set_reg(m->cpu, ZERO, 9);
	assert_int_equal(rv32_reg(m->cpu, ZERO), 0);
}

static void fences_do_nothing(void **state)
{
	assert_int_equal(compute(*state, FENCE, 1, 1), 0);
	assert_int_equal(compute(*state, FENCE_I, 1, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(add_and_sub_wrap),
		MACHINE_TEST(comparisons_honour_the_sign),
		MACHINE_TEST(logic_operations),
		MACHINE_TEST(shifts_use_five_bits),
		MACHINE_TEST(upper_immediates),
		MACHINE_TEST(multiplication_halves),
		MACHINE_TEST(division_truncates_towards_zero),
		MACHINE_TEST(division_by_zero_is_defined),
		MACHINE_TEST(division_overflow_is_defined),
		MACHINE_TEST(x0_stays_zero),
		MACHINE_TEST(fences_do_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
