// SPDX-License-Identifier: MIT
/* One submission of a model, from SUBMIT to the verdict of its fence. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <abi/program.h>
#include <linux/sync_file.h>
#include <xf86drm.h>

#include "tessera_accel.h"

#include "device.h"
#include "model.h"
#include "../error.h"
#include "../include/tessera.h"

#define SYNCS_MAX	3

/* The job's own memory: its slot table, then the profile records. */
struct tsr_job {
	struct tsr_device *device;
	struct tsr_buffer *memory;
	size_t profile_offset;
	size_t profile_capacity;
	struct tsr_node_profile *profile;
	uint32_t syncobj;
};

static int fill_slot(struct tsr_abi_slot *slot, struct tsr_context *context,
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
	*slot = (struct tsr_abi_slot){
		.address = tsr_buffer_address(binding->buffer) + binding->offset,
		.size = size,
		.stride = binding->stride,
		.flags = access,
	};
	return 0;
}

static int fill_slots(struct tsr_abi_slot *slots, const struct tsr_model_facts *model,
		      const struct tsr_binding *inputs, const struct tsr_binding *outputs,
		      uint32_t repeat)
{
	size_t i;
	int error = 0;

	for (i = 0; i < model->inputs && !error; i++)
		error = fill_slot(&slots[i], model->context, &inputs[i], model->sizes[i], repeat,
				  TSR_SLOT_READ);
	slots += model->inputs;
	for (i = 0; i < model->outputs && !error; i++)
		error = fill_slot(&slots[i], model->context, &outputs[i],
				  model->sizes[model->inputs + i], repeat,
				  TSR_SLOT_READ | TSR_SLOT_WRITE);
	if (!error && model->scratch_size)
		slots[model->outputs] = (struct tsr_abi_slot){
			.address = model->scratch,
			.size = model->scratch_size,
			.flags = TSR_SLOT_READ | TSR_SLOT_WRITE,
		};
	return error;
}

static size_t slot_count(const struct tsr_model_facts *model)
{
	return model->inputs + model->outputs + (model->scratch_size ? 1 : 0);
}

static int make_memory(struct tsr_job *job, const struct tsr_model_facts *model,
		       const struct tsr_submit_options *options, uint32_t repeat)
{
	size_t slots = slot_count(model) * sizeof(struct tsr_abi_slot), records, size;

	job->profile_offset = (slots + 63) & ~(size_t)63;
	size = job->profile_offset;
	if (options && options->profile) {
		if (__builtin_mul_overflow(model->nodes, (size_t)repeat,
					   &job->profile_capacity) ||
		    job->profile_capacity > UINT32_MAX)
			return tsr_fail(-E2BIG, "too many profile records: %zu nodes, %u times",
					model->nodes, repeat);
		records = job->profile_capacity * sizeof(struct tsr_abi_profile);
		size += records;
	}
	return tsr_buffer_create(model->context, size ? size : 1, &job->memory);
}

static size_t collect_syncs(struct drm_tessera_sync *syncs, const struct tsr_job *job,
			    const struct tsr_submit_options *options)
{
	size_t count = 0;

	if (options && options->wait)
		syncs[count++] = (struct drm_tessera_sync){
			.flags = DRM_TESSERA_SYNC_WAIT |
				 (options->wait_point ? DRM_TESSERA_SYNC_TIMELINE : 0),
			.handle = options->wait, .point = options->wait_point,
		};
	if (options && options->signal)
		syncs[count++] = (struct drm_tessera_sync){
			.flags = DRM_TESSERA_SYNC_SIGNAL |
				 (options->signal_point ? DRM_TESSERA_SYNC_TIMELINE : 0),
			.handle = options->signal, .point = options->signal_point,
		};
	syncs[count++] = (struct drm_tessera_sync){
		.flags = DRM_TESSERA_SYNC_SIGNAL, .handle = job->syncobj,
	};
	return count;
}

static int submit(struct tsr_job *job, const struct tsr_model_facts *model,
		  const struct tsr_submit_options *options, uint32_t repeat)
{
	uint64_t memory = tsr_buffer_address(job->memory);
	struct drm_tessera_sync syncs[SYNCS_MAX];
	struct drm_tessera_job description = {
		.program = model->program,
		.slots = memory,
		.program_size = model->program_size,
		.slot_count = (uint32_t)slot_count(model),
		.repeat = repeat,
		.flags = job->profile_capacity ? DRM_TESSERA_JOB_PROFILE : 0,
		.profile = job->profile_capacity ? memory + job->profile_offset : 0,
		.profile_count = (uint32_t)job->profile_capacity,
	};
	struct drm_tessera_submit argument = {
		.queue_id = tsr_context_queue(model->context),
		.jobs = DRM_TESSERA_ARRAY(1, &description),
		.deadline_ns = UINT64_MAX,
	};

	description.syncs = (struct drm_tessera_array)
		DRM_TESSERA_ARRAY((uint32_t)collect_syncs(syncs, job, options), syncs);
	return tsr_ioctl(job->device, DRM_IOCTL_TESSERA_SUBMIT, &argument, "submit a job");
}

int tsr_job_submit(struct tsr_model *model, const struct tsr_binding *inputs,
		   const struct tsr_binding *outputs, const struct tsr_submit_options *options,
		   struct tsr_job **job)
{
	const struct tsr_model_facts *facts = tsr_model_facts(model);
	uint32_t repeat = options && options->repeat ? options->repeat : 1;
	struct tsr_job *made = calloc(1, sizeof(*made));
	int error;

	*job = NULL;
	if (!made)
		return tsr_fail(-ENOMEM, "out of memory");
	made->device = tsr_context_device(facts->context);
	error = make_memory(made, facts, options, repeat);
	if (!error)
		error = fill_slots(tsr_buffer_data(made->memory), facts, inputs, outputs, repeat);
	if (!error && drmSyncobjCreate(tsr_device_fd(made->device), 0, &made->syncobj))
		error = tsr_fail(-errno, "cannot create a syncobj: %s", strerror(errno));
	if (!error)
		error = submit(made, facts, options, repeat);
	if (error)
		tsr_job_destroy(made);
	else
		*job = made;
	return error;
}

int tsr_job_sync_file(struct tsr_job *job)
{
	int fd;

	if (drmSyncobjExportSyncFile(tsr_device_fd(job->device), job->syncobj, &fd))
		return tsr_fail(-errno, "cannot export a fence: %s", strerror(errno));
	return fd;
}

/* A syncobj wait does not tell success from failure; the sync_file does. */
static int verdict(struct tsr_job *job)
{
	struct sync_file_info info = { 0 };
	int fd = tsr_job_sync_file(job), error;

	if (fd < 0)
		return fd;
	error = ioctl(fd, SYNC_IOC_FILE_INFO, &info) ? -errno : 0;
	close(fd);
	if (error)
		return tsr_fail(error, "cannot read a fence: %s", strerror(-error));
	if (info.status < 0)
		return tsr_fail(info.status, "the job failed: %s; tsr_context_state() has node "
				"and address", strerror(-info.status));
	return 0;
}

static int64_t deadline(int64_t timeout_ns)
{
	struct timespec now;
	int64_t end;

	if (timeout_ns < 0)
		return INT64_MAX;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (__builtin_add_overflow(now.tv_sec * 1000000000LL + now.tv_nsec, timeout_ns, &end))
		return INT64_MAX;
	return end;
}

int tsr_job_wait(struct tsr_job *job, int64_t timeout_ns)
{
	int error;

	error = drmSyncobjWait(tsr_device_fd(job->device), &job->syncobj, 1,
			       deadline(timeout_ns), 0, NULL);
	if (error == -ETIME)
		return tsr_fail(-ETIMEDOUT, "the job still runs");
	if (error)
		return tsr_fail(error, "cannot wait for a job: %s", strerror(-error));
	return verdict(job);
}

/* The least count of a length in bits. */
static uint64_t least_count(uint32_t length)
{
	return length ? 1ull << (length > 64 ? 63 : length - 1) : 0;
}

static void convert_record(struct tsr_node_profile *record, const struct tsr_abi_profile *raw)
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
		.infinite = least_count(raw->engine >> 16 & TSR_RANGE_INFINITE),
		.nan = least_count((raw->engine >> 16 & TSR_RANGE_NAN) >> 8),
	};
}

/* Records fill in completion order; one that was never written has no end. */
const struct tsr_node_profile *tsr_job_profile(struct tsr_job *job, size_t *count)
{
	const struct tsr_abi_profile *raw;
	size_t i;

	*count = 0;
	if (!job->profile_capacity)
		return NULL;
	raw = (const void *)((const char *)tsr_buffer_data(job->memory) + job->profile_offset);
	if (!job->profile)
		job->profile = calloc(job->profile_capacity, sizeof(*job->profile));
	if (!job->profile)
		return NULL;
	for (i = 0; i < job->profile_capacity && raw[i].end; i++)
		convert_record(&job->profile[i], &raw[i]);
	*count = i;
	return job->profile;
}

void tsr_job_destroy(struct tsr_job *job)
{
	if (!job)
		return;
	/* The job may still run: its slot table and records must outlive it. */
	if (job->syncobj) {
		drmSyncobjWait(tsr_device_fd(job->device), &job->syncobj, 1, INT64_MAX, 0, NULL);
		drmSyncobjDestroy(tsr_device_fd(job->device), job->syncobj);
	}
	tsr_buffer_destroy(job->memory);
	free(job->profile);
	free(job);
}
