// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "doorbell.h"

#include <tsr_hw/core.h>
#include <tsr_hw/registers.h>

#include "admin.h"
#include "queue.h"
#include "reg.h"
#include "trace.h"

/* Queue number by bell, 0 for none. */
static uint8_t bound[DOORBELL_PAGES][DOORBELL_INDICES];
static uint32_t strays;

bool doorbell_bind(uint32_t page, uint32_t index, uint32_t queue)
{
	if (page >= DOORBELL_PAGES || index >= DOORBELL_INDICES || bound[page][index] != 0u)
		return false;
	bound[page][index] = (uint8_t)queue;
	return true;
}

void doorbell_unbind(uint32_t page, uint32_t index)
{
	bound[page][index] = 0;
}

static void ring(uint32_t page, uint32_t index)
{
	uint32_t queue = bound[page][index];

	if (page == TSR_HW_DOORBELL_KERNEL_PAGE && index == TSR_HW_DOORBELL_ADMIN) {
		admin_service();
	} else if (queue != 0u) {
		queue_ring(queue_at(queue));
	} else {
		strays++;
		trace_add(TSR_HW_TRACE_STRAY_BELL, page, index, strays);
	}
}

/* Reading a page's bells clears them, before any tail is read: no ring is missed. */
static void service_page(uint32_t page)
{
	uint32_t bells = sys_read(TSR_HW_SYS_DOORBELL(page));

	for (uint32_t index = 0; bells != 0u && index < DOORBELL_INDICES; index++) {
		if ((bells & (1u << index)) != 0u)
			ring(page, index);
		bells &= ~(1u << index);
	}
}

static void service_pages(uint32_t pages, uint32_t first)
{
	for (uint32_t i = 0; pages != 0u && i < 32u; i++) {
		if ((pages & (1u << i)) != 0u)
			service_page(first + i);
		pages &= ~(1u << i);
	}
}

void doorbell_service(void)
{
	uint32_t low = sys_read(TSR_HW_SYS_DOORBELL_PAGES_LO);
	uint32_t high = sys_read(TSR_HW_SYS_DOORBELL_PAGES_HI);

	service_pages(low, 0);
	service_pages(high, 32);
}
