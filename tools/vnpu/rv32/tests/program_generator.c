// SPDX-License-Identifier: MIT
#include "program_generator.h"

#include <stdbool.h>
#include <string.h>

#include "encode.h"
#include "random.h"

/**
 * struct draft - a program while jumps have no targets yet
 * @program: the code so far
 * @random: random sequence
 * @starts: halfword index of each place a jump may go to
 * @start_count: how many
 * @jumps: index in @starts of the jumps to patch
 * @jump_count: how many
 */
struct draft {
	struct program *program;
	uint64_t *random;
	unsigned int starts[PROGRAM_MAX_INSNS + 1];
	unsigned int start_count;
	unsigned int jumps[PROGRAM_MAX_INSNS];
	unsigned int jump_count;
};

static bool is_pointer(uint32_t reg)
{
	return reg == SP || reg == S0 || reg == S1;
}

static uint32_t any_reg(struct draft *d)
{
	return random_below(d->random, 32);
}

static uint32_t target_reg(struct draft *d)
{
	uint32_t reg;

	do {
		reg = any_reg(d);
	} while (is_pointer(reg));
	return reg;
}

static uint32_t pointer_reg(struct draft *d)
{
	static const uint8_t pointers[] = { SP, S0, S1 };

	return pointers[random_below(d->random, 3)];
}

static int32_t random_imm(struct draft *d)
{
	return (int32_t)random_below(d->random, 4096) - 2048;
}

/* Offset of an access of @size bytes that stays aligned and within reach. */
static int32_t access_offset(struct draft *d, uint32_t size)
{
	return random_imm(d) & -(int32_t)size;
}

static void put16(struct draft *d, uint16_t half)
{
	d->program->code[d->program->halves++] = half;
}

static void put32(struct draft *d, uint32_t raw)
{
	put16(d, (uint16_t)raw);
	put16(d, (uint16_t)(raw >> 16));
}

static void emit_reg_op(struct draft *d)
{
	uint32_t f3 = random_below(d->random, 8);
	uint32_t f7 = (f3 == 0 || f3 == 5) && random_below(d->random, 2) ? 0x20 : 0;

	put32(d, op_reg(f3, f7, target_reg(d), any_reg(d), any_reg(d)));
}

static void emit_muldiv(struct draft *d)
{
	put32(d, op_reg(random_below(d->random, 8), 1, target_reg(d), any_reg(d), any_reg(d)));
}

static void emit_imm_op(struct draft *d)
{
	uint32_t f3 = random_below(d->random, 8);
	int32_t imm = random_imm(d);

	if (f3 == 1)
		imm &= 0x1f;
	else if (f3 == 5)
		imm &= 0x41f;
	put32(d, op_imm(f3, target_reg(d), any_reg(d), imm));
}

static void emit_upper(struct draft *d)
{
	uint32_t imm = random_u32(d->random), rd = target_reg(d);

	put32(d, random_below(d->random, 2) ? lui(rd, imm) : auipc(rd, imm));
}

static void emit_load(struct draft *d)
{
	static const uint8_t f3s[] = { 0, 1, 2, 4, 5 };
	uint32_t f3 = f3s[random_below(d->random, 5)];

	put32(d, load(f3, target_reg(d), pointer_reg(d), access_offset(d, 1u << (f3 & 3))));
}

static void emit_store(struct draft *d)
{
	uint32_t f3 = random_below(d->random, 3);

	put32(d, store(f3, any_reg(d), pointer_reg(d), access_offset(d, 1u << f3)));
}

static void emit_amo(struct draft *d)
{
	static const uint8_t f5s[] = { 0, 1, 4, 8, 12, 16, 20, 24, 28 };

	put32(d, amo(f5s[random_below(d->random, 9)], target_reg(d), pointer_reg(d), any_reg(d)));
}

/*
 * A pair, so that no reservation is left over: the reference compares values where the
 * interpreter compares addresses. No jump leads between the two.
 */
static void emit_lr_sc(struct draft *d)
{
	uint32_t base = pointer_reg(d);
	uint32_t other = random_below(d->random, 4) ? base : pointer_reg(d);

	put32(d, lr(target_reg(d), base));
	put32(d, sc(target_reg(d), other, any_reg(d)));
}

static void emit_lone_sc(struct draft *d)
{
	put32(d, sc(target_reg(d), pointer_reg(d), any_reg(d)));
}

static void emit_csr(struct draft *d)
{
	static const uint16_t csrs[] = { CSR_MSCRATCH, CSR_MTVAL, CSR_MCAUSE };
	static const uint8_t f3s[] = { 1, 2, 3, 5, 6, 7 };

	put32(d, csr_op(f3s[random_below(d->random, 6)], target_reg(d),
			csrs[random_below(d->random, 3)], any_reg(d)));
}

static void emit_fence(struct draft *d)
{
	put32(d, random_below(d->random, 2) ? FENCE : FENCE_I);
}

static bool short_reg_is_pointer(uint16_t c, unsigned int shift)
{
	return ((c >> shift) & 7) < 2;
}

/* Whether a compressed instruction of quadrant 0 keeps to the rules of this file. */
static bool good_quadrant0(uint16_t c)
{
	switch (c >> 13) {
	case 0:
		return (c & 0x1fe0) && !short_reg_is_pointer(c, 2);
	case 2:
		return short_reg_is_pointer(c, 7) && !short_reg_is_pointer(c, 2);
	case 6:
		return short_reg_is_pointer(c, 7);
	default:
		return false;
	}
}

static bool good_quadrant1(uint16_t c)
{
	uint32_t rd = (c >> 7) & 31;
	bool imm = c & 0x107c;

	switch (c >> 13) {
	case 0:
	case 2:
		return !is_pointer(rd);
	case 3:
		return imm && !is_pointer(rd);
	case 4:
		if (short_reg_is_pointer(c, 7))
			return false;
		if (((c >> 10) & 3) == 2)
			return true;
		return !(c & 0x1000) && (((c >> 10) & 3) == 3 || (c & 0x7c));
	default:
		return false;
	}
}

static bool good_quadrant2(uint16_t c)
{
	uint32_t rd = (c >> 7) & 31;
	uint32_t rs2 = (c >> 2) & 31;

	switch (c >> 13) {
	case 0:
		return !(c & 0x1000) && rs2 && !is_pointer(rd);
	case 2:
		return rd && !is_pointer(rd);
	case 4:
		return rs2 && !is_pointer(rd);
	case 6:
		return true;
	default:
		return false;
	}
}

static bool good_compressed(uint16_t c)
{
	switch (c & 3) {
	case 0:
		return good_quadrant0(c);
	case 1:
		return good_quadrant1(c);
	case 2:
		return good_quadrant2(c);
	default:
		return false;
	}
}

static void emit_compressed(struct draft *d)
{
	uint16_t c;

	do {
		c = (uint16_t)random_u32(d->random);
	} while (!good_compressed(c));
	put16(d, c);
}

/* The offset is patched in when all targets are known. */
static void emit_jump(struct draft *d)
{
	static const uint8_t f3s[] = { 0, 1, 4, 5, 6, 7 };
	uint32_t kind = random_below(d->random, 10);

	d->jumps[d->jump_count++] = d->start_count - 1;
	if (kind < 5)
		put32(d, branch(f3s[random_below(d->random, 6)], any_reg(d), any_reg(d), 0));
	else if (kind < 6)
		put32(d, jal(target_reg(d), 0));
	else if (kind < 7)
		put16(d, random_below(d->random, 2) ? 0xa001 : 0x2001); /* c.j, c.jal */
	else
		/* c.beqz or c.bnez with any register */
		put16(d, (uint16_t)(0xc001 | (random_u32(d->random) & 0x2380)));
}

/* auipc and jalr to the instruction after them: the target is known beforehand. */
static void emit_indirect(struct draft *d)
{
	uint32_t base;

	do {
		base = target_reg(d);
	} while (base == ZERO);
	put32(d, auipc(base, 0));
	put32(d, jalr(target_reg(d), base, 8 + (int32_t)random_below(d->random, 2)));
}

static void emit(struct draft *d)
{
	static void (*const emitters[])(struct draft *) = {
		emit_reg_op, emit_reg_op, emit_imm_op, emit_imm_op, emit_muldiv, emit_muldiv,
		emit_upper, emit_load, emit_load, emit_store, emit_store, emit_amo, emit_lr_sc,
		emit_lone_sc, emit_csr, emit_fence, emit_compressed, emit_compressed,
		emit_compressed, emit_compressed, emit_compressed, emit_compressed, emit_jump,
		emit_jump, emit_indirect,
	};

	d->starts[d->start_count++] = d->program->halves;
	emitters[random_below(d->random, sizeof(emitters) / sizeof(*emitters))](d);
}

static uint16_t compressed_jump_bits(uint32_t offset)
{
	return (uint16_t)(((offset >> 5) & 1) << 2 | ((offset >> 1) & 7) << 3 |
			  ((offset >> 7) & 1) << 6 | ((offset >> 6) & 1) << 7 |
			  ((offset >> 10) & 1) << 8 | ((offset >> 8) & 3) << 9 |
			  ((offset >> 4) & 1) << 11 | ((offset >> 11) & 1) << 12);
}

static uint16_t compressed_branch_bits(uint32_t offset)
{
	return (uint16_t)(((offset >> 5) & 1) << 2 | ((offset >> 1) & 3) << 3 |
			  ((offset >> 6) & 3) << 5 | ((offset >> 3) & 3) << 10 |
			  ((offset >> 8) & 1) << 12);
}

static void patch_jump(struct draft *d, unsigned int from)
{
	unsigned int later = d->start_count - 1 - from;
	unsigned int to = from + 1 + random_below(d->random, later > 8 ? 8 : later);
	uint16_t *code = &d->program->code[d->starts[from]];
	int32_t offset = 2 * (int32_t)(d->starts[to] - d->starts[from]);
	uint32_t raw;

	if ((*code & 3) != 3) {
		*code |= *code >> 14 == 3 ? compressed_branch_bits((uint32_t)offset) :
					    compressed_jump_bits((uint32_t)offset);
		return;
	}
	memcpy(&raw, code, sizeof(raw));
	raw |= (raw & 0x7f) == 0x63 ? branch(0, 0, 0, offset) : jal(0, offset);
	memcpy(code, &raw, sizeof(raw));
}

void program_generate(struct program *program, uint64_t *random)
{
	struct draft d = { .program = program, .random = random };
	unsigned int i;

	program->halves = 0;
	/* Two instructions of 32 bits is the most that one emitter makes. */
	while (program->halves + 4 <= PROGRAM_MAX_HALVES && d.start_count < PROGRAM_MAX_INSNS)
		emit(&d);
	d.starts[d.start_count++] = program->halves;
	for (i = 0; i < d.jump_count; i++)
		patch_jump(&d, d.jumps[i]);
}

static uint32_t interesting(uint64_t *random)
{
	static const uint32_t corners[] = {
		0, 1, 2, 31, 32, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7ffffffe, 0x7fffffff,
		0x80000000, 0x80000001, 0xfffffffe, 0xffffffff,
	};

	if (random_below(random, 2))
		return corners[random_below(random, sizeof(corners) / sizeof(*corners))];
	if (random_below(random, 2))
		return random_u32(random) >> random_below(random, 32);
	return random_u32(random);
}

void program_registers(uint32_t regs[32], uint64_t *random, uint32_t data)
{
	unsigned int i;

	regs[0] = 0;
	for (i = 1; i < 32; i++)
		regs[i] = is_pointer(i) ? data + 4 * random_below(random, 64) : interesting(random);
}
