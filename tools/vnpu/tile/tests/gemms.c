/* SPDX-License-Identifier: MIT */
#include "gemms.h"

#include <string.h>

#include "epilogues.h"

static void start(struct tsr_hw_gemm *gemm)
{
	memset(gemm, 0, sizeof(*gemm));
	gemm->head.op = TSR_HW_OP_GEMM;
	gemm->head.size = sizeof(*gemm);
}

static void random_shape(struct bench *bench, unsigned int rank, uint32_t *a, uint32_t *b,
			 uint32_t *d)
{
	uint32_t k = bench_extent(bench, 70);

	for (unsigned int i = 0; i + 2 < rank; i++) {
		uint32_t extent = bench_extent(bench, rank < 6 ? 3 : 2);

		a[i] = bench_below(bench, 4) ? extent : 1;
		b[i] = bench_below(bench, 2) ? extent : 1;
		d[i] = a[i] == 1 ? b[i] : a[i];
	}
	a[rank - 2] = d[rank - 2] = bench_extent(bench, 12);
	b[rank - 1] = d[rank - 1] = bench_extent(bench, 20);
	a[rank - 1] = b[rank - 2] = k;
}

void gemm_random(struct bench *bench, struct tsr_hw_gemm *gemm, bool integer)
{
	unsigned int rank = 2 + bench_below(bench, TSR_HW_MAX_RANK - 1);
	uint32_t a[TSR_HW_MAX_RANK];
	uint32_t b[TSR_HW_MAX_RANK];
	uint32_t d[TSR_HW_MAX_RANK];
	unsigned int types[3];
	unsigned int b_rank = rank;

	start(gemm);
	operand_types(bench, integer, &types[0], &types[1], &types[2]);
	random_shape(bench, rank, a, b, d);
	if (bench_below(bench, 3) == 0) {
		b_rank = 2;
		for (unsigned int i = 0; i + 2 < rank; i++)
			d[i] = a[i];
	}
	bench_tensor(bench, &gemm->a, types[0], rank, a,
		     bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
	bench_tensor(bench, &gemm->b, types[1], b_rank, b + rank - b_rank,
		     bench_any_layout(bench) | LAYOUT_REPEAT, TSR_HW_SLOT_READ);
	bench_tensor(bench, &gemm->d, types[2], rank, d, bench_any_layout(bench),
		     TSR_HW_SLOT_WRITE);
	if (integer && bench_below(bench, 2))
		bench_channels(bench, &gemm->b, d[rank - 1]);
	epilogue_random(bench, &gemm->epilogue, &gemm->d, d[rank - 1], integer);
}

void gemm_plain(struct bench *bench, struct tsr_hw_gemm *gemm, unsigned int a, unsigned int b,
		unsigned int d, uint32_t m, uint32_t n, uint32_t k)
{
	start(gemm);
	bench_tensor(bench, &gemm->a, a, 2, (const uint32_t[]){ m, k }, LAYOUT_DENSE,
		     TSR_HW_SLOT_READ);
	bench_tensor(bench, &gemm->b, b, 2, (const uint32_t[]){ k, n }, LAYOUT_DENSE,
		     TSR_HW_SLOT_READ);
	bench_tensor(bench, &gemm->d, d, 2, (const uint32_t[]){ m, n }, LAYOUT_DENSE,
		     TSR_HW_SLOT_WRITE);
	epilogue_none(&gemm->epilogue);
}
