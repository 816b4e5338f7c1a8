/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TIME_STEPS_GEMM_H
#define VNPU_TIME_STEPS_GEMM_H

#include "steps.h"

/** gemm_steps() - begin the steps of GEMM; as steps_begin() */
int gemm_steps(struct steps *steps, const struct gemm *gemm);

#endif
