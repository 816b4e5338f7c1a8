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

/**
 * sample_set_pairs() - every pair of @values is an element of the first two inputs
 * @values: exact in the inputs' types
 * @count: how many; the inputs have @count * @count elements
 */
void sample_set_pairs(struct sample *sample, const float *values, size_t count);

/**
 * sample_check_special() - run and compare values that arithmetic comes to no end with
 * @tolerance: relative, of each finite element
 *
 * Infinities and signs of zeros must be equal; one not-a-number is as good as another.
 */
void sample_check_special(struct sample *sample, double tolerance);

void sample_free(struct sample *sample);

#endif
