/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_CLASS_H
#define VNPU_TIME_CLASS_H

#include <stdint.h>

/**
 * struct time_class - the fuses that time depends on, as docs/hardware-2.md names them
 * @array_rows: R8
 * @array_columns: C
 * @array_ports: P, rows of the left operand that the array takes in a cycle
 * @weight_path: W, bytes of weights in a cycle
 * @vector_operations: L, operations of the vector unit in a cycle
 * @port_bytes: bytes a cycle between a tile and memory, each way; 0: no limit
 * @memory_mb_s: rate of the device's memory
 * @link_mb_s: rate of the host link; 0: the device's memory is the system's
 * @khz: of the clock step in force
 * @load_latency: cycles from a request to its first data
 * @block_cycles_log2: no part of a step takes longer
 * @tiles: tensor tiles
 */
struct time_class {
	uint32_t array_rows;
	uint32_t array_columns;
	uint32_t array_ports;
	uint32_t weight_path;
	uint32_t vector_operations;
	uint32_t port_bytes;
	uint32_t memory_mb_s;
	uint32_t link_mb_s;
	uint32_t khz;
	uint32_t load_latency;
	uint32_t block_cycles_log2;
	uint32_t tiles;
};

/** divide_up() - the quotient, rounded up */
static inline uint64_t divide_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

#endif
