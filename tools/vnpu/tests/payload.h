/* SPDX-License-Identifier: MIT */
/* Small programs for the management core, and the instructions to write others. */
#ifndef VNPU_TESTS_PAYLOAD_H
#define VNPU_TESTS_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

/* Registers. */
#define X0 0u
#define T0 5u
#define T1 6u
#define T2 7u

/* Instructions; immediates are bytes, branches are relative to themselves. */
#define RV_LUI(rd, imm) ((uint32_t)(imm) << 12 | (rd) << 7 | 0x37u)
#define RV_ADDI(rd, rs, imm) (((uint32_t)(imm) & 0xfffu) << 20 | (rs) << 15 | (rd) << 7 | 0x13u)
#define RV_LW(rd, imm, rs) \
	(((uint32_t)(imm) & 0xfffu) << 20 | (rs) << 15 | 2u << 12 | (rd) << 7 | 0x03u)
#define RV_SW(val, imm, base) \
	(((uint32_t)(imm) >> 5 & 0x7fu) << 25 | (val) << 20 | (base) << 15 | 2u << 12 | \
	 ((uint32_t)(imm) & 0x1fu) << 7 | 0x23u)
#define RV_BRANCH(funct, a, b, imm) \
	(((uint32_t)(imm) >> 12 & 1u) << 31 | ((uint32_t)(imm) >> 5 & 0x3fu) << 25 | (b) << 20 | \
	 (a) << 15 | (uint32_t)(funct) << 12 | ((uint32_t)(imm) >> 1 & 0xfu) << 8 | \
	 ((uint32_t)(imm) >> 11 & 1u) << 7 | 0x63u)
#define RV_BEQ(a, b, imm) RV_BRANCH(0, a, b, imm)
#define RV_AND(rd, a, b) ((uint32_t)(b) << 20 | (a) << 15 | 7u << 12 | (rd) << 7 | 0x33u)
#define RV_CSRRW(rd, csr, rs) \
	((uint32_t)(csr) << 20 | (rs) << 15 | 1u << 12 | (rd) << 7 | 0x73u)
#define RV_MTVEC 0x305u
#define RV_J_BACK4 0xffdff06fu
#define RV_WFI 0x10500073u
#define RV_EBREAK 0x00100073u

/* Says READY and sleeps. */
extern const uint32_t payload_ready[];
extern const size_t payload_ready_words;

/* Waits for any event, then says READY and sleeps. */
extern const uint32_t payload_wait[];
extern const size_t payload_wait_words;

/* Stops the core: a trap without a handler. */
extern const uint32_t payload_crash[];
extern const size_t payload_crash_words;

#endif
