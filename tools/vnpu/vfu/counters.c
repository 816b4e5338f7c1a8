// SPDX-License-Identifier: MIT
#include "server.h"

_Static_assert(sizeof(struct vfu_counters) % sizeof(uint64_t) == 0, "counters are uint64_t");

void vfu_get_counters(const struct vfu *vfu, struct vfu_counters *out)
{
	const uint64_t *from = (const uint64_t *)&vfu->counters;
	uint64_t *to = (uint64_t *)out;
	size_t i;

	for (i = 0; i < sizeof(*out) / sizeof(*to); i++)
		to[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}
