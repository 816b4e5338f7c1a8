/* SPDX-License-Identifier: MIT */
#ifndef VNPU_NUMBER_CLONES_H
#define VNPU_NUMBER_CLONES_H

/*
 * A loop that matters is compiled for several instruction sets; the loader picks.
 * The results are the same on all of them: files with such loops are built with
 * -ffp-contract=off, and nothing here depends on the order of a floating-point sum.
 * Sanitizers cannot run in resolvers, so they get the plain loop. So does a build with
 * ONE_CLONE, for the instruction set that the compiler is told.
 */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
	!defined(ONE_CLONE)
#define TILE_CLONES \
	__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TILE_CLONES
#endif

#endif
