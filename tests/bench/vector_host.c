// SPDX-License-Identifier: MIT
/*
 * The host's half of the measurement of VECTOR programs: as many bytes as two inputs and
 * an output have, moved by memcpy(), as often as the guest has nodes. A byte copied is two
 * moved: one read, one written. The first line printed says by what; rounds (rounds.h) are
 * asked for on standard input.
 *
 * usage: vector_host fp32|int8
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "clock.h"
#include "rounds.h"

/* As vector_guest.c has them. */
#define ELEMENTS	((size_t)4096 * 4096)
#define OPERANDS	3
#define NODES		8

struct copy {
	char *from;
	char *to;
	size_t bytes;
};

static void move(const struct copy *copy)
{
#pragma omp parallel
	{
		size_t threads = (size_t)omp_get_num_threads();
		size_t thread = (size_t)omp_get_thread_num();
		size_t first = copy->bytes * thread / threads;
		size_t end = copy->bytes * (thread + 1) / threads;

		memcpy(copy->to + first, copy->from + first, end - first);
	}
}

static uint64_t timed_round(void *context, uint64_t seed)
{
	const struct copy *copy = context;
	uint64_t start;

	memset(copy->from, (int)seed, copy->bytes);
	start = now_ns();
	for (unsigned int i = 0; i < NODES; i++)
		move(copy);
	return now_ns() - start;
}

int main(int argc, char **argv)
{
	size_t element = argc > 1 && !strcmp(argv[1], "int8") ? 1 : sizeof(float);
	struct copy copy = { .bytes = OPERANDS * ELEMENTS * element / 2 };

	copy.from = malloc(copy.bytes);
	copy.to = calloc(1, copy.bytes);
	if (argc < 2 || !copy.from || !copy.to) {
		fputs("usage: vector_host fp32|int8\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("memcpy by %d threads\n", omp_get_max_threads());
	rounds_serve(NULL, timed_round, &copy);
	return 0;
}
