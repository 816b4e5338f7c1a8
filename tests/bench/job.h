/* SPDX-License-Identifier: MIT */
/* One job, its SUBMIT argument made beforehand so that only the ioctl is measured. */
#ifndef BENCH_JOB_H
#define BENCH_JOB_H

#include <stdint.h>

#include "npu.h"
#include "program.h"

/**
 * struct job - argument of SUBMIT with what it points to; not to be moved
 * @submit: to be handed to the ioctl
 * @job: its one job
 * @sync: in and out
 */
struct job {
	struct drm_tessera_submit submit;
	struct drm_tessera_job job;
	struct drm_tessera_sync sync[2];
};

/** job_init() - run @program after syncobj @in (0: none), then signal @out */
void job_init(struct job *job, const struct npu *npu, const struct program *program,
	      uint32_t in, uint32_t out);

/** job_submit() - SUBMIT; dies when it is refused */
void job_submit(struct job *job, const struct npu *npu);

#endif
