/* SPDX-License-Identifier: MIT */
/* The core's state, private to this library. */
#ifndef RV32_CORE_H
#define RV32_CORE_H

#include "decode.h"
#include "rv32.h"

#define RV32_MSTATUS_MIE (1u << 3)
#define RV32_MSTATUS_MPIE (1u << 7)
#define RV32_MSTATUS_MPP_M (3u << 11)

#define RV32_MTVEC_VECTORED 1u

#define RV32_IRQ_MASK \
	(1u << RV32_IRQ_SOFTWARE | 1u << RV32_IRQ_TIMER | 1u << RV32_IRQ_EXTERNAL)

/* Odd, so it equals no reserved word address. */
#define RV32_NO_RESERVATION 1u

/* Never the number of retired instructions. */
#define RV32_NEVER UINT64_MAX

/* Entries of the decode cache, a power of two: no two instructions of 32 KiB share one. */
#define RV32_DECODE_ENTRIES 16384

/**
 * struct rv32 - one core
 * @regs: x0 to x31, then the slot where writes to x0 end up
 * @pc: the current instruction
 * @next_pc: where the current instruction goes on when it retires
 * @instret: instructions retired since reset
 * @attention: set when the run loop must look at more than the next instruction
 * @waiting: asleep in WFI
 * @stop_requested: rv32_request_stop() was called
 * @dead: stopped by a double trap, described in @fatal
 * @reservation: address reserved by LR or RV32_NO_RESERVATION
 * @trap_instret: @instret at the last trap, RV32_NEVER before the first
 * @mie_mpie: the two writable bits of mstatus
 * @mcycle_offset: mcycle minus @instret
 * @minstret_offset: minstret minus @instret
 * @decoded: instructions by a hash of their address; the raw bits are the tag, so
 *	code that changes needs no invalidation
 */
struct rv32 {
	uint32_t regs[RV32_NUM_SLOTS];
	uint32_t pc;
	uint32_t next_pc;
	uint64_t instret;
	uint8_t *window;
	uint32_t window_base;
	uint32_t window_size;
	uint32_t reservation;
	bool attention;
	bool waiting;
	bool stop_requested;
	bool dead;
	uint64_t trap_instret;
	uint32_t mie_mpie;
	uint32_t mie;
	uint32_t mip;
	uint32_t mtvec;
	uint32_t mscratch;
	uint32_t mepc;
	uint32_t mcause;
	uint32_t mtval;
	uint32_t hartid;
	uint64_t mcycle_offset;
	uint64_t minstret_offset;
	const struct rv32_bus *bus;
	void *opaque;
	struct rv32_fatal fatal;
	struct rv32_insn decoded[RV32_DECODE_ENTRIES];
};

#endif
