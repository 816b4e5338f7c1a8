/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_POOL_H
#define VNPU_TIME_STEPS_POOL_H

#include "steps.h"

/** pool_steps() - begin the steps of POOL; as steps_begin() */
int pool_steps(struct steps *steps, const struct pool *pool);

/** pool_next() - a step of POOL, at its next box */
void pool_next(struct steps *steps, const struct pool *pool, struct step *step);

#endif
