/* SPDX-License-Identifier: MIT */
/* Programs of the management core that write its registers and report what they read there. */
#ifndef VNPU_TESTS_CORE_PROGRAM_H
#define VNPU_TESTS_CORE_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

struct harness;

/* So many words are reported at most. */
#define CORE_PROGRAM_REPORT 256u

/**
 * struct core_program - a program under construction; zero is an empty one
 * @word: instructions
 * @words: how many
 * @reported: words of the report
 */
struct core_program {
	uint32_t word[8192];
	size_t words;
	unsigned int reported;
};

/** core_emit() - add an instruction */
void core_emit(struct core_program *program, uint32_t word);

/** core_set() - a register gets a value */
void core_set(struct core_program *program, unsigned int reg, uint32_t value);

/** core_store() - write a word at an address of the core; changes T0 and T1 */
void core_store(struct core_program *program, uint32_t address, uint32_t value);

/** core_report() - read a word, which is the next one of the report; changes T0 and T1 */
void core_report(struct core_program *program, uint32_t address);

/** core_move() - read a word and write it to another address; changes T0 and T1 */
void core_move(struct core_program *program, uint32_t to, uint32_t from);

/** core_poll() - read a word until it has a bit of a mask; changes T0, T1 and T2 */
void core_poll(struct core_program *program, uint32_t address, uint32_t mask);

/** core_sleep() - sleep until the external interrupt is pending, which does not trap */
void core_sleep(struct core_program *program);

/** core_ready() - say READY and sleep: the end of a program without a report */
void core_ready(struct core_program *program);

/**
 * core_boot() - add the end, and boot the program from state RESET
 * @program: the program
 * @h: the device
 * @boot_block: bus address that it is told
 *
 * Return: bus address of the report, complete in state READY.
 */
uint64_t core_boot(struct core_program *program, struct harness *h, uint64_t boot_block);

/** core_execute() - core_boot(), and wait for the report; it is good until memory is freed */
const uint32_t *core_execute(struct core_program *program, struct harness *h);

#endif
