/* SPDX-License-Identifier: MIT */
/*
 * Floating types of at most 8 bits: exact to fp32, rounded to nearest even from fp32.
 * e8m0 has neither sign nor zero: code c is 2^(c - 127).
 */
#ifndef VNPU_NUMBER_NARROW_H
#define VNPU_NUMBER_NARROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** e4m3_expand() - fp8 e4m3 to fp32; 0x7f and 0xff are not-a-number */
void e4m3_expand(const uint8_t *from, float *to, size_t n);

/** e5m2_expand() - fp8 e5m2 to fp32 */
void e5m2_expand(const uint8_t *from, float *to, size_t n);

/** e2m1_expand() - fp4 in the low halves of bytes to fp32; upper halves are not used */
void e2m1_expand(const uint8_t *from, float *to, size_t n);

/** e8m0_expand() - powers of two to fp32; 0xff is not-a-number */
void e8m0_expand(const uint8_t *from, float *to, size_t n);

/** e4m3_round() - fp32 to fp8 e4m3; too large gives not-a-number, or +-448 with @saturate */
void e4m3_round(const float *from, uint8_t *to, size_t n, bool saturate);

/** e5m2_round() - fp32 to fp8 e5m2; too large gives infinity, or +-57344 with @saturate */
void e5m2_round(const float *from, uint8_t *to, size_t n, bool saturate);

/** e2m1_round() - fp32 to fp4; too large gives +-6, not-a-number +0; upper halves are 0 */
void e2m1_round(const float *from, uint8_t *to, size_t n);

/**
 * e8m0_round() - fp32 to powers of two
 *
 * Below the smallest, and 0, gives the smallest; a negative value not-a-number; too large
 * not-a-number, or the largest with @saturate. Halfway goes to the even code.
 */
void e8m0_round(const float *from, uint8_t *to, size_t n, bool saturate);

#endif
