/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_GATHER_H
#define VNPU_TIME_STEPS_GATHER_H

#include "steps.h"

/** gather_steps() - begin the steps of GATHER and SCATTER; as steps_begin() */
int gather_steps(struct steps *steps, const struct gather *gather);

/** gather_next() - a step of GATHER and SCATTER, at its next box */
void gather_next(struct steps *steps, const struct gather *gather, struct step *step);

#endif
