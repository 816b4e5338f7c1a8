// SPDX-License-Identifier: MIT
#include "cmocka_prelude.h"
#include "encode.h"
#include "machine.h"

enum { LB = 0, LH = 1, LW = 2, LBU = 4, LHU = 5, SB = 0, SH = 1, SW = 2 };

static uint32_t load_from(struct machine *m, uint32_t f3, uint32_t addr)
{
	rv32_set_reg(m->cpu, A0, addr + 16);
	machine_step(m, load(f3, A2, A0, -16));
	return rv32_reg(m->cpu, A2);
}

static void store_to(struct machine *m, uint32_t f3, uint32_t addr, uint32_t val)
{
	rv32_set_reg(m->cpu, A0, addr - 16);
	rv32_set_reg(m->cpu, A1, val);
	machine_step(m, store(f3, A1, A0, 16));
}

/* Step the access and check that it trapped with @cause and the address. */
static void expect_fault(struct machine *m, uint32_t insn, uint32_t addr, uint32_t cause)
{
	machine_set_mtvec(m, HANDLER_ADDR);
	rv32_set_reg(m->cpu, A0, addr);
	rv32_set_reg(m->cpu, A2, 0x5a5a5a5a);
	machine_step(m, insn);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4);
	assert_int_equal(machine_csr(m, CSR_MCAUSE), cause);
	assert_int_equal(machine_csr(m, CSR_MTVAL), addr);
	assert_int_equal(machine_csr(m, CSR_MEPC), CODE_ADDR);
	assert_int_equal(rv32_reg(m->cpu, A2), 0x5a5a5a5a);
}

static void loads_extend_as_named(void **state)
{
	struct machine *m = *state;

	machine_put32(m, DATA_ADDR, 0x8081f2f3);
	assert_int_equal(load_from(m, LB, DATA_ADDR), 0xfffffff3);
	assert_int_equal(load_from(m, LBU, DATA_ADDR), 0xf3);
	assert_int_equal(load_from(m, LB, DATA_ADDR + 3), 0xffffff80);
	assert_int_equal(load_from(m, LH, DATA_ADDR + 2), 0xffff8081);
	assert_int_equal(load_from(m, LHU, DATA_ADDR + 2), 0x8081);
	assert_int_equal(load_from(m, LW, DATA_ADDR), 0x8081f2f3);
}

static void stores_write_only_their_bytes(void **state)
{
	struct machine *m = *state;

	machine_put32(m, DATA_ADDR, 0);
	store_to(m, SB, DATA_ADDR + 1, 0x11223344);
	assert_int_equal(machine_get32(m, DATA_ADDR), 0x4400);
	store_to(m, SH, DATA_ADDR + 2, 0x11223344);
	assert_int_equal(machine_get32(m, DATA_ADDR), 0x33444400);
	store_to(m, SW, DATA_ADDR, 0x11223344);
	assert_int_equal(machine_get32(m, DATA_ADDR), 0x11223344);
}

static void device_accesses_keep_their_size(void **state)
{
	struct machine *m = *state;

	store_to(m, SW, DEVICE_ADDR, 0xf1e2d3c4);
	assert_int_equal(m->device, 0xf1e2d3c4);
	assert_int_equal(m->device_size, 4);
	assert_int_equal(load_from(m, LHU, DEVICE_ADDR + 2), 0xf1e2);
	assert_int_equal(m->device_size, 2);
	assert_int_equal(load_from(m, LB, DEVICE_ADDR), 0xffffffc4);
	assert_int_equal(m->device_size, 1);
}

static void misaligned_accesses_trap(void **state)
{
	expect_fault(*state, load(LH, A2, A0, 0), DATA_ADDR + 1, RV32_CAUSE_LOAD_MISALIGNED);
	expect_fault(*state, load(LW, A2, A0, 0), DATA_ADDR + 2, RV32_CAUSE_LOAD_MISALIGNED);
	expect_fault(*state, store(SH, A1, A0, 0), DATA_ADDR + 3, RV32_CAUSE_STORE_MISALIGNED);
	expect_fault(*state, store(SW, A1, A0, 0), DEVICE_ADDR + 2, RV32_CAUSE_STORE_MISALIGNED);
}

static void unmapped_accesses_trap(void **state)
{
	expect_fault(*state, load(LW, A2, A0, 0), 0, RV32_CAUSE_LOAD_ACCESS);
	expect_fault(*state, load(LB, A2, A0, 0), SRAM_BASE - 1, RV32_CAUSE_LOAD_ACCESS);
	expect_fault(*state, load(LW, A2, A0, 0), SRAM_BASE + SRAM_SIZE, RV32_CAUSE_LOAD_ACCESS);
	expect_fault(*state, store(SW, A1, A0, 0), 0xfffffffc, RV32_CAUSE_STORE_ACCESS);
}

static void window_is_usable_to_its_last_byte(void **state)
{
	struct machine *m = *state;
	uint32_t last = SRAM_BASE + SRAM_SIZE - 4;

	store_to(m, SW, last, 0xa1b2c3d4);
	assert_int_equal(load_from(m, LW, last), 0xa1b2c3d4);
	assert_int_equal(load_from(m, LBU, last + 3), 0xa1);
}

static void code_that_changes_is_executed_as_changed(void **state)
{
	struct machine *m = *state;

	machine_step(m, addi(A2, ZERO, 1));
	store_to(m, SW, DATA_ADDR, 0);
	machine_step(m, addi(A2, ZERO, 2));
	assert_int_equal(rv32_reg(m->cpu, A2), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(loads_extend_as_named),
		MACHINE_TEST(stores_write_only_their_bytes),
		MACHINE_TEST(device_accesses_keep_their_size),
		MACHINE_TEST(misaligned_accesses_trap),
		MACHINE_TEST(unmapped_accesses_trap),
		MACHINE_TEST(window_is_usable_to_its_last_byte),
		MACHINE_TEST(code_that_changes_is_executed_as_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
