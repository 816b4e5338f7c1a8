// SPDX-License-Identifier: MIT
/*
 * The guest's half of the GEMM measurement. In each round (rounds.h): fresh operands,
 * one SUBMIT of all products, a check of the results. Measured is the time from SUBMIT
 * to the end of the wait.
 *
 * usage: gemm_guest fp32|bf16|int8 N PORT
 */
#include <endian.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>

#include "job.h"
#include "matrix.h"
#include "npu.h"
#include "program.h"
#include "rounds.h"
#include "tensors.h"

#define SPOTS	4	/* elements of each product computed again */
#define RESULT	4	/* bytes of an element of D */

struct gemm {
	struct matrices matrices;
	struct npu npu;
	struct npu_buffer a;
	struct npu_buffer b;
	struct npu_buffer d;
	struct program program;
	struct job job;
	uint32_t out;
};

static const uint32_t types[] = {
	[MATRIX_FP32] = TSR_HW_TYPE_FP32,
	[MATRIX_BF16] = TSR_HW_TYPE_BF16,
	[MATRIX_INT8] = TSR_HW_TYPE_INT8,
};

/*
 * Slots are those of A, B and D. Blocks suit the class "edge": 240 is a multiple of the rows
 * that its array has for floats.
 */
static struct tsr_hw_gemm command(const struct matrices *matrices, size_t i)
{
	bool integer = matrices->type == MATRIX_INT8;
	uint32_t n = (uint32_t)matrices->n, type = types[matrices->type];
	uint32_t result = integer ? TSR_HW_TYPE_INT32 : TSR_HW_TYPE_FP32;

	return (struct tsr_hw_gemm){
		.head = { .op = TSR_HW_OP_GEMM, .size = htole16(sizeof(struct tsr_hw_gemm)) },
		.a = tensor_matrix(0, type, n, n, i * n * matrix_element(matrices->type)),
		.b = tensor_matrix(1, type, n, n, 0),
		.d = tensor_matrix(2, result, n, n, i * n * n * RESULT),
		.rows = tensor_none(),
		.qa = quant_none(),
		.qb = quant_none(),
		.blocks = { .bm = htole32(96), .bn = htole32(128),
			    .bk = htole32(integer ? 1024 : 240), .bg = htole32(1) },
	};
}

static void make_program(struct gemm *gemm)
{
	const struct matrices *matrices = &gemm->matrices;
	const struct command_buffer buffers[] = {
		{ &gemm->a, TSR_HW_SLOT_READ },
		{ &gemm->b, TSR_HW_SLOT_READ },
		{ &gemm->d, TSR_HW_SLOT_WRITE },
	};
	struct tsr_hw_gemm stream[MATRICES_MOST];
	const struct commands commands = {
		.bytes = stream,
		.size = sizeof(stream[0]),
		.count = (uint32_t)matrices->count,
		.ops = 2 * matrices->n * matrices->n * matrices->n,
		.buffer = buffers,
		.buffer_count = 3,
	};

	for (size_t i = 0; i < matrices->count; i++)
		stream[i] = command(matrices, i);
	program_commands(&gemm->npu, &gemm->program, &commands);
}

static void prepare(struct gemm *gemm, const char *device)
{
	const struct matrices *matrices = &gemm->matrices;
	size_t element = matrix_element(matrices->type), n = matrices->n;

	npu_open(&gemm->npu, device);
	npu_buffer(&gemm->npu, &gemm->a, matrices->rows * n * element, DRM_TESSERA_BIND_READ);
	npu_buffer(&gemm->npu, &gemm->b, n * n * element, DRM_TESSERA_BIND_READ);
	npu_buffer(&gemm->npu, &gemm->d, matrices->count * n * n * RESULT, DRM_TESSERA_BIND_WRITE);
	make_program(gemm);
	gemm->out = npu_syncobj(&gemm->npu, 0);
	job_init(&gemm->job, &gemm->npu, &gemm->program, 0, gemm->out);
}

static const void *product_a(const struct gemm *gemm, size_t i)
{
	const struct matrices *matrices = &gemm->matrices;

	return (const char *)gemm->a.data + i * matrices->n * matrix_element(matrices->type);
}

static void *product_d(const struct gemm *gemm, size_t i)
{
	return (char *)gemm->d.data + i * gemm->matrices.n * gemm->matrices.n * RESULT;
}

/* One product wholly, and some elements of every other. */
static void check(const struct gemm *gemm, uint64_t seed)
{
	enum matrix_type type = gemm->matrices.type;
	size_t n = gemm->matrices.n, count = gemm->matrices.count, whole = seed % count;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < SPOTS; k++) {
			size_t row = (seed + 257 * i + 101 * k) % n;
			size_t column = (seed * 7 + 31 * i + 499 * k) % n;

			if (!matrix_element_right(type, n, product_a(gemm, i), gemm->b.data,
						  product_d(gemm, i), row, column))
				die("product %zu is wrong at row %zu, column %zu", i, row, column);
		}
	if (!matrix_product_right(type, n, product_a(gemm, whole), gemm->b.data,
				  product_d(gemm, whole), seed))
		die("product %zu is wrong", whole);
}

/* What the last round left must not pass for this one's results. */
static void refresh(struct gemm *gemm, uint64_t seed)
{
	const struct matrices *matrices = &gemm->matrices;

	matrix_fill(gemm->a.data, matrices->type, matrices->rows * matrices->n, 2 * seed);
	matrix_fill(gemm->b.data, matrices->type, matrices->n * matrices->n, 2 * seed + 1);
	for (size_t i = 0; i < matrices->count; i++)
		memset(product_d(gemm, i), 0xff, matrices->n * RESULT);
}

static uint64_t timed_round(void *context, uint64_t seed)
{
	struct gemm *gemm = context;
	uint64_t start, end;

	refresh(gemm, seed);
	start = now_ns();
	job_submit(&gemm->job, &gemm->npu);
	npu_wait(&gemm->npu, gemm->out);
	end = now_ns();
	check(gemm, seed);
	return end - start;
}

int main(int argc, char **argv)
{
	static struct gemm gemm;

	if (argc < 4) {
		fputs("usage: gemm_guest fp32|bf16|int8 N PORT [DEVICE]\n", stderr);
		return 2;
	}
	gemm.matrices = matrices_of(argv[1], argv[2]);
	prepare(&gemm, argc > 4 ? argv[4] : "/dev/accel/accel0");
	rounds_serve(argv[3], timed_round, &gemm);
	npu_close(&gemm.npu);
	return 0;
}
