/* SPDX-License-Identifier: MIT */
/* Energy of a node (docs/hardware.md, "Energy"). */
#ifndef VNPU_TIME_ENERGY_H
#define VNPU_TIME_ENERGY_H

#include <stdint.h>

#include "amounts.h"

/**
 * struct energy_constants - of a class, in femtojoules, at the voltage of clock step 0
 * @vector: an operation of the vector unit
 * @scratchpad: a byte held or written
 * @memory: a byte of the device's memory
 * @link: a byte of the host link
 * @idle: a cycle at the temperature at hand
 */
struct energy_constants {
	uint32_t vector;
	uint32_t scratchpad;
	uint32_t memory;
	uint32_t link;
	uint32_t idle;
};

/**
 * energy_of_node() - what a node takes, rounded up once
 * @amounts: what it did
 * @cycles: its time alone
 * @constants: what each of that costs
 * @millivolts: of the clock step in force: work goes with its square, idling with the voltage
 * @highest: of clock step 0, not 0
 *
 * Return: saturates.
 */
uint64_t energy_of_node(const struct amounts *amounts, uint64_t cycles,
			const struct energy_constants *constants, uint32_t millivolts,
			uint32_t highest);

#endif
