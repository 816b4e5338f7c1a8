// SPDX-License-Identifier: MIT
#include "compressed.h"

#include <stdbool.h>

/* Major opcodes of the instructions that compressed ones expand to. */
enum {
	OP_LOAD = 0x03,
	OP_IMM = 0x13,
	OP_STORE = 0x23,
	OP_REG = 0x33,
	OP_LUI = 0x37,
	OP_BRANCH = 0x63,
	OP_JALR = 0x67,
	OP_JAL = 0x6f,
	OP_EBREAK = 0x00100073,
};

/* What expands to nothing: all bits of no instruction are zero. */
enum { NOTHING = 0 };

enum { X_ZERO = 0, X_RA = 1, X_SP = 2 };

/* Bits @hi to @lo of @c, moved so that the lowest lands at bit @to. */
static uint32_t field(uint16_t c, unsigned int hi, unsigned int lo, unsigned int to)
{
	return ((c >> lo) & ((1u << (hi - lo + 1)) - 1)) << to;
}

static uint32_t sign_extend(uint32_t val, unsigned int bits)
{
	uint32_t sign = 1u << (bits - 1);

	return (val ^ sign) - sign;
}

/* The three-bit register fields name x8 to x15. */
static uint32_t short_reg(uint16_t c, unsigned int lo)
{
	return 8 + field(c, lo + 2, lo, 0);
}

static uint32_t long_rd(uint16_t c)
{
	return field(c, 11, 7, 0);
}

static uint32_t long_rs2(uint16_t c)
{
	return field(c, 6, 2, 0);
}

static uint32_t i_type(uint32_t opcode, uint32_t funct3, uint32_t rd, uint32_t rs1, uint32_t imm)
{
	return opcode | rd << 7 | funct3 << 12 | rs1 << 15 | imm << 20;
}

static uint32_t r_type(uint32_t funct3, uint32_t funct7, uint32_t rd, uint32_t rs1, uint32_t rs2)
{
	return OP_REG | rd << 7 | funct3 << 12 | rs1 << 15 | rs2 << 20 | funct7 << 25;
}

static uint32_t store_word(uint32_t rs1, uint32_t rs2, uint32_t imm)
{
	return OP_STORE | (imm & 0x1f) << 7 | 2u << 12 | rs1 << 15 | rs2 << 20 | (imm >> 5) << 25;
}

static uint32_t jump(uint32_t rd, uint32_t offset)
{
	return OP_JAL | rd << 7 | (offset & 0xff000) | ((offset >> 11) & 1) << 20 |
	       ((offset >> 1) & 0x3ff) << 21 | ((offset >> 20) & 1) << 31;
}

static uint32_t branch(uint32_t funct3, uint32_t rs1, uint32_t offset)
{
	return OP_BRANCH | ((offset >> 11) & 1) << 7 | ((offset >> 1) & 0xf) << 8 | funct3 << 12 |
	       rs1 << 15 | ((offset >> 5) & 0x3f) << 25 | ((offset >> 12) & 1) << 31;
}

/* Six-bit immediate of the CI format. */
static uint32_t ci_imm(uint16_t c)
{
	return sign_extend(field(c, 12, 12, 5) | field(c, 6, 2, 0), 6);
}

static uint32_t cj_offset(uint16_t c)
{
	return sign_extend(field(c, 12, 12, 11) | field(c, 11, 11, 4) | field(c, 10, 9, 8) |
			   field(c, 8, 8, 10) | field(c, 7, 7, 6) | field(c, 6, 6, 7) |
			   field(c, 5, 3, 1) | field(c, 2, 2, 5), 12);
}

static uint32_t cb_offset(uint16_t c)
{
	return sign_extend(field(c, 12, 12, 8) | field(c, 11, 10, 3) | field(c, 6, 5, 6) |
			   field(c, 4, 3, 1) | field(c, 2, 2, 5), 9);
}

static uint32_t word_offset(uint16_t c)
{
	return field(c, 12, 10, 3) | field(c, 6, 6, 2) | field(c, 5, 5, 6);
}

static uint32_t expand_addi4spn(uint16_t c)
{
	uint32_t imm = field(c, 12, 11, 4) | field(c, 10, 7, 6) | field(c, 6, 6, 2) |
		       field(c, 5, 5, 3);

	return imm ? i_type(OP_IMM, 0, short_reg(c, 2), X_SP, imm) : NOTHING;
}

static uint32_t expand_quadrant0(uint16_t c)
{
	switch (c >> 13) {
	case 0:
		return expand_addi4spn(c);
	case 2:
		return i_type(OP_LOAD, 2, short_reg(c, 2), short_reg(c, 7), word_offset(c));
	case 6:
		return store_word(short_reg(c, 7), short_reg(c, 2), word_offset(c));
	default:
		return NOTHING;
	}
}

static uint32_t expand_lui_addi16sp(uint16_t c)
{
	uint32_t imm = ci_imm(c);

	if (!imm)
		return NOTHING;
	if (long_rd(c) != X_SP)
		return OP_LUI | long_rd(c) << 7 | imm << 12;
	imm = sign_extend(field(c, 12, 12, 9) | field(c, 6, 6, 4) | field(c, 5, 5, 6) |
			  field(c, 4, 3, 7) | field(c, 2, 2, 5), 10);
	return i_type(OP_IMM, 0, X_SP, X_SP, imm);
}

static uint32_t expand_reg_reg(uint16_t c)
{
	/* SUB, XOR, OR, AND; bit 12 selects the 64-bit forms, reserved here */
	static const uint8_t funct3[4] = { 0, 4, 6, 7 };
	uint32_t op = field(c, 6, 5, 0);
	uint32_t rd = short_reg(c, 7);

	if (c & 1u << 12)
		return NOTHING;
	return r_type(funct3[op], op == 0 ? 0x20 : 0, rd, rd, short_reg(c, 2));
}

static uint32_t expand_arith(uint16_t c)
{
	uint32_t rd = short_reg(c, 7);
	bool wide_shift = c & 1u << 12;

	switch (field(c, 11, 10, 0)) {
	case 0:
		return wide_shift ? NOTHING : i_type(OP_IMM, 5, rd, rd, long_rs2(c));
	case 1:
		return wide_shift ? NOTHING : i_type(OP_IMM, 5, rd, rd, long_rs2(c) | 0x400);
	case 2:
		return i_type(OP_IMM, 7, rd, rd, ci_imm(c));
	default:
		return expand_reg_reg(c);
	}
}

static uint32_t expand_quadrant1(uint16_t c)
{
	switch (c >> 13) {
	case 0:
		return i_type(OP_IMM, 0, long_rd(c), long_rd(c), ci_imm(c));
	case 1:
		return jump(X_RA, cj_offset(c));
	case 2:
		return i_type(OP_IMM, 0, long_rd(c), X_ZERO, ci_imm(c));
	case 3:
		return expand_lui_addi16sp(c);
	case 4:
		return expand_arith(c);
	case 5:
		return jump(X_ZERO, cj_offset(c));
	case 6:
		return branch(0, short_reg(c, 7), cb_offset(c));
	default:
		return branch(1, short_reg(c, 7), cb_offset(c));
	}
}

static uint32_t expand_lwsp(uint16_t c)
{
	uint32_t imm = field(c, 12, 12, 5) | field(c, 6, 4, 2) | field(c, 3, 2, 6);

	return long_rd(c) ? i_type(OP_LOAD, 2, long_rd(c), X_SP, imm) : NOTHING;
}

static uint32_t expand_jump_move_add(uint16_t c)
{
	uint32_t rd = long_rd(c);
	uint32_t rs2 = long_rs2(c);
	bool link = c & 1u << 12;

	if (rs2)
		return r_type(0, 0, rd, link ? rd : X_ZERO, rs2);
	if (rd)
		return i_type(OP_JALR, 0, link ? X_RA : X_ZERO, rd, 0);
	return link ? OP_EBREAK : NOTHING;
}

static uint32_t expand_quadrant2(uint16_t c)
{
	switch (c >> 13) {
	case 0:
		return c & 1u << 12 ?
		       NOTHING : i_type(OP_IMM, 1, long_rd(c), long_rd(c), long_rs2(c));
	case 2:
		return expand_lwsp(c);
	case 4:
		return expand_jump_move_add(c);
	case 6:
		return store_word(X_SP, long_rs2(c), field(c, 12, 9, 2) | field(c, 8, 7, 6));
	default:
		return NOTHING;
	}
}

uint32_t rv32_expand(uint16_t c)
{
	switch (c & 3) {
	case 0:
		return expand_quadrant0(c);
	case 1:
		return expand_quadrant1(c);
	case 2:
		return expand_quadrant2(c);
	default:
		return NOTHING;
	}
}
