/* SPDX-License-Identifier: MIT */
/* Cycles of VECTOR programs (docs/hardware-2.md, "VECTOR programs"). */
#ifndef VNPU_TIME_STRIPS_H
#define VNPU_TIME_STRIPS_H

#include <stdint.h>

#include "class.h"
#include "command.h"

/** strips_linear() - cycles over @elements of a block; a program that is not there has none */
uint64_t strips_linear(const struct time_class *class, const struct program *program,
		       uint64_t elements);

/** strips_box() - cycles of the command VECTOR over elements @size of its output @d */
uint64_t strips_box(const struct time_class *class, const struct program *program,
		    const struct operand *d, const uint64_t *size);

#endif
