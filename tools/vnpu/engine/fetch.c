// SPDX-License-Identifier: MIT
#include "fetch.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "core/sram.h"
#include "engine_regs.h"
#include "job.h"

/* Copy @size bytes of the core's memory; @outside is the error where some are not there. */
static int copy_table(struct sram *sram, uint32_t address, size_t size, int outside,
		      void **table)
{
	const void *from = sram_at(sram, address, size);

	if (!from && size)
		return outside;
	*table = malloc(size + 1);
	if (!*table)
		return TSR_HW_ERR_ENGINE;
	if (size)
		memcpy(*table, from, size);
	return TSR_HW_ERR_NONE;
}

static int copy_slots(struct sram *sram, const struct engine_args *args, struct job *job)
{
	void *table = NULL;
	int error;

	if (args->slot_count > TSR_HW_MAX_SLOTS)
		return TSR_HW_ERR_SLOT;
	error = copy_table(sram, args->slots, args->slot_count * sizeof(struct tsr_hw_slot),
			   TSR_HW_ERR_SLOT, &table);
	job->slots = table;
	return error;
}

static int copy_parameters(struct sram *sram, const struct engine_args *args, struct job *job)
{
	void *table = NULL;
	int error;

	if (args->parameter_count > TSR_HW_MAX_PARAMETERS)
		return TSR_HW_ERR_PARAMETER;
	error = copy_table(sram, args->parameters, args->parameter_count * sizeof(uint64_t),
			   TSR_HW_ERR_PARAMETER, &table);
	job->parameters = table;
	return error;
}

static int fetch_stream(const struct engine_args *args, struct job *job,
			uint64_t *fault)
{
	int error;

	*fault = 0;
	if (args->stream_size > TSR_HW_MAX_STREAM || args->stream_size % 8)
		return TSR_HW_ERR_COMMAND;
	job->stream = malloc(args->stream_size);
	if (!job->stream)
		return TSR_HW_ERR_ENGINE;
	error = port_copy_bytes(job->port, &job->agent, MMU_FETCH, args->stream,
				job->stream, args->stream_size, fault);
	/* Closed means that a reset is about to end all this. */
	return error == PORT_CLOSED ? TSR_HW_ERR_FAULT_BUS : error;
}

/* Address space 0 is the host's memory as it is: no engine may ever use it. */
static bool asid_valid(uint32_t asid)
{
	return asid != 0;
}

int fetch_job(struct sram *sram, const struct engine_args *args, struct job *job,
	      uint64_t *fault)
{
	int error;

	*fault = 0;
	if (!asid_valid(args->asid)) {
		*fault = args->stream;
		return TSR_HW_ERR_FAULT_FETCH;
	}
	error = copy_slots(sram, args, job);
	if (!error)
		error = copy_parameters(sram, args, job);
	return error ? error : fetch_stream(args, job, fault);
}
