/* SPDX-License-Identifier: MIT */
#include "step.h"

#include <tsr_hw/error.h>

#include "smaller.h"
#include "tensor.h"

/* Elements of one step, at most. */
#define MOST	4096u

int step_check(const struct tsr_hw_step *step, const struct tensor *walked)
{
	uint64_t elements = 1;

	for (unsigned int i = 0; i < walked->rank; i++) {
		uint64_t block = smaller(step->block[i], walked->dim[i]);

		if (!step->block[i])
			return TSR_HW_ERR_COMMAND;
		/* Both factors have at most 31 bits as long as the product is bounded. */
		elements *= block;
		if (elements > MOST)
			return TSR_HW_ERR_COMMAND;
	}
	for (unsigned int i = walked->rank; i < TSR_HW_MAX_RANK; i++)
		if (step->block[i])
			return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

/* Dimensions that a step cuts have only extents of 1 in front of them. */
int step_check_run(const struct tsr_hw_step *step, const struct tensor *walked)
{
	unsigned int cut = walked->rank;

	while (cut && step->block[cut - 1] >= walked->dim[cut - 1])
		cut--;
	for (unsigned int i = 0; i + 1 < cut; i++)
		if (step->block[i] > 1 && walked->dim[i] > 1)
			return TSR_HW_ERR_COMMAND;
	return step_check(step, walked);
}

int step_check_halves(const struct tsr_hw_step *step, const struct tensor *tensor)
{
	/* Strides of a tensor without elements are free. */
	uint32_t packed = tensor_elements(tensor) ? tensor_packed(tensor) : 0;

	for (unsigned int i = 0; i < tensor->rank; i++)
		if (packed & 1u << i && step->block[i] % 2 && step->block[i] < tensor->dim[i])
			return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}
