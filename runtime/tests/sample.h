/* SPDX-License-Identifier: MIT */
/*
 * A graph with its program, random inputs and the reference's outputs. Every function
 * fails the running test itself, naming the sample.
 */
#ifndef TSR_TESTS_SAMPLE_H
#define TSR_TESTS_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include <tessera.h>

#define SAMPLE_ARGUMENTS	8

struct sku;

/**
 * struct sample - one graph under test
 * @name: for messages
 * @sku: the device
 * @graph: owned
 * @program: what it was compiled to
 * @input: random elements of each input
 * @output: where runs put theirs
 * @expected: what the reference computed
 */
struct sample {
	char name[160];
	const struct sku *sku;
	struct tsr_graph *graph;
	struct tsr_program *program;
	void *input[SAMPLE_ARGUMENTS];
	void *output[SAMPLE_ARGUMENTS];
	void *expected[SAMPLE_ARGUMENTS];
	size_t inputs;
	size_t outputs;
};

/**
 * sample_make() - compile and check a graph, draw inputs, compute what is right
 * @sample: name, sku and graph are set
 * @options: of the compilation, or NULL
 * @random: state of the generator
 */
void sample_make(struct sample *sample, const struct tsr_compile_options *options,
		 uint64_t *random);

/**
 * sample_check() - run the program and compare
 * @orders: runs, each in another random order of those that the edges allow
 * @tolerance: of an element, relative to the largest of its output; 0 means equal
 */
void sample_check(struct sample *sample, unsigned int orders, double tolerance);

void sample_free(struct sample *sample);

#endif
