/* SPDX-License-Identifier: MIT */
/*
 * Seeded driver of the fuzz target: takes golden vectors and other valid commands and changes
 * some of their numbers, by the contract's tables. usage: tile-fuzz [ITERATIONS [SEED]]
 *
 * Without a seed a tenth of the iterations has a fixed one and the others a new one in
 * every run, which is printed before anything can go wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tsr_hw/error.h>
#include <tsr_hw/mutate.h>

#include "classes.h"
#include "convs.h"
#include "fuzz_stream.h"
#include "gemms.h"
#include "vectors.h"

/* As much as the tests have that share what makes commands. */
#define MEMORY		(16u << 20)

#define DEFAULT_ITERATIONS	100000

/* How often one valid command is mutated before the next is made. */
#define ROUNDS			64

/* Golden vectors to begin with. */
#define MAX_SEEDS		1024

static struct fuzz_input seeds[MAX_SEEDS];
static size_t seed_sizes[MAX_SEEDS];
static uint32_t seed_count;

/* A valid command in @input's stream. */
static size_t make_command(struct bench *bench, struct fuzz_input *input)
{
	void *stream = input->stream;

	switch (bench_below(bench, 3)) {
	case 0: gemm_random(bench, stream, false); break;
	case 1: gemm_random(bench, stream, true); break;
	default: conv_random(bench, stream, bench_below(bench, 2)); break;
	}
	return ((const struct tsr_hw_command *)stream)->size;
}

/* One of the golden vectors is the way in to every command, without a line for it here. */
static bool add_seed(void *context, const struct vector *vector)
{
	struct fuzz_input *seed = &seeds[seed_count];

	(void)context;
	if (!vector->stream_size || vector->stream_size > sizeof(seed->stream) ||
	    vector->slots_size > sizeof(seed->slot))
		return true;
	if (seed_count == MAX_SEEDS)
		return false;
	seed->kind = vector->engine;
	memcpy(seed->slot, vector->slot, vector->slots_size);
	memcpy(seed->stream, vector->stream, vector->stream_size);
	seed_sizes[seed_count++] = vector->stream_size;
	return true;
}

static void read_seeds(void)
{
	if (vectors_each("valid.txt", add_seed, NULL) < 0 ||
	    vectors_each("results.txt", add_seed, NULL) < 0) {
		fprintf(stderr, "the golden vectors cannot be read, or are more than %d\n",
			MAX_SEEDS);
		exit(1);
	}
}

static size_t make_input(struct bench *bench, struct fuzz_input *input)
{
	uint32_t choice = bench_below(bench, 2 * seed_count);
	size_t size;

	bench_reset(bench);
	if (choice < seed_count) {
		*input = seeds[choice];
		size = seed_sizes[choice];
	} else {
		memset(input, 0, sizeof(*input));
		size = make_command(bench, input);
		input->kind = TSR_HW_ENGINE_TENSOR;
		memcpy(input->slot, bench->slot, sizeof(input->slot));
	}
	input->product = bench_below(bench, CLASSES);
	return size;
}

static void mutate(const struct fuzz_input *valid, size_t size, uint64_t *random)
{
	struct fuzz_input input = *valid;
	size_t head = offsetof(struct fuzz_input, stream);
	uint64_t changes = 1 + tsr_hw_draw(random) % 3;

	for (uint64_t i = 0; i < changes; i++) {
		if (tsr_hw_draw(random) % 8)
			tsr_hw_mutate_stream(input.stream, size, random);
		else
			tsr_hw_mutate(tsr_hw_find("slot"),
				      &input.slot[tsr_hw_draw(random) % FUZZ_SLOTS], random);
	}
	LLVMFuzzerTestOneInput((const uint8_t *)&input, head + size);
}

static void run(uint64_t iterations, uint64_t seed)
{
	struct fuzz_input input;
	uint64_t random = seed;
	struct bench bench;
	size_t size = 0;

	printf("# tile-fuzz %llu %llu\n", (unsigned long long)iterations,
	       (unsigned long long)seed);
	fflush(stdout);
	bench_open(&bench, "edge", MEMORY, seed);
	for (uint64_t i = 0; i < iterations; i++) {
		if (i % ROUNDS == 0)
			size = make_input(&bench, &input);
		mutate(&input, size, &random);
	}
	bench_close(&bench);
}

int main(int argc, char **argv)
{
	uint64_t iterations = argc > 1 ? strtoull(argv[1], NULL, 10) : DEFAULT_ITERATIONS;
	bool reached;

	read_seeds();
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
