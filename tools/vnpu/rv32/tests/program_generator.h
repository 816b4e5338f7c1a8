/* SPDX-License-Identifier: MIT */
/* Random RV32IMAC programs without traps and without loops. */
#ifndef RV32_TESTS_PROGRAM_GENERATOR_H
#define RV32_TESTS_PROGRAM_GENERATOR_H

#include <stdint.h>

#define PROGRAM_MAX_INSNS 64
#define PROGRAM_MAX_HALVES (2 * PROGRAM_MAX_INSNS)

/*
 * x2, x8 and x9 point into the data and are never written: they can be the base of
 * compressed and other accesses. Every access stays within this distance of them.
 */
#define PROGRAM_REACH 2048

/**
 * struct program - straight code with forward jumps
 * @code: halfwords
 * @halves: how many
 */
struct program {
	uint16_t code[PROGRAM_MAX_HALVES];
	unsigned int halves;
};

/**
 * program_generate() - make a program
 * @program: filled
 * @random: state of the random sequence
 */
void program_generate(struct program *program, uint64_t *random);

/**
 * program_registers() - interesting register values
 * @regs: filled; x2, x8 and x9 are word-aligned pointers near @data
 * @random: state of the random sequence
 * @data: middle of the data
 */
void program_registers(uint32_t regs[32], uint64_t *random, uint32_t data);

#endif
