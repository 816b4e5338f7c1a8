/* SPDX-License-Identifier: MIT */
/*
 * Breadth: every command with every type, rank and layout, against plain rules. Each command
 * has a file that makes a random one of a given kind and says what it must give.
 */
#ifndef TEST_BREADTH_H
#define TEST_BREADTH_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/command.h>

#include "bench.h"

/**
 * struct breadth_case - what a command is made with
 * @kind: types of its operands: a number below that of the command's kinds
 * @rank: dimensions
 * @layout: LAYOUT_* of operands
 */
struct breadth_case {
	unsigned int kind;
	unsigned int rank;
	unsigned int layout;
};

/**
 * struct breadth_command - a command
 * @name: for messages
 * @kinds: combinations of types that it has
 * @least_rank: dimensions at least
 * @most_rank: at most
 * @run: make one, run it, compare; true when all is right, else a line on stderr
 */
struct breadth_command {
	const char *name;
	unsigned int kinds;
	unsigned int least_rank;
	unsigned int most_rank;
	bool (*run)(struct bench *bench, const struct breadth_case *one);
};

/* Kinds of commands whose kind is one type of whole bytes: breadth_types[]. */
#define BREADTH_TYPES	15

/* With those of half a byte behind them. */
#define BREADTH_ALL_TYPES	18

extern const uint8_t breadth_types[BREADTH_ALL_TYPES];

/** breadth_any_type() - one of them */
unsigned int breadth_any_type(struct bench *bench);

/** breadth_any_output() - one of them or of those of half a byte */
unsigned int breadth_any_output(struct bench *bench);

/** breadth_shape() - extents of some hundred elements together, now and then 0 */
void breadth_shape(struct bench *bench, unsigned int rank, uint32_t *dim);

/** breadth_input() - bench_plain() to read, with special values now and then */
void breadth_input(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		   unsigned int rank, const uint32_t *dim, unsigned int layout);

/** breadth_output() - bench_plain() to write: no layout that repeats */
void breadth_output(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		    unsigned int rank, const uint32_t *dim, unsigned int layout);

/**
 * breadth_output_along() - breadth_output() whose bytes lie along one dimension if they have two
 * elements each; of whole bytes if that has no two
 */
void breadth_output_along(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
			  unsigned int rank, const uint32_t *dim, unsigned int layout,
			  unsigned int packed);

/** breadth_execute() - run a command on the engine of its opcode; false when it failed */
bool breadth_execute(struct bench *bench, const void *command);

/** breadth_same() - compare a stored element with what it must be; false with a line on stderr */
bool breadth_same(const struct bench *bench, const struct tsr_hw_tensor *tensor, uint64_t number,
		  uint64_t want);

/** breadth_element() - bits of element @number in row-major order */
uint64_t breadth_element(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			 uint64_t number);

/** breadth_at() - bits of the element at coordinates, of whole bytes */
uint64_t breadth_at(const struct bench *bench, const struct tsr_hw_tensor *tensor,
		    const uint64_t *at);

/** breadth_coordinates() - of element @number in row-major order */
void breadth_coordinates(const struct tsr_hw_tensor *tensor, uint64_t number, uint64_t *at);

/** breadth_step() - extents of a step over a tensor, any that are allowed */
void breadth_step(struct bench *bench, struct tsr_hw_step *step,
		  const struct tsr_hw_tensor *walked);

/**
 * breadth_step_of() - breadth_step() of a command with an output of some type
 * @bench: the bench
 * @step: result; cuts no byte of @d and @walked
 * @walked: what the command walks
 * @d: its output, of as many dimensions
 */
void breadth_step_of(struct bench *bench, struct tsr_hw_step *step,
		     const struct tsr_hw_tensor *walked, const struct tsr_hw_tensor *d);

/** breadth_padded() - whether what lies in the bytes of an output beside its elements is 0 */
bool breadth_padded(const struct bench *bench, const struct tsr_hw_tensor *d);

/**
 * breadth_operand() - an operand of a product
 *
 * In default mode its elements add up exactly, whatever the order.
 */
void breadth_operand(struct bench *bench, const struct breadth_case *one,
		     struct tsr_hw_tensor *tensor, unsigned int type, const uint32_t *dim);

extern const struct breadth_command breadth_attention;
extern const struct breadth_command breadth_compact;
extern const struct breadth_command breadth_conv;
extern const struct breadth_command breadth_copy;
extern const struct breadth_command breadth_fill;
extern const struct breadth_command breadth_gather_axis;
extern const struct breadth_command breadth_gather_element;
extern const struct breadth_command breadth_gather_nd;
extern const struct breadth_command breadth_gemm;
extern const struct breadth_command breadth_move;
extern const struct breadth_command breadth_normalize;
extern const struct breadth_command breadth_pool;
extern const struct breadth_command breadth_reduce;
extern const struct breadth_command breadth_resample;
extern const struct breadth_command breadth_sample;
extern const struct breadth_command breadth_scan;
extern const struct breadth_command breadth_scatter_axis;
extern const struct breadth_command breadth_scatter_element;
extern const struct breadth_command breadth_scatter_nd;
extern const struct breadth_command breadth_sort;
extern const struct breadth_command breadth_suppress;
extern const struct breadth_command breadth_vector;

#endif
