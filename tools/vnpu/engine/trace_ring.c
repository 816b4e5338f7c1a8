// SPDX-License-Identifier: MIT
#include "trace_ring.h"

#include <tsr_hw/core.h>

#include "core/sram.h"

void trace_ring_place(struct trace_ring *ring, uint32_t address)
{
	*ring = (struct trace_ring){ .address = address };
}

uint32_t trace_ring_take(struct trace_ring *ring)
{
	uint32_t taken = ring->next;

	ring->next = (taken + 1u) % TSR_HW_TRACE_RECORDS;
	ring->full |= ring->next == 0u;
	return taken;
}

uint32_t trace_ring_taken(const struct trace_ring *ring)
{
	return ring->next | (ring->full ? TSR_HW_TRACE_TAKEN_FULL : 0u);
}

void trace_ring_write(struct trace_ring *ring, struct sram *sram,
		      const struct tsr_hw_trace *record)
{
	struct tsr_hw_trace *records = NULL;

	if (ring->address && ring->address % _Alignof(struct tsr_hw_trace) == 0)
		records = sram_at(sram, ring->address, TSR_HW_TRACE_RECORDS * sizeof(*records));
	if (records)
		records[trace_ring_take(ring)] = *record;
}
