/* SPDX-License-Identifier: MIT */
/* A small int8 matrix product for the tensor tile, and the same in plain C. */
#ifndef FAULTS_GEMM_H
#define FAULTS_GEMM_H

#include <stdbool.h>
#include <stdint.h>

#include "kselftest/tsr_kselftest.h"

#define GEMM_M	16
#define GEMM_K	64
#define GEMM_N	16

/**
 * struct gemm - D = A * B: where a client's data holds them
 * @a: GEMM_M x GEMM_K
 * @b: GEMM_K x GEMM_N
 * @d: GEMM_M x GEMM_N
 */
struct gemm {
	int8_t a[GEMM_M][GEMM_K];
	int8_t b[GEMM_K][GEMM_N];
	int32_t d[GEMM_M][GEMM_N];
};

/** gemm_node() - add the product of what lies at @offset of @slot */
void gemm_node(struct tsr_program *program, uint16_t slot, uint64_t offset);

/** gemm_node_in() - the same with operands and result in a slot each */
void gemm_node_in(struct tsr_program *program, uint16_t a, uint16_t b, uint16_t d);

/** gemm_fill() - operands that depend on @seed; the result is cleared */
void gemm_fill(struct gemm *gemm, uint64_t seed);

/** gemm_right() - is the result that of plain C, bit for bit? */
bool gemm_right(const struct gemm *gemm);

/** next_random() - a number that depends on @state, which moves on */
uint64_t next_random(uint64_t *state);

#endif
