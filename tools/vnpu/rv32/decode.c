// SPDX-License-Identifier: MIT
#include "decode.h"

#include "compressed.h"

/* Major opcodes. */
enum {
	OP_LOAD = 0x03,
	OP_FENCE = 0x0f,
	OP_IMM = 0x13,
	OP_AUIPC = 0x17,
	OP_STORE = 0x23,
	OP_AMO = 0x2f,
	OP_REG = 0x33,
	OP_LUI = 0x37,
	OP_BRANCH = 0x63,
	OP_JALR = 0x67,
	OP_JAL = 0x6f,
	OP_SYSTEM = 0x73,
};

static uint8_t opcode(uint32_t raw)
{
	return raw & 0x7f;
}

static uint8_t funct3(uint32_t raw)
{
	return (raw >> 12) & 7;
}

static uint8_t funct7(uint32_t raw)
{
	return raw >> 25;
}

static int32_t imm_i(uint32_t raw)
{
	return (int32_t)raw >> 20;
}

static int32_t imm_s(uint32_t raw)
{
	return ((int32_t)(raw & 0xfe000000) >> 20) | (int32_t)((raw >> 7) & 0x1f);
}

static int32_t imm_b(uint32_t raw)
{
	return ((int32_t)(raw & 0x80000000) >> 19) |
	       (int32_t)((raw & 0x80) << 4 | ((raw >> 20) & 0x7e0) | ((raw >> 7) & 0x1e));
}

static int32_t imm_j(uint32_t raw)
{
	return ((int32_t)(raw & 0x80000000) >> 11) |
	       (int32_t)((raw & 0xff000) | ((raw >> 9) & 0x800) | ((raw >> 20) & 0x7fe));
}

static enum rv32_kind decode_immediate_op(uint32_t raw, struct rv32_insn *insn)
{
	insn->rs2 = 0;
	insn->op = funct3(raw);
	insn->imm = imm_i(raw);
	if (insn->op != RV32_ALU_SLL && insn->op != RV32_ALU_SRL)
		return RV32_KIND_ALU;
	/* A shift looks at the five lowest bits of it. */
	if (funct7(raw) == 0x20 && insn->op == RV32_ALU_SRL)
		insn->op = RV32_ALU_SRA;
	else if (funct7(raw))
		return RV32_KIND_ILLEGAL;
	return RV32_KIND_ALU;
}

static enum rv32_kind decode_register_op(uint32_t raw, struct rv32_insn *insn)
{
	insn->op = funct3(raw);
	switch (funct7(raw)) {
	case 0:
		return RV32_KIND_ALU;
	case 1:
		return RV32_KIND_MULDIV;
	case 0x20:
		if (insn->op != RV32_ALU_ADD && insn->op != RV32_ALU_SRL)
			return RV32_KIND_ILLEGAL;
		insn->op |= RV32_ALU_ALT;
		return RV32_KIND_ALU;
	default:
		return RV32_KIND_ILLEGAL;
	}
}

static enum rv32_kind decode_load(uint32_t raw, struct rv32_insn *insn)
{
	insn->op = funct3(raw);
	insn->imm = imm_i(raw);
	return insn->op == 3 || insn->op > 5 ? RV32_KIND_ILLEGAL : RV32_KIND_LOAD;
}

static enum rv32_kind decode_store(uint32_t raw, struct rv32_insn *insn)
{
	insn->op = funct3(raw);
	insn->imm = imm_s(raw);
	return insn->op > 2 ? RV32_KIND_ILLEGAL : RV32_KIND_STORE;
}

static enum rv32_kind decode_branch(uint32_t raw, struct rv32_insn *insn)
{
	insn->op = funct3(raw);
	insn->imm = imm_b(raw);
	return insn->op == 2 || insn->op == 3 ? RV32_KIND_ILLEGAL : RV32_KIND_BRANCH;
}

static enum rv32_kind decode_amo(uint32_t raw, struct rv32_insn *insn)
{
	if (funct3(raw) != 2)
		return RV32_KIND_ILLEGAL;
	insn->op = raw >> 27;
	switch (insn->op) {
	case 0x02:
		return insn->rs2 ? RV32_KIND_ILLEGAL : RV32_KIND_LR;
	case 0x03:
		return RV32_KIND_SC;
	case 0x00:
	case 0x01:
	case 0x04:
	case 0x08:
	case 0x0c:
	case 0x10:
	case 0x14:
	case 0x18:
	case 0x1c:
		return RV32_KIND_AMO;
	default:
		return RV32_KIND_ILLEGAL;
	}
}

static enum rv32_kind decode_system(uint32_t raw, struct rv32_insn *insn)
{
	insn->op = funct3(raw);
	insn->imm = (int32_t)(raw >> 20);
	if (insn->op == 4)
		return RV32_KIND_ILLEGAL;
	if (insn->op)
		return RV32_KIND_CSR;
	switch (raw) {
	case 0x00000073:
		return RV32_KIND_ECALL;
	case 0x00100073:
		return RV32_KIND_EBREAK;
	case 0x30200073:
		return RV32_KIND_MRET;
	case 0x10500073:
		return RV32_KIND_WFI;
	default:
		return RV32_KIND_ILLEGAL;
	}
}

static enum rv32_kind decode_upper(uint32_t raw, struct rv32_insn *insn)
{
	insn->imm = (int32_t)(raw & 0xfffff000);
	if (opcode(raw) == OP_AUIPC)
		return RV32_KIND_AUIPC;
	insn->op = RV32_ALU_ADD;
	insn->rs1 = 0;
	insn->rs2 = 0;
	return RV32_KIND_ALU;
}

static enum rv32_kind decode_fields(uint32_t raw, struct rv32_insn *insn)
{
	switch (opcode(raw)) {
	case OP_LUI:
	case OP_AUIPC:
		return decode_upper(raw, insn);
	case OP_IMM:
		return decode_immediate_op(raw, insn);
	case OP_REG:
		return decode_register_op(raw, insn);
	case OP_LOAD:
		return decode_load(raw, insn);
	case OP_STORE:
		return decode_store(raw, insn);
	case OP_BRANCH:
		return decode_branch(raw, insn);
	case OP_JAL:
		insn->imm = imm_j(raw);
		return RV32_KIND_JAL;
	case OP_JALR:
		insn->imm = imm_i(raw);
		return funct3(raw) ? RV32_KIND_ILLEGAL : RV32_KIND_JALR;
	case OP_AMO:
		return decode_amo(raw, insn);
	case OP_FENCE:
		return funct3(raw) > 1 ? RV32_KIND_ILLEGAL : RV32_KIND_FENCE;
	case OP_SYSTEM:
		return decode_system(raw, insn);
	default:
		return RV32_KIND_ILLEGAL;
	}
}

void rv32_decode(uint32_t raw, struct rv32_insn *insn)
{
	uint32_t bits = (raw & 3) == 3 ? raw : rv32_expand((uint16_t)raw);
	uint8_t rd = (bits >> 7) & 0x1f;

	*insn = (struct rv32_insn){
		.raw = raw,
		.len = (raw & 3) == 3 ? 4 : 2,
		.rd = rd ? rd : RV32_SINK,
		.rs1 = (bits >> 15) & 0x1f,
		.rs2 = (bits >> 20) & 0x1f,
	};
	insn->kind = decode_fields(bits, insn);
}
