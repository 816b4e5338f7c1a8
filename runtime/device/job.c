// SPDX-License-Identifier: MIT
/*
 * One submission of a model, from SUBMIT to its verdict: two ioctls, and no memory allocated
 * when a job of the context has ended before.
 */
#include "job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/program.h>

#include "tessera_accel.h"

#include "context.h"
#include "model.h"
#include "queue.h"
#include "syncobj.h"
#include "../error.h"
#include "../include/tessera.h"
#include "../options.h"

static int fill_slot(struct tsr_hw_slot *slot, struct tsr_context *context,
		     const struct tsr_binding *binding, size_t size, uint32_t repeat,
		     uint32_t access)
{
	size_t room, span;

	if (!binding->buffer || tsr_buffer_context(binding->buffer) != context)
		return tsr_fail(-EINVAL, "a binding has no buffer, or one of another context");
	room = tsr_buffer_size(binding->buffer);
	if (__builtin_mul_overflow(binding->stride, (size_t)repeat - 1, &span) ||
	    __builtin_add_overflow(span, size, &span) || binding->offset > room ||
	    span > room - binding->offset)
		return tsr_fail(-EINVAL, "a binding needs %zu bytes at offset %zu, %u time(s) "
				"with stride %zu; the buffer has %zu", size, binding->offset,
				repeat, binding->stride, room);
	*slot = (struct tsr_hw_slot){
		.address = tsr_buffer_address(binding->buffer) + binding->offset,
		.size = size,
		.stride = binding->stride,
		.flags = access,
	};
	return 0;
}

static int fill_slots(struct tsr_hw_slot *slots, const struct tsr_model_facts *model,
		      const struct tsr_binding *inputs, const struct tsr_binding *outputs,
		      uint32_t repeat)
{
	size_t i;
	int error = 0;

	for (i = 0; i < model->inputs && !error; i++)
		error = fill_slot(&slots[i], model->context, &inputs[i], model->sizes[i], repeat,
				  TSR_HW_SLOT_READ);
	slots += model->inputs;
	for (i = 0; i < model->outputs && !error; i++)
		error = fill_slot(&slots[i], model->context, &outputs[i],
				  model->sizes[model->inputs + i], repeat,
				  TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	if (!error && model->scratch_size)
		slots[model->outputs] = (struct tsr_hw_slot){
			.address = model->scratch,
			.size = model->scratch_size,
			.flags = TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE,
		};
	return error;
}

static size_t slot_count(const struct tsr_model_facts *model)
{
	return model->inputs + model->outputs + (model->scratch_size ? 1 : 0);
}

/* Slot table, then records. Return: bytes, 0 when they cannot be counted. */
static size_t lay_out(size_t *profile_offset, size_t *capacity,
		      const struct tsr_model_facts *model,
		      const struct tsr_submit_options *options)
{
	size_t size = slot_count(model) * sizeof(struct tsr_hw_slot);

	*profile_offset = (size + 63) & ~(size_t)63;
	*capacity = 0;
	if (!options->profile)
		return size ? size : 1;
	if (__builtin_mul_overflow(model->nodes, (size_t)options->repeat, capacity) ||
	    *capacity > UINT32_MAX)
		return 0;
	return *profile_offset + *capacity * sizeof(struct tsr_hw_profile);
}

static int take_job(const struct tsr_model_facts *model, const struct tsr_submit_options *options,
		    struct tsr_job **job)
{
	size_t offset, capacity, size = lay_out(&offset, &capacity, model, options);
	int error;

	if (!size)
		return tsr_fail(-E2BIG, "too many profile records: %zu nodes, %u times",
				model->nodes, options->repeat);
	error = tsr_job_pool_take(tsr_context_jobs(model->context), size, job);
	if (error)
		return error;
	(*job)->profile_offset = offset;
	(*job)->profile_capacity = capacity;
	/* The records of another job may lie there, and an unwritten one has no end. */
	memset((char *)(*job)->data + offset, 0, capacity * sizeof(struct tsr_hw_profile));
	return 0;
}

static uint32_t flags_of(const struct tsr_job *job, const struct tsr_submit_options *options)
{
	return (job->profile_capacity ? DRM_TESSERA_JOB_PROFILE : 0) |
	       (options->strict ? DRM_TESSERA_JOB_STRICT : 0);
}

static int submit(struct tsr_job *job, const struct tsr_model_facts *model,
		  const struct tsr_submit_options *options)
{
	struct drm_tessera_job description = {
		.program = model->program,
		.slots = job->address,
		.program_size = model->program_size,
		.slot_count = (uint32_t)slot_count(model),
		.repeat = options->repeat,
		.flags = model->job_flags | flags_of(job, options),
		.profile = job->profile_capacity ? job->address + job->profile_offset : 0,
		.profile_count = (uint32_t)job->profile_capacity,
	};
	int error = tsr_queue_submit(tsr_context_queue(model->context), &description, options,
				     job->syncobj);

	job->seq = description.seq;
	return error;
}

static int check(const struct tsr_model_facts *model, const struct tsr_submit_options *options,
		 struct tsr_submit_options *given)
{
	int error = tsr_device_check(tsr_context_device(model->context));

	if (!error)
		error = TSR_OPTIONS_READ(tsr_submit_options, given, options);
	if (!error && !given->repeat)
		given->repeat = 1;
	return error;
}

int tsr_job_submit(struct tsr_model *model, const struct tsr_binding *inputs,
		   const struct tsr_binding *outputs, const struct tsr_submit_options *options,
		   struct tsr_job **job)
{
	const struct tsr_model_facts *facts = tsr_model_facts(model);
	struct tsr_submit_options given;
	struct tsr_job *taken;
	int error;

	*job = NULL;
	error = check(facts, options, &given);
	if (!error)
		error = take_job(facts, &given, &taken);
	if (error)
		return error;
	error = fill_slots(taken->data, facts, inputs, outputs, given.repeat);
	if (!error)
		error = submit(taken, facts, &given);
	if (error)
		tsr_job_pool_give(tsr_context_jobs(facts->context), taken);
	else
		*job = taken;
	return error;
}

int tsr_job_sync_file(struct tsr_job *job)
{
	return tsr_syncobj_export(tsr_context_device(job->context), job->syncobj);
}

int tsr_job_wait(struct tsr_job *job, int64_t timeout_ns)
{
	return tsr_queue_wait(tsr_context_queue(job->context), job->seq, timeout_ns);
}

/* The least count of a length in bits. */
static uint64_t least_count(uint32_t length)
{
	return length ? 1ull << (length > 64 ? 63 : length - 1) : 0;
}

static void convert_record(struct tsr_node_profile *record, const struct tsr_hw_profile *raw)
{
	*record = (struct tsr_node_profile){
		.node = raw->node,
		.repetition = raw->repetition,
		.start = raw->start,
		.end = raw->end,
		.macs = raw->macs,
		.bytes_read = raw->bytes_read,
		.bytes_written = raw->bytes_written,
		.energy_pj = raw->energy,
		.infinite = least_count(raw->engine >> 16 & TSR_HW_RANGE_INFINITE),
		.nan = least_count((raw->engine >> 16 & TSR_HW_RANGE_NAN) >> 8),
	};
}

/* Records fill in completion order; one that was never written has no end. */
static size_t records_of(const struct tsr_job *job, const struct tsr_hw_profile **raw)
{
	size_t count = 0;

	*raw = (const void *)((const char *)job->data + job->profile_offset);
	while (count < job->profile_capacity && (*raw)[count].end)
		count++;
	return count;
}

/* Several threads may ask at once: the records of whichever publishes first are all's. */
static struct tsr_node_profile *convert(struct tsr_job *job, const struct tsr_hw_profile *raw,
					size_t count)
{
	struct tsr_node_profile *known = NULL, *made = calloc(count, sizeof(*made));
	size_t i;

	for (i = 0; made && i < count; i++)
		convert_record(&made[i], &raw[i]);
	if (!made || atomic_compare_exchange_strong(&job->profile, &known, made))
		return made;
	free(made);
	return known;
}

const struct tsr_node_profile *tsr_job_profile(struct tsr_job *job, size_t *count)
{
	struct tsr_node_profile *found;
	const struct tsr_hw_profile *raw;
	size_t records;

	*count = 0;
	if (!tsr_queue_wait_end(tsr_context_queue(job->context), job->seq, 0))
		return NULL;
	records = records_of(job, &raw);
	if (!records)
		return NULL;
	found = atomic_load(&job->profile);
	if (!found)
		found = convert(job, raw, records);
	*count = found ? records : 0;
	return found;
}

void tsr_job_destroy(struct tsr_job *job)
{
	/* In a child of the owner the handle is part of the context's memory, and stays there. */
	if (!job || !tsr_device_is_own(tsr_context_device(job->context)))
		return;
	/* The job may still run: its slot table and records must outlive it. */
	tsr_queue_wait_end(tsr_context_queue(job->context), job->seq, -1);
	tsr_job_pool_give(tsr_context_jobs(job->context), job);
}
