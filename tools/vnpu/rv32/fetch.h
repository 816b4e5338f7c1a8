/* SPDX-License-Identifier: MIT */
/*
 * The instruction at pc, private to this library. Inline, as is memory.h: each
 * instruction passes through.
 */
#ifndef RV32_FETCH_H
#define RV32_FETCH_H

#include "core.h"
#include "memory.h"
#include "trap.h"

/* The raw instruction at pc, or false after a fetch fault. */
static inline bool rv32_fetch(struct rv32 *cpu, uint32_t *raw)
{
	const uint8_t *p = rv32_window(cpu, cpu->pc, 4);

	if (p) {
		*raw = rv32_peek(p, 4);
	} else {
		/* The last halfword of the window holds a compressed instruction at most. */
		p = rv32_window(cpu, cpu->pc, 2);
		if (!p) {
			rv32_exception(cpu, RV32_CAUSE_FETCH_ACCESS, cpu->pc);
			return false;
		}
		*raw = rv32_peek(p, 2);
		if ((*raw & 3) == 3) {
			rv32_exception(cpu, RV32_CAUSE_FETCH_ACCESS, cpu->pc + 2);
			return false;
		}
	}
	if ((*raw & 3) != 3)
		*raw &= 0xffff;
	return true;
}

/* The instruction at pc, of which @raw was fetched. */
static inline const struct rv32_insn *rv32_decoded(struct rv32 *cpu, uint32_t raw)
{
	struct rv32_insn *insn = &cpu->decoded[(cpu->pc >> 1) & (RV32_DECODE_ENTRIES - 1)];

	if (insn->raw != raw)
		rv32_decode(raw, insn);
	return insn;
}

#endif
