// SPDX-License-Identifier: MIT
#include "cmocka_prelude.h"
#include "encode.h"
#include "machine.h"

#define MSTATUS_MIE 0x8u
#define MSTATUS_MPIE 0x80u
#define MSTATUS_MPP 0x1800u

static void expect_exception(struct machine *m, uint32_t insn, uint32_t cause, uint32_t tval)
{
	machine_set_mtvec(m, HANDLER_ADDR);
	machine_step(m, insn);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4);
	assert_int_equal(machine_csr(m, CSR_MCAUSE), cause);
	assert_int_equal(machine_csr(m, CSR_MTVAL), tval);
	assert_int_equal(machine_csr(m, CSR_MEPC), CODE_ADDR);
}

static void ecall_and_ebreak_trap(void **state)
{
	expect_exception(*state, ECALL, RV32_CAUSE_ECALL_M, 0);
	expect_exception(*state, EBREAK, RV32_CAUSE_BREAKPOINT, CODE_ADDR);
}

static void illegal_instruction_reports_its_bits(void **state)
{
	expect_exception(*state, 0xffffffff, RV32_CAUSE_ILLEGAL, 0xffffffff);
	expect_exception(*state, 0x00000000, RV32_CAUSE_ILLEGAL, 0);
	expect_exception(*state, 0x12348002, RV32_CAUSE_ILLEGAL, 0x8002);
}

static void reserved_encodings_are_illegal(void **state)
{
	static const uint32_t reserved[] = {
		0x00003003, /* load funct3 3 */
		0x00003023, /* store funct3 3 */
		0x00002063, /* branch funct3 2 */
		0x00001067, /* jalr funct3 1 */
		0x40001033, /* sll with funct7 0x20 */
		0x40001013, /* slli with funct7 0x20 */
		0x02001013, /* slli with shamt bit 5 */
		0x0000200f, /* misc-mem funct3 2 */
		0x0000302f, /* 64-bit amo */
		0x1010202f, /* lr with rs2 */
		0x30200173, /* mret with rd */
		0x10200073, /* sret */
		0x00004073, /* system funct3 4 */
		0x00000007, /* flw */
		0x0000001b, /* addiw */
	};
	unsigned int i;

	for (i = 0; i < sizeof(reserved) / sizeof(*reserved); i++)
		expect_exception(*state, reserved[i], RV32_CAUSE_ILLEGAL, reserved[i]);
}

static void jump_to_nowhere_is_a_fetch_fault(void **state)
{
	struct machine *m = *state;

	machine_set_mtvec(m, HANDLER_ADDR);
	rv32_set_reg(m->cpu, A0, DEVICE_ADDR);
	machine_step(m, jalr(ZERO, A0, 0));
	rv32_run(m->cpu, 1);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4);
	assert_int_equal(machine_csr(m, CSR_MCAUSE), RV32_CAUSE_FETCH_ACCESS);
	assert_int_equal(machine_csr(m, CSR_MTVAL), DEVICE_ADDR);
	assert_int_equal(machine_csr(m, CSR_MEPC), DEVICE_ADDR);
}

static void instruction_across_the_window_end_faults_on_its_second_half(void **state)
{
	struct machine *m = *state;
	uint32_t last = SRAM_BASE + SRAM_SIZE - 2;

	machine_set_mtvec(m, HANDLER_ADDR);
	machine_put32(m, HANDLER_ADDR, addi(ZERO, ZERO, 0));
	machine_put16(m, last, 0x0013);
	rv32_set_pc(m->cpu, last);
	rv32_run(m->cpu, 1);
	assert_int_equal(machine_csr(m, CSR_MCAUSE), RV32_CAUSE_FETCH_ACCESS);
	assert_int_equal(machine_csr(m, CSR_MTVAL), last + 2);
	assert_int_equal(machine_csr(m, CSR_MEPC), last);
}

static void compressed_instruction_at_the_window_end_runs(void **state)
{
	struct machine *m = *state;
	uint32_t last = SRAM_BASE + SRAM_SIZE - 2;

	machine_put16(m, last, 0x4515); /* c.li a0, 5 */
	rv32_set_pc(m->cpu, last);
	rv32_run(m->cpu, 1);
	assert_int_equal(rv32_reg(m->cpu, A0), 5);
	assert_int_equal(rv32_pc(m->cpu), last + 2);
}

static void trap_entry_and_mret_stack_the_interrupt_enable(void **state)
{
	struct machine *m = *state;

	machine_write_csr(m, CSR_MSTATUS, MSTATUS_MIE);
	expect_exception(m, ECALL, RV32_CAUSE_ECALL_M, 0);
	assert_int_equal(machine_csr(m, CSR_MSTATUS), MSTATUS_MPP | MSTATUS_MPIE);
	machine_write_csr(m, CSR_MEPC, DATA_ADDR);
	machine_step(m, MRET);
	assert_int_equal(rv32_pc(m->cpu), DATA_ADDR);
	assert_int_equal(machine_csr(m, CSR_MSTATUS), MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_MIE);
}

/* A machine with all interrupts enabled, nops at CODE_ADDR and at @mtvec's vectors. */
static void a_trap_with_interrupts_disabled_returns_with_them_disabled(void **state)
{
	struct machine *m = *state;

	machine_write_csr(m, CSR_MSTATUS, MSTATUS_MPIE);
	expect_exception(m, ECALL, RV32_CAUSE_ECALL_M, 0);
	assert_int_equal(machine_csr(m, CSR_MSTATUS), MSTATUS_MPP);
	machine_step(m, MRET);
	assert_int_equal(machine_csr(m, CSR_MSTATUS), MSTATUS_MPIE | MSTATUS_MPP);
}

static void enable_interrupts(struct machine *m, uint32_t mtvec)
{
	unsigned int i;

	for (i = 0; i < 32; i++) {
		machine_put32(m, CODE_ADDR + 4 * i, addi(ZERO, ZERO, 0));
		machine_put32(m, HANDLER_ADDR + 4 * i, addi(ZERO, ZERO, 0));
	}
	machine_set_mtvec(m, mtvec);
	machine_write_csr(m, CSR_MIE, 0x888);
	machine_write_csr(m, CSR_MSTATUS, MSTATUS_MIE);
	rv32_set_pc(m->cpu, CODE_ADDR);
}

static void interrupt_is_taken_before_the_next_instruction(void **state)
{
	struct machine *m = *state;

	enable_interrupts(m, HANDLER_ADDR);
	rv32_run(m->cpu, 2);
	rv32_set_irq(m->cpu, RV32_IRQ_TIMER, true);
	rv32_run(m->cpu, 1);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4);
	assert_int_equal(machine_csr(m, CSR_MCAUSE), 0x80000000 | RV32_IRQ_TIMER);
	assert_int_equal(machine_csr(m, CSR_MTVAL), 0);
	assert_int_equal(machine_csr(m, CSR_MEPC), CODE_ADDR + 8);
	assert_int_equal(machine_csr(m, CSR_MIP), 1u << RV32_IRQ_TIMER);
}

static void vectored_interrupts_go_to_their_slot(void **state)
{
	struct machine *m = *state;

	enable_interrupts(m, HANDLER_ADDR | 1);
	rv32_set_irq(m->cpu, RV32_IRQ_EXTERNAL, true);
	rv32_run(m->cpu, 1);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4 * RV32_IRQ_EXTERNAL + 4);
}

static void vectored_exceptions_go_to_the_base(void **state)
{
	struct machine *m = *state;

	enable_interrupts(m, HANDLER_ADDR | 1);
	machine_step(m, ECALL);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4);
}

static void external_precedes_software_precedes_timer(void **state)
{
	struct machine *m = *state;

	enable_interrupts(m, HANDLER_ADDR);
	rv32_set_irq(m->cpu, RV32_IRQ_TIMER, true);
	rv32_set_irq(m->cpu, RV32_IRQ_SOFTWARE, true);
	rv32_set_irq(m->cpu, RV32_IRQ_EXTERNAL, true);
	rv32_run(m->cpu, 1);
	assert_int_equal(machine_csr(m, CSR_MCAUSE) & 0xff, RV32_IRQ_EXTERNAL);
	rv32_set_irq(m->cpu, RV32_IRQ_EXTERNAL, false);
	machine_step(m, MRET);
	rv32_run(m->cpu, 1);
	assert_int_equal(machine_csr(m, CSR_MCAUSE) & 0xff, RV32_IRQ_SOFTWARE);
	rv32_set_irq(m->cpu, RV32_IRQ_SOFTWARE, false);
	machine_step(m, MRET);
	rv32_run(m->cpu, 1);
	assert_int_equal(machine_csr(m, CSR_MCAUSE) & 0xff, RV32_IRQ_TIMER);
}

static void masked_interrupts_wait(void **state)
{
	struct machine *m = *state;

	enable_interrupts(m, HANDLER_ADDR);
	machine_write_csr(m, CSR_MSTATUS, 0);
	rv32_set_irq(m->cpu, RV32_IRQ_TIMER, true);
	rv32_run(m->cpu, 3);
	assert_int_equal(rv32_pc(m->cpu), CODE_ADDR + 12);
	machine_write_csr(m, CSR_MIE, 0);
	machine_write_csr(m, CSR_MSTATUS, MSTATUS_MIE);
	rv32_run(m->cpu, 3);
	assert_int_equal(rv32_pc(m->cpu), CODE_ADDR + 24);
}

static void trap_without_handler_is_fatal(void **state)
{
	struct machine *m = *state;
	const struct rv32_fatal *fatal;

	machine_put32(m, CODE_ADDR, ECALL);
	rv32_set_pc(m->cpu, CODE_ADDR);
	assert_null(rv32_fatal_info(m->cpu));
	assert_int_equal(rv32_run(m->cpu, 100), RV32_STOP_FATAL);
	fatal = rv32_fatal_info(m->cpu);
	assert_non_null(fatal);
	assert_int_equal(fatal->cause, RV32_CAUSE_ECALL_M);
	assert_int_equal(fatal->pc, CODE_ADDR);
	assert_int_equal(rv32_instret(m->cpu), 0);
	assert_int_equal(rv32_run(m->cpu, 100), RV32_STOP_FATAL);
}

static void interrupt_without_handler_is_fatal(void **state)
{
	struct machine *m = *state;

	enable_interrupts(m, 0);
	rv32_set_irq(m->cpu, RV32_IRQ_TIMER, true);
	assert_int_equal(rv32_run(m->cpu, 100), RV32_STOP_FATAL);
	assert_int_equal(rv32_fatal_info(m->cpu)->cause, 0x80000000 | RV32_IRQ_TIMER);
}

static void trap_on_the_handlers_first_instruction_is_fatal(void **state)
{
	struct machine *m = *state;

	machine_set_mtvec(m, DEVICE_ADDR);
	machine_put32(m, CODE_ADDR, ECALL);
	rv32_set_pc(m->cpu, CODE_ADDR);
	assert_int_equal(rv32_run(m->cpu, 100), RV32_STOP_FATAL);
	assert_int_equal(rv32_fatal_info(m->cpu)->cause, RV32_CAUSE_FETCH_ACCESS);
	assert_int_equal(rv32_fatal_info(m->cpu)->pc, DEVICE_ADDR);
	assert_int_equal(machine_csr(m, CSR_MCAUSE), RV32_CAUSE_ECALL_M);
}

static void reset_revives_a_dead_core(void **state)
{
	struct machine *m = *state;

	trap_without_handler_is_fatal(state);
	rv32_reset(m->cpu, CODE_ADDR);
	machine_step(m, addi(A0, ZERO, 3));
	assert_int_equal(rv32_reg(m->cpu, A0), 3);
	assert_null(rv32_fatal_info(m->cpu));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(ecall_and_ebreak_trap),
		MACHINE_TEST(illegal_instruction_reports_its_bits),
		MACHINE_TEST(reserved_encodings_are_illegal),
		MACHINE_TEST(jump_to_nowhere_is_a_fetch_fault),
		MACHINE_TEST(instruction_across_the_window_end_faults_on_its_second_half),
		MACHINE_TEST(compressed_instruction_at_the_window_end_runs),
		MACHINE_TEST(trap_entry_and_mret_stack_the_interrupt_enable),
		MACHINE_TEST(a_trap_with_interrupts_disabled_returns_with_them_disabled),
		MACHINE_TEST(interrupt_is_taken_before_the_next_instruction),
		MACHINE_TEST(vectored_interrupts_go_to_their_slot),
		MACHINE_TEST(vectored_exceptions_go_to_the_base),
		MACHINE_TEST(external_precedes_software_precedes_timer),
		MACHINE_TEST(masked_interrupts_wait),
		MACHINE_TEST(trap_without_handler_is_fatal),
		MACHINE_TEST(interrupt_without_handler_is_fatal),
		MACHINE_TEST(trap_on_the_handlers_first_instruction_is_fatal),
		MACHINE_TEST(reset_revives_a_dead_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
