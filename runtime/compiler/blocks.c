// SPDX-License-Identifier: MIT
/* Extents of the steps that a command walks a tensor in. */
#include <endian.h>

#include <tsr_hw/command.h>

#include "compiler.h"

/* Elements of a step, at most (docs/hardware.md, section 11.5). */
#define STEP_ELEMENTS	4096

/* Whole dimensions from the innermost one on, as long as they fit. */
void tsr_default_blocks(const struct tsr_tensor_info *walked, struct tsr_hw_step *step)
{
	int64_t left = STEP_ELEMENTS;
	unsigned int i;

	for (i = walked->rank; i-- > 0;) {
		int64_t extent = walked->dim[i] < left ? walked->dim[i] : left;

		step->block[i] = htole32(extent ? (uint32_t)extent : 1);
		left /= extent ? extent : 1;
	}
}
