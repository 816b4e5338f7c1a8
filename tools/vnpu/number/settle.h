/* SPDX-License-Identifier: MIT */
/*
 * Arguments whose results come closer to the point halfway between two fp32 than fp64 tells.
 * They were found by trying all arguments (tests/test_rounded.c), and are settled one by one.
 */
#ifndef VNPU_NUMBER_SETTLE_H
#define VNPU_NUMBER_SETTLE_H

/**
 * struct hardest - one of them
 * @argument: what the function is applied to
 * @result: its value, rounded once
 */
struct hardest {
	float argument;
	float result;
};

/* @y, or the result of the hardest argument that @x is. */
#define SETTLED(x, y, cases)								\
	settled(x, y, cases, sizeof(cases) / sizeof((cases)[0]))

static inline __attribute__((always_inline))
float settled(float x, float y, const struct hardest *cases, unsigned int n)
{
#pragma GCC unroll 16
	for (unsigned int i = 0; i < n; i++)
		y = x == cases[i].argument ? cases[i].result : y;
	return y;
}

#endif
