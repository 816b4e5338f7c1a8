/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TILE_ACTIVATION_H
#define VNPU_TILE_ACTIVATION_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct activation - TSR_HW_ACT_* with its limits
 * @kind: TSR_HW_ACT_*
 * @alpha: lower limit of CLIP
 * @beta: upper limit of CLIP
 */
struct activation {
	uint32_t kind;
	float alpha;
	float beta;
};

/**
 * activation_decode() - check kind and limits
 * @kind: TSR_HW_ACT_*
 * @alpha: fp32 bits, zero unless CLIP
 * @beta: fp32 bits, zero unless CLIP
 * @activation: result
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_COMMAND.
 */
int activation_decode(uint32_t kind, uint32_t alpha, uint32_t beta,
		      struct activation *activation);

/**
 * activation_apply() - in place
 * @activation: what
 * @values: values
 * @n: their number
 *
 * NaN stays NaN.
 */
void activation_apply(const struct activation *activation, float *values, size_t n);

#endif
