// SPDX-License-Identifier: MIT
#include "cmocka_prelude.h"
#include "encode.h"
#include "machine.h"

static void expect_illegal(struct machine *m, uint32_t insn)
{
	machine_set_mtvec(m, HANDLER_ADDR);
	machine_step(m, insn);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4);
	assert_int_equal(machine_csr(m, CSR_MCAUSE), RV32_CAUSE_ILLEGAL);
	assert_int_equal(machine_csr(m, CSR_MTVAL), insn);
}

static void csrrw_swaps(void **state)
{
	struct machine *m = *state;

	machine_write_csr(m, CSR_MSCRATCH, 0x1234);
	rv32_set_reg(m->cpu, A0, 0x5678);
	machine_step(m, csrrw(A0, CSR_MSCRATCH, A0));
	assert_int_equal(rv32_reg(m->cpu, A0), 0x1234);
	assert_int_equal(machine_csr(m, CSR_MSCRATCH), 0x5678);
}

static void csrrs_and_csrrc_change_the_given_bits(void **state)
{
	struct machine *m = *state;

	machine_write_csr(m, CSR_MSCRATCH, 0xf0);
	rv32_set_reg(m->cpu, A0, 0x3c);
	machine_step(m, csrrs(A2, CSR_MSCRATCH, A0));
	assert_int_equal(rv32_reg(m->cpu, A2), 0xf0);
	assert_int_equal(machine_csr(m, CSR_MSCRATCH), 0xfc);
	machine_step(m, csrrc(A2, CSR_MSCRATCH, A0));
	assert_int_equal(rv32_reg(m->cpu, A2), 0xfc);
	assert_int_equal(machine_csr(m, CSR_MSCRATCH), 0xc0);
}

static void immediate_forms_use_the_field_itself(void **state)
{
	struct machine *m = *state;

	machine_step(m, csr_op(5, A2, CSR_MSCRATCH, 31));
	assert_int_equal(machine_csr(m, CSR_MSCRATCH), 31);
	machine_step(m, csr_op(7, A2, CSR_MSCRATCH, 1));
	assert_int_equal(machine_csr(m, CSR_MSCRATCH), 30);
	machine_step(m, csr_op(6, A2, CSR_MSCRATCH, 1));
	assert_int_equal(machine_csr(m, CSR_MSCRATCH), 31);
}

static void read_only_csrs_can_be_read_but_not_written(void **state)
{
	struct machine *m = *state;

	machine_step(m, csrrs(A2, CSR_MHARTID, ZERO));
	assert_int_equal(rv32_reg(m->cpu, A2), 7);
	expect_illegal(m, csrrw(ZERO, CSR_MHARTID, ZERO));
	expect_illegal(m, csrrs(A2, CSR_MVENDORID, A0));
	expect_illegal(m, csr_op(7, A2, CSR_CYCLE, 1));
}

static void absent_csrs_are_illegal(void **state)
{
	enum { SSTATUS = 0x100, MEDELEG = 0x302, MCOUNTEREN = 0x306, PMPCFG0 = 0x3a0 };
	uint32_t val;

	expect_illegal(*state, csrrs(A2, SSTATUS, ZERO));
	expect_illegal(*state, csrrs(A2, MEDELEG, ZERO));
	expect_illegal(*state, csrrs(A2, MCOUNTEREN, ZERO));
	expect_illegal(*state, csrrs(A2, PMPCFG0, ZERO));
	assert_false(rv32_csr(((struct machine *)*state)->cpu, SSTATUS, &val));
}

static void misa_names_imac(void **state)
{
	struct machine *m = *state;

	assert_int_equal(machine_csr(m, CSR_MISA), 0x40001105);
	machine_write_csr(m, CSR_MISA, 0);
	assert_int_equal(machine_csr(m, CSR_MISA), 0x40001105);
}

static void writable_bits_are_limited(void **state)
{
	struct machine *m = *state;

	machine_write_csr(m, CSR_MSTATUS, 0xfffffff7);
	assert_int_equal(machine_csr(m, CSR_MSTATUS), 0x1880);
	machine_write_csr(m, CSR_MIE, 0xffffffff);
	assert_int_equal(machine_csr(m, CSR_MIE), 0x888);
	machine_write_csr(m, CSR_MIP, 0xffffffff);
	assert_int_equal(machine_csr(m, CSR_MIP), 0);
	machine_write_csr(m, CSR_MEPC, 0xffffffff);
	assert_int_equal(machine_csr(m, CSR_MEPC), 0xfffffffe);
	machine_write_csr(m, CSR_MTVEC, 0x10000003);
	assert_int_equal(machine_csr(m, CSR_MTVEC), 0x10000000);
	machine_write_csr(m, CSR_MTVEC, 0x10000001);
	assert_int_equal(machine_csr(m, CSR_MTVEC), 0x10000001);
}

static void counters_count_retired_instructions(void **state)
{
	static const uint32_t code[] = {
		0x00000013, 0x00000013, 0xb0202573, /* nop; nop; csrr a0, minstret */
		0xb00025f3, 0xc0202673,		    /* csrr a1, mcycle; csrr a2, instret */
	};
	struct machine *m = *state;

	machine_load(m, CODE_ADDR, code, 5);
	rv32_run(m->cpu, 5);
	assert_int_equal(rv32_reg(m->cpu, A0), 2);
	assert_int_equal(rv32_reg(m->cpu, A1), 3);
	assert_int_equal(rv32_reg(m->cpu, A2), 4);
	assert_int_equal(rv32_instret(m->cpu), 5);
}

static void written_counter_is_read_by_the_next_instruction(void **state)
{
	const uint32_t code[] = {
		csrrw(ZERO, CSR_MINSTRET, A0), csrrs(A1, CSR_MINSTRET, ZERO),
		csrrw(ZERO, CSR_MCYCLEH, A0), csrrs(A2, CSR_MCYCLEH, ZERO),
	};
	struct machine *m = *state;

	rv32_set_reg(m->cpu, A0, 100);
	machine_load(m, CODE_ADDR, code, 4);
	rv32_run(m->cpu, 4);
	assert_int_equal(rv32_reg(m->cpu, A1), 100);
	assert_int_equal(rv32_reg(m->cpu, A2), 100);
	assert_int_equal(machine_csr(m, CSR_MINSTRET), 103);
	assert_int_equal(machine_csr(m, CSR_MINSTRETH), 0);
	assert_int_equal(rv32_instret(m->cpu), 4);
}

static void each_half_of_a_counter_is_written_alone(void **state)
{
	static const unsigned int low[] = { CSR_MCYCLE, CSR_MINSTRET };
	static const unsigned int high[] = { CSR_MCYCLEH, CSR_MINSTRETH };
	struct machine *m = *state;

	for (unsigned int i = 0; i < 2; i++) {
		machine_write_csr(m, high[i], 0x12345679);
		machine_write_csr(m, low[i], 0x10);
		assert_int_equal(machine_csr(m, high[i]), 0x12345679);
		assert_int_equal(machine_csr(m, low[i]), 0x10);
		machine_write_csr(m, high[i], 3);
		assert_int_equal(machine_csr(m, high[i]), 3);
		assert_int_equal(machine_csr(m, low[i]), 0x10);
	}
}

static void time_comes_from_the_bus(void **state)
{
	struct machine *m = *state;

	m->time = 0x123456789abcdef0;
	assert_int_equal(machine_csr(m, CSR_TIME), 0x9abcdef0);
	assert_int_equal(machine_csr(m, CSR_TIMEH), 0x12345678);
}

static void reset_clears_everything_but_the_lines(void **state)
{
	struct machine *m = *state;

	machine_write_csr(m, CSR_MSCRATCH, 5);
	machine_write_csr(m, CSR_MIE, 0x888);
	rv32_set_reg(m->cpu, A0, 5);
	rv32_set_irq(m->cpu, RV32_IRQ_TIMER, true);
	rv32_reset(m->cpu, DATA_ADDR);
	assert_int_equal(rv32_pc(m->cpu), DATA_ADDR);
	assert_int_equal(rv32_reg(m->cpu, A0), 0);
	assert_int_equal(machine_csr(m, CSR_MSCRATCH), 0);
	assert_int_equal(machine_csr(m, CSR_MIE), 0);
	assert_int_equal(machine_csr(m, CSR_MIP), 1u << RV32_IRQ_TIMER);
	assert_int_equal(machine_csr(m, CSR_MCYCLE), 0);
	assert_int_equal(rv32_instret(m->cpu), 0);
}

static void reset_gives_every_register_its_first_value(void **state)
{
	static const unsigned int written[] = {
		CSR_MSTATUS, CSR_MIE, CSR_MTVEC, CSR_MSCRATCH, CSR_MEPC, CSR_MCAUSE, CSR_MTVAL,
		CSR_MCYCLE, CSR_MCYCLEH, CSR_MINSTRET, CSR_MINSTRETH,
	};
	enum { COUNT = sizeof(written) / sizeof(written[0]) };
	struct machine *m = *state;
	uint32_t first[COUNT];

	for (unsigned int i = 0; i < COUNT; i++)
		first[i] = machine_csr(m, written[i]);
	for (unsigned int i = 0; i < COUNT; i++)
		machine_write_csr(m, written[i], 0x7fffffff);
	for (unsigned int i = 0; i < COUNT; i++)
		assert_int_not_equal(machine_csr(m, written[i]), first[i]);
	rv32_reset(m->cpu, CODE_ADDR);
	for (unsigned int i = 0; i < COUNT; i++)
		assert_int_equal(machine_csr(m, written[i]), first[i]);
}

/* Ranges of registers that are there and read as 0; their neighbours are not there. */
static void registers_without_a_use_read_as_zero(void **state)
{
	static const struct {
		unsigned int first;
		unsigned int last;
		bool alone;	/* no register of another use is beside it */
	} zeros[] = {
		{ 0x310, 0x310, true }, { 0x320, 0x320, true }, { 0x323, 0x33f, false },
		{ 0xb03, 0xb1f, false }, { 0xb83, 0xb9f, false }, { 0xc03, 0xc1f, false },
		{ 0xc83, 0xc9f, false }, { 0xf11, 0xf13, false }, { 0xf15, 0xf15, false },
	};
	struct machine *m = *state;

	for (unsigned int i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
		uint32_t val;

		for (unsigned int csr = zeros[i].first; csr <= zeros[i].last; csr++) {
			val = 5;
			assert_true(rv32_csr(m->cpu, csr, &val));
			assert_int_equal(val, 0);
			rv32_set_reg(m->cpu, A2, 5);
			machine_step(m, csrrs(A2, csr, ZERO));
			assert_int_equal(rv32_reg(m->cpu, A2), 0);
		}
		if (zeros[i].alone)
			assert_false(rv32_csr(m->cpu, zeros[i].first - 1, &val));
		if (zeros[i].last != 0x33f && zeros[i].last != 0xf13)
			assert_false(rv32_csr(m->cpu, zeros[i].last + 1, &val));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(csrrw_swaps),
		MACHINE_TEST(csrrs_and_csrrc_change_the_given_bits),
		MACHINE_TEST(immediate_forms_use_the_field_itself),
		MACHINE_TEST(read_only_csrs_can_be_read_but_not_written),
		MACHINE_TEST(absent_csrs_are_illegal),
		MACHINE_TEST(misa_names_imac),
		MACHINE_TEST(writable_bits_are_limited),
		MACHINE_TEST(counters_count_retired_instructions),
		MACHINE_TEST(written_counter_is_read_by_the_next_instruction),
		MACHINE_TEST(each_half_of_a_counter_is_written_alone),
		MACHINE_TEST(time_comes_from_the_bus),
		MACHINE_TEST(reset_clears_everything_but_the_lines),
		MACHINE_TEST(reset_gives_every_register_its_first_value),
		MACHINE_TEST(registers_without_a_use_read_as_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
