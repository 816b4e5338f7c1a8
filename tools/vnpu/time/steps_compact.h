/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_COMPACT_H
#define VNPU_TIME_STEPS_COMPACT_H

#include "steps.h"

/** compact_steps() - begin the steps of COMPACT; as steps_begin() */
int compact_steps(struct steps *steps, const struct compact *compact);

/** compact_next() - a step of COMPACT, at its next box */
void compact_next(struct steps *steps, const struct compact *compact, struct step *step);

#endif
