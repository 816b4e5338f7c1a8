/* SPDX-License-Identifier: MIT */
/*
 * How much staging and scattering cost: a 1024^3 GEMM through the tile, operands
 * on scattered 4 KiB pages, against oneDNN's cached primitive on plain buffers.
 * Medians of interleaved pairs; both sides get the same fresh data every round.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "products.h"
#include "tile/onednn.h"

#define SIZE	1024u
#define PAIRS	50

struct side {
	void *a;
	void *b;
	void *c;
};

/* Processor time: other load does not count. */
static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

static double median(double *values)
{
	qsort(values, PAIRS, sizeof(*values), compare);
	return values[PAIRS / 2];
}

static void *buffer(size_t bytes)
{
	void *memory = aligned_alloc(4096, bytes);

	if (!memory)
		exit(1);
	memset(memory, 0, bytes);
	return memory;
}

/* Fresh operands for both sides; small numbers, so that no result is denormal. */
static void refresh(struct bench *bench, const struct tsr_hw_tensor *tensor, void *plain)
{
	size_t bytes = (size_t)SIZE * SIZE * bench_size(tensor->type);

	for (size_t i = 0; i < SIZE * SIZE; i++)
		switch (tensor->type) {
		case TSR_HW_TYPE_FP32:
			((float *)plain)[i] = bench_uniform(bench, -1, 1);
			break;
		case TSR_HW_TYPE_BF16:
			((uint16_t *)plain)[i] =
				(uint16_t)(bench_bits(bench_uniform(bench, -1, 1)) >> 16);
			break;
		default:
			((uint8_t *)plain)[i] = (uint8_t)bench_random(bench);
		}
	for (size_t at = 0; at < bytes; at += FAKE_PAGE)
		fake_memory_poke(bench->memory, bench_plain_address(bench, tensor, 0) + at,
				 (char *)plain + at, FAKE_PAGE);
}

static double run_plain(enum onednn_product product, const struct side *side)
{
	double start = now();

	/* Refused where it would be wrong; the tile then has nothing to be compared with. */
	if (onednn_matmul(product, SIZE, SIZE, SIZE, side->a, side->b, side->c))
		return 0;
	return now() - start;
}

static double run_tile(struct bench *bench, struct tsr_hw_gemm *gemm)
{
	struct outcome outcome;
	double start = now();

	bench_run(bench, gemm, &outcome);
	if (outcome.result.error)
		exit(1);
	return now() - start;
}

static void check(struct bench *bench, const struct tsr_hw_gemm *gemm, const void *plain)
{
	for (uint32_t i = 0; i < SIZE * SIZE; i += 997) {
		uint32_t got;

		fake_memory_peek(bench->memory, bench_plain_address(bench, &gemm->d, i), &got, 4);
		if (memcmp(&got, (const char *)plain + 4ul * i, 4)) {
			fprintf(stderr, "element %u differs\n", i);
			exit(1);
		}
	}
}

static void report(const char *name, double *plain, double *tile)
{
	double peak = median(plain);
	double own = median(tile);

	printf("%-6s 1024^3: oneDNN %7.3f ms (least %.3f), tile %7.3f ms (least %.3f), ",
	       name, peak, plain[0], own, tile[0]);
	if (peak > 0)
		printf("ratio %.3f (of least %.3f)\n", own / peak, tile[0] / plain[0]);
	else
		printf("no ratio: oneDNN is not exact here\n");
}

static void make(struct bench *bench, struct tsr_hw_gemm *gemm, unsigned int a, unsigned int b,
		 unsigned int d)
{
	static const uint32_t dim[] = { SIZE, SIZE };

	memset(gemm, 0, sizeof(*gemm));
	gemm->head.op = TSR_HW_OP_GEMM;
	gemm->head.size = sizeof(*gemm);
	bench_plain(bench, &gemm->a, a, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &gemm->b, b, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &gemm->d, d, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	bench_absent(&gemm->rows);
	products_no_quant(&gemm->qa);
	products_no_quant(&gemm->qb);
	gemm->blocks = (struct tsr_hw_blocks){ .bm = 96, .bn = 128, .bk = 128, .bg = 1 };
}

static void measure(enum onednn_product product, const char *name, unsigned int a,
		    unsigned int b, unsigned int d)
{
	double plain[PAIRS];
	double tile[PAIRS];
	struct tsr_hw_gemm gemm;
	struct bench bench;
	struct side side = { buffer(SIZE * SIZE * 4), buffer(SIZE * SIZE * 4),
			     buffer(SIZE * SIZE * 4) };

	bench_open(&bench, "edge", 64u << 20, product);
	make(&bench, &gemm, a, b, d);
	for (int i = -2; i < PAIRS; i++) {
		refresh(&bench, &gemm.a, side.a);
		refresh(&bench, &gemm.b, side.b);
		plain[i < 0 ? 0 : i] = run_plain(product, &side);
		tile[i < 0 ? 0 : i] = run_tile(&bench, &gemm);
		if (plain[i < 0 ? 0 : i] > 0)
			check(&bench, &gemm, side.c);
	}
	report(name, plain, tile);
	bench_close(&bench);
	free(side.a);
	free(side.b);
	free(side.c);
}

int main(void)
{
	printf("%s\n", tile_implementation());
	measure(ONEDNN_F32, "fp32", TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32, TSR_HW_TYPE_FP32);
	measure(ONEDNN_BF16, "bf16", TSR_HW_TYPE_BF16, TSR_HW_TYPE_BF16, TSR_HW_TYPE_FP32);
	measure(ONEDNN_U8S8, "int8", TSR_HW_TYPE_UINT8, TSR_HW_TYPE_INT8, TSR_HW_TYPE_INT32);
	return 0;
}
