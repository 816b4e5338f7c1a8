/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_REDUCE_H
#define VNPU_TIME_STEPS_REDUCE_H

#include "steps.h"

/** reduce_steps() - begin the steps of REDUCE and SCAN; as steps_begin() */
int reduce_steps(struct steps *steps, const struct reduce *reduce);

/** reduce_next() - a step of REDUCE and SCAN, at its next box */
void reduce_next(struct steps *steps, const struct reduce *reduce, struct step *step);

#endif
