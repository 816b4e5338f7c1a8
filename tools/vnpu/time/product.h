/* SPDX-License-Identifier: MIT */
/*
 * Blocks of products: the order of steps, which of them load an operand, what is free after them,
 * the time of the array (docs/hardware.md, "Blocks of products"). GEMM and CONV differ in
 * what a block of an operand is.
 */
#ifndef VNPU_TIME_PRODUCT_H
#define VNPU_TIME_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "class.h"
#include "command.h"
#include "step.h"

struct product;

/**
 * struct place - a step's place, in blocks
 * @batch: batch index, or block of groups
 * @m: rows or lines
 * @n: columns
 * @k: of the sum
 */
struct place {
	uint64_t batch;
	uint64_t m;
	uint64_t n;
	uint64_t k;
};

/**
 * struct extents - sizes of a step
 * @m: rows; outputs of a line times lines
 * @n: columns
 * @k: of the sum
 * @groups: groups
 */
struct extents {
	uint64_t m;
	uint64_t n;
	uint64_t k;
	uint64_t groups;
};

/**
 * struct product_operations - what a block is
 * @extents: sizes of a step
 * @rows: blocks of m that are steps, of a batch index
 * @same_a: two places use the same block of a
 * @same_b: and of b
 * @same_input: and of input @number of the epilogue
 * @a: bytes that a block of a holds; with a step it is loaded
 * @b: likewise
 * @scales_a: likewise, scales and zero points that belong to a block of a
 * @scales_b: and of b
 * @input: likewise
 * @store: store a block
 */
struct product_operations {
	struct extents (*extents)(const struct product *product, const struct place *place);
	uint64_t (*rows)(const struct product *product, uint64_t batch);
	bool (*same_a)(const struct product *product, const struct place *x,
		       const struct place *y);
	bool (*same_b)(const struct product *product, const struct place *x,
		       const struct place *y);
	bool (*same_input)(const struct product *product, unsigned int number,
			   const struct place *x, const struct place *y);
	uint64_t (*a)(const struct product *product, const struct place *place,
		      struct step *step);
	uint64_t (*b)(const struct product *product, const struct place *place,
		      struct step *step);
	uint64_t (*scales_a)(const struct product *product, const struct place *place,
			     struct step *step);
	uint64_t (*scales_b)(const struct product *product, const struct place *place,
			     struct step *step);
	uint64_t (*input)(const struct product *product, unsigned int number,
			  const struct place *place, struct step *step);
	void (*store)(const struct product *product, const struct place *place,
		      struct step *step);
};

/**
 * struct product - a product that is being divided into steps
 * @operations: GEMM's or CONV's
 * @class: class
 * @walks: for counting
 * @gemm: the command, or NULL
 * @conv: the command, or NULL
 * @blocks: the command's
 * @precision: the command's
 * @post: the command's
 * @weight_bits: of an element of b as stored
 * @strict: strict mode
 * @batches: batch indices, or blocks of groups
 * @alike: as many of them, one after another, have equally many blocks of m
 * @columns: blocks of n
 * @depth: blocks of k, at least one
 * @width: N
 * @sum: K
 * @on_array: the array computes it, not the vector unit
 * @vector_lanes: else: products of a lane of the vector unit in a cycle
 * @place: the next step, if @more
 * @more: there is one
 * @before: the step before, if @begun
 * @begun: there was one
 * @closed: the last step that ended a block, if @closed_one
 * @closed_one: there was one
 */
struct product {
	const struct product_operations *operations;
	const struct time_class *class;
	struct walks *walks;
	const struct gemm *gemm;
	const struct conv *conv;
	const struct blocks *blocks;
	const struct precision *precision;
	const struct program *post;
	uint8_t weight_bits;
	bool strict;
	uint64_t batches;
	uint64_t alike;
	uint64_t columns;
	uint64_t depth;
	uint64_t width;
	uint64_t sum;
	bool on_array;
	uint64_t vector_lanes;
	struct place place;
	bool more;
	struct place before;
	bool begun;
	struct place closed;
	bool closed_one;
};

/** product_begin() - go to the first step; every other member is set */
void product_begin(struct product *product);

/**
 * product_next() - the next step
 * @product: the product, with @more steps
 * @step: zero; the result
 */
void product_next(struct product *product, struct step *step);

/** array_cycles() - cycles of the array for m x n x k, weights having @bits as stored */
uint64_t array_cycles(const struct time_class *class, const struct precision *precision,
		      uint64_t bits, const struct extents *extents);

/** array_slowed() - array cycles in strict mode, if it is @strict */
uint64_t array_slowed(const struct precision *precision, bool strict, uint64_t cycles);

/** product_array() - cycles of the array for a step, in default mode and without filling it */
uint64_t product_array(const struct product *product, const struct extents *extents);

/** product_vector() - cycles in which the vector unit computes so many outputs */
uint64_t product_vector(const struct product *product, uint64_t outputs);

/** product_check() - whether the blocks are allowed; 0 or -EINVAL */
int product_check(const struct product *product);

/** product_check_array() - whether no array part can be too long; 0 or -EINVAL */
int product_check_array(const struct product *product);

/** precision_rows() - rows of the array for the type */
uint64_t precision_rows(const struct time_class *class, const struct precision *precision);

/** product_held_a() - bytes that a block of a holds with what belongs to it */
uint64_t product_held_a(const struct product *product, const struct place *place);

/** product_held_b() - bytes that a block of b holds with what belongs to it */
uint64_t product_held_b(const struct product *product, const struct place *place);

/** product_held_inputs() - bytes that inputs of the epilogue hold */
uint64_t product_held_inputs(const struct product *product, const struct place *place);

/** product_ring() - what two blocks of each operand hold, or all k of one that is kept */
uint64_t product_ring(const struct product *product, uint64_t largest_a, uint64_t largest_b);

/** product_fixed() - room of accumulators and outputs of @elements with @output_bits */
uint64_t product_fixed(const struct precision *precision, uint64_t elements,
		       uint64_t output_bits);

#endif
