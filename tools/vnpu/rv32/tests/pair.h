/* SPDX-License-Identifier: MIT */
/* The interpreter and the reference with the same memory and registers. */
#ifndef RV32_TESTS_PAIR_H
#define RV32_TESTS_PAIR_H

#include "reference.h"
#include "rv32/rv32.h"

#define PAIR_BASE 0x10000000u
#define PAIR_SIZE 0x60000u
#define PAIR_CODE PAIR_BASE
#define PAIR_DATA (PAIR_BASE + 0x50000)
#define PAIR_DATA_SIZE 0x2000u

/**
 * struct pair - both cores
 * @cpu: the interpreter
 * @ref: the reference
 * @memory: the interpreter's window
 */
struct pair {
	struct rv32 *cpu;
	struct reference *ref;
	uint8_t memory[PAIR_SIZE];
};

/** pair_setup() - cmocka setup */
int pair_setup(void **state);

/** pair_teardown() - cmocka teardown */
int pair_teardown(void **state);

/** pair_write() - the same bytes into both memories */
void pair_write(struct pair *pair, uint32_t addr, const void *buf, uint32_t len);

/** pair_start() - the same registers and pc in both, traps fatal in the interpreter */
void pair_start(struct pair *pair, uint32_t pc, const uint32_t regs[32]);

/** pair_step() - one instruction on both, comparing pc and registers; false: both trapped */
bool pair_step(struct pair *pair);

/** pair_compare_regs() - all registers are equal */
void pair_compare_regs(struct pair *pair);

/** pair_compare_memory() - [@addr, @addr + @len) is equal */
void pair_compare_memory(struct pair *pair, uint32_t addr, uint32_t len);

#endif
