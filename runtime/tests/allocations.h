/* SPDX-License-Identifier: MIT */
/* What the program allocates, libraries included: for tests that bound it. */
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stddef.h>

/** allocations_begin() - count from here on. */
void allocations_begin(void);

/** allocations_peak() - most bytes alive at once since then, beyond those alive before. */
size_t allocations_peak(void);

#endif
