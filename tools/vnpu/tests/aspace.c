// SPDX-License-Identifier: MIT
#include "aspace.h"

#include <tsr_hw/registers.h>

#include "harness.h"

void aspace_make(struct aspace *as, struct harness *harness, unsigned int asid)
{
	as->harness = harness;
	as->asid = asid;
	as->root = harness_alloc(harness, TSR_HW_PAGE_SIZE);
	harness_write64(harness, TSR_HW_REG_ASID_ROOT_LO(asid), as->root | TSR_HW_ASID_VALID);
}

uint64_t *aspace_entry(struct aspace *as, uint64_t va, int level)
{
	uint64_t table = as->root;
	uint64_t *entry;

	for (int at = TSR_HW_PT_LEVELS - 1;; at--) {
		entry = (uint64_t *)harness_at(as->harness, table) +
			(va >> TSR_HW_PT_SHIFT(at) & (TSR_HW_PT_ENTRIES - 1));
		if (at == level)
			return entry;
		if (!(*entry & TSR_HW_PTE_VALID))
			*entry = harness_alloc(as->harness, TSR_HW_PAGE_SIZE) | TSR_HW_PTE_VALID;
		table = *entry & TSR_HW_PTE_ADDR;
	}
}

void aspace_map(struct aspace *as, uint64_t va, uint64_t bus, size_t size, uint64_t perms)
{
	for (size_t at = 0; at < size; at += TSR_HW_PAGE_SIZE)
		__atomic_store_n(aspace_entry(as, va + at, 0),
				 (bus + at) | perms | TSR_HW_PTE_VALID | TSR_HW_PTE_LEAF,
				 __ATOMIC_RELEASE);
}

void aspace_unmap(struct aspace *as, uint64_t va, size_t size)
{
	for (size_t at = 0; at < size; at += TSR_HW_PAGE_SIZE)
		__atomic_store_n(aspace_entry(as, va + at, 0), 0, __ATOMIC_RELEASE);
}

uint64_t aspace_alloc(struct aspace *as, uint64_t va, size_t size, uint64_t perms)
{
	uint64_t bus = harness_alloc(as->harness, size);

	aspace_map(as, va, bus, (size + TSR_HW_PAGE_SIZE - 1) & ~(TSR_HW_PAGE_SIZE - 1), perms);
	return bus;
}
