/* SPDX-License-Identifier: MIT */
#include "normalization.h"

#include <math.h>
#include <string.h>

#include <number/extremum.h>
#include <number/rounded.h>
#include <tsr_hw/command.h>

static float sum(float total, const float *values, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		total += values[i];
	return total;
}

static float sum_of_squares(float total, const float *values, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		total += values[i] * values[i];
	return total;
}

static float highest(float total, const float *values, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		total = maximum(total, values[i]);
	return total;
}

static bool is_softmax(const struct normalization *how)
{
	return how->mode == TSR_HW_NORMALIZE_SOFTMAX || how->mode == TSR_HW_NORMALIZE_LOG_SOFTMAX;
}

bool normalization_has_centre(const struct normalization *how)
{
	return how->mode != TSR_HW_NORMALIZE_RMS;
}

void normalization_start(const struct normalization *how, struct normalization_row *row)
{
	*row = (struct normalization_row){ .total = is_softmax(how) ? -INFINITY : 0 };
}

void normalization_centre(const struct normalization *how, struct normalization_row *row,
			  const float *values, uint64_t n)
{
	if (is_softmax(how))
		row->total = highest(row->total, values, n);
	else if (how->mode == TSR_HW_NORMALIZE_STANDARD)
		row->total = sum(row->total, values, n);
}

void normalization_turn(const struct normalization *how, struct normalization_row *row)
{
	if (is_softmax(how))
		row->centre = row->total;
	else
		row->centre = row->total / (float)how->depth;
	row->total = 0;
}

void normalization_shift(const struct normalization *how, const struct normalization_row *row,
			 float *values, uint64_t n)
{
	if (!normalization_has_centre(how))
		return;
	for (uint64_t i = 0; i < n; i++)
		values[i] -= row->centre;
	if (how->mode == TSR_HW_NORMALIZE_SOFTMAX)
		number_exp(values, n);
}

void normalization_measure(const struct normalization *how, struct normalization_row *row,
			   const float *values, uint64_t n)
{
	float powers[NORMALIZATION_MOST];

	switch (how->mode) {
	case TSR_HW_NORMALIZE_SOFTMAX:
		row->total = sum(row->total, values, n);
		break;
	case TSR_HW_NORMALIZE_LOG_SOFTMAX:
		memcpy(powers, values, n * sizeof(*powers));
		number_exp(powers, n);
		row->total = sum(row->total, powers, n);
		break;
	default:
		row->total = sum_of_squares(row->total, values, n);
		break;
	}
}

void normalization_end(const struct normalization *how, struct normalization_row *row)
{
	row->divisor = row->total;
	if (how->mode == TSR_HW_NORMALIZE_LOG_SOFTMAX)
		number_log(&row->divisor, 1);
	if (is_softmax(how))
		return;
	row->divisor = row->total / (float)how->depth + how->epsilon;
	number_sqrt(&row->divisor, 1);
}

void normalization_finish(const struct normalization *how, const struct normalization_row *row,
			  float *values, uint64_t n)
{
	if (how->mode == TSR_HW_NORMALIZE_LOG_SOFTMAX) {
		for (uint64_t i = 0; i < n; i++)
			values[i] -= row->divisor;
		return;
	}
	for (uint64_t i = 0; i < n; i++)
		values[i] /= row->divisor;
}
