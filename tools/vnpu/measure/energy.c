// SPDX-License-Identifier: MIT
#include "energy.h"

#include "smaller.h"
#include "time/class.h"

/* A block of rows is computed as a whole, or not at all. */
static uint64_t rows_of_blocks(const struct gemm *gemm, uint64_t rows, uint64_t height)
{
	uint64_t bm = gemm->blocks.bm ? gemm->blocks.bm : 1;

	return smaller(divide_up(rows, bm) * bm, height);
}

/* Rows of all batches that are computed. */
static uint64_t rows_of(const struct gemm *gemm)
{
	unsigned int batch_rank = gemm->d.rank - 2u;
	uint64_t height = gemm->d.extent[batch_rank], batches = 1, rows = 0;

	for (unsigned int i = gemm->row_counts ? 1 : 0; i < batch_rank; i++)
		batches *= gemm->d.extent[i];
	if (!gemm->row_counts)
		return batches * height;
	for (uint64_t i = 0; i < gemm->d.extent[0]; i++)
		rows += rows_of_blocks(gemm, (uint64_t)gemm->row_counts[i], height);
	return batches * rows;
}

static unsigned __int128 gemm_products(const struct gemm *gemm)
{
	return (unsigned __int128)rows_of(gemm) * gemm->d.extent[gemm->d.rank - 1] *
	       gemm->a.extent[gemm->a.rank - 1];
}

/* Padding included. */
static unsigned __int128 conv_products(const struct conv *conv)
{
	unsigned __int128 products = 1;

	for (unsigned int i = 0; i < conv->d.rank; i++)
		products *= conv->d.extent[i];
	for (unsigned int i = 1; i < conv->w.rank; i++)
		products *= conv->w.extent[i];
	return products;
}

unsigned __int128 energy_of_products(const struct command *command)
{
	switch (command->kind) {
	case KIND_GEMM:
		return gemm_products(&command->gemm) * command->gemm.precision.femtojoules;
	case KIND_CONV:
		return conv_products(&command->conv) * command->conv.precision.femtojoules;
	default:
		return 0;
	}
}
