/* SPDX-License-Identifier: MIT */
/* A tiny assembler: one function per instruction, as the tests need them. */
#ifndef RV32_TESTS_ENCODE_H
#define RV32_TESTS_ENCODE_H

#include <stdint.h>

enum { ZERO, RA, SP, GP, TP, T0, T1, T2, S0, S1, A0, A1, A2, A3, A4, A5 };

static inline uint32_t r_type(uint32_t op, uint32_t f3, uint32_t f7, uint32_t rd, uint32_t rs1,
			      uint32_t rs2)
{
	return op | rd << 7 | f3 << 12 | rs1 << 15 | rs2 << 20 | f7 << 25;
}

static inline uint32_t i_type(uint32_t op, uint32_t f3, uint32_t rd, uint32_t rs1, int32_t imm)
{
	return op | rd << 7 | f3 << 12 | rs1 << 15 | (uint32_t)imm << 20;
}

static inline uint32_t op_reg(uint32_t f3, uint32_t f7, uint32_t rd, uint32_t rs1, uint32_t rs2)
{
	return r_type(0x33, f3, f7, rd, rs1, rs2);
}

static inline uint32_t op_imm(uint32_t f3, uint32_t rd, uint32_t rs1, int32_t imm)
{
	return i_type(0x13, f3, rd, rs1, imm);
}

static inline uint32_t addi(uint32_t rd, uint32_t rs1, int32_t imm)
{
	return op_imm(0, rd, rs1, imm);
}

static inline uint32_t lui(uint32_t rd, uint32_t imm)
{
	return 0x37 | rd << 7 | (imm & 0xfffff000);
}

static inline uint32_t auipc(uint32_t rd, uint32_t imm)
{
	return 0x17 | rd << 7 | (imm & 0xfffff000);
}

static inline uint32_t load(uint32_t f3, uint32_t rd, uint32_t rs1, int32_t imm)
{
	return i_type(0x03, f3, rd, rs1, imm);
}

static inline uint32_t store(uint32_t f3, uint32_t rs2, uint32_t rs1, int32_t imm)
{
	uint32_t u = (uint32_t)imm;

	return r_type(0x23, f3, (u >> 5) & 0x7f, u & 0x1f, rs1, rs2);
}

static inline uint32_t branch(uint32_t f3, uint32_t rs1, uint32_t rs2, int32_t offset)
{
	uint32_t u = (uint32_t)offset;

	return 0x63 | ((u >> 11) & 1) << 7 | ((u >> 1) & 0xf) << 8 | f3 << 12 | rs1 << 15 |
	       rs2 << 20 | ((u >> 5) & 0x3f) << 25 | ((u >> 12) & 1) << 31;
}

static inline uint32_t jal(uint32_t rd, int32_t offset)
{
	uint32_t u = (uint32_t)offset;

	return 0x6f | rd << 7 | (u & 0xff000) | ((u >> 11) & 1) << 20 | ((u >> 1) & 0x3ff) << 21 |
	       ((u >> 20) & 1) << 31;
}

static inline uint32_t jalr(uint32_t rd, uint32_t rs1, int32_t imm)
{
	return i_type(0x67, 0, rd, rs1, imm);
}

static inline uint32_t amo(uint32_t f5, uint32_t rd, uint32_t rs1, uint32_t rs2)
{
	return r_type(0x2f, 2, f5 << 2, rd, rs1, rs2);
}

static inline uint32_t lr(uint32_t rd, uint32_t rs1)
{
	return amo(2, rd, rs1, 0);
}

static inline uint32_t sc(uint32_t rd, uint32_t rs1, uint32_t rs2)
{
	return amo(3, rd, rs1, rs2);
}

static inline uint32_t csr_op(uint32_t f3, uint32_t rd, uint32_t csr, uint32_t source)
{
	return 0x73 | rd << 7 | f3 << 12 | source << 15 | csr << 20;
}

static inline uint32_t csrrw(uint32_t rd, uint32_t csr, uint32_t rs1)
{
	return csr_op(1, rd, csr, rs1);
}

static inline uint32_t csrrs(uint32_t rd, uint32_t csr, uint32_t rs1)
{
	return csr_op(2, rd, csr, rs1);
}

static inline uint32_t csrrc(uint32_t rd, uint32_t csr, uint32_t rs1)
{
	return csr_op(3, rd, csr, rs1);
}

#define ECALL 0x00000073u
#define EBREAK 0x00100073u
#define MRET 0x30200073u
#define WFI 0x10500073u
#define FENCE 0x0ff0000fu
#define FENCE_I 0x0000100fu

enum {
	CSR_MSTATUS = 0x300,
	CSR_MISA = 0x301,
	CSR_MIE = 0x304,
	CSR_MTVEC = 0x305,
	CSR_MSCRATCH = 0x340,
	CSR_MEPC = 0x341,
	CSR_MCAUSE = 0x342,
	CSR_MTVAL = 0x343,
	CSR_MIP = 0x344,
	CSR_MCYCLE = 0xb00,
	CSR_MINSTRET = 0xb02,
	CSR_MCYCLEH = 0xb80,
	CSR_MINSTRETH = 0xb82,
	CSR_CYCLE = 0xc00,
	CSR_TIME = 0xc01,
	CSR_INSTRET = 0xc02,
	CSR_TIMEH = 0xc81,
	CSR_MVENDORID = 0xf11,
	CSR_MHARTID = 0xf14,
};

#endif
