/* SPDX-License-Identifier: MIT */
#ifndef VNPU_MEASURE_PROGRAM_H
#define VNPU_MEASURE_PROGRAM_H

#include <tsr_hw/command.h>

#include "time/command.h"

struct measure_source;

/**
 * take_program() - a VECTOR program of a checked command
 * @source: slots and parameters, and which memory an address is of
 * @head: the whole command
 * @at: where it begins, 0: there is none
 * @program: result
 */
void take_program(const struct measure_source *source, const struct tsr_hw_command *head,
		  uint32_t at, struct program *program);

#endif
