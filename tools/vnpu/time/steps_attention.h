/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_ATTENTION_H
#define VNPU_TIME_STEPS_ATTENTION_H

#include "steps.h"

/** attention_steps() - begin the steps of ATTENTION; as steps_begin() */
int attention_steps(struct steps *steps, const struct attention *attention);

/** attention_next() - its next step; there is one */
void attention_next(struct steps *steps, const struct attention *attention, struct step *step);

#endif
