/* SPDX-License-Identifier: MIT */
/*
 * RV32IMAC interpreter with Zicsr and Zifencei, machine mode only.
 *
 * The management core of the virtual NPU. It is deterministic: nothing depends on the
 * host's time, and one instruction is one cycle. A core and all calls on it belong to
 * one thread; bus callbacks run inside rv32_run() on that thread.
 */
#ifndef RV32_RV32_H
#define RV32_RV32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rv32;

/**
 * struct rv32_bus - everything outside the memory window
 * @load: read @size (1, 2 or 4) bytes at the naturally aligned @addr into *@val, zero
 *	extended; non-zero raises a load access fault
 * @store: write the low @size (1, 2 or 4) bytes of @val at the naturally aligned @addr;
 *	non-zero raises a store access fault
 * @time: the value of the time CSR, in the device's time base; NULL means that the
 *	time CSR does not exist
 *
 * The callbacks may call rv32_set_irq(), rv32_request_stop() and the read functions.
 */
struct rv32_bus {
	int (*load)(void *opaque, uint32_t addr, unsigned int size, uint32_t *val);
	int (*store)(void *opaque, uint32_t addr, unsigned int size, uint32_t val);
	uint64_t (*time)(void *opaque);
};

/**
 * struct rv32_config - what a core is made of
 * @bus: callbacks; must outlive the core
 * @opaque: handed to the callbacks
 * @window: host memory that backs the private SRAM; owned by the caller, must outlive
 *	the core; little-endian as on the device
 * @window_base: address of the SRAM, 4-byte aligned
 * @window_size: its bytes, a multiple of 4, not zero; must not run past 4 GiB
 * @hartid: value of mhartid
 *
 * Instructions are fetched, and atomics work, in the window only; elsewhere they raise
 * an access fault. Loads and stores in the window never reach the bus.
 */
struct rv32_config {
	const struct rv32_bus *bus;
	void *opaque;
	void *window;
	uint32_t window_base;
	uint32_t window_size;
	uint32_t hartid;
};

/** enum rv32_stop - why rv32_run() came back */
enum rv32_stop {
	RV32_STOP_BUDGET,	/* the given number of instructions is retired */
	RV32_STOP_WFI,		/* waits for an interrupt and none is pending and enabled */
	RV32_STOP_REQUEST,	/* a callback asked for it; the instruction is complete */
	RV32_STOP_FATAL,	/* double trap: see rv32_fatal_info(); only a reset helps */
};

/** enum rv32_irq - interrupt lines, numbered as their bits in mip and mie */
enum rv32_irq {
	RV32_IRQ_SOFTWARE = 3,	/* MSIP */
	RV32_IRQ_TIMER = 7,	/* MTIP */
	RV32_IRQ_EXTERNAL = 11,	/* MEIP */
};

/** enum rv32_cause - exception codes of mcause */
enum rv32_cause {
	RV32_CAUSE_FETCH_ACCESS = 1,
	RV32_CAUSE_ILLEGAL = 2,
	RV32_CAUSE_BREAKPOINT = 3,
	RV32_CAUSE_LOAD_MISALIGNED = 4,
	RV32_CAUSE_LOAD_ACCESS = 5,
	RV32_CAUSE_STORE_MISALIGNED = 6,
	RV32_CAUSE_STORE_ACCESS = 7,
	RV32_CAUSE_ECALL_M = 11,
};

/**
 * struct rv32_fatal - the trap that could not be taken
 * @cause: mcause of that trap
 * @tval: its mtval
 * @pc: address of the instruction that raised it
 */
struct rv32_fatal {
	uint32_t cause;
	uint32_t tval;
	uint32_t pc;
};

/**
 * rv32_create() - make a core, in reset with pc at the window's base
 * @config: see struct rv32_config; copied
 *
 * Return: the core, owned by the caller, or NULL with errno EINVAL or ENOMEM.
 */
struct rv32 *rv32_create(const struct rv32_config *config);

/**
 * rv32_destroy() - free a core; the window stays the caller's
 * @cpu: the core or NULL
 */
void rv32_destroy(struct rv32 *cpu);

/**
 * rv32_reset() - power-on state: registers, CSRs and counters zero, interrupts disabled
 * @cpu: the core
 * @pc: address of the first instruction
 *
 * The levels of the interrupt lines stay as they are: they belong to the devices.
 */
void rv32_reset(struct rv32 *cpu, uint32_t pc);

/**
 * rv32_run() - execute instructions
 * @cpu: the core
 * @max_insns: most instructions to retire in this call
 *
 * An instruction that traps does not retire and costs nothing. An exception before the
 * first instruction of a trap handler has retired is a double trap, so each trap but the
 * last is followed by at least one retired instruction and the call always ends.
 *
 * Return: the reason for coming back. rv32_instret() tells how many were retired.
 */
enum rv32_stop rv32_run(struct rv32 *cpu, uint64_t max_insns);

/**
 * rv32_request_stop() - make rv32_run() return after the current instruction
 * @cpu: the core
 *
 * For bus callbacks; outside rv32_run() it has no effect.
 */
void rv32_request_stop(struct rv32 *cpu);

/**
 * rv32_set_irq() - drive an interrupt line
 * @cpu: the core
 * @line: which one
 * @level: true asserts it; it stays until deasserted
 */
void rv32_set_irq(struct rv32 *cpu, enum rv32_irq line, bool level);

/**
 * rv32_drop_reservation() - tell the core that another agent wrote to its SRAM
 * @cpu: the core
 *
 * The next SC fails. Call it after a DMA or host write to the window.
 */
void rv32_drop_reservation(struct rv32 *cpu);

/**
 * rv32_instret() - instructions retired since reset
 * @cpu: the core
 *
 * Not affected by firmware writing mcycle or minstret.
 */
uint64_t rv32_instret(const struct rv32 *cpu);

/**
 * rv32_waiting() - whether the core sleeps in WFI
 * @cpu: the core
 *
 * False as soon as an enabled interrupt is pending.
 */
bool rv32_waiting(const struct rv32 *cpu);

/** rv32_pc() - address of the next instruction */
uint32_t rv32_pc(const struct rv32 *cpu);

/** rv32_set_pc() - set the address of the next instruction; bit 0 is ignored */
void rv32_set_pc(struct rv32 *cpu, uint32_t pc);

/**
 * rv32_reg() - read an integer register
 * @cpu: the core
 * @reg: 0 to 31
 */
uint32_t rv32_reg(const struct rv32 *cpu, unsigned int reg);

/**
 * rv32_set_reg() - write an integer register; x0 stays zero
 * @cpu: the core
 * @reg: 0 to 31
 * @val: its new value
 */
void rv32_set_reg(struct rv32 *cpu, unsigned int reg, uint32_t val);

/**
 * rv32_csr() - read a CSR as the csrr instruction would
 * @cpu: the core
 * @csr: its number
 * @val: where the value goes
 *
 * Return: true, or false when there is no such CSR.
 */
bool rv32_csr(struct rv32 *cpu, unsigned int csr, uint32_t *val);

/**
 * rv32_fatal_info() - the trap behind RV32_STOP_FATAL
 * @cpu: the core
 *
 * Return: the record, valid until the next reset, or NULL when the core did not stop so.
 */
const struct rv32_fatal *rv32_fatal_info(const struct rv32 *cpu);

#endif
