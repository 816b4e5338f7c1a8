// SPDX-License-Identifier: MIT
#include "walk_line.h"

#include "smaller.h"

_Static_assert(BURSTS_PER_PAGE == 1 << 6, "walk_step() knows it");

uint64_t walk_gcd(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/*
 * Crossings from the last burst of a page to the first one of the next by a stride of between one
 * and two bursts: they are no jumps. The pattern repeats after stride / gcd pages.
 */
static uint64_t quiet_crossings(uint64_t place, uint64_t crossings, uint64_t stride)
{
	uint64_t period = stride / walk_gcd(stride, PAGE_BITS);
	uint64_t quiet = 0;

	for (uint64_t turn = 0; turn < smaller(period, crossings); turn++) {
		uint64_t boundary = (turn + 1) * PAGE_BITS;
		uint64_t before = place + (boundary - 1 - place) / stride * stride;

		if (before / BURST_BITS + 1 == (before + stride) / BURST_BITS)
			quiet += (crossings - turn - 1) / period + 1;
	}
	return quiet;
}

/* Every element of a stride above a burst is in a burst of its own. */
static struct walk sparse_line(uint64_t place, uint64_t extent, uint64_t stride, uint64_t last)
{
	uint64_t steps = extent - 1;
	uint64_t crossings = stride < PAGE_BITS ? last / BURSTS_PER_PAGE : steps;

	if (stride >= 2 * BURST_BITS)
		return (struct walk){ extent, steps, crossings };
	/* A step goes one burst or two ahead; those of two are jumps. */
	return (struct walk){ extent, last - place / BURST_BITS - steps,
			      crossings - quiet_crossings(place, crossings, stride) };
}

uint64_t walk_line_work(uint64_t extent, uint64_t stride)
{
	if (stride <= BURST_BITS || stride >= 2 * BURST_BITS)
		return 1;
	/* The turns of quiet_crossings(). */
	return 1 + smaller(stride, extent / (PAGE_BITS / (2 * BURST_BITS)));
}

struct span walk_line(uint64_t place, uint64_t extent, uint64_t stride)
{
	struct span span = { .last = (place + (extent - 1) * stride) / BURST_BITS };

	if (stride <= BURST_BITS)
		span.walk.bursts = span.last - place / BURST_BITS + 1;
	else
		span.walk = sparse_line(place, extent, stride, span.last);
	return span;
}
