/* SPDX-License-Identifier: MIT */
/*
 * The management core: RV32 interpreter, SRAM, local bus. Simulation thread only.
 */
#ifndef VNPU_CORE_H
#define VNPU_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "rv32/rv32.h"

struct clock;
struct copy_engine;
struct core;
struct engines;
struct sram;
struct sysblock;

/**
 * struct core_config - what is on the core's bus
 * @sram: private memory
 * @clock: device clock; its cpu is set by core_create()
 * @sys: system block
 * @copy: copy engine
 * @engines: engines
 */
struct core_config {
	struct sram *sram;
	struct clock *clock;
	struct sysblock *sys;
	struct copy_engine *copy;
	struct engines *engines;
};

/** core_create() - a stopped core; @config is copied; NULL without memory */
struct core *core_create(const struct core_config *config);

/** core_destroy() - free it or NULL */
void core_destroy(struct core *core);

/** core_start() - begin at @entry with all registers zero */
void core_start(struct core *core, uint32_t entry);

/** core_stop() - power-on state after the reset that began @epoch, SRAM zeroed */
void core_stop(struct core *core, unsigned int epoch);

/** core_halt() - execute nothing more until core_stop(); memory stays */
void core_halt(struct core *core);

/** core_running() - started and not stopped or halted */
bool core_running(const struct core *core);

/** core_waiting() - asleep until an interrupt */
bool core_waiting(const struct core *core);

/** core_update_irq() - drive the interrupt line from the events pending */
void core_update_irq(struct core *core);

/**
 * core_run() - execute
 * @core: a running core
 * @max_insns: most instructions
 *
 * Comes back early when an instruction may have changed the next event.
 *
 * Return: instructions retired; a core that stopped until a reset is no longer running.
 */
uint64_t core_run(struct core *core, uint64_t max_insns);

/** core_fatal() - why it stopped until a reset, or NULL */
const struct rv32_fatal *core_fatal(const struct core *core);

/** core_pc() - address of the next instruction */
uint32_t core_pc(const struct core *core);

#endif
