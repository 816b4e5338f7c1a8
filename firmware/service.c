// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "service.h"

#include <stdint.h>

#include <tsr_hw/core.h>

#include "admin.h"
#include "boot.h"
#include "doorbell.h"
#include "engine.h"
#include "event.h"
#include "reg.h"
#include "schedule.h"
#include "trace.h"

void service_start(const struct boot *boot)
{
	trace_start();
	event_start(boot->event_ring, boot->control_vector, boot->event_vector);
	admin_start(boot->admin_ring, boot->admin_done);
	trace_add(TSR_HW_TRACE_READY, 0, boot->abi, (uint32_t)boot->features);
}

bool service_turn(void)
{
	uint32_t events = sys_read(TSR_HW_SYS_EVENTS);

	if ((events & TSR_HW_EVENT_SOURCE_ENGINE) != 0u)
		engine_service();
	if ((events & TSR_HW_EVENT_SOURCE_DOORBELL) != 0u)
		doorbell_service();
	return schedule_pass();
}
