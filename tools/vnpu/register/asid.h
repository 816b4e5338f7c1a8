/* SPDX-License-Identifier: MIT */
#ifndef VNPU_ASID_H
#define VNPU_ASID_H

#include <stdatomic.h>
#include <stdint.h>

#include <tsr_hw/base.h>
#include <tsr_hw/registers.h>

/**
 * struct asid_table - root page table of each address space
 * @root: as written by the host; entry 0 is no address space
 * @low: low words waiting for their high word, used by the protocol thread only
 */
struct asid_table {
	atomic_ullong root[TSR_HW_ASID_COUNT];
	uint32_t low[TSR_HW_ASID_COUNT];
};

/** asid_table_reset() - no address space has a root */
void asid_table_reset(struct asid_table *table);

/**
 * asid_table_write() - the host writes one word
 * @table: the table
 * @word: index of the 32-bit word, below 2 * TSR_HW_ASID_COUNT; odd words commit
 * @val: the word
 */
void asid_table_write(struct asid_table *table, unsigned int word, uint32_t val);

/** asid_table_read() - the host reads one committed word */
uint32_t asid_table_read(const struct asid_table *table, unsigned int word);

/** asid_table_root() - entry of @asid, 0 for one out of range; from any thread */
uint64_t asid_table_root(const struct asid_table *table, unsigned int asid);

#endif
