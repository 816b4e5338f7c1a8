/* SPDX-License-Identifier: MIT */
/* The core's copy engine: host memory to SRAM and back. Simulation thread only. */
#ifndef VNPU_COPY_ENGINE_H
#define VNPU_COPY_ENGINE_H

#include <stdint.h>

struct clock;
struct port;
struct sram;

#define COPY_MAX_BYTES 0x10000u

/**
 * struct copy_engine - registers, named as in tsr_hw/core.h
 * @port: host port
 * @clock: pays for copies
 * @sram: the other side
 * @epoch: of the core: when the next reset begins, it reaches nothing any more
 */
struct copy_engine {
	struct port *port;
	struct clock *clock;
	struct sram *sram;
	unsigned int epoch;
	uint64_t host;
	uint32_t local;
	uint32_t size;
	uint32_t asid;
	int status;
	uint64_t fault;
};

/** copy_engine_load() - the core reads a register */
uint32_t copy_engine_load(const struct copy_engine *copy, uint32_t offset);

/** copy_engine_store() - the core writes a register; CONTROL copies at once */
void copy_engine_store(struct copy_engine *copy, uint32_t offset, uint32_t val);

/** copy_engine_reset() - power-on state after the reset that began @epoch */
void copy_engine_reset(struct copy_engine *copy, unsigned int epoch);

#endif
