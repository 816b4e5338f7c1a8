/* SPDX-License-Identifier: MIT */
/* fp16 and bf16: exact to fp32, round to nearest even from fp32. */
#ifndef VNPU_NUMBER_HALF_H
#define VNPU_NUMBER_HALF_H

#include <stddef.h>
#include <stdint.h>

/** fp16_to_fp32() - exact; a signalling NaN becomes quiet */
float fp16_to_fp32(uint16_t half);

/** fp16_from_fp32() - rounded to nearest even; overflow gives infinity */
uint16_t fp16_from_fp32(float value);

/** fp16_expand() - fp16_to_fp32() of @n values */
void fp16_expand(const uint16_t *from, float *to, size_t n);

/** fp16_round() - fp16_from_fp32() of @n values */
void fp16_round(const float *from, uint16_t *to, size_t n);

/** bf16_expand() - exact, @n values */
void bf16_expand(const uint16_t *from, float *to, size_t n);

/** bf16_round() - rounded to nearest even, NaN stays a quiet NaN; @n values */
void bf16_round(const float *from, uint16_t *to, size_t n);

#endif
