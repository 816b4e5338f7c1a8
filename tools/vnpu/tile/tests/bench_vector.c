/* SPDX-License-Identifier: MIT */
/*
 * A VECTOR program of five operations on two inputs, from operands on scattered 4 KiB pages:
 * nanoseconds of the process for an element, in fp32 and in int8. Processor time, so that other
 * load does not count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"
#include "vector_commands.h"

#define ROWS	1024u
#define COLUMNS	4096u
#define RUNS	31
#define INPUTS	2
#define INSNS	5

static double process_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

/* min(max((x + y) * y - x, y), x), in register 2. */
static uint32_t make(struct bench *bench, unsigned int type, unsigned int computed, void *bytes)
{
	static const uint8_t operations[INSNS] = {
		TSR_HW_VECTOR_ADD, TSR_HW_VECTOR_MUL, TSR_HW_VECTOR_SUB, TSR_HW_VECTOR_MAX,
		TSR_HW_VECTOR_MIN,
	};
	static const uint8_t second[INSNS] = { 1, 1, 0, 1, 0 };
	static const uint32_t dim[] = { ROWS, COLUMNS };
	struct vector_command command = {
		.block = { 1, COLUMNS },
		.head = { .insns = INSNS, .inputs = INPUTS, .result = 2 },
	};

	for (int i = 0; i < INPUTS; i++)
		bench_plain(bench, &command.input[i], type, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_READ);
	bench_plain(bench, &command.d, type, 2, dim, LAYOUT_DENSE, TSR_HW_SLOT_WRITE);
	for (int i = 0; i < INSNS; i++)
		command.code[i] = (struct tsr_hw_insn){
			.op = operations[i], .type = (uint8_t)computed, .dst = 2,
			.a = i ? 2 : 0, .b = second[i],
		};
	return vector_command_pack(&command, bytes);
}

static void measure(const char *name, unsigned int type, unsigned int computed)
{
	_Alignas(8) char bytes[VECTOR_COMMAND_BYTES];
	double ns[RUNS];
	struct bench bench;

	bench_open(&bench, "edge", 256u << 20, 1);
	make(&bench, type, computed, bytes);
	for (int i = -1; i < RUNS; i++) {
		struct outcome outcome;
		double start = process_ns();

		bench_run(&bench, bytes, &outcome);
		ns[i < 0 ? 0 : i] = process_ns() - start;
		if (outcome.result.error)
			exit(1);
	}
	bench_close(&bench);
	qsort(ns, RUNS, sizeof(ns[0]), compare);
	printf("%s: %.3f ns an element (least %.3f)\n", name, ns[RUNS / 2] / ROWS / COLUMNS,
	       ns[0] / ROWS / COLUMNS);
}

int main(void)
{
	measure("fp32", TSR_HW_TYPE_FP32, TSR_HW_VECTOR_TYPE_F32);
	measure("int8", TSR_HW_TYPE_INT8, TSR_HW_VECTOR_TYPE_I32);
	return 0;
}
