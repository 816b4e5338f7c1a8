/* SPDX-License-Identifier: MIT */
/*
 * Unicorn as the second opinion.
 *
 * It is GPL-2.0-only, so it is linked into these test programs and never into the virtual
 * NPU.
 */
#ifndef RV32_TESTS_REFERENCE_H
#define RV32_TESTS_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

struct reference;

/** reference_create() - a core with zeroed memory at [@base, @base + @size), whole pages */
struct reference *reference_create(uint32_t base, uint32_t size);

/** reference_destroy() - free it */
void reference_destroy(struct reference *ref);

/** reference_write() - copy into its memory */
void reference_write(struct reference *ref, uint32_t addr, const void *buf, uint32_t len);

/** reference_read() - copy out of its memory */
void reference_read(struct reference *ref, uint32_t addr, void *buf, uint32_t len);

/** reference_set_regs() - set x1 to x31; mscratch, mtval and mcause become zero */
void reference_set_regs(struct reference *ref, const uint32_t regs[32]);

/** reference_get_regs() - read x0 to x31 */
void reference_get_regs(struct reference *ref, uint32_t regs[32]);

/** reference_step() - run one instruction; false when it trapped, else *@pc is the next */
bool reference_step(struct reference *ref, uint32_t *pc);

/**
 * reference_run() - run until @end
 * @ref: the core
 * @pc: where to begin
 * @end: where to stop
 * @before: called before each instruction with its address, unless NULL; false stops
 * @opaque: handed to @before
 *
 * Return: false when something trapped.
 */
bool reference_run(struct reference *ref, uint32_t pc, uint32_t end,
		   bool (*before)(void *opaque, uint32_t pc), void *opaque);

#endif
