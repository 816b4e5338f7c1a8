/* SPDX-License-Identifier: MIT */
#include "host_caches.h"

#define LEAST_BYTES	4096u

/* Fields of the leaf; each number is one less than what it stands for. */
#define SHARERS(eax)	(((eax) >> 14 & 0xfffu) + 1)
#define LINE(ebx)	(((ebx) & 0xfffu) + 1)
#define PARTITIONS(ebx)	(((ebx) >> 12 & 0x3ffu) + 1)
#define WAYS(ebx)	(((ebx) >> 22) + 1)

bool host_caches_suffice(uint32_t eax, uint32_t ebx, uint32_t ecx)
{
	uint64_t set = (uint64_t)LINE(ebx) * PARTITIONS(ebx) * WAYS(ebx);

	/* Of more sets no cache of the first level has. */
	return ecx < UINT32_MAX / LEAST_BYTES && set * (ecx + 1) / SHARERS(eax) >= LEAST_BYTES;
}

#if defined(__x86_64__)

#include <cpuid.h>

#define LEAF	0x8000001du

bool host_caches_hidden(void)
{
	unsigned int eax, ebx, ecx, edx;

	if (!__builtin_cpu_is("amd"))
		return false;
	return !__get_cpuid_count(LEAF, 0, &eax, &ebx, &ecx, &edx) ||
	       !host_caches_suffice(eax, ebx, ecx);
}

#else

bool host_caches_hidden(void)
{
	return false;
}

#endif
