// SPDX-License-Identifier: MIT
#include "core.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/core.h>

#include "clock.h"
#include "copy_engine.h"
#include "engine/engine.h"
#include "sram.h"
#include "sysblock.h"

#define BLOCK_SIZE 0x1000u
#define ENGINE_STRIDE (TSR_HW_ENGINE_BASE(1) - TSR_HW_ENGINE_BASE(0))

struct core {
	struct core_config config;
	struct rv32 *cpu;
	bool running;
};

static bool in_block(uint32_t addr, uint32_t base)
{
	return addr - base < BLOCK_SIZE;
}

/* Engine register at @addr. Return: false when there is no such engine. */
static bool engine_at(const struct core *core, uint32_t addr, unsigned int *instance,
		      uint32_t *offset)
{
	uint32_t at = addr - TSR_HW_ENGINE_BASE(0);

	*instance = at / ENGINE_STRIDE;
	*offset = at % ENGINE_STRIDE;
	return *instance < engines_count(core->config.engines);
}

static int bus_load(void *opaque, uint32_t addr, unsigned int size, uint32_t *val)
{
	struct core *core = opaque;
	unsigned int instance;
	uint32_t offset;

	if (size != sizeof(uint32_t))
		return -1;
	if (in_block(addr, TSR_HW_SYS_BASE))
		*val = sysblock_load(core->config.sys, addr - TSR_HW_SYS_BASE);
	else if (in_block(addr, TSR_HW_COPY_BASE))
		*val = copy_engine_load(core->config.copy, addr - TSR_HW_COPY_BASE);
	else if (engine_at(core, addr, &instance, &offset))
		*val = engines_load(core->config.engines, instance, offset);
	else
		return -1;
	/* Reading a doorbell clears it. */
	core_update_irq(core);
	return 0;
}

static int bus_store(void *opaque, uint32_t addr, unsigned int size, uint32_t val)
{
	struct core *core = opaque;
	bool new_event = true;
	unsigned int instance;
	uint32_t offset;

	if (size != sizeof(uint32_t))
		return -1;
	if (in_block(addr, TSR_HW_SYS_BASE)) {
		new_event = sysblock_store(core->config.sys, addr - TSR_HW_SYS_BASE, val);
	} else if (in_block(addr, TSR_HW_COPY_BASE)) {
		/* A copy takes time, in which events may have come due. */
		new_event = addr - TSR_HW_COPY_BASE == TSR_HW_COPY_CONTROL;
		copy_engine_store(core->config.copy, addr - TSR_HW_COPY_BASE, val);
		if (new_event)
			rv32_drop_reservation(core->cpu);
	} else if (engine_at(core, addr, &instance, &offset)) {
		new_event = engines_store(core->config.engines, instance, offset, val);
	} else {
		return -1;
	}
	if (new_event)
		rv32_request_stop(core->cpu);
	core_update_irq(core);
	return 0;
}

static uint64_t bus_time(void *opaque)
{
	struct core *core = opaque;

	return clock_now(core->config.clock);
}

static const struct rv32_bus bus = {
	.load = bus_load,
	.store = bus_store,
	.time = bus_time,
};

struct core *core_create(const struct core_config *config)
{
	struct core *core = calloc(1, sizeof(*core));
	struct rv32_config cpu = {
		.bus = &bus,
		.opaque = core,
		.window = config->sram->byte,
		.window_base = TSR_HW_SRAM_BASE,
		.window_size = TSR_HW_SRAM_SIZE,
	};

	if (!core)
		return NULL;
	core->config = *config;
	core->cpu = rv32_create(&cpu);
	if (!core->cpu) {
		free(core);
		return NULL;
	}
	config->clock->cpu = core->cpu;
	return core;
}

void core_destroy(struct core *core)
{
	if (!core)
		return;
	rv32_destroy(core->cpu);
	free(core);
}

void core_start(struct core *core, uint32_t entry)
{
	rv32_reset(core->cpu, entry);
	core_update_irq(core);
	core->running = true;
}

void core_stop(struct core *core, unsigned int epoch)
{
	core->running = false;
	rv32_reset(core->cpu, TSR_HW_SRAM_BASE);
	copy_engine_reset(core->config.copy, epoch);
	memset(core->config.sram->byte, 0, sizeof(core->config.sram->byte));
}

void core_halt(struct core *core)
{
	core->running = false;
}

bool core_running(const struct core *core)
{
	return core->running;
}

bool core_waiting(const struct core *core)
{
	return rv32_waiting(core->cpu);
}

void core_update_irq(struct core *core)
{
	rv32_set_irq(core->cpu, RV32_IRQ_EXTERNAL, sysblock_events(core->config.sys) != 0);
}

uint64_t core_run(struct core *core, uint64_t max_insns)
{
	uint64_t before = rv32_instret(core->cpu);

	if (rv32_run(core->cpu, max_insns) == RV32_STOP_FATAL)
		core->running = false;
	return rv32_instret(core->cpu) - before;
}

const struct rv32_fatal *core_fatal(const struct core *core)
{
	return rv32_fatal_info(core->cpu);
}

uint32_t core_pc(const struct core *core)
{
	return rv32_pc(core->cpu);
}
