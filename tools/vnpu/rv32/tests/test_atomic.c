// SPDX-License-Identifier: MIT
#include "cmocka_prelude.h"
#include "encode.h"
#include "machine.h"

/* x[a0] is the address, x[a1] the operand, x[a2] the result. */
static uint32_t run_atomic(struct machine *m, uint32_t insn, uint32_t addr, uint32_t operand)
{
	rv32_set_reg(m->cpu, A0, addr);
	rv32_set_reg(m->cpu, A1, operand);
	machine_step(m, insn);
	return rv32_reg(m->cpu, A2);
}

static void expect_amo(struct machine *m, uint32_t f5, uint32_t memory, uint32_t operand,
		       uint32_t result)
{
	machine_put32(m, DATA_ADDR, memory);
	assert_int_equal(run_atomic(m, amo(f5, A2, A0, A1), DATA_ADDR, operand), memory);
	assert_int_equal(machine_get32(m, DATA_ADDR), result);
}

static void amos_return_the_old_value_and_store_the_new(void **state)
{
	expect_amo(*state, 0x01, 5, 9, 9);
	expect_amo(*state, 0x00, 0xffffffff, 2, 1);
	expect_amo(*state, 0x04, 0xff00, 0x0ff0, 0xf0f0);
	expect_amo(*state, 0x0c, 0xff00, 0x0ff0, 0x0f00);
	expect_amo(*state, 0x08, 0xff00, 0x0ff0, 0xfff0);
	expect_amo(*state, 0x10, 0xffffffff, 1, 0xffffffff);
	expect_amo(*state, 0x14, 0xffffffff, 1, 1);
	expect_amo(*state, 0x18, 0xffffffff, 1, 1);
	expect_amo(*state, 0x1c, 0xffffffff, 1, 0xffffffff);
}

static void sc_succeeds_after_lr(void **state)
{
	struct machine *m = *state;

	machine_put32(m, DATA_ADDR, 41);
	assert_int_equal(run_atomic(m, lr(A2, A0), DATA_ADDR, 0), 41);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR, 42), 0);
	assert_int_equal(machine_get32(m, DATA_ADDR), 42);
}

static void sc_fails_without_reservation(void **state)
{
	struct machine *m = *state;

	machine_put32(m, DATA_ADDR, 41);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR, 42), 1);
	assert_int_equal(machine_get32(m, DATA_ADDR), 41);
}

static void sc_uses_the_reservation_up(void **state)
{
	struct machine *m = *state;

	run_atomic(m, lr(A2, A0), DATA_ADDR, 0);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR, 1), 0);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR, 2), 1);
}

static void sc_to_another_word_fails_and_drops_the_reservation(void **state)
{
	struct machine *m = *state;

	run_atomic(m, lr(A2, A0), DATA_ADDR, 0);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR + 4, 1), 1);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR, 1), 1);
}

static void store_to_the_word_drops_the_reservation(void **state)
{
	struct machine *m = *state;

	run_atomic(m, lr(A2, A0), DATA_ADDR, 0);
	run_atomic(m, store(0, A1, A0, 3), DATA_ADDR, 0);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR, 1), 1);
}

static void store_to_another_word_keeps_the_reservation(void **state)
{
	struct machine *m = *state;

	run_atomic(m, lr(A2, A0), DATA_ADDR, 0);
	run_atomic(m, store(2, A1, A0, 4), DATA_ADDR, 0);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR, 1), 0);
}

static void write_by_another_agent_drops_the_reservation(void **state)
{
	struct machine *m = *state;

	run_atomic(m, lr(A2, A0), DATA_ADDR, 0);
	rv32_drop_reservation(m->cpu);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), DATA_ADDR, 1), 1);
}

static void expect_trap(struct machine *m, uint32_t insn, uint32_t addr, uint32_t cause)
{
	machine_set_mtvec(m, HANDLER_ADDR);
	run_atomic(m, insn, addr, 0);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4);
	assert_int_equal(machine_csr(m, CSR_MCAUSE), cause);
	assert_int_equal(machine_csr(m, CSR_MTVAL), addr);
}

static void misaligned_atomics_trap(void **state)
{
	expect_trap(*state, lr(A2, A0), DATA_ADDR + 2, RV32_CAUSE_LOAD_MISALIGNED);
	expect_trap(*state, sc(A2, A0, A1), DATA_ADDR + 2, RV32_CAUSE_STORE_MISALIGNED);
	expect_trap(*state, amo(0, A2, A0, A1), DATA_ADDR + 1, RV32_CAUSE_STORE_MISALIGNED);
}

static void atomics_outside_the_window_trap(void **state)
{
	expect_trap(*state, lr(A2, A0), DEVICE_ADDR, RV32_CAUSE_LOAD_ACCESS);
	expect_trap(*state, sc(A2, A0, A1), DEVICE_ADDR, RV32_CAUSE_STORE_ACCESS);
	expect_trap(*state, amo(0, A2, A0, A1), DEVICE_ADDR, RV32_CAUSE_STORE_ACCESS);
}

/* All of the last word, and nothing of the one behind or of the one before the first. */
static void atomics_reach_the_last_word_of_the_window(void **state)
{
	const uint32_t last = SRAM_BASE + SRAM_SIZE - 4;
	struct machine *m = *state;

	machine_put32(m, last, 41);
	assert_int_equal(run_atomic(m, lr(A2, A0), last, 0), 41);
	assert_int_equal(run_atomic(m, sc(A2, A0, A1), last, 42), 0);
	assert_int_equal(run_atomic(m, amo(0, A2, A0, A1), last, 1), 42);
	assert_int_equal(machine_get32(m, last), 43);
	expect_trap(m, amo(0, A2, A0, A1), last + 4, RV32_CAUSE_STORE_ACCESS);
	expect_trap(m, amo(0, A2, A0, A1), SRAM_BASE - 4, RV32_CAUSE_STORE_ACCESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(amos_return_the_old_value_and_store_the_new),
		MACHINE_TEST(sc_succeeds_after_lr),
		MACHINE_TEST(sc_fails_without_reservation),
		MACHINE_TEST(sc_uses_the_reservation_up),
		MACHINE_TEST(sc_to_another_word_fails_and_drops_the_reservation),
		MACHINE_TEST(store_to_the_word_drops_the_reservation),
		MACHINE_TEST(store_to_another_word_keeps_the_reservation),
		MACHINE_TEST(write_by_another_agent_drops_the_reservation),
		MACHINE_TEST(misaligned_atomics_trap),
		MACHINE_TEST(atomics_outside_the_window_trap),
		MACHINE_TEST(atomics_reach_the_last_word_of_the_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
