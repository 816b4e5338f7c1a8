// SPDX-License-Identifier: MIT
/*
 * The host's half of the GEMM measurement: the same products by oneDNN's matmul
 * in plain layout, its primitive made once. Where oneDNN has no product of bf16 for the processor,
 * both operands of each are converted to fp32 before it. The first line printed is the
 * implementation's name; rounds (rounds.h) are asked for on standard input.
 *
 * usage: gemm_host fp32|bf16|int8 N
 */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "matrix.h"
#include "onednn_host.h"
#include "rounds.h"

#define ARGUMENTS	3
#define OPERANDS	2
#define RESULT		4	/* bytes of an element of D */

struct gemm {
	struct matrices matrices;
	struct onednn onednn;
	dnnl_primitive_t matmul;
	void *a;
	void *b;
	void *d;
	dnnl_exec_arg_t (*args)[ARGUMENTS];	/* of each product */
	float *wide[OPERANDS];			/* NULL where operands are multiplied as they are */
	dnnl_exec_arg_t wide_args[OPERANDS];
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

static dnnl_status_t describe(const struct gemm *gemm, const_dnnl_memory_desc_t operand,
			      const_dnnl_memory_desc_t result, dnnl_primitive_desc_t *desc)
{
	return dnnl_matmul_primitive_desc_create(desc, gemm->onednn.engine, operand, operand, NULL,
						 result, NULL);
}

/* oneDNN has no product of this type here. Its conversions are no match for a loop. */
static void prepare_widening(struct gemm *gemm)
{
	static const int arguments[OPERANDS] = { DNNL_ARG_SRC, DNNL_ARG_WEIGHTS };
	size_t n = gemm->matrices.n;
	dnnl_memory_desc_t wide = square(n, dnnl_f32);
	dnnl_primitive_desc_t desc;

	onednn_check(describe(gemm, wide, wide, &desc), "matmul");
	printf("%s behind a conversion to fp32\n", onednn_name(desc));
	gemm->matmul = onednn_primitive(desc);
	for (int i = 0; i < OPERANDS; i++) {
		gemm->wide[i] = onednn_allocate(n * n * sizeof(float));
		gemm->wide_args[i] = (dnnl_exec_arg_t){
			arguments[i], onednn_memory(&gemm->onednn, wide, gemm->wide[i]) };
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
	dnnl_status_t status;

	gemm->a = onednn_allocate(matrices->rows * n * element);
	gemm->b = onednn_allocate(n * n * element);
	gemm->d = onednn_allocate(matrices->count * n * n * RESULT);
	onednn_open(&gemm->onednn);
	bind_arguments(gemm, operand, result);
	status = describe(gemm, operand, result, &desc);
	if (status == dnnl_unimplemented && matrices->type == MATRIX_BF16) {
		prepare_widening(gemm);
		return;
	}
	onednn_check(status, "matmul");
	printf("%s\n", onednn_name(desc));
	gemm->matmul = onednn_primitive(desc);
}

static void widen(const uint16_t *from, float *to, size_t count)
{
#pragma omp parallel for
	for (size_t i = 0; i < count; i++) {
		uint32_t bits = (uint32_t)from[i] << 16;

		memcpy(&to[i], &bits, sizeof(bits));
	}
}

static void multiply(const struct gemm *gemm, const dnnl_exec_arg_t given[ARGUMENTS])
{
	dnnl_exec_arg_t args[ARGUMENTS];

	memcpy(args, given, sizeof(args));
	for (int i = 0; i < OPERANDS && gemm->wide[i]; i++) {
		void *operand;

		onednn_check(dnnl_memory_get_data_handle(given[i].memory, &operand), "operand");
		widen(operand, gemm->wide[i], gemm->matrices.n * gemm->matrices.n);
		args[i] = gemm->wide_args[i];
	}
	onednn_check(dnnl_primitive_execute(gemm->matmul, gemm->onednn.stream, ARGUMENTS, args),
		     "execution");
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
		multiply(gemm, gemm->args[i]);
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
