/* SPDX-License-Identifier: MIT */
#ifndef RV32_TRAP_H
#define RV32_TRAP_H

#include "core.h"

/**
 * rv32_exception() - the current instruction traps
 * @cpu: the core; its pc moves to the handler, or the core stops dead
 * @cause: exception code
 * @tval: value of mtval
 */
void rv32_exception(struct rv32 *cpu, enum rv32_cause cause, uint32_t tval);

/**
 * rv32_interrupt() - take the pending and enabled interrupt of highest priority
 * @cpu: the core, with such an interrupt
 */
void rv32_interrupt(struct rv32 *cpu);

/** rv32_interrupt_ready() - whether an interrupt is pending, enabled and not held off */
static inline bool rv32_interrupt_ready(const struct rv32 *cpu)
{
	return (cpu->mie_mpie & RV32_MSTATUS_MIE) && (cpu->mip & cpu->mie);
}

/**
 * rv32_update_attention() - recompute struct rv32.attention and wake from WFI
 * @cpu: the core, after a change to anything that the run loop looks at
 */
void rv32_update_attention(struct rv32 *cpu);

/** rv32_return() - execute MRET */
void rv32_return(struct rv32 *cpu);

#endif
