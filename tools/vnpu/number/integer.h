/* SPDX-License-Identifier: MIT */
/* Elements of registers as integers in memory. */
#ifndef VNPU_NUMBER_INTEGER_H
#define VNPU_NUMBER_INTEGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * integer_of_f32() - rounded to nearest even, saturated; not-a-number gives 0
 * @type: of integers; 4 bits are the low half of a byte, the upper half is 0
 */
void integer_of_f32(const float *from, unsigned int type, void *to, size_t n);

/** integer_of_i32() - saturated, or the low bits with @wrap; otherwise as integer_of_f32() */
void integer_of_i32(const int32_t *from, unsigned int type, bool wrap, void *to, size_t n);

/** integer_of_i64() - as integer_of_i32(); uint64 always has the bits of @from */
void integer_of_i64(const int64_t *from, unsigned int type, bool wrap, void *to, size_t n);

#endif
