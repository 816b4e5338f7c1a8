// SPDX-License-Identifier: MIT
#include "asid.h"

void asid_table_reset(struct asid_table *table)
{
	for (int i = 0; i < TSR_HW_ASID_COUNT; i++) {
		atomic_store(&table->root[i], 0);
		table->low[i] = 0;
	}
}

void asid_table_write(struct asid_table *table, unsigned int word, uint32_t val)
{
	unsigned int asid = word / 2;

	if (word % 2 == 0)
		table->low[asid] = val;
	else
		atomic_store(&table->root[asid], (uint64_t)val << 32 | table->low[asid]);
}

uint32_t asid_table_read(const struct asid_table *table, unsigned int word)
{
	uint64_t root = atomic_load(&table->root[word / 2]);

	return word % 2 == 0 ? (uint32_t)root : (uint32_t)(root >> 32);
}

uint64_t asid_table_root(const struct asid_table *table, unsigned int asid)
{
	if (asid == 0 || asid >= TSR_HW_ASID_COUNT)
		return 0;
	return atomic_load_explicit(&table->root[asid], memory_order_acquire);
}
