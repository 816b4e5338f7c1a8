// SPDX-License-Identifier: MIT
#include "hostile_code.h"

#include "random.h"
#include "rv32/tests/encode.h"

/* Words of an image that are changed at most. */
#define CHANGES_MAX	32u

static uint32_t below(uint64_t *random, uint32_t n)
{
	return (uint32_t)((random_next(random) >> 20) % n);
}

static uint32_t any_reg(uint64_t *random)
{
	return below(random, 32);
}

/* Within some 64 instructions, now and then odd or far. */
static int32_t any_offset(uint64_t *random)
{
	int32_t offset = 4 * ((int32_t)below(random, 128) - 64);

	return below(random, 16) ? offset : (int32_t)below(random, 4096) - 2048;
}

static int32_t any_immediate(uint64_t *random)
{
	return below(random, 2) ? 4 * (int32_t)below(random, 64) :
				  (int32_t)below(random, 4096) - 2048;
}

static uint32_t any_csr(uint64_t *random)
{
	static const uint16_t csrs[] = {
		CSR_MSTATUS, CSR_MISA, CSR_MIE, CSR_MTVEC, CSR_MSCRATCH, CSR_MEPC, CSR_MCAUSE,
		CSR_MTVAL, CSR_MIP, CSR_MCYCLE, CSR_MINSTRET, CSR_MCYCLEH, CSR_MINSTRETH, CSR_CYCLE,
		CSR_TIME, CSR_INSTRET, CSR_TIMEH, CSR_MVENDORID, CSR_MHARTID,
	};

	return below(random, 8) ? csrs[below(random, sizeof(csrs) / sizeof(csrs[0]))] :
				  below(random, 4096);
}

uint32_t hostile_core_state(uint64_t *random)
{
	static const uint32_t others[] = { ECALL, EBREAK, MRET, WFI, FENCE, FENCE_I };

	if (!below(random, 3))
		return others[below(random, sizeof(others) / sizeof(others[0]))];
	return csr_op(1 + below(random, 7), any_reg(random), any_csr(random), any_reg(random));
}

uint32_t hostile_instruction(uint64_t *random)
{
	const uint32_t a = any_reg(random), b = any_reg(random), c = any_reg(random);
	const uint32_t f3 = below(random, 8);

	switch (below(random, 16)) {
	case 0: case 1: case 2:
		return load(f3, a, b, any_immediate(random));
	case 3: case 4: case 5:
		return store(below(random, 8) ? 2 : f3, a, b, any_immediate(random));
	case 6: case 7:
		return branch(f3, a, b, any_offset(random));
	case 8:
		return jal(a, any_offset(random));
	case 9:
		return op_reg(f3, below(random, 2), a, b, c);
	case 10:
		return op_imm(f3, a, b, any_immediate(random));
	case 11:
		return amo(below(random, 32), a, b, c);
	case 12:
		return below(random, 4) ? auipc(a, below(random, 4) << 12) :
					  jalr(a, b, any_immediate(random));
	case 13:
		return hostile_core_state(random);
	case 14:
		return lui(a, (uint32_t)random_next(random));
	default:
		/* Two compressed ones as a rule, or nothing known. */
		return (uint32_t)random_next(random) & (below(random, 4) ? ~0x10001u : ~0u);
	}
}

void hostile_change(uint32_t *words, size_t count, uint64_t *random)
{
	const uint32_t n = (uint32_t)count;

	for (uint32_t changes = 1 + below(random, 1 + below(random, CHANGES_MAX)); changes--;) {
		uint32_t *word = &words[below(random, n)];

		switch (below(random, 4)) {
		case 0:
			*word ^= 1u << below(random, 32);
			break;
		case 1:
			*word = hostile_instruction(random);
			break;
		case 2:
			*word = words[below(random, n)];
			break;
		default:
			*word += below(random, 2) ? 1u << 20 : -(1u << 7);
			break;
		}
	}
}
