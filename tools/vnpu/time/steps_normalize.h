/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_NORMALIZE_H
#define VNPU_TIME_STEPS_NORMALIZE_H

#include "steps.h"

/** normalize_steps() - begin the steps of NORMALIZE; as steps_begin() */
int normalize_steps(struct steps *steps, const struct normalize *normalize);

/** normalize_next() - a step of NORMALIZE, at its next box */
void normalize_next(struct steps *steps, const struct normalize *normalize, struct step *step);

#endif
