/* SPDX-License-Identifier: MIT */
/*
 * What must hold after each stage of the compiler, whatever the graph. The checks share no
 * code with the stages. They run in tests and with TESSERA_VERIFY=1 in the environment.
 *
 * All return 0, or -ENOTRECOVERABLE with the error sentence set: the compiler is wrong.
 */
#ifndef TSR_VERIFY_H
#define TSR_VERIFY_H

#include "compiler.h"

/** tsr_verify_wanted() - does the environment ask for it? */
bool tsr_verify_wanted(void);

/**
 * tsr_verify_graph() - nodes read what is made before them
 *
 * Every tensor is an input, a constant or the result of one node.
 */
int tsr_verify_graph(const struct tsr_graph *graph);

/**
 * tsr_verify_steps() - after fusion
 *
 * Every tensor is made once, before it is read; every output of the graph is made.
 */
int tsr_verify_steps(const struct tsr_graph *graph, const struct tsr_steps *steps);

/**
 * tsr_verify_layout() - after placing
 *
 * Views lie in their storage; steps have the operands their command needs, write scratch
 * or output memory only, read no storage before all of it is written, and write no byte
 * twice; every output is written.
 */
int tsr_verify_layout(const struct tsr_graph *graph, const struct tsr_steps *steps,
		      const struct tsr_layout *layout);

/**
 * tsr_verify_plan() - after planning
 *
 * Storages alive at the same step share no byte, constants never; all lie in their space.
 */
int tsr_verify_plan(const struct tsr_steps *steps, const struct tsr_layout *layout);

/**
 * tsr_verify_edges() - after ordering
 *
 * Edges lead forward, and of two steps that touch the same memory, one writing, a path
 * leads from the first to the second.
 */
int tsr_verify_edges(const struct tsr_steps *steps, const struct tsr_layout *layout,
		     const struct tsr_edges *edges);

#endif
