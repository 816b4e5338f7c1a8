// SPDX-License-Identifier: MIT
#include "rank.h"

#include <math.h>
#include <stdbool.h>

static bool larger(float a, float b)
{
	return a > b || (isnan(b) && !isnan(a));
}

size_t rank_largest(const float *values, size_t count, size_t *best, size_t top)
{
	size_t found = 0, i, at;

	for (i = 0; i < count; i++) {
		if (found == top && !larger(values[i], values[best[found - 1]]))
			continue;
		at = found < top ? found++ : found - 1;
		for (; at && larger(values[i], values[best[at - 1]]); at--)
			best[at] = best[at - 1];
		best[at] = i;
	}
	return found;
}
