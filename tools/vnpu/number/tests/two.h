/* SPDX-License-Identifier: MIT */
/*
 * Functions of two fp32 values against libquadmath in 113 bits, on random arguments of some
 * kind: another sequence in each run. A failure prints the arguments.
 */
#ifndef VNPU_NUMBER_TESTS_TWO_H
#define VNPU_NUMBER_TESTS_TWO_H

#include <stddef.h>
#include <stdint.h>

/** TWO_BATCH: more than a turn of the functions, and no multiple of one */
#define TWO_BATCH	1000u

/**
 * struct two - a function
 * @rounded: the one under test; results replace @x
 * @exact: the same in 113 bits
 */
struct two {
	void (*rounded)(float *x, const float *y, size_t n);
	__float128 (*exact)(__float128 x, __float128 y);
};

/** two_check_batch() - @n arguments, at most TWO_BATCH */
void two_check_batch(struct two function, const float *x, const float *y, size_t n);

/** two_check() - some 40,000 arguments that @make makes */
void two_check(struct two function, void (*make)(uint64_t *random, float *x, float *y));

/**
 * struct two_special - arguments and the result that ISO C has for them
 */
struct two_special {
	float x, y, result;
};

/** two_check_specials() - one by one */
void two_check_specials(struct two function, const struct two_special *cases, size_t n);

/** two_any_bits() - a maker of arguments: any */
void two_any_bits(uint64_t *random, float *x, float *y);

/** two_moderate() - a maker: neither large nor small, of any sign */
void two_moderate(uint64_t *random, float *x, float *y);

/** two_near_one() - a maker: the first near 1 */
void two_near_one(uint64_t *random, float *x, float *y);

/** two_seed() - another in each run */
uint64_t two_seed(void);

#endif
