/* SPDX-License-Identifier: MIT */
/* An invalidation, and whether a range of an address space is one that it covers in part. */
#ifndef VNPU_INVALIDATION_H
#define VNPU_INVALIDATION_H

#include <stdbool.h>
#include <stdint.h>

/* Address space of an invalidation that covers everything, as a reset does. */
#define INVALIDATION_ALL_ASIDS UINT32_MAX

/**
 * struct invalidation - translations that are no more
 * @asid: address space or INVALIDATION_ALL_ASIDS
 * @va: first address
 * @size: bytes; UINT64_MAX for the whole address space
 */
struct invalidation {
	uint32_t asid;
	uint64_t va;
	uint64_t size;
};

/** invalidation_meets() - whether it covers any of @size bytes, at least 1, from @va on */
static inline bool invalidation_meets(const struct invalidation *inv, uint32_t asid, uint64_t va,
				      uint64_t size)
{
	if (inv->asid != INVALIDATION_ALL_ASIDS && inv->asid != asid)
		return false;
	if (va < inv->va)
		return inv->va - va < size;
	return va - inv->va < inv->size;
}

#endif
