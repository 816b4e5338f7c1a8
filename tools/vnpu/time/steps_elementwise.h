/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_ELEMENTWISE_H
#define VNPU_TIME_STEPS_ELEMENTWISE_H

#include "steps.h"

/** elementwise_steps() - begin the steps of VECTOR; as steps_begin() */
int elementwise_steps(struct steps *steps, const struct elementwise *elementwise);

/** elementwise_next() - a step of VECTOR, at its next box */
void elementwise_next(struct steps *steps, const struct elementwise *elementwise,
		      struct step *step);

#endif
