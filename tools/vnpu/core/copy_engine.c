// SPDX-License-Identifier: MIT
#include "copy_engine.h"

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>

#include "clock.h"
#include "memory/port.h"
#include "sram.h"

#define SETUP_CYCLES 16u
#define BYTES_PER_CYCLE 16u

uint32_t copy_engine_load(const struct copy_engine *copy, uint32_t offset)
{
	switch (offset) {
	case TSR_HW_COPY_HOST_LO:
		return (uint32_t)copy->host;
	case TSR_HW_COPY_HOST_HI:
		return copy->host >> 32;
	case TSR_HW_COPY_LOCAL:
		return copy->local;
	case TSR_HW_COPY_SIZE:
		return copy->size;
	case TSR_HW_COPY_ASID:
		return copy->asid;
	case TSR_HW_COPY_STATUS:
		return (uint32_t)copy->status;
	case TSR_HW_COPY_FAULT_LO:
		return (uint32_t)copy->fault;
	case TSR_HW_COPY_FAULT_HI:
		return copy->fault >> 32;
	}
	return 0;
}

static int move(struct copy_engine *copy, enum mmu_access access, void *buf)
{
	const struct port_agent agent = {
		.id = PORT_AGENT_CORE,
		.asid = copy->asid,
		.epoch = copy->epoch,
	};

	return port_copy_bytes(copy->port, &agent, access, copy->host, buf, copy->size,
			       &copy->fault);
}

static void run(struct copy_engine *copy, enum mmu_access access)
{
	void *buf = sram_at(copy->sram, copy->local, copy->size);
	int error;

	copy->fault = 0;
	copy->status = TSR_HW_ERR_NONE;
	if (!buf || copy->size > COPY_MAX_BYTES) {
		copy->status = TSR_HW_ERR_FAULT_BUS;
		copy->fault = copy->local;
	} else if (copy->size) {
		error = move(copy, access, buf);
		copy->status = error == PORT_CLOSED ? TSR_HW_ERR_FAULT_BUS : error;
	}
	clock_skip(copy->clock,
		   SETUP_CYCLES + (copy->size + BYTES_PER_CYCLE - 1) / BYTES_PER_CYCLE);
}

static void add(struct copy_engine *copy)
{
	const struct port_agent agent = {
		.id = PORT_AGENT_CORE,
		.epoch = copy->epoch,
	};

	port_progress(copy->port, &agent, copy->host, copy->size);
	clock_skip(copy->clock, SETUP_CYCLES);
}

static void control(struct copy_engine *copy, uint32_t val)
{
	switch (val) {
	case TSR_HW_COPY_READ:
		run(copy, MMU_READ);
		break;
	case TSR_HW_COPY_FETCH:
		run(copy, MMU_FETCH);
		break;
	case TSR_HW_COPY_WRITE:
		run(copy, MMU_WRITE);
		break;
	case TSR_HW_COPY_ADD:
		add(copy);
		break;
	}
}

static void set_low(uint64_t *reg, uint32_t val)
{
	*reg = (*reg & ~0xffffffffull) | val;
}

static void set_high(uint64_t *reg, uint32_t val)
{
	*reg = (*reg & 0xffffffffull) | (uint64_t)val << 32;
}

void copy_engine_store(struct copy_engine *copy, uint32_t offset, uint32_t val)
{
	switch (offset) {
	case TSR_HW_COPY_HOST_LO:
		set_low(&copy->host, val);
		break;
	case TSR_HW_COPY_HOST_HI:
		set_high(&copy->host, val);
		break;
	case TSR_HW_COPY_LOCAL:
		copy->local = val;
		break;
	case TSR_HW_COPY_SIZE:
		copy->size = val;
		break;
	case TSR_HW_COPY_ASID:
		copy->asid = val;
		break;
	case TSR_HW_COPY_CONTROL:
		control(copy, val);
		break;
	}
}

void copy_engine_reset(struct copy_engine *copy, unsigned int epoch)
{
	copy->epoch = epoch;
	copy->host = 0;
	copy->local = 0;
	copy->size = 0;
	copy->asid = 0;
	copy->status = TSR_HW_ERR_NONE;
	copy->fault = 0;
}
