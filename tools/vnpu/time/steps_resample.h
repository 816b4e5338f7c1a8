/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_RESAMPLE_H
#define VNPU_TIME_STEPS_RESAMPLE_H

#include "steps.h"

/** resample_steps() - begin the steps of RESAMPLE; as steps_begin() */
int resample_steps(struct steps *steps, const struct resample *resample);

/** resample_next() - a step of RESAMPLE, at its next box */
void resample_next(struct steps *steps, const struct resample *resample, struct step *step);

#endif
