/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_SAMPLE_H
#define VNPU_TIME_STEPS_SAMPLE_H

#include "steps.h"

/** sample_steps() - begin the steps of SAMPLE; as steps_begin() */
int sample_steps(struct steps *steps, const struct sample *sample);

/** sample_next() - a step of SAMPLE, at its next box */
void sample_next(struct steps *steps, const struct sample *sample, struct step *step);

#endif
