// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "slot.h"

#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/program.h>

#include "copy.h"
#include "job.h"
#include "queue.h"

#define VA_LIMIT (1ull << TSR_HW_VA_BITS)

/* Ends of the slot in the first and in the last repetition stay inside 48 bits. */
static bool slot_valid(const struct tsr_hw_slot *slot, uint32_t repeat)
{
	uint64_t travel;

	if ((slot->flags & ~(TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE)) != 0u || slot->mbz != 0u)
		return false;
	if (slot->address > VA_LIMIT || slot->size > VA_LIMIT || slot->stride > VA_LIMIT)
		return false;
	/* At most 2^48 * 65535: no overflow. */
	travel = slot->stride * (repeat - 1u);
	return travel <= VA_LIMIT && slot->address + slot->size + travel <= VA_LIMIT;
}

bool slot_load(struct job *job, uint64_t address, struct job_error *error)
{
	struct tsr_hw_slot *table = job->tables->slot;

	if (job->slot_count == 0u)
		return true;
	error->error = copy_read(job->queue->asid, address, table,
				 job->slot_count * (uint32_t)sizeof(*table));
	if (error->error != TSR_HW_ERR_NONE) {
		error->address = copy_fault_address();
		return false;
	}
	for (uint32_t i = 0; i < job->slot_count; i++) {
		if (!slot_valid(&table[i], job->repeat)) {
			error->error = TSR_HW_ERR_SLOT;
			return false;
		}
	}
	return true;
}

void slot_advance(struct job *job)
{
	for (uint32_t i = 0; i < job->slot_count; i++)
		job->tables->slot[i].address += job->tables->slot[i].stride;
}
