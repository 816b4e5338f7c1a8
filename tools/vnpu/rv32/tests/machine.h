/* SPDX-License-Identifier: MIT */
/* A core with 64 KiB of SRAM and a scratch device, for the unit tests. */
#ifndef RV32_TESTS_MACHINE_H
#define RV32_TESTS_MACHINE_H

#include "rv32/rv32.h"

#define SRAM_BASE 0x10000000u
#define SRAM_SIZE 0x10000u

/* Where programs, trap handlers and data of the tests live. */
#define CODE_ADDR SRAM_BASE
#define HANDLER_ADDR (SRAM_BASE + 0x4000)
#define DATA_ADDR (SRAM_BASE + 0x8000)

/* One 32-bit register; every other bus address faults. */
#define DEVICE_ADDR 0x40000000u

/**
 * struct machine - a core and what surrounds it
 * @cpu: the core
 * @sram: its window
 * @device: value of the device register
 * @device_size: size of the last access to it
 * @stop_on_store: a store to the device requests a stop
 * @time: the time CSR
 */
struct machine {
	struct rv32 *cpu;
	uint8_t sram[SRAM_SIZE];
	uint32_t device;
	unsigned int device_size;
	bool stop_on_store;
	uint64_t time;
};

/* A cmocka table entry: the test function runs on a machine of its own. */
#define MACHINE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, machine_setup, machine_teardown)

/** machine_setup() - cmocka setup: a fresh machine in *state */
int machine_setup(void **state);

/** machine_teardown() - cmocka teardown */
int machine_teardown(void **state);

/** machine_load() - copy a program to @addr and set pc to it */
void machine_load(struct machine *m, uint32_t addr, const uint32_t *code, unsigned int words);

/** machine_put16() - one halfword of code or data */
void machine_put16(struct machine *m, uint32_t addr, uint16_t val);

/** machine_put32() - one word of code or data */
void machine_put32(struct machine *m, uint32_t addr, uint32_t val);

/** machine_get32() - one word of data */
uint32_t machine_get32(const struct machine *m, uint32_t addr);

/** machine_csr() - value of an existing CSR */
uint32_t machine_csr(struct machine *m, unsigned int csr);

/** machine_set_mtvec() - point mtvec at @mtvec by running csrw; pc is kept */
void machine_set_mtvec(struct machine *m, uint32_t mtvec);

/** machine_write_csr() - write a CSR by running csrw with t0; pc and t0 are kept */
void machine_write_csr(struct machine *m, unsigned int csr, uint32_t val);

/** machine_step() - run exactly one instruction that is expected to retire or trap */
void machine_step(struct machine *m, uint32_t raw);

#endif
