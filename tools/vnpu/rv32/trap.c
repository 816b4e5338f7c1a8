// SPDX-License-Identifier: MIT
#include "trap.h"

#define CAUSE_INTERRUPT (1u << 31)

static void stop_dead(struct rv32 *cpu, uint32_t cause, uint32_t tval)
{
	cpu->fatal = (struct rv32_fatal){ .cause = cause, .tval = tval, .pc = cpu->pc };
	cpu->dead = true;
	cpu->attention = true;
}

static uint32_t handler_address(const struct rv32 *cpu, uint32_t cause)
{
	uint32_t base = cpu->mtvec & ~3u;

	if ((cause & CAUSE_INTERRUPT) && (cpu->mtvec & RV32_MTVEC_VECTORED))
		return base + 4 * (cause & ~CAUSE_INTERRUPT);
	return base;
}

static void enter(struct rv32 *cpu, uint32_t cause, uint32_t tval)
{
	bool no_handler = (cpu->mtvec & ~3u) == 0;
	bool handler_faulted = cpu->trap_instret == cpu->instret;

	if (no_handler || handler_faulted) {
		stop_dead(cpu, cause, tval);
		return;
	}
	cpu->trap_instret = cpu->instret;
	cpu->mepc = cpu->pc;
	cpu->mcause = cause;
	cpu->mtval = tval;
	cpu->mie_mpie = cpu->mie_mpie & RV32_MSTATUS_MIE ? RV32_MSTATUS_MPIE : 0;
	cpu->pc = handler_address(cpu, cause);
	rv32_update_attention(cpu);
}

void rv32_exception(struct rv32 *cpu, enum rv32_cause cause, uint32_t tval)
{
	enter(cpu, cause, tval);
}

void rv32_interrupt(struct rv32 *cpu)
{
	static const enum rv32_irq by_priority[] = {
		RV32_IRQ_EXTERNAL, RV32_IRQ_SOFTWARE, RV32_IRQ_TIMER,
	};
	uint32_t pending = cpu->mip & cpu->mie;
	unsigned int i = 0;

	while (!(pending & 1u << by_priority[i]))
		i++;
	enter(cpu, CAUSE_INTERRUPT | by_priority[i], 0);
}

void rv32_update_attention(struct rv32 *cpu)
{
	if (cpu->mip & cpu->mie)
		cpu->waiting = false;
	cpu->attention = cpu->dead || cpu->waiting || cpu->stop_requested ||
			 rv32_interrupt_ready(cpu);
}

void rv32_return(struct rv32 *cpu)
{
	bool enabled = cpu->mie_mpie & RV32_MSTATUS_MPIE;

	cpu->mie_mpie = RV32_MSTATUS_MPIE | (enabled ? RV32_MSTATUS_MIE : 0);
	cpu->next_pc = cpu->mepc;
	rv32_update_attention(cpu);
}
