/* SPDX-License-Identifier: MIT */
/* Address spaces as a driver builds them: page tables in guest memory. */
#ifndef VNPU_TESTS_ASPACE_H
#define VNPU_TESTS_ASPACE_H

#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/mmu.h>

struct harness;

/* All permissions. */
#define ASPACE_RWF (TSR_HW_PTE_READ | TSR_HW_PTE_WRITE | TSR_HW_PTE_FETCH)

/**
 * struct aspace - one address space
 * @harness: where its tables are
 * @asid: its number
 * @root: bus address of the root table
 */
struct aspace {
	struct harness *harness;
	unsigned int asid;
	uint64_t root;
};

/** aspace_make() - an empty address space; its root is in the device's table */
void aspace_make(struct aspace *as, struct harness *harness, unsigned int asid);

/** aspace_entry() - the entry of @level for @va; tables above it are made */
uint64_t *aspace_entry(struct aspace *as, uint64_t va, int level);

/** aspace_map() - map pages; @perms are TSR_HW_PTE_READ, _WRITE, _FETCH */
void aspace_map(struct aspace *as, uint64_t va, uint64_t bus, size_t size, uint64_t perms);

/** aspace_unmap() - clear the entries; the caller invalidates */
void aspace_unmap(struct aspace *as, uint64_t va, size_t size);

/** aspace_alloc() - fresh guest memory mapped at @va; its bus address */
uint64_t aspace_alloc(struct aspace *as, uint64_t va, size_t size, uint64_t perms);

#endif
