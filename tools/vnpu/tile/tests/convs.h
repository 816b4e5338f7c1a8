/* SPDX-License-Identifier: MIT */
#ifndef TEST_CONVS_H
#define TEST_CONVS_H

#include "bench.h"

/** conv_random() - any small CONV */
void conv_random(struct bench *bench, struct tsr_hw_conv *conv, bool integer);

/** window_extent() - output extent by the manual's formula */
uint32_t window_extent(uint32_t in, uint32_t kernel, uint32_t stride, uint32_t dilation,
		       uint32_t before, uint32_t after);

#endif
