/* SPDX-License-Identifier: MIT */
/*
 * Seeded driver of the fuzz target: takes valid commands of every kind and changes
 * some of their fields. usage: tile-fuzz [ITERATIONS [SEED]]
 *
 * Without a seed a tenth of the iterations has a fixed one and the others a new one in
 * every run, which is printed before anything can go wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tsr_hw/error.h>

#include "convs.h"
#include "fuzz_stream.h"
#include "gemms.h"

#define DEFAULT_ITERATIONS	100000

/* How often one valid command is mutated before the next is made. */
#define ROUNDS			64

/* Extents, strides and sizes on the edges of every width and of memory. */
static const uint64_t edges[] = {
	0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 63, 64, 127, 128, 255, 256, 4095, 4096, 4097, 65535, 65536,
	0x7ffffffe, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x100000000,
	0xffffffffffff, 0x1000000000000, 0x7fffffffffffffff, 0x8000000000000000,
	0xfffffffffffffffe, 0xffffffffffffffff, 0xfffe, 0x3f800000, 0x7f800000, 0x7fc00000,
};

static void make_reduce(struct bench *bench, struct tsr_hw_reduce *reduce)
{
	static const uint8_t types[] = { TSR_HW_TYPE_FP32, TSR_HW_TYPE_INT8 };
	unsigned int type = types[bench_below(bench, 2)];
	const uint32_t x[] = { 1 + bench_below(bench, 9), 1 + bench_below(bench, 9), 17 };
	bool softmax = bench_below(bench, 2);
	const uint32_t d[] = { x[0], softmax ? x[1] : 1, x[2] };

	memset(reduce, 0, sizeof(*reduce));
	reduce->head.op = softmax ? TSR_HW_OP_SOFTMAX : TSR_HW_OP_REDUCE;
	reduce->head.size = sizeof(*reduce);
	reduce->axes = 2;
	bench_tensor(bench, &reduce->x, type, 3, x, bench_any_layout(bench), TSR_HW_SLOT_READ);
	bench_tensor(bench, &reduce->d, type, 3, d, bench_any_layout(bench), TSR_HW_SLOT_WRITE);
}

static void make_elementwise(struct bench *bench, struct tsr_hw_elementwise *command)
{
	static const uint8_t functions[] = { TSR_HW_EW_ADD, TSR_HW_EW_DIV, TSR_HW_EW_RELU,
					     TSR_HW_EW_TANH };
	const uint32_t dim[] = { 1 + bench_below(bench, 30), 1 + bench_below(bench, 30) };

	memset(command, 0, sizeof(*command));
	command->head.op = TSR_HW_OP_ELEMENTWISE;
	command->head.size = sizeof(*command);
	command->function = functions[bench_below(bench, 4)];
	bench_tensor(bench, &command->a, TSR_HW_TYPE_INT8, 2, dim, bench_any_layout(bench),
		     TSR_HW_SLOT_READ);
	bench_none(&command->b);
	if (command->function <= TSR_HW_EW_MAX)
		bench_tensor(bench, &command->b, TSR_HW_TYPE_FP16, 2, dim, bench_any_layout(bench),
			     TSR_HW_SLOT_READ);
	bench_tensor(bench, &command->d, TSR_HW_TYPE_UINT8, 2, dim, bench_any_layout(bench),
		     TSR_HW_SLOT_WRITE);
}

static void make_copy(struct bench *bench, struct tsr_hw_copy *copy)
{
	const uint32_t dim[] = { 1 + bench_below(bench, 30), 1 + bench_below(bench, 30) };

	memset(copy, 0, sizeof(*copy));
	copy->head.op = bench_below(bench, 2) ? TSR_HW_OP_COPY : TSR_HW_OP_MOVE;
	copy->head.size = sizeof(*copy);
	bench_tensor(bench, &copy->x, TSR_HW_TYPE_FP16, 2, dim, bench_any_layout(bench),
		     TSR_HW_SLOT_READ);
	bench_tensor(bench, &copy->d, TSR_HW_TYPE_FP16, 2, dim, bench_any_layout(bench),
		     TSR_HW_SLOT_WRITE);
}

static void make_fill(struct bench *bench, struct tsr_hw_fill *fill)
{
	unsigned int width = 1u << bench_below(bench, 4);

	*fill = (struct tsr_hw_fill){
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(*fill) },
		.dst = { .offset = 8 * bench_below(bench, 30) },
		.size = (uint64_t)bench_below(bench, 500) * width,
		.value = bench_below(bench, 256),
		.width = (uint8_t)width,
	};
	bench->slot[0] = (struct tsr_hw_slot){ FAKE_BASE, 5000, 0, TSR_HW_SLOT_WRITE, 0 };
	bench->slots = 1;
}

/* A valid command in @input's stream. */
static size_t make_command(struct bench *bench, struct fuzz_input *input)
{
	void *stream = input->stream;

	switch (bench_below(bench, 8)) {
	case 0: gemm_random(bench, stream, false); break;
	case 1: gemm_random(bench, stream, true); break;
	case 2: conv_random(bench, stream, bench_below(bench, 2)); break;
	case 3: pool_random(bench, stream); break;
	case 4: make_reduce(bench, stream); break;
	case 5: make_elementwise(bench, stream); break;
	case 6: make_fill(bench, stream); break;
	default: make_copy(bench, stream); break;
	}
	return ((const struct tsr_hw_command *)stream)->size;
}

static size_t make_input(struct bench *bench, struct fuzz_input *input)
{
	size_t size;

	memset(input, 0, sizeof(*input));
	bench_reset(bench);
	size = make_command(bench, input);
	input->product = bench_below(bench, FUZZ_PRODUCTS);
	input->kind = input->stream[0] < TSR_HW_OP_COPY ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_DMA;
	memcpy(input->slot, bench->slot, sizeof(input->slot));
	return size;
}

/* Overwrite one aligned field, as wide as its place allows. */
static void mutate_field(struct bench *bench, uint8_t *bytes, size_t size)
{
	size_t width = (size_t)1 << bench_below(bench, 4);
	size_t at = bench_below(bench, (uint32_t)(size / width)) * width;
	uint64_t value = edges[bench_below(bench, sizeof(edges) / sizeof(edges[0]))];
	uint64_t old = 0;

	memcpy(&old, bytes + at, width);
	switch (bench_below(bench, 4)) {
	case 0: value = old + 1; break;
	case 1: value = old ^ 1ull << bench_below(bench, (uint32_t)width * 8); break;
	case 2: value = old - value; break;
	default: break;
	}
	memcpy(bytes + at, &value, width);
}

static void mutate(struct bench *bench, const struct fuzz_input *valid, size_t size)
{
	struct fuzz_input input = *valid;
	uint32_t changes = 1 + bench_below(bench, 3);
	size_t head = offsetof(struct fuzz_input, stream);

	for (uint32_t i = 0; i < changes; i++) {
		if (bench_below(bench, 8))
			mutate_field(bench, input.stream, size);
		else
			mutate_field(bench, (uint8_t *)input.slot,
				     bench->slots * sizeof(input.slot[0]));
	}
	LLVMFuzzerTestOneInput((const uint8_t *)&input, head + size);
}

static void run(uint64_t iterations, uint64_t seed)
{
	struct fuzz_input input;
	struct bench bench;
	size_t size = 0;

	printf("# tile-fuzz %llu %llu\n", (unsigned long long)iterations,
	       (unsigned long long)seed);
	fflush(stdout);
	bench_open(&bench, "edge", 1u << 20, seed);
	for (uint64_t i = 0; i < iterations; i++) {
		if (i % ROUNDS == 0)
			size = make_input(&bench, &input);
		mutate(&bench, &input, size);
	}
	bench_close(&bench);
}

int main(int argc, char **argv)
{
	uint64_t iterations = argc > 1 ? strtoull(argv[1], NULL, 10) : DEFAULT_ITERATIONS;
	bool reached;

	if (argc > 2) {
		run(iterations, strtoull(argv[2], NULL, 10));
	} else {
		run(iterations / 10, 1);
		run(iterations - iterations / 10, (uint64_t)time(NULL));
	}
	printf("%llu mutations: %llu taken, %llu executed, %llu faulted\n",
	       (unsigned long long)iterations, (unsigned long long)fuzz_counts.taken,
	       (unsigned long long)fuzz_counts.executed, (unsigned long long)fuzz_counts.faulted);
	printf("refused: %llu command, %llu slot, %llu unsupported\n",
	       (unsigned long long)fuzz_counts.refused[TSR_HW_ERR_COMMAND],
	       (unsigned long long)fuzz_counts.refused[TSR_HW_ERR_SLOT],
	       (unsigned long long)fuzz_counts.refused[TSR_HW_ERR_UNSUPPORTED]);
	/* A driver that reaches nothing proves nothing. */
	reached = fuzz_counts.executed > iterations / 50 && fuzz_counts.faulted &&
		  fuzz_counts.refused[TSR_HW_ERR_COMMAND] && fuzz_counts.refused[TSR_HW_ERR_SLOT] &&
		  fuzz_counts.refused[TSR_HW_ERR_UNSUPPORTED];
	printf("1..1\n%sok 1 - mutated commands are executed, faulted and refused\n",
	       reached ? "" : "not ");
	return reached ? 0 : 1;
}
