// SPDX-License-Identifier: MIT
#include "gemm.h"

#include <stddef.h>
#include <string.h>

#include <tsr_hw/command.h>

/* SplitMix64. */
uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static struct tsr_hw_tensor matrix(uint16_t slot, uint64_t offset, uint8_t type, uint32_t rows,
				   uint32_t columns)
{
	return (struct tsr_hw_tensor){
		.slot = slot,
		.type = type,
		.rank = 2,
		.offset = offset,
		.dim = { rows, columns },
		.stride = { columns, 1 },
	};
}

static void add(struct tsr_program *program, const struct tsr_hw_tensor *a,
		const struct tsr_hw_tensor *b, const struct tsr_hw_tensor *d)
{
	const struct tsr_hw_tensor none = { .slot = TSR_HW_SLOT_NONE };
	struct tsr_hw_gemm gemm = {
		.head = { .op = TSR_HW_OP_GEMM, .size = sizeof(gemm) },
		.a = *a,
		.b = *b,
		.d = *d,
		.rows = none,
		.qa = { .scale = none, .zeros = none },
		.qb = { .scale = none, .zeros = none },
		.blocks = { .bm = 16, .bn = 128, .bk = 128, .bg = 1 },
	};

	tsr_program_node(program, TSR_HW_ENGINE_TENSOR, &gemm, sizeof(gemm));
}

void gemm_node(struct tsr_program *program, uint16_t slot, uint64_t offset)
{
	struct tsr_hw_tensor a = matrix(slot, offset + offsetof(struct gemm, a),
					       TSR_HW_TYPE_INT8, GEMM_M, GEMM_K);
	struct tsr_hw_tensor b = matrix(slot, offset + offsetof(struct gemm, b),
					       TSR_HW_TYPE_INT8, GEMM_K, GEMM_N);
	struct tsr_hw_tensor d = matrix(slot, offset + offsetof(struct gemm, d),
					       TSR_HW_TYPE_INT32, GEMM_M, GEMM_N);

	add(program, &a, &b, &d);
}

void gemm_node_in(struct tsr_program *program, uint16_t a_slot, uint16_t b_slot, uint16_t d_slot)
{
	struct tsr_hw_tensor a = matrix(a_slot, 0, TSR_HW_TYPE_INT8, GEMM_M, GEMM_K);
	struct tsr_hw_tensor b = matrix(b_slot, 0, TSR_HW_TYPE_INT8, GEMM_K, GEMM_N);
	struct tsr_hw_tensor d = matrix(d_slot, 0, TSR_HW_TYPE_INT32, GEMM_M, GEMM_N);

	add(program, &a, &b, &d);
}

void gemm_fill(struct gemm *gemm, uint64_t seed)
{
	for (unsigned int i = 0; i < sizeof(gemm->a); i++)
		(&gemm->a[0][0])[i] = (int8_t)(next_random(&seed) | 1);
	for (unsigned int i = 0; i < sizeof(gemm->b); i++)
		(&gemm->b[0][0])[i] = (int8_t)(next_random(&seed) | 1);
	memset(gemm->d, 0, sizeof(gemm->d));
}

bool gemm_right(const struct gemm *gemm)
{
	int32_t sum;

	for (unsigned int m = 0; m < GEMM_M; m++)
		for (unsigned int n = 0; n < GEMM_N; n++) {
			sum = 0;
			for (unsigned int k = 0; k < GEMM_K; k++)
				sum += gemm->a[m][k] * gemm->b[k][n];
			if (gemm->d[m][n] != sum)
				return false;
		}
	return true;
}
