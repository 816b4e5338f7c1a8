/* SPDX-License-Identifier: MIT */
#ifndef VNPU_COUNTERS_H
#define VNPU_COUNTERS_H

#include <stdatomic.h>
#include <stdint.h>

#include <tsr_hw/program.h>

/** enum counter - what the device counts, named in counters.c */
enum counter {
	COUNTER_MMIO_READS_BAR0,
	COUNTER_MMIO_READS_BAR2,
	COUNTER_MMIO_WRITES_BAR0,
	COUNTER_MMIO_WRITES_BAR2,
	COUNTER_BAD_ACCESSES,		/* wrong size, unused offset, read-only register */
	COUNTER_DOORBELLS,
	COUNTER_BAD_DOORBELLS,
	COUNTER_DMA_READ_BYTES,
	COUNTER_DMA_WRITTEN_BYTES,
	COUNTER_INTERRUPTS_0,		/* by vector */
	COUNTER_INTERRUPTS_1,
	COUNTER_INTERRUPTS_DROPPED,	/* by injection, or while interrupts are off */
	COUNTER_FIRMWARE_INSNS,
	COUNTER_NODES_NOP,		/* by engine kind, as TSR_HW_ENGINE_* */
	COUNTER_NODES_TENSOR,
	COUNTER_NODES_DMA,
	COUNTER_NODES_FAILED,
	COUNTER_NODES_ABORTED,
	COUNTER_MACS,
	COUNTER_BLOCKS,
	COUNTER_INVALIDATIONS,
	COUNTER_FAULTS,
	COUNTER_RESETS,
	COUNTER_BOOTS,
	COUNTER_SANITIZER_VIOLATIONS,
	COUNTER_COUNT
};

/** struct counters - one set; zero it to begin with */
struct counters {
	atomic_ullong value[COUNTER_COUNT];
};

/** counters_add() - count; from any thread */
static inline void counters_add(struct counters *counters, enum counter which, uint64_t n)
{
	atomic_fetch_add_explicit(&counters->value[which], n, memory_order_relaxed);
}

/** counters_get() - current value */
static inline uint64_t counters_get(const struct counters *counters, enum counter which)
{
	return atomic_load_explicit(&counters->value[which], memory_order_relaxed);
}

/** counters_reset() - all to zero; what is counted meanwhile may or may not be lost */
void counters_reset(struct counters *counters);

/** counter_name() - the name used on the control socket */
const char *counter_name(enum counter which);

#endif
