// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "trace.h"

#include <tsr_hw/error.h>

#include "copy.h"
#include "reg.h"

#define TRACE_RECORDS 1024u

static struct tsr_hw_trace ring[TRACE_RECORDS];
/* Records written so far; kept from wrapping below TRACE_RECORDS. */
static uint32_t written;

void trace_add(uint32_t code, uint32_t queue, uint32_t arg0, uint32_t arg1)
{
	struct tsr_hw_trace *record = &ring[written % TRACE_RECORDS];

	record->cycle = sys_read(TSR_HW_SYS_CYCLES_LO);
	record->queue = (uint16_t)queue;
	record->code = (uint16_t)code;
	record->arg0 = arg0;
	record->arg1 = arg1;
	written++;
	if (written == 2u * TRACE_RECORDS)
		written = TRACE_RECORDS;
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
	uint32_t held = written < TRACE_RECORDS ? written : TRACE_RECORDS;
	uint32_t first, before_wrap, error;

	*count = held;
	if (size < (uint64_t)held * sizeof(ring[0]))
		*count = (uint32_t)size / (uint32_t)sizeof(ring[0]);
	first = (written - *count) % TRACE_RECORDS;
	before_wrap = TRACE_RECORDS - first;
	if (before_wrap > *count)
		before_wrap = *count;
	error = copy_records(address, first, before_wrap);
	if (error == TSR_HW_ERR_NONE)
		error = copy_records(address + (uint64_t)before_wrap * sizeof(ring[0]), 0,
				     *count - before_wrap);
	return error;
}
