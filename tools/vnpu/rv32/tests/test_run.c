// SPDX-License-Identifier: MIT
#include <errno.h>

#include "cmocka_prelude.h"
#include "encode.h"
#include "machine.h"

static void a_new_core_is_in_reset_at_the_base_of_its_window(void **state)
{
	const struct machine *m = *state;

	assert_int_equal(rv32_pc(m->cpu), SRAM_BASE);
	assert_int_equal(rv32_instret(m->cpu), 0);
	assert_false(rv32_waiting(m->cpu));
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(rv32_reg(m->cpu, i), 0);
}

static void budget_is_exact(void **state)
{
	struct machine *m = *state;

	machine_put32(m, CODE_ADDR, jal(ZERO, 0));
	rv32_set_pc(m->cpu, CODE_ADDR);
	assert_int_equal(rv32_run(m->cpu, 12345), RV32_STOP_BUDGET);
	assert_int_equal(rv32_instret(m->cpu), 12345);
	assert_int_equal(rv32_run(m->cpu, 0), RV32_STOP_BUDGET);
	assert_int_equal(rv32_instret(m->cpu), 12345);
}

static void wfi_stops_until_an_enabled_interrupt(void **state)
{
	struct machine *m = *state;
	const uint32_t code[] = { WFI, addi(A0, ZERO, 1) };

	machine_write_csr(m, CSR_MIE, 1u << RV32_IRQ_EXTERNAL);
	machine_load(m, CODE_ADDR, code, 2);
	assert_int_equal(rv32_run(m->cpu, 100), RV32_STOP_WFI);
	assert_int_equal(rv32_instret(m->cpu), 2);
	assert_true(rv32_waiting(m->cpu));
	rv32_set_irq(m->cpu, RV32_IRQ_TIMER, true);
	assert_int_equal(rv32_run(m->cpu, 100), RV32_STOP_WFI);
	rv32_set_irq(m->cpu, RV32_IRQ_EXTERNAL, true);
	assert_false(rv32_waiting(m->cpu));
	assert_int_equal(rv32_run(m->cpu, 1), RV32_STOP_BUDGET);
	assert_int_equal(rv32_reg(m->cpu, A0), 1);
}

static void wfi_passes_when_an_interrupt_is_pending(void **state)
{
	struct machine *m = *state;
	const uint32_t code[] = { WFI, addi(A0, ZERO, 1) };

	machine_write_csr(m, CSR_MIE, 1u << RV32_IRQ_SOFTWARE);
	rv32_set_irq(m->cpu, RV32_IRQ_SOFTWARE, true);
	machine_load(m, CODE_ADDR, code, 2);
	assert_int_equal(rv32_run(m->cpu, 2), RV32_STOP_BUDGET);
	assert_int_equal(rv32_reg(m->cpu, A0), 1);
}

static void interrupt_after_wfi_returns_behind_it(void **state)
{
	struct machine *m = *state;

	machine_set_mtvec(m, HANDLER_ADDR);
	machine_put32(m, HANDLER_ADDR, addi(ZERO, ZERO, 0));
	machine_write_csr(m, CSR_MIE, 1u << RV32_IRQ_TIMER);
	machine_write_csr(m, CSR_MSTATUS, 8);
	machine_put32(m, CODE_ADDR, WFI);
	rv32_set_pc(m->cpu, CODE_ADDR);
	assert_int_equal(rv32_run(m->cpu, 10), RV32_STOP_WFI);
	rv32_set_irq(m->cpu, RV32_IRQ_TIMER, true);
	rv32_run(m->cpu, 1);
	assert_int_equal(machine_csr(m, CSR_MEPC), CODE_ADDR + 4);
	assert_int_equal(rv32_pc(m->cpu), HANDLER_ADDR + 4);
}

static void request_stops_after_the_access(void **state)
{
	struct machine *m = *state;
	const uint32_t code[] = { store(2, A1, A0, 0), addi(A2, ZERO, 1) };

	m->stop_on_store = true;
	rv32_set_reg(m->cpu, A0, DEVICE_ADDR);
	rv32_set_reg(m->cpu, A1, 99);
	machine_load(m, CODE_ADDR, code, 2);
	assert_int_equal(rv32_run(m->cpu, 100), RV32_STOP_REQUEST);
	assert_int_equal(m->device, 99);
	assert_int_equal(rv32_instret(m->cpu), 1);
	assert_int_equal(rv32_pc(m->cpu), CODE_ADDR + 4);
	assert_int_equal(rv32_run(m->cpu, 1), RV32_STOP_BUDGET);
	assert_int_equal(rv32_reg(m->cpu, A2), 1);
}

static void traps_cost_nothing_and_cannot_hang(void **state)
{
	struct machine *m = *state;
	const uint32_t handler[] = { addi(A0, A0, 1), MRET };

	/* The handler returns to the ecall, so it traps without end. */
	machine_set_mtvec(m, HANDLER_ADDR);
	machine_load(m, HANDLER_ADDR, handler, 2);
	machine_put32(m, CODE_ADDR, ECALL);
	rv32_reset(m->cpu, CODE_ADDR);
	machine_set_mtvec(m, HANDLER_ADDR);
	assert_int_equal(rv32_run(m->cpu, 1000), RV32_STOP_BUDGET);
	assert_int_equal(rv32_reg(m->cpu, A0), 500);
	assert_int_equal(rv32_instret(m->cpu), 1001);
}

static int load_nothing(void *opaque, uint32_t addr, unsigned int size, uint32_t *val)
{
	(void)opaque;
	(void)addr;
	(void)size;
	(void)val;
	return -1;
}

static int store_nothing(void *opaque, uint32_t addr, unsigned int size, uint32_t val)
{
	(void)opaque;
	(void)addr;
	(void)size;
	(void)val;
	return -1;
}

/* EINVAL, or 0 for a core that is made. */
static int create(const struct rv32_config *config)
{
	struct rv32 *cpu;

	errno = 0;
	cpu = rv32_create(config);
	rv32_destroy(cpu);
	assert_int_equal(!cpu, errno != 0);
	return errno;
}

static void a_core_has_a_bus_and_a_window_of_words_that_ends_at_4_gib(void **state)
{
	const struct rv32_bus bus = { .load = load_nothing, .store = store_nothing };
	const struct rv32_bus no_load = { .store = store_nothing };
	const struct rv32_bus no_store = { .load = load_nothing };
	const struct rv32_config good = { .bus = &bus, .window = *state, .window_size = 4 };
	struct rv32_config bad[] = { good, good, good, good, good, good, good, good };
	struct rv32_config last = good;

	bad[0].bus = NULL;
	bad[1].bus = &no_load;
	bad[2].bus = &no_store;
	bad[3].window = NULL;
	bad[4].window_size = 0;
	bad[5].window_size = 6;
	bad[6].window_base = 2;
	bad[7].window_base = UINT32_MAX - 3;
	bad[7].window_size = 8;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(create(&bad[i]), EINVAL);
	assert_int_equal(create(&good), 0);
	last.window_base = UINT32_MAX - 3;
	assert_int_equal(create(&last), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(a_new_core_is_in_reset_at_the_base_of_its_window),
		MACHINE_TEST(budget_is_exact),
		MACHINE_TEST(wfi_stops_until_an_enabled_interrupt),
		MACHINE_TEST(wfi_passes_when_an_interrupt_is_pending),
		MACHINE_TEST(interrupt_after_wfi_returns_behind_it),
		MACHINE_TEST(request_stops_after_the_access),
		MACHINE_TEST(traps_cost_nothing_and_cannot_hang),
		MACHINE_TEST(a_core_has_a_bus_and_a_window_of_words_that_ends_at_4_gib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
