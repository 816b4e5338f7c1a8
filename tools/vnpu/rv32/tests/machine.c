// SPDX-License-Identifier: MIT
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "cmocka_prelude.h"
#include "encode.h"

static int device_load(void *opaque, uint32_t addr, unsigned int size, uint32_t *val)
{
	struct machine *m = opaque;

	if ((addr & ~3u) != DEVICE_ADDR)
		return -1;
	m->device_size = size;
	*val = m->device >> (8 * (addr & 3));
	if (size < 4)
		*val &= (1u << (8 * size)) - 1;
	return 0;
}

static int device_store(void *opaque, uint32_t addr, unsigned int size, uint32_t val)
{
	struct machine *m = opaque;

	if (addr != DEVICE_ADDR)
		return -1;
	m->device_size = size;
	m->device = val;
	if (!m->stop_on_store)
		return 0;
	/* As of a device that drives its line behind it. */
	rv32_request_stop(m->cpu);
	rv32_set_irq(m->cpu, RV32_IRQ_SOFTWARE, false);
	return 0;
}

static uint64_t device_time(void *opaque)
{
	const struct machine *m = opaque;

	return m->time;
}

static const struct rv32_bus bus = {
	.load = device_load,
	.store = device_store,
	.time = device_time,
};

int machine_setup(void **state)
{
	struct machine *m = calloc(1, sizeof(*m));
	struct rv32_config config = {
		.bus = &bus,
		.window_base = SRAM_BASE,
		.window_size = SRAM_SIZE,
		.hartid = 7,
	};

	if (!m)
		return -1;
	config.opaque = m;
	config.window = m->sram;
	m->cpu = rv32_create(&config);
	*state = m;
	return m->cpu ? 0 : -1;
}

int machine_teardown(void **state)
{
	struct machine *m = *state;

	rv32_destroy(m->cpu);
	free(m);
	return 0;
}

void machine_put16(struct machine *m, uint32_t addr, uint16_t val)
{
	memcpy(m->sram + (addr - SRAM_BASE), &val, sizeof(val));
}

void machine_put32(struct machine *m, uint32_t addr, uint32_t val)
{
	memcpy(m->sram + (addr - SRAM_BASE), &val, sizeof(val));
}

uint32_t machine_get32(const struct machine *m, uint32_t addr)
{
	uint32_t val;

	memcpy(&val, m->sram + (addr - SRAM_BASE), sizeof(val));
	return val;
}

void machine_load(struct machine *m, uint32_t addr, const uint32_t *code, unsigned int words)
{
	memcpy(m->sram + (addr - SRAM_BASE), code, words * sizeof(*code));
	rv32_set_pc(m->cpu, addr);
}

uint32_t machine_csr(struct machine *m, unsigned int csr)
{
	uint32_t val;

	assert_true(rv32_csr(m->cpu, csr, &val));
	return val;
}

void machine_write_csr(struct machine *m, unsigned int csr, uint32_t val)
{
	uint32_t pc = rv32_pc(m->cpu);
	uint32_t t0 = rv32_reg(m->cpu, T0);

	rv32_set_reg(m->cpu, T0, val);
	rv32_set_pc(m->cpu, SRAM_BASE + SRAM_SIZE - 8);
	machine_put32(m, SRAM_BASE + SRAM_SIZE - 8, csrrw(ZERO, csr, T0));
	assert_int_equal(rv32_run(m->cpu, 1), RV32_STOP_BUDGET);
	rv32_set_reg(m->cpu, T0, t0);
	rv32_set_pc(m->cpu, pc);
}

void machine_set_mtvec(struct machine *m, uint32_t mtvec)
{
	machine_write_csr(m, 0x305, mtvec);
}

/* The handler's first instruction stays unexecuted: a trap costs no instruction. */
void machine_step(struct machine *m, uint32_t raw)
{
	uint64_t before = rv32_instret(m->cpu);

	machine_put32(m, CODE_ADDR, raw);
	machine_put32(m, HANDLER_ADDR, addi(ZERO, ZERO, 0));
	rv32_set_pc(m->cpu, CODE_ADDR);
	assert_int_equal(rv32_run(m->cpu, 1), RV32_STOP_BUDGET);
	assert_int_equal(rv32_instret(m->cpu), before + 1);
}
