// SPDX-License-Identifier: MIT
#include "execute.h"

#include "csr.h"
#include "fetch.h"
#include "memory.h"
#include "trap.h"

static uint32_t alu(unsigned int op, uint32_t a, uint32_t b)
{
	switch (op) {
	case RV32_ALU_ADD:
		return a + b;
	case RV32_ALU_SUB:
		return a - b;
	case RV32_ALU_SLL:
		return a << (b & 31);
	case RV32_ALU_SLT:
		return (int32_t)a < (int32_t)b;
	case RV32_ALU_SLTU:
		return a < b;
	case RV32_ALU_XOR:
		return a ^ b;
	case RV32_ALU_SRL:
		return a >> (b & 31);
	case RV32_ALU_SRA:
		return (uint32_t)((int32_t)a >> (b & 31));
	case RV32_ALU_OR:
		return a | b;
	default:
		return a & b;
	}
}

/* Division by zero and INT32_MIN / -1 have defined results and never trap. */
static uint32_t divide_signed(uint32_t a, uint32_t b)
{
	if (b == 0)
		return UINT32_MAX;
	if (b == UINT32_MAX)
		return -a;
	return (uint32_t)((int32_t)a / (int32_t)b);
}

static uint32_t remainder_signed(uint32_t a, uint32_t b)
{
	if (b == 0)
		return a;
	if (b == UINT32_MAX)
		return 0;
	return (uint32_t)((int32_t)a % (int32_t)b);
}

static uint32_t muldiv(unsigned int op, uint32_t a, uint32_t b)
{
	int64_t sa = (int32_t)a;
	int64_t sb = (int32_t)b;

	switch (op) {
	case 0: /* MUL */
		return a * b;
	case 1: /* MULH */
		return (uint32_t)((uint64_t)(sa * sb) >> 32);
	case 2: /* MULHSU */
		return (uint32_t)((uint64_t)(sa * (int64_t)b) >> 32);
	case 3: /* MULHU */
		return (uint32_t)((uint64_t)a * b >> 32);
	case 4: /* DIV */
		return divide_signed(a, b);
	case 5: /* DIVU */
		return b ? a / b : UINT32_MAX;
	case 6: /* REM */
		return remainder_signed(a, b);
	default: /* REMU */
		return b ? a % b : a;
	}
}

static bool branch_taken(unsigned int op, uint32_t a, uint32_t b)
{
	switch (op) {
	case 0: /* BEQ */
		return a == b;
	case 1: /* BNE */
		return a != b;
	case 4: /* BLT */
		return (int32_t)a < (int32_t)b;
	case 5: /* BGE */
		return (int32_t)a >= (int32_t)b;
	case 6: /* BLTU */
		return a < b;
	default: /* BGEU */
		return a >= b;
	}
}

static bool execute_load(struct rv32 *cpu, const struct rv32_insn *insn)
{
	uint32_t size = 1u << (insn->op & 3);
	bool zero_extend = insn->op & 4;
	uint32_t val;

	if (!rv32_load(cpu, cpu->regs[insn->rs1] + (uint32_t)insn->imm, size, &val))
		return false;
	if (!zero_extend && size == 1)
		val = (uint32_t)(int8_t)val;
	else if (!zero_extend && size == 2)
		val = (uint32_t)(int16_t)val;
	cpu->regs[insn->rd] = val;
	return true;
}

static bool execute_store(struct rv32 *cpu, const struct rv32_insn *insn)
{
	return rv32_store(cpu, cpu->regs[insn->rs1] + (uint32_t)insn->imm, 1u << insn->op,
			  cpu->regs[insn->rs2]);
}

static bool execute_jalr(struct rv32 *cpu, const struct rv32_insn *insn)
{
	uint32_t target = (cpu->regs[insn->rs1] + (uint32_t)insn->imm) & ~1u;

	cpu->regs[insn->rd] = cpu->next_pc;
	cpu->next_pc = target;
	return true;
}

/* The word an atomic works on, or NULL after a trap: atomics work in the window only. */
static uint8_t *atomic_word(struct rv32 *cpu, uint32_t addr, enum rv32_cause misaligned,
			    enum rv32_cause access)
{
	uint8_t *p;

	if (addr & 3) {
		rv32_exception(cpu, misaligned, addr);
		return NULL;
	}
	p = rv32_window(cpu, addr, 4);
	if (!p)
		rv32_exception(cpu, access, addr);
	return p;
}

static bool execute_lr(struct rv32 *cpu, const struct rv32_insn *insn)
{
	uint32_t addr = cpu->regs[insn->rs1];
	const uint8_t *p = atomic_word(cpu, addr, RV32_CAUSE_LOAD_MISALIGNED,
				       RV32_CAUSE_LOAD_ACCESS);

	if (!p)
		return false;
	cpu->reservation = addr;
	cpu->regs[insn->rd] = rv32_peek(p, 4);
	return true;
}

static bool execute_sc(struct rv32 *cpu, const struct rv32_insn *insn)
{
	uint32_t addr = cpu->regs[insn->rs1];
	uint8_t *p = atomic_word(cpu, addr, RV32_CAUSE_STORE_MISALIGNED,
				 RV32_CAUSE_STORE_ACCESS);
	bool reserved;

	if (!p)
		return false;
	reserved = cpu->reservation == addr;
	cpu->reservation = RV32_NO_RESERVATION;
	if (reserved)
		rv32_poke(p, 4, cpu->regs[insn->rs2]);
	cpu->regs[insn->rd] = !reserved;
	return true;
}

static uint32_t amo_result(unsigned int op, uint32_t memory, uint32_t operand)
{
	switch (op) {
	case 0x00:
		return memory + operand;
	case 0x01:
		return operand;
	case 0x04:
		return memory ^ operand;
	case 0x08:
		return memory | operand;
	case 0x0c:
		return memory & operand;
	case 0x10:
		return (int32_t)memory < (int32_t)operand ? memory : operand;
	case 0x14:
		return (int32_t)memory > (int32_t)operand ? memory : operand;
	case 0x18:
		return memory < operand ? memory : operand;
	default:
		return memory > operand ? memory : operand;
	}
}

static bool execute_amo(struct rv32 *cpu, const struct rv32_insn *insn)
{
	uint32_t addr = cpu->regs[insn->rs1];
	uint8_t *p = atomic_word(cpu, addr, RV32_CAUSE_STORE_MISALIGNED,
				 RV32_CAUSE_STORE_ACCESS);
	uint32_t memory;

	if (!p)
		return false;
	if (cpu->reservation == addr)
		cpu->reservation = RV32_NO_RESERVATION;
	memory = rv32_peek(p, 4);
	rv32_poke(p, 4, amo_result(insn->op, memory, cpu->regs[insn->rs2]));
	cpu->regs[insn->rd] = memory;
	return true;
}

static bool raise_illegal(struct rv32 *cpu, const struct rv32_insn *insn)
{
	rv32_exception(cpu, RV32_CAUSE_ILLEGAL, insn->raw);
	return false;
}

static bool execute_csr(struct rv32 *cpu, const struct rv32_insn *insn)
{
	unsigned int csr = (unsigned int)insn->imm;
	bool immediate = insn->op & 4;
	uint32_t operand = immediate ? insn->rs1 : cpu->regs[insn->rs1];
	uint32_t old, val;
	bool write = true;

	if (!rv32_csr_read(cpu, csr, &old))
		return raise_illegal(cpu, insn);
	switch (insn->op & 3) {
	case 1: /* CSRRW */
		val = operand;
		break;
	case 2: /* CSRRS */
		val = old | operand;
		write = insn->rs1 != 0;
		break;
	default: /* CSRRC */
		val = old & ~operand;
		write = insn->rs1 != 0;
		break;
	}
	if (write && !rv32_csr_write(cpu, csr, val))
		return raise_illegal(cpu, insn);
	cpu->regs[insn->rd] = old;
	return true;
}

static bool execute_wfi(struct rv32 *cpu)
{
	cpu->waiting = true;
	rv32_update_attention(cpu);
	return true;
}

/* Instructions that compilers emit rarely. */
static bool execute_system(struct rv32 *cpu, const struct rv32_insn *insn)
{
	switch (insn->kind) {
	case RV32_KIND_CSR:
		return execute_csr(cpu, insn);
	case RV32_KIND_LR:
		return execute_lr(cpu, insn);
	case RV32_KIND_SC:
		return execute_sc(cpu, insn);
	case RV32_KIND_AMO:
		return execute_amo(cpu, insn);
	case RV32_KIND_ECALL:
		rv32_exception(cpu, RV32_CAUSE_ECALL_M, 0);
		return false;
	case RV32_KIND_EBREAK:
		rv32_exception(cpu, RV32_CAUSE_BREAKPOINT, cpu->pc);
		return false;
	case RV32_KIND_MRET:
		rv32_return(cpu);
		return true;
	case RV32_KIND_WFI:
		return execute_wfi(cpu);
	default:
		return raise_illegal(cpu, insn);
	}
}

/* Return: false after a trap. */
static bool execute(struct rv32 *cpu, const struct rv32_insn *insn)
{
	uint32_t *x = cpu->regs;

	switch (insn->kind) {
	case RV32_KIND_ALU:
		x[insn->rd] = alu(insn->op, x[insn->rs1], x[insn->rs2] + (uint32_t)insn->imm);
		return true;
	case RV32_KIND_MULDIV:
		x[insn->rd] = muldiv(insn->op, x[insn->rs1], x[insn->rs2]);
		return true;
	case RV32_KIND_AUIPC:
		x[insn->rd] = cpu->pc + (uint32_t)insn->imm;
		return true;
	case RV32_KIND_BRANCH:
		if (branch_taken(insn->op, x[insn->rs1], x[insn->rs2]))
			cpu->next_pc = cpu->pc + (uint32_t)insn->imm;
		return true;
	case RV32_KIND_LOAD:
		return execute_load(cpu, insn);
	case RV32_KIND_STORE:
		return execute_store(cpu, insn);
	case RV32_KIND_JAL:
		x[insn->rd] = cpu->next_pc;
		cpu->next_pc = cpu->pc + (uint32_t)insn->imm;
		return true;
	case RV32_KIND_JALR:
		return execute_jalr(cpu, insn);
	case RV32_KIND_FENCE:
		return true;
	default:
		return execute_system(cpu, insn);
	}
}

static void step(struct rv32 *cpu)
{
	const struct rv32_insn *insn;
	uint32_t raw;

	if (!rv32_fetch(cpu, &raw))
		return;
	insn = rv32_decoded(cpu, raw);
	cpu->next_pc = cpu->pc + insn->len;
	if (!execute(cpu, insn))
		return;
	cpu->pc = cpu->next_pc;
	cpu->instret++;
}

void rv32_execute(struct rv32 *cpu, uint64_t end)
{
	do
		step(cpu);
	while (!cpu->attention && cpu->instret != end);
}
