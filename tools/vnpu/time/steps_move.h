/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_MOVE_H
#define VNPU_TIME_STEPS_MOVE_H

#include "steps.h"

/** move_input() - what of x a box of d reads: from the lowest to the highest element */
struct region move_input(const struct move *move, const struct region *box);

/** move_steps() - begin the steps of MOVE; as steps_begin() */
int move_steps(struct steps *steps, const struct move *move);

/** move_next() - a step of MOVE, at its next box */
void move_next(struct steps *steps, const struct move *move, struct step *step);

#endif
