// SPDX-License-Identifier: MIT
/*
 * The host's half of the GEMM measurement: the same products by oneDNN's matmul
 * in plain layout, its primitive made once. The first line printed is the
 * implementation's name; rounds (rounds.h) are asked for on standard input.
 *
 * usage: gemm_host fp32|bf16|int8 N
 */
#include <stdio.h>

#include "clock.h"
#include "matrix.h"
#include "onednn_host.h"
#include "rounds.h"

#define ARGUMENTS	3
#define RESULT		4	/* bytes of an element of D */

struct gemm {
	struct matrices matrices;
	struct onednn onednn;
	dnnl_primitive_t matmul;
	void *a;
	void *b;
	void *d;
	dnnl_exec_arg_t (*args)[ARGUMENTS];	/* of each product */
};

static dnnl_memory_desc_t square(size_t n, dnnl_data_type_t type)
{
	const dnnl_dims_t dims = { (dnnl_dim_t)n, (dnnl_dim_t)n };
	dnnl_memory_desc_t desc;

	onednn_check(dnnl_memory_desc_create_with_tag(&desc, 2, dims, type, dnnl_ab), "layout");
	return desc;
}

static void bind_arguments(struct gemm *gemm, const_dnnl_memory_desc_t operand,
			   const_dnnl_memory_desc_t result)
{
	size_t n = gemm->matrices.n, row = n * matrix_element(gemm->matrices.type);
	dnnl_memory_t b = onednn_memory(&gemm->onednn, operand, gemm->b);

	gemm->args = onednn_allocate(gemm->matrices.count * sizeof(*gemm->args));
	for (size_t i = 0; i < gemm->matrices.count; i++) {
		char *d = (char *)gemm->d + i * n * n * RESULT;

		gemm->args[i][0] = (dnnl_exec_arg_t){ DNNL_ARG_SRC,
			onednn_memory(&gemm->onednn, operand, (char *)gemm->a + i * row) };
		gemm->args[i][1] = (dnnl_exec_arg_t){ DNNL_ARG_WEIGHTS, b };
		gemm->args[i][2] = (dnnl_exec_arg_t){ DNNL_ARG_DST,
			onednn_memory(&gemm->onednn, result, d) };
	}
}

static void prepare(struct gemm *gemm)
{
	static const dnnl_data_type_t types[] = {
		[MATRIX_FP32] = dnnl_f32, [MATRIX_BF16] = dnnl_bf16, [MATRIX_INT8] = dnnl_s8,
	};
	const struct matrices *matrices = &gemm->matrices;
	size_t n = matrices->n, element = matrix_element(matrices->type);
	dnnl_memory_desc_t operand = square(n, types[matrices->type]);
	dnnl_memory_desc_t result = square(n, matrices->type == MATRIX_INT8 ? dnnl_s32 : dnnl_f32);
	dnnl_primitive_desc_t desc;

	gemm->a = onednn_allocate(matrices->rows * n * element);
	gemm->b = onednn_allocate(n * n * element);
	gemm->d = onednn_allocate(matrices->count * n * n * RESULT);
	onednn_open(&gemm->onednn);
	onednn_check(dnnl_matmul_primitive_desc_create(&desc, gemm->onednn.engine, operand,
						       operand, NULL, result, NULL), "matmul");
	printf("%s\n", onednn_name(desc));
	gemm->matmul = onednn_primitive(desc);
	bind_arguments(gemm, operand, result);
}

static uint64_t timed_round(void *context, uint64_t seed)
{
	const struct gemm *gemm = context;
	const struct matrices *matrices = &gemm->matrices;
	uint64_t start;

	matrix_fill(gemm->a, matrices->type, matrices->rows * matrices->n, 2 * seed);
	matrix_fill(gemm->b, matrices->type, matrices->n * matrices->n, 2 * seed + 1);
	start = now_ns();
	for (size_t i = 0; i < matrices->count; i++)
		onednn_check(dnnl_primitive_execute(gemm->matmul, gemm->onednn.stream, ARGUMENTS,
						    gemm->args[i]), "execution");
	onednn_check(dnnl_stream_wait(gemm->onednn.stream), "wait");
	return now_ns() - start;
}

int main(int argc, char **argv)
{
	static struct gemm gemm;

	if (argc < 3) {
		fputs("usage: gemm_host fp32|bf16|int8 N\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	gemm.matrices = matrices_of(argv[1], argv[2]);
	prepare(&gemm);
	rounds_serve(NULL, timed_round, &gemm);
	return 0;
}
