// SPDX-License-Identifier: MIT
#include "strips.h"

uint64_t strips_linear(const struct time_class *class, const struct program *program,
		       uint64_t elements)
{
	if (!program->present)
		return 0;
	return divide_up(elements, class->vector_operations) * program->weight;
}

/* Whether index @outer continues where @n elements of dimension @inner end, in every operand. */
static bool contiguous(const struct program *program, const struct operand *d,
		       unsigned int outer, unsigned int inner, uint64_t n)
{
	if (d->stride[outer] != (int64_t)n * d->stride[inner])
		return false;
	for (unsigned int i = 0; i < program->inputs; i++)
		if (program->input[i].stride[outer] !=
		    (int64_t)n * program->input[i].stride[inner])
			return false;
	return true;
}

uint64_t strips_box(const struct time_class *class, const struct program *program,
		    const struct operand *d, const uint64_t *size)
{
	uint64_t run = 1;	/* elements that lie one behind the other, from @inner on */
	uint64_t strips = 0;	/* per element of the dimensions around; 0: none is complete */
	unsigned int inner = d->rank;

	for (unsigned int i = d->rank; i-- > 0;) {
		if (size[i] == 1)
			continue;
		if (inner < d->rank && !contiguous(program, d, i, inner, run)) {
			strips = strips ? strips * run :
				 divide_up(run, class->vector_operations);
			run = 1;
		}
		if (run == 1)
			inner = i;
		run *= size[i];
	}
	strips = strips ? strips * run : divide_up(run, class->vector_operations);
	return strips * program->weight;
}
