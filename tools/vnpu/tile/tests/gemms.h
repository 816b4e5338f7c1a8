/* SPDX-License-Identifier: MIT */
#ifndef TEST_GEMMS_H
#define TEST_GEMMS_H

#include "bench.h"

/** gemm_random() - any small GEMM */
void gemm_random(struct bench *bench, struct tsr_hw_gemm *gemm, bool integer);

/** gemm_plain() - a dense GEMM of rank 2 without epilogue */
void gemm_plain(struct bench *bench, struct tsr_hw_gemm *gemm, unsigned int a, unsigned int b,
		unsigned int d, uint32_t m, uint32_t n, uint32_t k);

#endif
