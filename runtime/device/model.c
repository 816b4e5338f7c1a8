// SPDX-License-Identifier: MIT
/* A program in a context's address space, with the scratch memory of its runs. */
#include "model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tessera_accel.h"

#include "context.h"
#include "device.h"
#include "../error.h"
#include "../include/tessera.h"

struct tsr_model {
	struct tsr_model_facts facts;
	struct tsr_buffer *program;
	struct tsr_buffer *scratch;
	size_t sizes[];
};

/*
 * A sealed program is checked by the device once, not for each job. A driver or a firmware that
 * knows no seals, or does not take this program, is told of it by each job's address.
 */
static void seal_program(struct tsr_model *model)
{
	struct tsr_model_facts *facts = &model->facts;
	struct drm_tessera_program_seal seal = {
		.va = facts->program,
		.size = facts->program_size,
		.vm_id = tsr_context_vm(facts->context),
	};

	if (tsr_buffer_seal(model->program) ||
	    tsr_ioctl_quiet(tsr_context_device(facts->context), DRM_IOCTL_TESSERA_PROGRAM_SEAL,
			    &seal))
		return;
	facts->program = seal.program_id;
	facts->program_size = 0;
	facts->job_flags = DRM_TESSERA_JOB_SEALED;
}

/* Its memory cannot be unmapped before. */
static void unseal_program(struct tsr_model *model)
{
	struct drm_tessera_program_unseal unseal = {
		.program_id = (uint32_t)model->facts.program,
	};

	if (model->facts.job_flags & DRM_TESSERA_JOB_SEALED)
		tsr_ioctl_quiet(tsr_context_device(model->facts.context),
				DRM_IOCTL_TESSERA_PROGRAM_UNSEAL, &unseal);
}

static int place_program(struct tsr_model *model, const struct tsr_program *program)
{
	size_t size;
	const void *data = tsr_program_data(program, &size);
	int error;

	error = tsr_buffer_create_access(model->facts.context, size, TSR_ACCESS_PROGRAM,
					 tsr_context_local(model->facts.context), &model->program);
	if (!error)
		error = tsr_buffer_write(model->program, 0, data, size);
	if (error)
		return error;
	model->facts.program = tsr_buffer_address(model->program);
	model->facts.program_size = (uint32_t)size;
	seal_program(model);
	return 0;
}

/* Jobs of a queue run one after the other, so one scratch area serves all. */
static int place_scratch(struct tsr_model *model, const struct tsr_program *program)
{
	size_t size = tsr_program_scratch(program);
	int error;

	if (!size)
		return 0;
	error = tsr_buffer_create_access(model->facts.context, size, TSR_ACCESS_DATA,
					 tsr_context_local(model->facts.context), &model->scratch);
	if (error)
		return error;
	model->facts.scratch = tsr_buffer_address(model->scratch);
	model->facts.scratch_size = size;
	return 0;
}

static void note_arguments(struct tsr_model *model, const struct tsr_program *program)
{
	struct tsr_model_facts *facts = &model->facts;
	size_t i;

	for (i = 0; i < facts->inputs; i++)
		model->sizes[i] = tsr_program_input(program, i)->size;
	for (i = 0; i < facts->outputs; i++)
		model->sizes[facts->inputs + i] = tsr_program_output(program, i)->size;
	facts->sizes = model->sizes;
}

int tsr_model_load(struct tsr_context *context, const struct tsr_program *program,
		   struct tsr_model **model)
{
	size_t inputs = tsr_program_inputs(program), outputs = tsr_program_outputs(program);
	struct tsr_model *made = calloc(1, sizeof(*made) +
					(inputs + outputs) * sizeof(made->sizes[0]));
	int error;

	*model = NULL;
	if (!made)
		return tsr_fail(-ENOMEM, "out of memory");
	made->facts = (struct tsr_model_facts){
		.context = context,
		.nodes = tsr_program_nodes(program),
		.inputs = inputs,
		.outputs = outputs,
	};
	note_arguments(made, program);
	error = place_program(made, program);
	if (!error)
		error = place_scratch(made, program);
	if (error)
		tsr_model_unload(made);
	else
		*model = made;
	return error;
}

void tsr_model_unload(struct tsr_model *model)
{
	if (!model)
		return;
	unseal_program(model);
	tsr_buffer_destroy(model->scratch);
	tsr_buffer_destroy(model->program);
	free(model);
}

const struct tsr_model_facts *tsr_model_facts(const struct tsr_model *model)
{
	return &model->facts;
}
