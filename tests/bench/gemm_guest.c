// SPDX-License-Identifier: MIT
/*
 * The guest's half of the GEMM measurement. For each line "round SEED" from the
 * port: fresh operands, one SUBMIT of all products, a check of the results, and
 * the answer "NANOSECONDS" from SUBMIT to the end of the wait.
 *
 * usage: gemm_guest fp32|int8 PORT
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/command.h>

#include "job.h"
#include "matrix.h"
#include "npu.h"
#include "program.h"

#define SPOTS 4	/* elements of each product computed again */

struct gemm {
	enum matrix_type type;
	struct npu npu;
	struct npu_buffer a;
	struct npu_buffer b;
	struct npu_buffer d;
	struct program program;
	struct job job;
	uint32_t out;
};

static void prepare(struct gemm *gemm, const char *device)
{
	size_t element = matrix_element(gemm->type);
	const struct products products = {
		.type = gemm->type == MATRIX_INT8 ? TSR_HW_TYPE_INT8 : TSR_HW_TYPE_FP32,
		.count = PRODUCTS,
		.n = MATRIX_N,
		.a = &gemm->a,
		.b = &gemm->b,
		.d = &gemm->d,
	};

	npu_open(&gemm->npu, device);
	npu_buffer(&gemm->npu, &gemm->a, A_ROWS * MATRIX_N * element, DRM_TESSERA_BIND_READ);
	npu_buffer(&gemm->npu, &gemm->b, MATRIX_N * MATRIX_N * element, DRM_TESSERA_BIND_READ);
	npu_buffer(&gemm->npu, &gemm->d, (size_t)PRODUCTS * MATRIX_N * MATRIX_N * 4,
		   DRM_TESSERA_BIND_WRITE);
	program_gemm(&gemm->npu, &gemm->program, &products);
	gemm->out = npu_syncobj(&gemm->npu, 0);
	job_init(&gemm->job, &gemm->npu, &gemm->program, 0, gemm->out);
}

static const void *product_a(const struct gemm *gemm, size_t i)
{
	return (const char *)gemm->a.data + i * MATRIX_N * matrix_element(gemm->type);
}

static const void *product_d(const struct gemm *gemm, size_t i)
{
	return (const char *)gemm->d.data + i * MATRIX_N * MATRIX_N * 4;
}

/* One product wholly, and some elements of every other. */
static void check(const struct gemm *gemm, uint64_t seed)
{
	size_t whole = seed % PRODUCTS;

	for (size_t i = 0; i < PRODUCTS; i++)
		for (size_t k = 0; k < SPOTS; k++) {
			size_t row = (seed + 257 * i + 101 * k) % MATRIX_N;
			size_t column = (seed * 7 + 31 * i + 499 * k) % MATRIX_N;

			if (!matrix_element_right(gemm->type, product_a(gemm, i), gemm->b.data,
						  product_d(gemm, i), row, column))
				die("product %zu is wrong at row %zu, column %zu", i, row, column);
		}
	if (!matrix_product_right(gemm->type, product_a(gemm, whole), gemm->b.data,
				  product_d(gemm, whole), seed))
		die("product %zu is wrong", whole);
}

/* What the last round left must not pass for this one's results. */
static void refresh(struct gemm *gemm, uint64_t seed)
{
	matrix_fill(gemm->a.data, gemm->type, A_ROWS * MATRIX_N, 2 * seed);
	matrix_fill(gemm->b.data, gemm->type, MATRIX_N * MATRIX_N, 2 * seed + 1);
	for (size_t i = 0; i < PRODUCTS; i++)
		memset((char *)gemm->d.data + i * MATRIX_N * MATRIX_N * 4, 0xff, MATRIX_N * 4);
}

static uint64_t timed_round(struct gemm *gemm, uint64_t seed)
{
	uint64_t start, end;

	refresh(gemm, seed);
	start = now_ns();
	job_submit(&gemm->job, &gemm->npu);
	npu_wait(&gemm->npu, gemm->out);
	end = now_ns();
	check(gemm, seed);
	return end - start;
}

/* A port can be opened only once: one descriptor for both directions. */
static void serve(struct gemm *gemm, const char *path)
{
	int port = open(path, O_RDWR | O_CLOEXEC);
	FILE *requests = port < 0 ? NULL : fdopen(port, "r");
	char line[64];
	uint64_t seed;

	if (!requests)
		die("%s cannot be opened", path);
	while (fgets(line, sizeof(line), requests) && sscanf(line, "round %" SCNu64, &seed) == 1)
		dprintf(port, "%" PRIu64 "\n", timed_round(gemm, seed));
	fclose(requests);
}

int main(int argc, char **argv)
{
	static struct gemm gemm;

	if (argc < 3) {
		fputs("usage: gemm_guest fp32|int8 PORT [DEVICE]\n", stderr);
		return 2;
	}
	gemm.type = matrix_type(argv[1]);
	prepare(&gemm, argc > 3 ? argv[3] : "/dev/accel/accel0");
	serve(&gemm, argv[2]);
	npu_close(&gemm.npu);
	return 0;
}
