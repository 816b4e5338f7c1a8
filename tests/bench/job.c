// SPDX-License-Identifier: MIT
#include "job.h"

#include <sys/ioctl.h>

void job_init(struct job *job, const struct npu *npu, const struct program *program,
	      uint32_t in, uint32_t out)
{
	uint32_t syncs = 0;

	if (in)
		job->sync[syncs++] = (struct drm_tessera_sync){
			.flags = DRM_TESSERA_SYNC_WAIT, .handle = in };
	job->sync[syncs++] = (struct drm_tessera_sync){
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = out };
	job->job = (struct drm_tessera_job){
		.program = program->buffer.va,
		.program_size = program->size,
		.slots = program->buffer.va + program->slots,
		.slot_count = program->slot_count,
		.repeat = 1,
		.syncs = DRM_TESSERA_ARRAY(syncs, job->sync),
	};
	job->submit = (struct drm_tessera_submit){
		.queue_id = npu->queue,
		.jobs = DRM_TESSERA_ARRAY(1, &job->job),
	};
}

void job_submit(struct job *job, const struct npu *npu)
{
	if (ioctl(npu->fd, DRM_IOCTL_TESSERA_SUBMIT, &job->submit))
		die("SUBMIT");
}
