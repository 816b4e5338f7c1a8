/* SPDX-License-Identifier: MIT */
/* Host time of VECTOR programs: nanoseconds an element, one thread, operands in the cache. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <number/load.h>
#include <number/store.h>

#include "vector/run.h"

#define ELEMENTS	(64u << 10)
#define ROUNDS		200
#define REPEATS		7

static const uint64_t constants[] = { 0x3f000000, 0x3e000000, 0x40c00000, 0 };

#define INSN(name, to, x, y, z) { .op = TSR_HW_VECTOR_##name, .dst = to, .a = x, .b = y, .c = z }
#define CONST(to, number) { .op = TSR_HW_VECTOR_CONSTANT, .dst = to, .imm = number }

/* Five operations on two inputs. */
static const struct tsr_hw_insn chain[] = {
	CONST(8, 0), CONST(9, 2), CONST(10, 3), INSN(ADD, 5, 0, 1, 0), INSN(MUL, 5, 5, 8, 0),
	INSN(ADD, 5, 5, 0, 0), INSN(MAX, 5, 5, 10, 0), INSN(MIN, 5, 5, 9, 0),
};

/* The same for int8: x and y, dequantized, added, quantized. */
static const struct tsr_hw_insn quantized[] = {
	CONST(8, 0), CONST(9, 1),
	{ .op = TSR_HW_VECTOR_CONVERT, .type = TSR_HW_VECTOR_TYPE_I32, .dst = 0, .a = 0 },
	{ .op = TSR_HW_VECTOR_CONVERT, .type = TSR_HW_VECTOR_TYPE_I32, .dst = 1, .a = 1 },
	INSN(MUL, 0, 0, 8, 0), INSN(FMA, 5, 1, 9, 0), INSN(ROUND, 5, 5, 0, 0),
};

static const struct tsr_hw_insn exponential[] = { INSN(EXP, 5, 0, 0, 0) };

struct workload {
	const char *name;
	unsigned int type;
	const struct tsr_hw_insn *code;
	unsigned int insns;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Loads and stores are part of it where the type is not that of the register. */
static void round_of_strips(struct vector_run *run, const struct vector_program *program,
			    unsigned int type, const char *inputs[2], char *output)
{
	static _Alignas(64) float loaded[2][VECTOR_STRIP];
	size_t size = number_bits(type) / 8;

	for (uint64_t at = 0; at < ELEMENTS; at += VECTOR_STRIP) {
		struct vector_strip strip = { .first = at, .n = VECTOR_STRIP };

		for (unsigned int i = 0; i < 2; i++) {
			strip.given[i] = inputs[i] + at * size;
			if (type != TSR_HW_TYPE_FP32) {
				number_load(type, strip.given[i], loaded[i], VECTOR_STRIP);
				strip.given[i] = loaded[i];
			}
		}
		number_store(program->result, vector_strip(run, &strip), type, 0,
			     output + at * size, VECTOR_STRIP);
	}
}

static double measure(const struct workload *workload)
{
	const struct vector_setting setting = { .dims = { ELEMENTS } };
	struct vector_given given = { .rank = 1 };
	const struct tsr_hw_vector head = { .insns = (uint8_t)workload->insns, .consts = 4,
					    .inputs = 2, .result = 5 };
	const char *inputs[2] = { calloc(ELEMENTS, 4), calloc(ELEMENTS, 4) };
	char *output = calloc(ELEMENTS, 4);
	struct vector_program program;
	struct vector_run *run;
	double best = 1e30;

	for (unsigned int i = 0; i < 2; i++)
		given.input[i] = number_class_of(workload->type);
	if (vector_check(&head, constants, workload->code, &given, &program))
		return -1;
	run = vector_begin(&program, &setting);
	for (unsigned int repeat = 0; repeat < REPEATS; repeat++) {
		double before = now();

		for (unsigned int i = 0; i < ROUNDS; i++)
			round_of_strips(run, &program, workload->type, inputs, output);
		before = (now() - before) / ROUNDS / ELEMENTS;
		best = before < best ? before : best;
	}
	vector_end(run);
	free((void *)inputs[0]);
	free((void *)inputs[1]);
	free(output);
	return best;
}

int main(void)
{
	const struct workload workloads[] = {
		{ "five operations, fp32", TSR_HW_TYPE_FP32, chain,
		  sizeof(chain) / sizeof(chain[0]) },
		{ "five operations, int8", TSR_HW_TYPE_INT8, quantized,
		  sizeof(quantized) / sizeof(quantized[0]) },
		{ "exp, fp32", TSR_HW_TYPE_FP32, exponential, 1 },
		{ "copy, fp32", TSR_HW_TYPE_FP32,
		  (const struct tsr_hw_insn[]){ INSN(MOVE, 5, 0, 0, 0) }, 1 },
	};

	for (unsigned int i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++)
		printf("%-24s %.3f ns an element\n", workloads[i].name, measure(&workloads[i]));
	return 0;
}
