/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_SORT_H
#define VNPU_TIME_STEPS_SORT_H

#include "steps.h"

/** sort_steps() - begin the steps of SORT; as steps_begin() */
int sort_steps(struct steps *steps, const struct sort *sort);

/** sort_next() - a step of SORT, at its next box */
void sort_next(struct steps *steps, const struct sort *sort, struct step *step);

#endif
