// SPDX-License-Identifier: MIT
#include "sysblock.h"

#include <tsr_hw/boot.h>
#include <tsr_hw/core.h>
#include <tsr_hw/registers.h>

#include "clock.h"
#include "engine/engine.h"
#include "memory/port.h"
#include "register/doorbell.h"
#include "register/regs.h"

/* The hardware itself tells of changes of state on this vector. */
#define STATE_VECTOR 0u

void sysblock_reset(struct sysblock *sys, const struct sysblock_boot *boot)
{
	sys->boot = *boot;
	sys->boot_status = 0;
	sys->boot_detail = 0;
	sys->cycles_hi = 0;
	sys->timer_low = 0;
	sys->timer = CLOCK_NEVER;
	sys->timer_fired = false;
}

uint32_t sysblock_events(const struct sysblock *sys)
{
	uint32_t events = 0;

	if (sys->doorbells->pending_pages)
		events |= TSR_HW_EVENT_SOURCE_DOORBELL;
	if (engines_done(sys->engines) || engines_ended(sys->engines))
		events |= TSR_HW_EVENT_SOURCE_ENGINE;
	if (sys->timer_fired)
		events |= TSR_HW_EVENT_SOURCE_TIMER;
	return events;
}

void sysblock_fire_timer(struct sysblock *sys)
{
	sys->timer = CLOCK_NEVER;
	sys->timer_fired = true;
}

static uint32_t load_cycles(struct sysblock *sys)
{
	uint64_t now = clock_now(sys->clock);

	sys->cycles_hi = now >> 32;
	return (uint32_t)now;
}

static uint32_t load_doorbell(struct sysblock *sys, uint32_t offset)
{
	uint32_t page = (offset - TSR_HW_SYS_DOORBELL(0)) / 4;

	return page < DOORBELL_PAGES ? doorbells_claim(sys->doorbells, page) : 0;
}

uint32_t sysblock_load(struct sysblock *sys, uint32_t offset)
{
	switch (offset) {
	case TSR_HW_SYS_CAPS:
		return sys->caps;
	case TSR_HW_SYS_BOOT_BLOCK_LO:
		return (uint32_t)sys->boot.boot_block;
	case TSR_HW_SYS_BOOT_BLOCK_HI:
		return sys->boot.boot_block >> 32;
	case TSR_HW_SYS_STATE:
		return regs_state(sys->regs);
	case TSR_HW_SYS_BOOT_STATUS:
		return sys->boot_status;
	case TSR_HW_SYS_BOOT_DETAIL:
		return sys->boot_detail;
	case TSR_HW_SYS_CYCLES_LO:
		return load_cycles(sys);
	case TSR_HW_SYS_CYCLES_HI:
		return sys->cycles_hi;
	case TSR_HW_SYS_EVENTS:
		return sysblock_events(sys);
	case TSR_HW_SYS_TIMER_LO:
		return (uint32_t)sys->timer;
	case TSR_HW_SYS_TIMER_HI:
		return sys->timer >> 32;
	case TSR_HW_SYS_ENGINES:
		return engines_count(sys->engines);
	case TSR_HW_SYS_ENGINE_DONE:
		return engines_done(sys->engines);
	case TSR_HW_SYS_ENDED:
		return engines_take_end(sys->engines);
	case TSR_HW_SYS_TRACE:
		return engines_trace(sys->engines);
	case TSR_HW_SYS_TRACE_TAKE:
		return engines_take_record(sys->engines);
	case TSR_HW_SYS_TRACE_TAKEN:
		return engines_records_taken(sys->engines);
	case TSR_HW_SYS_DOORBELL_PAGES_LO:
		return (uint32_t)sys->doorbells->pending_pages;
	case TSR_HW_SYS_DOORBELL_PAGES_HI:
		return sys->doorbells->pending_pages >> 32;
	case TSR_HW_SYS_FW_VERSION:
		return sys->boot.fw_version;
	case TSR_HW_SYS_CLOCK_KHZ:
		return sys->clock_khz;
	}
	return offset >= TSR_HW_SYS_DOORBELL(0) ? load_doorbell(sys, offset) : 0;
}

static void raise(struct sysblock *sys, uint32_t vector)
{
	const struct port_agent agent = {
		.id = PORT_AGENT_CORE,
		.epoch = sys->boot.epoch,
	};

	if (vector < sys->vectors)
		port_raise(sys->port, &agent, vector);
}

static void set_state(struct sysblock *sys, uint32_t state)
{
	if (state != TSR_HW_STATE_READY && state != TSR_HW_STATE_BOOT_FAILED)
		return;
	regs_set_boot_status(sys->regs, sys->boot.epoch, sys->boot_status, sys->boot_detail);
	if (regs_set_state(sys->regs, sys->boot.epoch, TSR_HW_STATE_STARTING, state))
		raise(sys, STATE_VECTOR);
}

bool sysblock_store(struct sysblock *sys, uint32_t offset, uint32_t val)
{
	switch (offset) {
	case TSR_HW_SYS_STATE:
		set_state(sys, val);
		return false;
	case TSR_HW_SYS_BOOT_STATUS:
		sys->boot_status = val;
		return false;
	case TSR_HW_SYS_BOOT_DETAIL:
		sys->boot_detail = val;
		return false;
	case TSR_HW_SYS_RAISE:
		raise(sys, val);
		return false;
	case TSR_HW_SYS_TRACE:
		engines_place_trace(sys->engines, val);
		return false;
	case TSR_HW_SYS_TIMER_LO:
		sys->timer_low = val;
		return false;
	case TSR_HW_SYS_TIMER_HI:
		sys->timer = (uint64_t)val << 32 | sys->timer_low;
		sys->timer_fired = false;
		return true;
	}
	return false;
}
