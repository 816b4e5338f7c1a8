/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Per-node records for the job's owner. */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>
#include <stdint.h>

struct engine_result;
struct job;
struct job_error;

/**
 * profile_write() - write the record of a node, through the job's address space
 * @job: the job, with TSR_HW_JOB_PROFILE and room for a record
 * @node: node number
 * @instance: engine instance that ran it, DONE and not yet acknowledged
 * @result: what it reported
 * @error: set when it could not be written
 */
bool profile_write(struct job *job, uint32_t node, uint32_t instance,
		   const struct engine_result *result, struct job_error *error);

#endif
