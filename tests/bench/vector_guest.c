// SPDX-License-Identifier: MIT
/*
 * The guest's half of the measurement of VECTOR programs. In each round (rounds.h): fresh
 * inputs, one SUBMIT of nodes with the same command, a program of five operations on two
 * inputs, a check of all results. Measured is the time from SUBMIT to the end of the wait.
 *
 * usage: vector_guest fp32|int8 PORT
 */
#include <endian.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>
#include <tsr_hw/vector.h>

#include "job.h"
#include "matrix.h"
#include "npu.h"
#include "program.h"
#include "rounds.h"
#include "tensors.h"

#define ROWS		4096u
#define COLUMNS		4096u
#define ELEMENTS	((size_t)ROWS * COLUMNS)
#define INPUTS		2
#define OPERATIONS	5

/* As vector_host.c has them. What SUBMIT and the wait cost is little beside so many. */
#define NODES		8

struct vector {
	bool integer;
	struct npu npu;
	struct npu_buffer x;
	struct npu_buffer y;
	struct npu_buffer d;
	struct program program;
	struct job job;
	uint32_t out;
};

struct stream {
	struct tsr_hw_vector_command command;
	struct tsr_hw_vector head;
	struct tsr_hw_tensor input[INPUTS];
	struct tsr_hw_insn code[OPERATIONS];
};

/* min(max((x + y) * y - x, y), x), in register 2; inputs come in registers 0 and 1. */
static void write_code(struct tsr_hw_insn *code, uint8_t type)
{
	static const uint8_t operations[OPERATIONS] = {
		TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_MUL, TSR_HW_VECTOR_SUB, TSR_HW_VECTOR_MAX,
		TSR_HW_VECTOR_MIN,
	};
	static const uint8_t second[OPERATIONS] = { 1, 1, 0, 1, 0 };

	for (int i = 0; i < OPERATIONS; i++)
		code[i] = (struct tsr_hw_insn){
			.op = operations[i], .type = type, .dst = 2,
			.a = i ? 2 : 0, .b = second[i],
		};
}

static struct stream make_stream(bool integer)
{
	uint32_t type = integer ? TSR_HW_TYPE_INT8 : TSR_HW_TYPE_FP32;
	struct stream stream = {
		.command = {
			.head = {
				.op = TSR_HW_OP_VECTOR,
				.size = htole16(sizeof(struct stream)),
				.post = htole16(sizeof(struct tsr_hw_vector_command)),
			},
			.d = tensor_matrix(INPUTS, type, ROWS, COLUMNS, 0),
			.step.block = { htole32(1), htole32(COLUMNS) },
		},
		.head = { .insns = OPERATIONS, .inputs = INPUTS, .result = 2 },
	};

	for (uint16_t i = 0; i < INPUTS; i++)
		stream.input[i] = tensor_matrix(i, type, ROWS, COLUMNS, 0);
	write_code(stream.code, integer ? TSR_HW_VECTOR_TYPE_I32 : TSR_HW_VECTOR_TYPE_F32);
	return stream;
}

static void make_program(struct vector *vector)
{
	const struct command_buffer buffers[] = {
		{ &vector->x, TSR_HW_SLOT_READ },
		{ &vector->y, TSR_HW_SLOT_READ },
		{ &vector->d, TSR_HW_SLOT_WRITE },
	};
	struct stream streams[NODES];
	const struct commands commands = {
		.bytes = streams,
		.size = sizeof(streams[0]),
		.count = NODES,
		.ops = OPERATIONS * ELEMENTS,
		.buffer = buffers,
		.buffer_count = INPUTS + 1,
	};

	for (unsigned int i = 0; i < NODES; i++)
		streams[i] = make_stream(vector->integer);
	program_commands(&vector->npu, &vector->program, &commands);
}

static void prepare(struct vector *vector, const char *device)
{
	size_t bytes = ELEMENTS * (vector->integer ? sizeof(int8_t) : sizeof(float));

	npu_open(&vector->npu, device);
	npu_buffer(&vector->npu, &vector->x, bytes, DRM_TESSERA_BIND_READ);
	npu_buffer(&vector->npu, &vector->y, bytes, DRM_TESSERA_BIND_READ);
	npu_buffer(&vector->npu, &vector->d, bytes, DRM_TESSERA_BIND_WRITE);
	make_program(vector);
	vector->out = npu_syncobj(&vector->npu, 0);
	job_init(&vector->job, &vector->npu, &vector->program, 0, vector->out);
}

static float real(float x, float y)
{
	float value = (x + y) * y - x;

	value = value > y ? value : y;
	return value < x ? value : x;
}

/* What is stored lies between x and y, so nothing is saturated. */
static int8_t integer(int8_t x, int8_t y)
{
	int32_t value = (x + y) * y - x;

	value = value > y ? value : y;
	return (int8_t)(value < x ? value : x);
}

static void check(const struct vector *vector)
{
	const float *x = vector->x.data, *y = vector->y.data, *d = vector->d.data;
	const int8_t *small_x = vector->x.data, *small_y = vector->y.data;
	const int8_t *small_d = vector->d.data;

	for (size_t i = 0; i < ELEMENTS; i++) {
		bool right = vector->integer ? small_d[i] == integer(small_x[i], small_y[i]) :
					       d[i] == real(x[i], y[i]);

		if (!right)
			die("element %zu is wrong", i);
	}
}

static uint64_t timed_round(void *context, uint64_t seed)
{
	struct vector *vector = context;
	enum matrix_type type = vector->integer ? MATRIX_INT8 : MATRIX_FP32;
	uint64_t start, end;

	matrix_fill(vector->x.data, type, ELEMENTS, 2 * seed);
	matrix_fill(vector->y.data, type, ELEMENTS, 2 * seed + 1);
	memset(vector->d.data, 0xff, vector->d.size);
	start = now_ns();
	job_submit(&vector->job, &vector->npu);
	npu_wait(&vector->npu, vector->out);
	end = now_ns();
	check(vector);
	return end - start;
}

int main(int argc, char **argv)
{
	static struct vector vector;

	if (argc < 3) {
		fputs("usage: vector_guest fp32|int8 PORT [DEVICE]\n", stderr);
		return 2;
	}
	vector.integer = !strcmp(argv[1], "int8");
	prepare(&vector, argc > 3 ? argv[3] : "/dev/accel/accel0");
	rounds_serve(argv[2], timed_round, &vector);
	npu_close(&vector.npu);
	return 0;
}
