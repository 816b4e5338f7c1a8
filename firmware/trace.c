// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "trace.h"

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>

#include "copy.h"
#include "reg.h"

/* Engines write what becomes of entered nodes. */
static struct tsr_hw_trace ring[TSR_HW_TRACE_RECORDS];

void trace_start(void)
{
	sys_write(TSR_HW_SYS_TRACE, port_local(ring));
}

void trace_add(uint32_t code, uint32_t queue, uint32_t arg0, uint32_t arg1)
{
	struct tsr_hw_trace *record = &ring[sys_read(TSR_HW_SYS_TRACE_TAKE) % TSR_HW_TRACE_RECORDS];

	record->cycle = sys_read(TSR_HW_SYS_CYCLES_LO);
	record->queue = (uint16_t)queue;
	record->code = (uint16_t)code;
	record->arg0 = arg0;
	record->arg1 = arg1;
}

static uint32_t copy_records(uint64_t address, uint32_t first, uint32_t count)
{
	if (count == 0u)
		return TSR_HW_ERR_NONE;
	return copy_write(COPY_PHYSICAL, address, &ring[first],
			  count * (uint32_t)sizeof(ring[0]));
}

uint32_t trace_copy(uint64_t address, uint64_t size, uint32_t *count)
{
	uint32_t taken = sys_read(TSR_HW_SYS_TRACE_TAKEN);
	uint32_t next = taken & TSR_HW_TRACE_TAKEN_NEXT;
	uint32_t held = (taken & TSR_HW_TRACE_TAKEN_FULL) != 0u ? TSR_HW_TRACE_RECORDS : next;
	uint32_t first, before_wrap, error;

	*count = held;
	if (size < (uint64_t)held * sizeof(ring[0]))
		*count = (uint32_t)size / (uint32_t)sizeof(ring[0]);
	first = (next - *count) % TSR_HW_TRACE_RECORDS;
	before_wrap = TSR_HW_TRACE_RECORDS - first;
	if (before_wrap > *count)
		before_wrap = *count;
	error = copy_records(address, first, before_wrap);
	if (error == TSR_HW_ERR_NONE)
		error = copy_records(address + (uint64_t)before_wrap * sizeof(ring[0]), 0,
				     *count - before_wrap);
	return error;
}
