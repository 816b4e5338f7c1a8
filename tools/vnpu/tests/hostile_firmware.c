// SPDX-License-Identifier: MIT
#include "hostile_firmware.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/core.h>
#include <tsr_hw/registers.h>

#include "harness.h"
#include "hostile_code.h"
#include "payload.h"
#include "program.h"
#include "random.h"

/* The payload: instructions, then the slot table that its engines are given. */
#define CODE_WORDS	1800u
#define SLOTS_WORD	1900u
#define SLOTS		3u

/* Streams, a page each; every other one is spoilt. */
#define STREAMS		8u

struct code {
	uint32_t word[SLOTS_WORD + SLOTS * sizeof(struct tsr_hw_slot) / sizeof(uint32_t)];
	unsigned int words;
};

static uint32_t below(uint64_t *random, uint32_t n)
{
	return (uint32_t)((random_next(random) >> 20) % n);
}

static void emit(struct code *code, uint32_t word)
{
	code->word[code->words++] = word;
}

static void load(struct code *code, uint32_t reg, uint32_t value)
{
	emit(code, RV_LUI(reg, (value + 0x800) >> 12 & 0xfffff));
	emit(code, RV_ADDI(reg, reg, value & 0xfff));
}

static void store(struct code *code, uint32_t address, uint32_t value)
{
	load(code, T0, address);
	load(code, T1, value);
	emit(code, RV_SW(T1, 0, T0));
}

/* Addresses of all kinds, sizes on edges, small numbers. */
static uint32_t any_value(uint64_t *random)
{
	switch (below(random, 10)) {
	case 0:
		return 0;
	case 1:
		return ~0u;
	case 2:
		return TSR_HW_SRAM_BASE + below(random, TSR_HW_SRAM_SIZE);
	case 3:
		return TSR_HW_SRAM_BASE + TSR_HW_SRAM_SIZE - below(random, 256);
	case 4:
		return (uint32_t)HARNESS_MEMORY_BASE + below(random, 16u << 20);
	case 5:
		return HOSTILE_VA + below(random, HOSTILE_BYTES);
	case 6:
		return below(random, 64);
	case 7:
		return below(random, 1u << 16);
	case 8:
		return 1u << below(random, 32);
	}
	return (uint32_t)random_next(random);
}

/* What makes a node start rather than be refused: one stream of good ones and spoilt. */
static void give_node(struct code *code, uint64_t *random, uint32_t engine)
{
	const struct { uint32_t offset; uint32_t value; } args[] = {
		{ TSR_HW_ENGINE_ASID, below(random, 8) ? 1 : below(random, 70) },
		{ TSR_HW_ENGINE_STREAM_LO, HOSTILE_VA + below(random, STREAMS) * TSR_HW_PAGE_SIZE },
		{ TSR_HW_ENGINE_STREAM_HI, 0 },
		{ TSR_HW_ENGINE_STREAM_SIZE, sizeof(struct tsr_hw_gemm) * (1 + below(random, 2)) },
		{ TSR_HW_ENGINE_SLOTS, TSR_HW_SRAM_BASE + SLOTS_WORD * sizeof(uint32_t) },
		{ TSR_HW_ENGINE_SLOT_COUNT, SLOTS },
		{ TSR_HW_ENGINE_PROGRESS_LO,
		  (uint32_t)HARNESS_MEMORY_BASE + below(random, 64) * 8 },
		{ TSR_HW_ENGINE_PROGRESS_HI, (uint32_t)(HARNESS_MEMORY_BASE >> 32) },
		{ TSR_HW_ENGINE_BUDGET_LO, ~0u },
		{ TSR_HW_ENGINE_CONTROL, TSR_HW_ENGINE_START },
	};

	for (size_t i = 0; i < sizeof(args) / sizeof(args[0]); i++)
		if (below(random, 12))
			store(code, engine + args[i].offset, args[i].value);
}

static void use_engine(struct code *code, uint64_t *random, unsigned int engines)
{
	/* Few of them, so that they are met again; seldom one that is not there: a trap. */
	uint32_t engine = TSR_HW_ENGINE_BASE(below(random, 400) ? below(random, 2) : engines);

	switch (below(random, 4)) {
	case 0:
		give_node(code, random, engine);
		break;
	case 1:
		store(code, engine + TSR_HW_ENGINE_CONTROL, 1 + below(random, 4));
		break;
	default:
		store(code, engine + below(random, 0x94) / 4 * 4, any_value(random));
		break;
	}
}

static void use_copy_engine(struct code *code, uint64_t *random)
{
	store(code, TSR_HW_COPY_BASE + below(random, 0x28) / 4 * 4, any_value(random));
	if (below(random, 2))
		store(code, TSR_HW_COPY_BASE + TSR_HW_COPY_CONTROL, 1 + below(random, 4));
}

static void use_registers(struct code *code, uint64_t *random, unsigned int engines)
{
	switch (below(random, 8)) {
	case 0:
		store(code, TSR_HW_SYS_BASE + below(random, 0x220) / 4 * 4, any_value(random));
		break;
	case 1:
		load(code, T0, TSR_HW_SYS_BASE + below(random, 0x220) / 4 * 4);
		emit(code, RV_LW(T2, 0, T0));
		break;
	case 2:
	case 3:
		use_copy_engine(code, random);
		break;
	case 4:
		/* Any instruction: most end in a trap. */
		if (!below(random, 200))
			emit(code, (uint32_t)random_next(random));
		break;
	default:
		use_engine(code, random, engines);
		break;
	}
}

/*
 * Where traps go, which interrupts there are, when the timer fires; and code that changes itself.
 */
static void use_core(struct code *code, uint64_t *random)
{
	switch (below(random, 4)) {
	case 0:
		emit(code, hostile_core_state(random));
		break;
	case 1:
		load(code, T0, TSR_HW_SRAM_BASE + 4 * below(random, CODE_WORDS));
		emit(code, RV_CSRRW(X0, RV_MTVEC, T0));
		break;
	case 2:
		store(code, TSR_HW_SYS_BASE + TSR_HW_SYS_TIMER_LO, below(random, 1u << 20));
		store(code, TSR_HW_SYS_BASE + TSR_HW_SYS_TIMER_HI, 0);
		break;
	default:
		store(code, TSR_HW_SRAM_BASE + 4 * below(random, CODE_WORDS),
		      hostile_instruction(random));
		break;
	}
}

/* Registers with something in them, then anything. */
static void make_random_code(struct code *code, uint64_t *random)
{
	for (uint32_t reg = 1; reg < 32; reg++)
		load(code, reg, below(random, 2) ? any_value(random) :
				TSR_HW_SYS_BASE + below(random, 3) * 0x10000);
	while (code->words < CODE_WORDS)
		emit(code, hostile_instruction(random));
}

static void place_slots(struct code *code, uint64_t *random)
{
	struct tsr_hw_slot slots[SLOTS];

	for (unsigned int i = 0; i < SLOTS; i++)
		slots[i] = (struct tsr_hw_slot){
			.address = HOSTILE_VA + 0x10000 * (i + 1),
			.size = 0x10000,
			.flags = i == 2 ? TSR_HW_SLOT_WRITE : TSR_HW_SLOT_READ,
		};
	if (!below(random, 3))
		((uint32_t *)slots)[below(random, sizeof(slots) / 4)] = any_value(random);
	memcpy(code->word + SLOTS_WORD, slots, sizeof(slots));
}

/* Writes to all registers, and if @core also what changes the core itself. */
static void make_writes(struct code *code, uint64_t *random, unsigned int engines, bool core)
{
	/* Some never say READY. */
	if (below(random, 8))
		store(code, TSR_HW_SYS_BASE + TSR_HW_SYS_STATE, TSR_HW_STATE_READY);
	while (code->words < CODE_WORDS - 64)
		if (core && !below(random, 8))
			use_core(code, random);
		else
			use_registers(code, random, engines);
}

/* This build's firmware with some words changed. */
static void spoil_real(struct test_image *image, uint64_t *random)
{
	if (!test_image_load(image)) {
		fprintf(stderr, "%s cannot be read\n", VNPU_FIRMWARE);
		abort();
	}
	hostile_change((uint32_t *)image->payload,
		       (image->size - sizeof(image->header)) / sizeof(uint32_t), random);
	test_image_sign(image);
}

bool hostile_firmware(struct test_image *image, uint64_t *random, unsigned int engines)
{
	const uint32_t kind = below(random, 8);
	struct code code = { .words = 0 };

	if (kind < 2) {
		spoil_real(image, random);
		return true;
	}
	if (kind == 2)
		make_random_code(&code, random);
	else
		make_writes(&code, random, engines, kind < 5);
	emit(&code, RV_WFI);
	emit(&code, RV_J_BACK4);
	place_slots(&code, random);
	test_image_make(image, code.word, sizeof(code.word) / sizeof(code.word[0]));
	return false;
}

void hostile_memory(struct aspace *as, uint64_t *random)
{
	uint64_t bus = aspace_alloc(as, HOSTILE_VA, HOSTILE_BYTES, ASPACE_RWF);
	char *memory = harness_at(as->harness, bus);

	for (unsigned int i = 0; i < STREAMS; i++) {
		struct tsr_hw_gemm gemm = gemm_make(1 + below(random, 96), 1 + below(random, 96),
						     1 + below(random, 96));
		char *at = memory + i * TSR_HW_PAGE_SIZE;

		if (i % 2)
			((uint32_t *)&gemm)[below(random, sizeof(gemm) / 4)] = any_value(random);
		memcpy(at, &gemm, sizeof(gemm));
		memcpy(at + sizeof(gemm), &gemm, sizeof(gemm));
	}
}
