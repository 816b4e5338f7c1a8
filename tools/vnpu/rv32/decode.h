/* SPDX-License-Identifier: MIT */
#ifndef RV32_DECODE_H
#define RV32_DECODE_H

#include <stdint.h>

/* Writes to x0 go to a slot of their own, so executing needs no test for it. */
#define RV32_SINK 32
#define RV32_NUM_SLOTS 33

/** enum rv32_kind - which part of the core executes an instruction */
enum rv32_kind {
	RV32_KIND_ILLEGAL,	/* zero, so a cleared decode cache entry is true for raw 0 */
	RV32_KIND_ALU,
	RV32_KIND_MULDIV,
	RV32_KIND_AUIPC,
	RV32_KIND_JAL,
	RV32_KIND_JALR,
	RV32_KIND_BRANCH,
	RV32_KIND_LOAD,
	RV32_KIND_STORE,
	RV32_KIND_FENCE,
	RV32_KIND_LR,
	RV32_KIND_SC,
	RV32_KIND_AMO,
	RV32_KIND_CSR,
	RV32_KIND_ECALL,
	RV32_KIND_EBREAK,
	RV32_KIND_MRET,
	RV32_KIND_WFI,
};

/* The operation of RV32_KIND_ALU: funct3, plus RV32_ALU_ALT for the second meaning. */
#define RV32_ALU_ALT 8u

enum rv32_alu {
	RV32_ALU_ADD = 0,
	RV32_ALU_SLL = 1,
	RV32_ALU_SLT = 2,
	RV32_ALU_SLTU = 3,
	RV32_ALU_XOR = 4,
	RV32_ALU_SRL = 5,
	RV32_ALU_OR = 6,
	RV32_ALU_AND = 7,
	RV32_ALU_SUB = RV32_ALU_ADD | RV32_ALU_ALT,
	RV32_ALU_SRA = RV32_ALU_SRL | RV32_ALU_ALT,
};

/**
 * struct rv32_insn - one decoded instruction
 * @raw: its 16 or 32 bits
 * @imm: immediate, sign extended; the CSR number of RV32_KIND_CSR
 * @kind: enum rv32_kind
 * @op: funct3 or funct5 as @kind needs it, enum rv32_alu of RV32_KIND_ALU
 * @len: 2 or 4 bytes
 * @rd: destination slot, RV32_SINK for x0
 * @rs1: first source; the immediate of the CSRR*I forms
 * @rs2: second source; x0 with an immediate, so that x[rs2] + imm is the operand
 */
struct rv32_insn {
	uint32_t raw;
	int32_t imm;
	uint8_t kind;
	uint8_t op;
	uint8_t len;
	uint8_t rd;
	uint8_t rs1;
	uint8_t rs2;
};

/**
 * rv32_decode() - decode an instruction
 * @raw: 32 bits, or 16 when the two low bits are not 3
 * @insn: filled; RV32_KIND_ILLEGAL for what RV32IMAC_Zicsr_Zifencei does not define
 */
void rv32_decode(uint32_t raw, struct rv32_insn *insn);

#endif
