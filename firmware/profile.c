// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "profile.h"

#include <stddef.h>

#include <tsr_hw/error.h>

#include "copy.h"
#include "engine.h"
#include "job.h"
#include "queue.h"
#include "reg.h"
#include "table.h"

bool profile_write(struct job *job, uint32_t node, uint32_t instance,
		   const struct engine_result *result, struct job_error *error)
{
	static struct tsr_hw_profile record;
	const struct tsr_hw_node *entry = table_node(job, node, error);
	uint64_t address = job->profile;

	if (entry == NULL)
		return false;
	record.node = node;
	record.repetition = job->repetition;
	record.engine = entry->engine | (instance << 8) |
			(engine_read(instance, TSR_HW_ENGINE_RANGE) << 16);
	record.tag = entry->tag;
	record.start = result->start;
	record.end = result->end;
	record.macs = engine_read64(instance, TSR_HW_ENGINE_MACS_LO);
	record.bytes_read = engine_read64(instance, TSR_HW_ENGINE_READ_LO);
	record.bytes_written = engine_read64(instance, TSR_HW_ENGINE_WRITTEN_LO);
	record.energy = engine_read64(instance, TSR_HW_ENGINE_ENERGY_LO);
	job->profile += sizeof(record);
	job->profile_left--;
	error->error = copy_write(job->queue->asid, address, &record, sizeof(record));
	if (error->error == TSR_HW_ERR_NONE)
		return true;
	error->address = copy_fault_address();
	return false;
}
