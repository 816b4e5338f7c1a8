/* SPDX-License-Identifier: MIT */
/*
 * Element types by their definition: what a code means, by powers of two, and which code a
 * value is stored as, by looking for the nearest. Nothing of the code under test is used.
 */
#ifndef VNPU_NUMBER_TESTS_REFERENCE_H
#define VNPU_NUMBER_TESTS_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

/** reference_is_small() - a floating type of at most 16 bits */
bool reference_is_small(unsigned int type);

/** reference_codes() - how many codes a floating type of at most 16 bits has */
uint32_t reference_codes(unsigned int type);

/** reference_value() - what a code of a floating type of at most 16 bits means */
double reference_value(unsigned int type, uint32_t code);

/** reference_between() - exactly halfway between the values of @code and of the next one up */
double reference_between(unsigned int type, uint32_t code);

/**
 * reference_code() - a value as a floating type of at most 16 bits
 *
 * Rounded once to nearest even. long double has every int64 exactly.
 */
uint32_t reference_code(unsigned int type, long double value, bool saturate);

/** reference_is_nan() - a code means not-a-number */
bool reference_is_nan(unsigned int type, uint32_t code);

/** reference_integer() - a value as an integer type: nearest even, saturated, its low bits */
uint64_t reference_integer(unsigned int type, long double value);

#endif
