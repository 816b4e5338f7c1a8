/* SPDX-License-Identifier: MIT */
/* A program placed in a context, as jobs see it. */
#ifndef TSR_MODEL_H
#define TSR_MODEL_H

#include <stddef.h>
#include <stdint.h>

struct tsr_buffer;
struct tsr_context;
struct tsr_model;

/** struct tsr_model_facts - what a job needs to know of a loaded model */
struct tsr_model_facts {
	struct tsr_context *context;
	uint64_t program;	/* address; number of one that is sealed */
	uint32_t program_size;	/* 0 of one that is sealed */
	uint32_t job_flags;	/* DRM_TESSERA_JOB_SEALED or 0 */
	size_t nodes;
	size_t inputs;
	size_t outputs;
	const size_t *sizes;	/* of inputs, then outputs, in bytes */
	uint64_t scratch;	/* address, 0 when none is needed */
	size_t scratch_size;
};

const struct tsr_model_facts *tsr_model_facts(const struct tsr_model *model);

#endif
