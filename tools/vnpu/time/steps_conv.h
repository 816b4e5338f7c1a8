/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_CONV_H
#define VNPU_TIME_STEPS_CONV_H

#include "steps.h"

/** conv_steps() - begin the steps of CONV; as steps_begin() */
int conv_steps(struct steps *steps, const struct conv *conv);

#endif
