/* SPDX-License-Identifier: MIT */
/* The control socket of a virtual NPU, a serial port of the guest: docs/vnpu.md. */
#ifndef BENCH_CONTROL_H
#define BENCH_CONTROL_H

#include <stdint.h>

struct control;

/**
 * struct counters - what the virtual NPU has counted
 * @mmio_reads: reads of all its BARs
 * @mmio_writes: writes to all its BARs
 * @nop_nodes: no-op nodes run
 */
struct counters {
	uint64_t mmio_reads;
	uint64_t mmio_writes;
	uint64_t nop_nodes;
};

/** control_open() - open the port at @path; dies if it cannot */
struct control *control_open(const char *path);

/** control_close() - close and free */
void control_close(struct control *control);

/** control_command() - send a command; dies unless the answer is "ok" */
void control_command(struct control *control, const char *command);

/** control_counters() - ask for the counters */
void control_counters(struct control *control, struct counters *counters);

#endif
