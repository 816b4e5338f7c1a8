// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "parameter.h"

#include <tsr_hw/error.h>

#include "copy.h"
#include "job.h"
#include "queue.h"
#include "slot.h"

/* Any value is good here: whether it is one that a field could have, the engine sees. */
bool parameter_load(struct job *job, uint64_t address, struct job_error *error)
{
	uint64_t *table = job->tables->parameter;

	if (job->parameter_count == 0u)
		return true;
	error->error = copy_read(job->queue->asid, address, table,
				 job->parameter_count * (uint32_t)sizeof(*table));
	if (error->error != TSR_HW_ERR_NONE) {
		error->address = copy_fault_address();
		return false;
	}
	for (uint32_t i = 0; i < job->parameter_count; i++)
		job->tables->given[i] = table[i];
	return true;
}

void parameter_restore(struct job *job)
{
	for (uint32_t i = 0; i < job->parameter_count; i++)
		job->tables->parameter[i] = job->tables->given[i];
}

/* 32 bits are signed, as elements and fields are. */
bool parameter_read(struct job *job, const struct tsr_hw_node *node, struct job_error *error)
{
	static uint64_t wide;
	static int32_t word;
	bool is_wide = (node->flags & TSR_HW_NODE_WIDE) != 0u;

	if (node->index >= job->parameter_count) {
		error->error = TSR_HW_ERR_PARAMETER;
		return false;
	}
	if (!slot_read(job, node->word_slot, node->word_offset, is_wide ? (void *)&wide : &word,
		       is_wide ? sizeof(wide) : sizeof(word), error))
		return false;
	job->tables->parameter[node->index] = is_wide ? wide : (uint64_t)(int64_t)word;
	return true;
}
