/* SPDX-License-Identifier: MIT */
#include "activation.h"

#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>

#include "number/clones.h"
#include "number/extremum.h"

static int decode_limits(uint32_t alpha, uint32_t beta, struct activation *activation)
{
	memcpy(&activation->alpha, &alpha, sizeof(alpha));
	memcpy(&activation->beta, &beta, sizeof(beta));
	return activation->alpha <= activation->beta ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

int activation_decode(uint32_t kind, uint32_t alpha, uint32_t beta,
		      struct activation *activation)
{
	activation->kind = kind;
	activation->alpha = 0;
	activation->beta = 0;
	if (kind == TSR_HW_ACT_CLIP)
		return decode_limits(alpha, beta, activation);
	if (kind > TSR_HW_ACT_CLIP || alpha || beta)
		return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

TILE_CLONES static void relu(float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values[i] = maximum(values[i], 0);
}

TILE_CLONES static void clip(float *values, size_t n, float low, float high)
{
	for (size_t i = 0; i < n; i++)
		values[i] = clamp_fp32(values[i], low, high);
}

void activation_apply(const struct activation *activation, float *values, size_t n)
{
	if (activation->kind == TSR_HW_ACT_RELU)
		relu(values, n);
	else if (activation->kind == TSR_HW_ACT_CLIP)
		clip(values, n, activation->alpha, activation->beta);
}
