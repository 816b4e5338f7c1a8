// SPDX-License-Identifier: MIT
#include "rv32.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "csr.h"
#include "execute.h"
#include "trap.h"

static bool valid_config(const struct rv32_config *config)
{
	uint64_t end = (uint64_t)config->window_base + config->window_size;

	return config->bus && config->bus->load && config->bus->store && config->window &&
	       config->window_size && !((config->window_base | config->window_size) & 3) &&
	       end <= 1ull << 32;
}

struct rv32 *rv32_create(const struct rv32_config *config)
{
	struct rv32 *cpu;

	if (!valid_config(config)) {
		errno = EINVAL;
		return NULL;
	}
	cpu = calloc(1, sizeof(*cpu));
	if (!cpu)
		return NULL;
	cpu->bus = config->bus;
	cpu->opaque = config->opaque;
	cpu->window = config->window;
	cpu->window_base = config->window_base;
	cpu->window_size = config->window_size;
	cpu->hartid = config->hartid;
	rv32_reset(cpu, cpu->window_base);
	return cpu;
}

void rv32_destroy(struct rv32 *cpu)
{
	free(cpu);
}

void rv32_reset(struct rv32 *cpu, uint32_t pc)
{
	memset(cpu->regs, 0, sizeof(cpu->regs));
	cpu->pc = pc & ~1u;
	cpu->instret = 0;
	cpu->reservation = RV32_NO_RESERVATION;
	cpu->trap_instret = RV32_NEVER;
	cpu->waiting = false;
	cpu->dead = false;
	cpu->mie_mpie = 0;
	cpu->mie = 0;
	cpu->mtvec = 0;
	cpu->mscratch = 0;
	cpu->mepc = 0;
	cpu->mcause = 0;
	cpu->mtval = 0;
	cpu->mcycle_offset = 0;
	cpu->minstret_offset = 0;
	rv32_update_attention(cpu);
}

/* Returns true with *why set when the run ends here. */
static bool attend(struct rv32 *cpu, enum rv32_stop *why)
{
	if (cpu->dead) {
		*why = RV32_STOP_FATAL;
		return true;
	}
	if (cpu->stop_requested) {
		*why = RV32_STOP_REQUEST;
		return true;
	}
	if (cpu->waiting) {
		*why = RV32_STOP_WFI;
		return true;
	}
	rv32_interrupt(cpu);
	return false;
}

enum rv32_stop rv32_run(struct rv32 *cpu, uint64_t max_insns)
{
	uint64_t start = cpu->instret;
	enum rv32_stop why;

	cpu->stop_requested = false;
	rv32_update_attention(cpu);
	for (;;) {
		/* An interrupt without a handler leaves the core dead: look again. */
		while (cpu->attention) {
			if (attend(cpu, &why))
				return why;
		}
		if (cpu->instret - start >= max_insns)
			return RV32_STOP_BUDGET;
		rv32_execute(cpu, start + max_insns);
	}
}

void rv32_request_stop(struct rv32 *cpu)
{
	cpu->stop_requested = true;
	cpu->attention = true;
}

void rv32_set_irq(struct rv32 *cpu, enum rv32_irq line, bool level)
{
	if (level)
		cpu->mip |= 1u << line;
	else
		cpu->mip &= ~(1u << line);
	rv32_update_attention(cpu);
}

void rv32_drop_reservation(struct rv32 *cpu)
{
	cpu->reservation = RV32_NO_RESERVATION;
}

uint64_t rv32_instret(const struct rv32 *cpu)
{
	return cpu->instret;
}

bool rv32_waiting(const struct rv32 *cpu)
{
	return cpu->waiting;
}

uint32_t rv32_pc(const struct rv32 *cpu)
{
	return cpu->pc;
}

void rv32_set_pc(struct rv32 *cpu, uint32_t pc)
{
	cpu->pc = pc & ~1u;
}

uint32_t rv32_reg(const struct rv32 *cpu, unsigned int reg)
{
	return cpu->regs[reg & 31];
}

void rv32_set_reg(struct rv32 *cpu, unsigned int reg, uint32_t val)
{
	if (reg & 31)
		cpu->regs[reg & 31] = val;
}

bool rv32_csr(struct rv32 *cpu, unsigned int csr, uint32_t *val)
{
	return rv32_csr_read(cpu, csr, val);
}

const struct rv32_fatal *rv32_fatal_info(const struct rv32 *cpu)
{
	return cpu->dead ? &cpu->fatal : NULL;
}
