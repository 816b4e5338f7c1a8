/* SPDX-License-Identifier: MIT */
/* Programs for measurements: no-op nodes, and matrix products. */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

#include <stdint.h>

#include "npu.h"

/**
 * struct program - a program in a buffer, its slot table behind it
 * @buffer: memory, mapped for reading and fetch
 * @size: bytes of the program
 * @slots: offset of the slot table in @buffer
 * @slot_count: slots
 */
struct program {
	struct npu_buffer buffer;
	uint32_t size;
	uint32_t slots;
	uint32_t slot_count;
};

/** program_nop() - @nodes no-op nodes, each after the one before */
void program_nop(struct npu *npu, struct program *program, uint32_t nodes);

/**
 * struct products - independent products D[i] = A[i] * B of square matrices
 * @type: TSR_HW_TYPE_FP32, or TSR_HW_TYPE_INT8 with int32 results
 * @count: how many, one node each
 * @n: rows and columns
 * @a: slot 0: @n + @count - 1 rows; A[i] begins at row i
 * @b: slot 1
 * @d: slot 2: all results, one after the other
 */
struct products {
	uint32_t type;
	uint32_t count;
	uint32_t n;
	const struct npu_buffer *a;
	const struct npu_buffer *b;
	const struct npu_buffer *d;
};

/** program_gemm() - @products as tensor nodes without edges */
void program_gemm(struct npu *npu, struct program *program, const struct products *products);

#endif
