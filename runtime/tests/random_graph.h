/* SPDX-License-Identifier: MIT */
/* Graphs drawn at random from a seed, over all operators of the library. */
#ifndef TSR_TESTS_RANDOM_GRAPH_H
#define TSR_TESTS_RANDOM_GRAPH_H

#include <stdint.h>

#include <tessera.h>

/**
 * random_graph() - a graph of @operators operators with one or two inputs
 * @type: TSR_INT8: integers throughout, by functions with one right answer; a
 *	floating-point type: that type throughout, by functions that lose little precision
 * @random: state of the generator
 *
 * Every tensor that nothing reads is an output, four at most.
 */
struct tsr_graph *random_graph(enum tsr_type type, unsigned int operators, uint64_t *random);

#endif
