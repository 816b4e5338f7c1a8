// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "parameter.h"

#include <tsr_hw/error.h>

#include "copy.h"
#include "job.h"
#include "queue.h"

/* Any value is good here: whether it is one that a field could have, the engine sees. */
bool parameter_load(struct job *job, uint64_t address, struct job_error *error)
{
	uint64_t *table = job->tables->parameter;

	if (job->parameter_count == 0u)
		return true;
	error->error = copy_read(job->queue->asid, address, table,
				 job->parameter_count * (uint32_t)sizeof(*table));
	if (error->error == TSR_HW_ERR_NONE)
		return true;
	error->address = copy_fault_address();
	return false;
}
