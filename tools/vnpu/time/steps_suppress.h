/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_SUPPRESS_H
#define VNPU_TIME_STEPS_SUPPRESS_H

#include "steps.h"

/** suppress_steps() - begin the steps of SUPPRESS; as steps_begin() */
int suppress_steps(struct steps *steps, const struct suppress *suppress);

/** suppress_next() - a step of SUPPRESS, at its next box */
void suppress_next(struct steps *steps, const struct suppress *suppress, struct step *step);

#endif
