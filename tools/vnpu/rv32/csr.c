// SPDX-License-Identifier: MIT
#include "csr.h"

#include "trap.h"

enum {
	CSR_MSTATUS = 0x300,
	CSR_MISA = 0x301,
	CSR_MIE = 0x304,
	CSR_MTVEC = 0x305,
	CSR_MSTATUSH = 0x310,
	CSR_MCOUNTINHIBIT = 0x320,
	CSR_MHPMEVENT3 = 0x323,
	CSR_MHPMEVENT31 = 0x33f,
	CSR_MSCRATCH = 0x340,
	CSR_MEPC = 0x341,
	CSR_MCAUSE = 0x342,
	CSR_MTVAL = 0x343,
	CSR_MIP = 0x344,
	CSR_MCYCLE = 0xb00,
	CSR_MINSTRET = 0xb02,
	CSR_MHPMCOUNTER3 = 0xb03,
	CSR_MHPMCOUNTER31 = 0xb1f,
	CSR_MCYCLEH = 0xb80,
	CSR_MINSTRETH = 0xb82,
	CSR_MHPMCOUNTER3H = 0xb83,
	CSR_MHPMCOUNTER31H = 0xb9f,
	CSR_CYCLE = 0xc00,
	CSR_TIME = 0xc01,
	CSR_INSTRET = 0xc02,
	CSR_HPMCOUNTER3 = 0xc03,
	CSR_HPMCOUNTER31 = 0xc1f,
	CSR_CYCLEH = 0xc80,
	CSR_TIMEH = 0xc81,
	CSR_INSTRETH = 0xc82,
	CSR_HPMCOUNTER3H = 0xc83,
	CSR_HPMCOUNTER31H = 0xc9f,
	CSR_MVENDORID = 0xf11,
	CSR_MARCHID = 0xf12,
	CSR_MIMPID = 0xf13,
	CSR_MHARTID = 0xf14,
	CSR_MCONFIGPTR = 0xf15,
};

#define EXTENSION(letter) (1u << ((letter) - 'A'))
#define MISA (1u << 30 | EXTENSION('A') | EXTENSION('C') | EXTENSION('I') | EXTENSION('M'))

#define MSTATUS_WRITABLE (RV32_MSTATUS_MIE | RV32_MSTATUS_MPIE)

/* Registers that exist and are always zero: writes to those below 0xc00 are ignored. */
static bool is_zero_csr(unsigned int csr)
{
	switch (csr) {
	case CSR_MSTATUSH:
	case CSR_MCOUNTINHIBIT:
	case CSR_MHPMEVENT3 ... CSR_MHPMEVENT31:
	case CSR_MHPMCOUNTER3 ... CSR_MHPMCOUNTER31:
	case CSR_MHPMCOUNTER3H ... CSR_MHPMCOUNTER31H:
	case CSR_HPMCOUNTER3 ... CSR_HPMCOUNTER31:
	case CSR_HPMCOUNTER3H ... CSR_HPMCOUNTER31H:
	case CSR_MVENDORID:
	case CSR_MARCHID:
	case CSR_MIMPID:
	case CSR_MCONFIGPTR:
		return true;
	default:
		return false;
	}
}

static bool read_counter(const struct rv32 *cpu, unsigned int csr, uint64_t *val)
{
	switch (csr) {
	case CSR_MCYCLE:
	case CSR_MCYCLEH:
	case CSR_CYCLE:
	case CSR_CYCLEH:
		*val = cpu->instret + cpu->mcycle_offset;
		return true;
	case CSR_MINSTRET:
	case CSR_MINSTRETH:
	case CSR_INSTRET:
	case CSR_INSTRETH:
		*val = cpu->instret + cpu->minstret_offset;
		return true;
	case CSR_TIME:
	case CSR_TIMEH:
		if (!cpu->bus->time)
			return false;
		*val = cpu->bus->time(cpu->opaque);
		return true;
	default:
		return false;
	}
}

static bool read_plain(const struct rv32 *cpu, unsigned int csr, uint32_t *val)
{
	switch (csr) {
	case CSR_MSTATUS:
		*val = cpu->mie_mpie | RV32_MSTATUS_MPP_M;
		return true;
	case CSR_MISA:
		*val = MISA;
		return true;
	case CSR_MIE:
		*val = cpu->mie;
		return true;
	case CSR_MTVEC:
		*val = cpu->mtvec;
		return true;
	case CSR_MSCRATCH:
		*val = cpu->mscratch;
		return true;
	case CSR_MEPC:
		*val = cpu->mepc;
		return true;
	case CSR_MCAUSE:
		*val = cpu->mcause;
		return true;
	case CSR_MTVAL:
		*val = cpu->mtval;
		return true;
	case CSR_MIP:
		*val = cpu->mip;
		return true;
	case CSR_MHARTID:
		*val = cpu->hartid;
		return true;
	default:
		return false;
	}
}

bool rv32_csr_read(const struct rv32 *cpu, unsigned int csr, uint32_t *val)
{
	bool high_half = csr & 0x80;
	uint64_t counter;

	if (read_plain(cpu, csr, val))
		return true;
	if (read_counter(cpu, csr, &counter)) {
		*val = (uint32_t)(high_half ? counter >> 32 : counter);
		return true;
	}
	*val = 0;
	return is_zero_csr(csr);
}

/*
 * The instruction that writes a counter retires before the write takes effect, so the
 * next instruction reads exactly what was written.
 */
static void write_counter_half(const struct rv32 *cpu, uint64_t *offset, bool high_half,
			       uint32_t val)
{
	uint64_t count = cpu->instret + *offset;

	if (high_half)
		count = (uint64_t)val << 32 | (uint32_t)count;
	else
		count = (count >> 32 << 32) | val;
	*offset = count - (cpu->instret + 1);
}

static void write_mtvec(struct rv32 *cpu, uint32_t val)
{
	/* The two reserved modes read back as direct mode. */
	cpu->mtvec = val & 2 ? val & ~3u : val;
}

static void write_plain(struct rv32 *cpu, unsigned int csr, uint32_t val)
{
	switch (csr) {
	case CSR_MSTATUS:
		cpu->mie_mpie = val & MSTATUS_WRITABLE;
		break;
	case CSR_MIE:
		cpu->mie = val & RV32_IRQ_MASK;
		break;
	case CSR_MTVEC:
		write_mtvec(cpu, val);
		break;
	case CSR_MSCRATCH:
		cpu->mscratch = val;
		break;
	case CSR_MEPC:
		cpu->mepc = val & ~1u;
		break;
	case CSR_MCAUSE:
		cpu->mcause = val;
		break;
	case CSR_MTVAL:
		cpu->mtval = val;
		break;
	case CSR_MCYCLE:
	case CSR_MCYCLEH:
		write_counter_half(cpu, &cpu->mcycle_offset, csr == CSR_MCYCLEH, val);
		break;
	case CSR_MINSTRET:
	case CSR_MINSTRETH:
		write_counter_half(cpu, &cpu->minstret_offset, csr == CSR_MINSTRETH, val);
		break;
	default:
		break;
	}
}

bool rv32_csr_write(struct rv32 *cpu, unsigned int csr, uint32_t val)
{
	bool read_only = csr >> 10 == 3;

	if (read_only)
		return false;
	write_plain(cpu, csr, val);
	rv32_update_attention(cpu);
	return true;
}
