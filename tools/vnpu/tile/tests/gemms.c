/* SPDX-License-Identifier: MIT */
#include "gemms.h"

#include <string.h>

#include "indices.h"
#include "products.h"
#include "stored.h"
#include "sums.h"

/* A multiple of the rows that any class has for any type. */
#define DEPTH	128u

static uint32_t limited(uint32_t extent, uint32_t most)
{
	return extent > most ? most : extent ? extent : 1;
}

void gemm_blocks(const struct bench *bench, struct tsr_hw_gemm *gemm)
{
	gemm->blocks = (struct tsr_hw_blocks){
		.bm = 16,
		.bn = limited(gemm->d.dim[gemm->d.rank - 1], sku_fuses(bench->sku)->array_columns),
		.bk = limited(gemm->a.dim[gemm->a.rank - 1], DEPTH),
		.bg = 1,
	};
}

static void start(struct tsr_hw_gemm *gemm)
{
	memset(gemm, 0, sizeof(*gemm));
	gemm->head.op = TSR_HW_OP_GEMM;
	gemm->head.size = sizeof(*gemm);
	bench_absent(&gemm->rows);
	products_no_quant(&gemm->qa);
	products_no_quant(&gemm->qb);
}

static void random_shape(struct bench *bench, unsigned int rank, uint32_t *a, uint32_t *b,
			 uint32_t *d)
{
	for (unsigned int i = 0; i + 2 < rank; i++) {
		uint32_t extent = bench_extent(bench, rank < 6 ? 3 : 2);

		a[i] = bench_below(bench, 4) ? extent : 1;
		b[i] = bench_below(bench, 2) ? extent : 1;
		d[i] = a[i] == 1 ? b[i] : a[i];
	}
	a[rank - 2] = d[rank - 2] = bench_extent(bench, 12);
	b[rank - 1] = d[rank - 1] = bench_extent(bench, 20);
	a[rank - 1] = b[rank - 2] = bench_extent(bench, 70);
}

void gemm_random(struct bench *bench, struct tsr_hw_gemm *gemm, bool integer)
{
	unsigned int rank = 2 + bench_below(bench, TSR_HW_MAX_RANK - 1);
	uint32_t a[TSR_HW_MAX_RANK], b[TSR_HW_MAX_RANK], d[TSR_HW_MAX_RANK];
	unsigned int types[3];

	start(gemm);
	sums_types(bench, integer, types);
	random_shape(bench, rank, a, b, d);
	bench_plain(bench, &gemm->a, types[0], rank, a, bench_any_layout(bench) | LAYOUT_REPEAT,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &gemm->b, types[1], rank, b, bench_any_layout(bench) | LAYOUT_REPEAT,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &gemm->d, types[2], rank, d, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
	products_quant(bench, &gemm->a, false, true, &gemm->qa);
	products_quant(bench, &gemm->b, false, false, &gemm->qb);
	gemm_blocks(bench, gemm);
}

void gemm_plain(struct bench *bench, struct tsr_hw_gemm *gemm, unsigned int a, unsigned int b,
		unsigned int d, uint32_t m, uint32_t n, uint32_t k)
{
	start(gemm);
	bench_plain(bench, &gemm->a, a, 2, (const uint32_t[]){ m, k }, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &gemm->b, b, 2, (const uint32_t[]){ k, n }, LAYOUT_DENSE,
		    TSR_HW_SLOT_READ);
	bench_plain(bench, &gemm->d, d, 2, (const uint32_t[]){ m, n }, LAYOUT_DENSE,
		    TSR_HW_SLOT_WRITE);
	gemm_blocks(bench, gemm);
}

/* Coordinates of an element of an operand: @row and @column in its matrix. */
static void operand_at(const struct tsr_hw_tensor *operand, const uint64_t *at, uint64_t row,
		       uint64_t column, uint64_t *to)
{
	for (unsigned int i = 0; i + 2u < operand->rank; i++)
		to[i] = operand->dim[i] == 1 ? 0 : at[i];
	to[operand->rank - 2u] = row;
	to[operand->rank - 1u] = column;
}

static struct sum sum_of(const struct bench *bench, const struct tsr_hw_gemm *gemm, uint64_t n)
{
	struct sum sum = { .real = stored_is_float(gemm->a.type) };
	uint64_t at[TSR_HW_MAX_RANK] = { 0 }, a[TSR_HW_MAX_RANK], b[TSR_HW_MAX_RANK];
	unsigned int rank = gemm->d.rank;

	indices_coordinates(&gemm->d, n, at);
	for (uint64_t k = 0; k < gemm->a.dim[rank - 1]; k++) {
		operand_at(&gemm->a, at, at[rank - 2], k, a);
		operand_at(&gemm->b, at, k, at[rank - 1], b);
		sums_add(&sum, products_element(bench, &gemm->a, &gemm->qa, 0, true, a),
			 products_element(bench, &gemm->b, &gemm->qb, 0, false, b));
	}
	return sum;
}

bool gemm_samples_match(const struct bench *bench, const struct tsr_hw_gemm *gemm, uint64_t step)
{
	for (uint64_t n = 0; n < bench_plain_elements(&gemm->d); n += step) {
		struct sum sum = sum_of(bench, gemm, n);

		if (!sums_stored(bench, &sum, &gemm->d, n))
			return false;
	}
	return true;
}

bool gemm_matches(const struct bench *bench, const struct tsr_hw_gemm *gemm)
{
	return gemm_samples_match(bench, gemm, 1);
}
