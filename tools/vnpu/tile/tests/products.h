/* SPDX-License-Identifier: MIT */
/*
 * Operands of products of every type, and their values by plain arithmetic. Values are small
 * integers, halves and powers of two, so that sums of products are exact in any order.
 */
#ifndef TEST_PRODUCTS_H
#define TEST_PRODUCTS_H

#include <stdint.h>

#include <tsr_hw/command.h>

#include "bench.h"

/* A class with a rate for every type: of tests only. */
#define PRODUCTS_SKU	"../../tools/vnpu/tile/tests/every"

/** struct products_pair - types of operands; @scaled: the second one has block scales */
struct products_pair {
	uint8_t a;
	uint8_t b;
	bool scaled;
};

/* How many pairs of types there are. */
#define PRODUCTS_PAIRS	43

/** products_pair() - pair @number of them */
struct products_pair products_pair(unsigned int number);

/** products_any_pair() - one that there is */
struct products_pair products_any_pair(struct bench *bench);

/** products_accumulator() - type of the sums: fp32, int32 or int64 */
unsigned int products_accumulator(const struct products_pair *pair);

/**
 * products_tensor() - a tensor of any type, also of elements of half a byte, filled
 * @layout: LAYOUT_*; elements of half a byte have layouts of their own
 */
void products_tensor(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		     unsigned int rank, const uint32_t *dim, unsigned int layout);

/** products_value() - element of such a tensor, exact */
double products_value(const struct bench *bench, const struct tsr_hw_tensor *tensor,
		      const uint64_t *at);

/**
 * products_quant() - zero points of an integer operand, or block scales
 * @bench: memory
 * @operand: the operand, placed
 * @scaled: block scales
 * @blocks_last: a first operand
 * @quant: result
 */
void products_quant(struct bench *bench, const struct tsr_hw_tensor *operand, bool scaled,
		    bool blocks_last, struct tsr_hw_quant *quant);

/** products_no_quant() - elements mean what they say */
void products_no_quant(struct tsr_hw_quant *quant);

/**
 * products_element() - value of an operand's element
 * @bench: memory
 * @operand: the operand
 * @quant: zero points, scales
 * @round: type that a scaled element is rounded to
 * @blocks_last: a first operand
 * @at: coordinates
 */
double products_element(const struct bench *bench, const struct tsr_hw_tensor *operand,
			const struct tsr_hw_quant *quant, unsigned int round, bool blocks_last,
			const uint64_t *at);

/**
 * products_weight() - products_element() of a convolution's weights, a matrix [O, k]
 * @bench: the bench
 * @w: weights
 * @quant: of them
 * @round: type of the first operand
 * @at: coordinates
 * @k: number of the weight among those of its output channel
 */
double products_weight(const struct bench *bench, const struct tsr_hw_tensor *w,
		       const struct tsr_hw_quant *quant, unsigned int round, const uint64_t *at,
		       uint64_t k);

#endif
