// SPDX-License-Identifier: MIT
/*
 * The host's half of the GEMM measurement: the same products by oneDNN's matmul
 * in plain layout, its primitive made once. For each line "round SEED" of standard
 * input the answer is "NANOSECONDS"; the first line is the implementation's name.
 *
 * usage: gemm_host fp32|int8
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>

#include "matrix.h"

struct gemm {
	enum matrix_type type;
	dnnl_engine_t engine;
	dnnl_stream_t stream;
	dnnl_primitive_t matmul;
	void *a;
	void *b;
	void *d;
	dnnl_exec_arg_t args[PRODUCTS][3];
};

static void check(dnnl_status_t status, const char *what)
{
	if (status == dnnl_success)
		return;
	fprintf(stderr, "gemm_host: oneDNN: %s: %s\n", what, dnnl_status2str(status));
	exit(1);
}

static void *allocate(size_t size)
{
	void *data = aligned_alloc(4096, (size + 4095) & ~(size_t)4095);

	if (!data) {
		fputs("gemm_host: no memory\n", stderr);
		exit(1);
	}
	return data;
}

static dnnl_memory_desc_t square(dnnl_data_type_t type)
{
	const dnnl_dims_t dims = { MATRIX_N, MATRIX_N };
	dnnl_memory_desc_t desc;

	check(dnnl_memory_desc_create_with_tag(&desc, 2, dims, type, dnnl_ab), "memory layout");
	return desc;
}

static dnnl_memory_t memory(struct gemm *gemm, const_dnnl_memory_desc_t desc, void *data)
{
	dnnl_memory_t memory;

	check(dnnl_memory_create(&memory, desc, gemm->engine, data), "memory");
	return memory;
}

static void bind_arguments(struct gemm *gemm, const_dnnl_memory_desc_t operand,
			   const_dnnl_memory_desc_t result)
{
	size_t row = MATRIX_N * matrix_element(gemm->type);
	dnnl_memory_t b = memory(gemm, operand, gemm->b);

	for (size_t i = 0; i < PRODUCTS; i++) {
		char *d = (char *)gemm->d + i * MATRIX_N * MATRIX_N * 4;

		gemm->args[i][0] = (dnnl_exec_arg_t){ DNNL_ARG_SRC,
			memory(gemm, operand, (char *)gemm->a + i * row) };
		gemm->args[i][1] = (dnnl_exec_arg_t){ DNNL_ARG_WEIGHTS, b };
		gemm->args[i][2] = (dnnl_exec_arg_t){ DNNL_ARG_DST, memory(gemm, result, d) };
	}
}

static void prepare(struct gemm *gemm)
{
	bool integer = gemm->type == MATRIX_INT8;
	dnnl_memory_desc_t operand = square(integer ? dnnl_s8 : dnnl_f32);
	dnnl_memory_desc_t result = square(integer ? dnnl_s32 : dnnl_f32);
	dnnl_primitive_desc_t desc;
	const char *name;

	gemm->a = allocate(A_ROWS * MATRIX_N * matrix_element(gemm->type));
	gemm->b = allocate(MATRIX_N * MATRIX_N * matrix_element(gemm->type));
	gemm->d = allocate((size_t)PRODUCTS * MATRIX_N * MATRIX_N * 4);
	check(dnnl_engine_create(&gemm->engine, dnnl_cpu, 0), "engine");
	check(dnnl_stream_create(&gemm->stream, gemm->engine, dnnl_stream_default_flags), "stream");
	check(dnnl_matmul_primitive_desc_create(&desc, gemm->engine, operand, operand, NULL,
						result, NULL), "matmul");
	check(dnnl_primitive_desc_query(desc, dnnl_query_impl_info_str, 0, &name), "name");
	printf("%s\n", name);
	check(dnnl_primitive_create(&gemm->matmul, desc), "primitive");
	check(dnnl_primitive_desc_destroy(desc), "descriptor");
	bind_arguments(gemm, operand, result);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t timed_round(struct gemm *gemm, uint64_t seed)
{
	uint64_t start;

	matrix_fill(gemm->a, gemm->type, A_ROWS * MATRIX_N, 2 * seed);
	matrix_fill(gemm->b, gemm->type, MATRIX_N * MATRIX_N, 2 * seed + 1);
	start = now_ns();
	for (size_t i = 0; i < PRODUCTS; i++)
		check(dnnl_primitive_execute(gemm->matmul, gemm->stream, 3, gemm->args[i]),
		      "execution");
	check(dnnl_stream_wait(gemm->stream), "wait");
	return now_ns() - start;
}

int main(int argc, char **argv)
{
	static struct gemm gemm;
	char line[64];
	uint64_t seed;

	if (argc < 2) {
		fputs("usage: gemm_host fp32|int8\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	gemm.type = matrix_type(argv[1]);
	prepare(&gemm);
	while (fgets(line, sizeof(line), stdin) && sscanf(line, "round %" SCNu64, &seed) == 1)
		printf("%" PRIu64 "\n", timed_round(&gemm, seed));
	return 0;
}
