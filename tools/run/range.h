/* SPDX-License-Identifier: MIT */
/* Warnings about values that a floating-point type does not hold. */
#ifndef RUN_RANGE_H
#define RUN_RANGE_H

#include <tessera.h>

/** range_warn_of_constants() - name nodes whose constants did not fit the precision. */
void range_warn_of_constants(const struct tsr_program *program);

#endif
