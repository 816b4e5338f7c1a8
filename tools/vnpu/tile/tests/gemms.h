/* SPDX-License-Identifier: MIT */
/* Matrix products without a program, of elements of any value, and what they must give. */
#ifndef TEST_GEMMS_H
#define TEST_GEMMS_H

#include "bench.h"

/** gemm_random() - any small GEMM, of integers with zero points */
void gemm_random(struct bench *bench, struct tsr_hw_gemm *gemm, bool integer);

/** gemm_plain() - a dense GEMM of rank 2 */
void gemm_plain(struct bench *bench, struct tsr_hw_gemm *gemm, unsigned int a, unsigned int b,
		unsigned int d, uint32_t m, uint32_t n, uint32_t k);

/** gemm_blocks() - cut a GEMM whose tensors are placed into steps that every class takes */
void gemm_blocks(const struct bench *bench, struct tsr_hw_gemm *gemm);

/** gemm_matches() - whether an executed GEMM has the right output: integers to the bit */
bool gemm_matches(const struct bench *bench, const struct tsr_hw_gemm *gemm);

/** gemm_samples_match() - the same of every @step-th element */
bool gemm_samples_match(const struct bench *bench, const struct tsr_hw_gemm *gemm,
			uint64_t step);

#endif
