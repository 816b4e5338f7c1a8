/* SPDX-License-Identifier: MIT */
/*
 * The trace in the management core's memory, in which core and engines take records in turn.
 * Simulation thread only.
 */
#ifndef VNPU_TRACE_RING_H
#define VNPU_TRACE_RING_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/trace.h>

struct sram;

/**
 * struct trace_ring - where it is, and how much of it was taken
 * @address: register TRACE
 * @next: index of the record that is taken next
 * @full: each was taken
 */
struct trace_ring {
	uint32_t address;
	uint32_t next;
	bool full;
};

/** trace_ring_place() - register TRACE is written */
void trace_ring_place(struct trace_ring *ring, uint32_t address);

/** trace_ring_take() - index of the next record, which is taken */
uint32_t trace_ring_take(struct trace_ring *ring);

/** trace_ring_taken() - register TRACE_TAKEN */
uint32_t trace_ring_taken(const struct trace_ring *ring);

/** trace_ring_write() - an engine writes a record, if there is a trace */
void trace_ring_write(struct trace_ring *ring, struct sram *sram,
		      const struct tsr_hw_trace *record);

#endif
