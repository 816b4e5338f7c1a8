/* SPDX-License-Identifier: MIT */
#include "host_caches.h"

#if defined(__x86_64__)

#include <cpuid.h>

/* AMD's leaf of caches: its first part is of the level 1 data cache. */
#define LEAF		0x8000001du
#define TYPE_MASK	0x1fu

bool host_caches_hidden(void)
{
	unsigned int eax = 0, ebx, ecx, edx;

	return __builtin_cpu_is("amd") && __get_cpuid_count(LEAF, 0, &eax, &ebx, &ecx, &edx) &&
	       !(eax & TYPE_MASK);
}

#else

bool host_caches_hidden(void)
{
	return false;
}

#endif
