// SPDX-License-Identifier: MIT
#include "core_program.h"

#include <tsr_hw/boot.h>
#include <tsr_hw/core.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "harness.h"
#include "payload.h"
#include "test_image.h"

/* Where a program keeps its report until it ends. */
#define REPORT (TSR_HW_SRAM_BASE + 0x20000u)

#define MIE 0x304u
#define EXTERNAL (1u << 11)

void core_emit(struct core_program *program, uint32_t word)
{
	assert_true(program->words < sizeof(program->word) / sizeof(program->word[0]));
	program->word[program->words++] = word;
}

void core_set(struct core_program *program, unsigned int reg, uint32_t value)
{
	core_emit(program, RV_LUI(reg, (value + 0x800) >> 12));
	core_emit(program, RV_ADDI(reg, reg, value));
}

void core_store(struct core_program *program, uint32_t address, uint32_t value)
{
	core_set(program, T0, address);
	core_set(program, T1, value);
	core_emit(program, RV_SW(T1, 0, T0));
}

void core_move(struct core_program *program, uint32_t to, uint32_t from)
{
	core_set(program, T0, from);
	core_emit(program, RV_LW(T1, 0, T0));
	core_set(program, T0, to);
	core_emit(program, RV_SW(T1, 0, T0));
}

void core_report(struct core_program *program, uint32_t address)
{
	assert_true(program->reported < CORE_PROGRAM_REPORT);
	core_move(program, REPORT + 4 * program->reported++, address);
}

void core_poll(struct core_program *program, uint32_t address, uint32_t mask)
{
	core_set(program, T0, address);
	core_set(program, T2, mask);
	core_emit(program, RV_LW(T1, 0, T0));
	core_emit(program, RV_AND(T1, T1, T2));
	core_emit(program, RV_BEQ(T1, X0, -8));
}

void core_sleep(struct core_program *program)
{
	core_set(program, T0, EXTERNAL);
	core_emit(program, RV_CSRRW(X0, MIE, T0));
	core_emit(program, RV_WFI);
}

void core_ready(struct core_program *program)
{
	core_store(program, TSR_HW_SYS_BASE + TSR_HW_SYS_STATE, TSR_HW_STATE_READY);
	/* Nothing wakes it. */
	core_emit(program, RV_CSRRW(X0, MIE, X0));
	core_emit(program, RV_WFI);
	core_emit(program, RV_J_BACK4);
}

uint64_t core_boot(struct core_program *program, struct harness *h, uint64_t boot_block)
{
	uint64_t to = harness_alloc(h, CORE_PROGRAM_REPORT * sizeof(uint32_t));
	const uint32_t values[][2] = {
		{ TSR_HW_COPY_HOST_LO, (uint32_t)to }, { TSR_HW_COPY_HOST_HI, to >> 32 },
		{ TSR_HW_COPY_LOCAL, REPORT }, { TSR_HW_COPY_SIZE, 4 * program->reported },
		{ TSR_HW_COPY_ASID, 0 }, { TSR_HW_COPY_CONTROL, TSR_HW_COPY_WRITE },
	};
	struct test_image image;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		core_store(program, TSR_HW_COPY_BASE + values[i][0], values[i][1]);
	core_ready(program);
	test_image_make(&image, program->word, program->words);
	harness_boot(h, &image, image.size, boot_block);
	return to;
}

const uint32_t *core_execute(struct core_program *program, struct harness *h)
{
	uint64_t to = core_boot(program, h, 0);

	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	assert_true(harness_settle(h));
	return harness_at(h, to);
}
