/* SPDX-License-Identifier: MIT */
/*
 * Plain computation of a graph on the CPU, operator by operator as the hardware
 * manual, section 12, defines them. It shares no code with the compiler or the
 * virtual NPU, so that it can tell whether they are right; it is not fast.
 */
#ifndef TSR_REFERENCE_H
#define TSR_REFERENCE_H

#include "../include/tessera.h"

/**
 * tsr_reference_run() - compute all outputs of a graph
 * @graph: complete
 * @inputs: row-major elements of each input, in the order they were added
 * @outputs: where to put those of each output, likewise
 *
 * Integers are exact. Floating-point sums are formed in double precision and
 * rounded once, so they differ from the device's in the last bits.
 *
 * Return: 0 or -ENOMEM.
 */
int tsr_reference_run(const struct tsr_graph *graph, const void *const *inputs,
		      void *const *outputs);

#endif
