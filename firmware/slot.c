// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "slot.h"

#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/program.h>

#include "copy.h"
#include "job.h"
#include "queue.h"

/* Bounds the time one table can keep the core from everything else. */
#define SLOTS_PER_CHECK 128u

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

	job->slots_checked = 0;
	if (job->slot_count == 0u)
		return true;
	error->error = copy_read(job->queue->asid, address, table,
				 job->slot_count * (uint32_t)sizeof(*table));
	if (error->error == TSR_HW_ERR_NONE)
		return true;
	error->address = copy_fault_address();
	return false;
}

bool slot_check(struct job *job, struct job_error *error)
{
	for (uint32_t i = 0; i < SLOTS_PER_CHECK && !slot_checked(job); i++) {
		if (!slot_valid(&job->tables->slot[job->slots_checked], job->repeat)) {
			error->error = TSR_HW_ERR_SLOT;
			return false;
		}
		job->slots_checked++;
	}
	return true;
}

bool slot_checked(const struct job *job)
{
	return job->slots_checked == job->slot_count;
}

bool slot_has(const struct job *job, uint32_t number, uint64_t offset, uint32_t size)
{
	const struct tsr_hw_slot *slot;

	if (number >= job->slot_count)
		return false;
	slot = &job->tables->slot[number];
	return (slot->flags & TSR_HW_SLOT_READ) != 0u && slot->size >= size &&
	       offset <= slot->size - size;
}

bool slot_read(const struct job *job, uint32_t number, uint64_t offset, void *to, uint32_t size,
	       struct job_error *error)
{
	if (!slot_has(job, number, offset, size)) {
		error->error = TSR_HW_ERR_SLOT;
		return false;
	}
	error->error = copy_read(job->queue->asid, job->tables->slot[number].address + offset, to,
				 size);
	if (error->error == TSR_HW_ERR_NONE)
		return true;
	error->address = copy_fault_address();
	return false;
}

void slot_advance(struct job *job)
{
	for (uint32_t i = 0; i < job->slot_count; i++)
		job->tables->slot[i].address += job->tables->slot[i].stride;
}
