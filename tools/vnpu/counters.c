// SPDX-License-Identifier: MIT
#include "counters.h"

static const char *const names[COUNTER_COUNT] = {
	[COUNTER_MMIO_READS_BAR0] = "mmio_reads_bar0",
	[COUNTER_MMIO_READS_BAR2] = "mmio_reads_bar2",
	[COUNTER_MMIO_WRITES_BAR0] = "mmio_writes_bar0",
	[COUNTER_MMIO_WRITES_BAR2] = "mmio_writes_bar2",
	[COUNTER_BAD_ACCESSES] = "bad_accesses",
	[COUNTER_DOORBELLS] = "doorbells",
	[COUNTER_BAD_DOORBELLS] = "bad_doorbells",
	[COUNTER_DMA_READ_BYTES] = "dma_read_bytes",
	[COUNTER_DMA_WRITTEN_BYTES] = "dma_written_bytes",
	[COUNTER_INTERRUPTS_0] = "interrupts_0",
	[COUNTER_INTERRUPTS_1] = "interrupts_1",
	[COUNTER_INTERRUPTS_DROPPED] = "interrupts_dropped",
	[COUNTER_FIRMWARE_INSNS] = "firmware_instructions",
	[COUNTER_NODES_NOP] = "nodes_nop",
	[COUNTER_NODES_TENSOR] = "nodes_tensor",
	[COUNTER_NODES_DMA] = "nodes_dma",
	[COUNTER_NODES_FAILED] = "nodes_failed",
	[COUNTER_NODES_ABORTED] = "nodes_aborted",
	[COUNTER_MACS] = "macs",
	[COUNTER_BLOCKS] = "blocks",
	[COUNTER_INVALIDATIONS] = "invalidations",
	[COUNTER_FAULTS] = "faults",
	[COUNTER_RESETS] = "resets",
	[COUNTER_BOOTS] = "boots",
	[COUNTER_SANITIZER_VIOLATIONS] = "sanitizer_violations",
};

void counters_reset(struct counters *counters)
{
	for (int i = 0; i < COUNTER_COUNT; i++)
		atomic_store_explicit(&counters->value[i], 0, memory_order_relaxed);
}

const char *counter_name(enum counter which)
{
	return names[which];
}
