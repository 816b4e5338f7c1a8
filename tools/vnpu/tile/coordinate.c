/* SPDX-License-Identifier: MIT */
#include "coordinate.h"

#include <math.h>

#include <tsr_hw/command.h>

#define LIMIT	0x1p24f

static float limit(float at, float low, float high)
{
	return fminf(fmaxf(at, low), high);
}

/* Between 0 and @last. The remainder is exact, and so is what is left to twice a whole number. */
static float reflect_centre(float at, float last)
{
	float rest;

	if (last == 0)
		return 0;
	rest = fmodf(fabsf(at), 2 * last);
	return rest > last ? 2 * last - rest : rest;
}

/*
 * Between -1/2 and @last + 1/2, where coordinates stay as they are. The others are at least 1/2,
 * so that half more fits a double, and what becomes of them is a multiple of their last place.
 */
static float reflect_edge(float at, float last)
{
	double extent = (double)last + 1;
	double rest;

	if (at >= -0.5f && at <= (double)last + 0.5)
		return at;
	rest = fmod(fabs((double)at + 0.5), 2 * extent);
	return (float)((rest > extent ? 2 * extent - rest : rest) - 0.5);
}

static float place(unsigned int outside, float at, float last)
{
	at = limit(at, -LIMIT, LIMIT);
	switch (outside) {
	case TSR_HW_OUTSIDE_EDGE:
		return limit(at, 0, last);
	case TSR_HW_OUTSIDE_REFLECT_CENTRE:
		return reflect_centre(at, last);
	case TSR_HW_OUTSIDE_REFLECT_EDGE:
		return limit(reflect_edge(at, last), 0, last);
	default:
		return at;
	}
}

static void add(struct coordinate *coordinate, float index, float weight, float last)
{
	if (index < 0 || index > last)
		return;
	coordinate->index[coordinate->count] = (uint32_t)index;
	coordinate->weight[coordinate->count++] = weight;
}

void coordinate_elements(struct coordinate *coordinate, unsigned int mode, unsigned int outside,
			 float at, uint32_t extent)
{
	float last = (float)(extent - 1);
	float low, weight;

	coordinate->count = 0;
	if (isnan(at))
		return;
	at = place(outside, at, last);
	if (mode == TSR_HW_SAMPLE_NEAREST) {
		add(coordinate, rintf(at), 1, last);
		return;
	}
	low = floorf(at);
	weight = at - low;
	add(coordinate, low, 1 - weight, last);
	add(coordinate, low + 1, weight, last);
}
