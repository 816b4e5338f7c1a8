/* SPDX-License-Identifier: MIT */
/* Elements of any type by plain arithmetic: their value, their order, sums and products. */
#ifndef TEST_STORED_H
#define TEST_STORED_H

#include <stdbool.h>
#include <stdint.h>

/** stored_is_float() - floating-point types */
bool stored_is_float(unsigned int type);

/** stored_float() - value of a stored element of a floating-point type */
float stored_float(unsigned int type, uint64_t bits);

/** stored_round() - a value rounded to fp32, fp16 or bf16 */
double stored_round(unsigned int type, double value);

/** stored_integer() - value of a stored element of another type; uint64 fits, too */
__int128 stored_integer(unsigned int type, uint64_t bits);

/** stored_combine() - what SCATTER makes of an element and an update by TSR_HW_SCATTER_... */
uint64_t stored_combine(unsigned int how, unsigned int type, uint64_t d, uint64_t x);

/** stored_canonical() - in place of what is not a number the code that strict mode stores */
uint64_t stored_canonical(unsigned int type, uint64_t bits);

/** stored_same() - whether two elements are the same; not-a-number is one, whatever its bits */
bool stored_same(unsigned int type, uint64_t a, uint64_t b);

#endif
