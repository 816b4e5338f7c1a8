/* SPDX-License-Identifier: MIT */
/* Arguments for tests: those where something changes, and random ones. */
#ifndef VNPU_NUMBER_TESTS_VALUES_H
#define VNPU_NUMBER_TESTS_VALUES_H

#include <stddef.h>
#include <stdint.h>

/** values_floats() - fp32 of all kinds: random bits, small integers and halves, limits */
void values_floats(uint64_t seed, float *values, size_t n);

/** values_integers() - int64 of all magnitudes, and around powers of two */
void values_integers(uint64_t seed, int64_t *values, size_t n);

#endif
