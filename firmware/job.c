// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "job.h"

#include <stddef.h>

#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>
#include <tsr_hw/queue.h>
#include <tsr_hw/version.h>

#include "boot.h"
#include "complete.h"
#include "engine.h"
#include "group.h"
#include "parameter.h"
#include "port/port.h"
#include "program.h"
#include "queue.h"
#include "reg.h"
#include "ring.h"
#include "schedule.h"
#include "sealed.h"
#include "slot.h"
#include "trace.h"
#include "walk.h"

#define VA_LIMIT (1ull << TSR_HW_VA_BITS)

static struct job_tables tables[JOB_CONTEXTS] PORT_NOINIT;
static struct job jobs[JOB_CONTEXTS];
static uint32_t walking;
static uint32_t working;
static struct job *only;

struct job *job_at(uint32_t number)
{
	return &jobs[number];
}

uint32_t job_walking(void)
{
	return walking;
}

uint32_t job_working(void)
{
	return working;
}

const struct job *job_only(void)
{
	return only;
}

void job_want_work(struct job *job, bool wanted)
{
	uint32_t bit = 1u << job->number;

	working = wanted ? working | bit : working & ~bit;
}

/* Another job begins to walk: engines choose between both when what runs has ended. */
static void end_alone(void)
{
	if (only == NULL)
		return;
	engine_recall(only);
	walk_forgive(only);
}

/* The only one that walks; it may be the one whose phase has changed. */
static struct job *find_only(struct job *job)
{
	if (walking == 1u << job->number)
		return job;
	if (walking == 0u || (walking & (walking - 1u)) != 0u)
		return NULL;
	return &jobs[__builtin_ctz(walking)];
}

static void enter(struct job *job, enum job_phase phase)
{
	uint32_t bit = 1u << job->number;

	if (phase == JOB_WALKING)
		end_alone();
	job->phase = phase;
	job_want_work(job, phase == JOB_LOADING);
	walking = phase == JOB_WALKING ? walking | bit : walking & ~bit;
	only = find_only(job);
}

/* If it can be, the one that the queue had last: it may have kept the program. */
static struct job *free_context(const struct queue *queue)
{
	uint32_t found = JOB_CONTEXTS - 1u;

	for (uint32_t i = JOB_CONTEXTS; i-- != 0u;) {
		if (jobs[i].phase != JOB_FREE)
			continue;
		if (jobs[i].queue == queue)
			return &jobs[i];
		found = i;
	}
	return &jobs[found];
}

static bool range_valid(uint64_t address, uint64_t size, uint32_t align)
{
	return address % align == 0u && address <= VA_LIMIT && size <= VA_LIMIT - address;
}

static bool profile_valid(const struct tsr_hw_job *descriptor)
{
	uint64_t size = (uint64_t)descriptor->profile_count * sizeof(struct tsr_hw_profile);

	if ((descriptor->flags & TSR_HW_JOB_PROFILE) == 0u)
		return (descriptor->profile | descriptor->profile_count) == 0u;
	return range_valid(descriptor->profile, size, 8);
}

static bool parameters_valid(const struct tsr_hw_job *descriptor)
{
	if (descriptor->parameter_count == 0u)
		return descriptor->parameters == 0u;
	return descriptor->parameter_count <= TSR_HW_MAX_PARAMETERS &&
	       range_valid(descriptor->parameters, descriptor->parameter_count * sizeof(uint64_t),
			   8);
}

/* A sealed program is named by a handle, which is no address. */
static bool program_valid(const struct tsr_hw_job *descriptor)
{
	return (descriptor->flags & TSR_HW_JOB_SEALED) != 0u ||
	       range_valid(descriptor->program, descriptor->program_size, TSR_HW_PROGRAM_ALIGN);
}

static bool descriptor_valid(const struct tsr_hw_job *descriptor, uint32_t seq)
{
	uint64_t slots_size = (uint64_t)descriptor->slot_count * sizeof(struct tsr_hw_slot);

	return descriptor->seq == seq && (descriptor->flags & ~TSR_HW_JOB_FLAGS) == 0u &&
	       descriptor->mbz == 0u && descriptor->repeat != 0u &&
	       descriptor->repeat <= TSR_HW_JOB_MAX_REPEAT &&
	       descriptor->slot_count <= TSR_HW_MAX_SLOTS && program_valid(descriptor) &&
	       range_valid(descriptor->slots, slots_size, 8) && parameters_valid(descriptor) &&
	       profile_valid(descriptor);
}

/* Features that a job uses. */
static uint64_t features_used(const struct tsr_hw_job *descriptor)
{
	uint64_t features = 0;

	if ((descriptor->flags & TSR_HW_JOB_PROFILE) != 0u)
		features |= TSR_HW_FEATURE_PROFILE;
	if ((descriptor->flags & TSR_HW_JOB_STRICT) != 0u)
		features |= TSR_HW_FEATURE_STRICT;
	if ((descriptor->flags & TSR_HW_JOB_SEALED) != 0u)
		features |= TSR_HW_FEATURE_SEALED;
	if (descriptor->parameter_count != 0u)
		features |= TSR_HW_FEATURE_PARAMETERS;
	if (descriptor->repeat > 1u)
		features |= TSR_HW_FEATURE_REPEAT;
	return features;
}

static uint32_t check_descriptor(const struct tsr_hw_job *descriptor, uint32_t seq)
{
	if (!descriptor_valid(descriptor, seq))
		return TSR_HW_ERR_DESCRIPTOR;
	return boot_agreed(features_used(descriptor)) ? TSR_HW_ERR_NONE : TSR_HW_ERR_UNSUPPORTED;
}

static void take_descriptor(struct job *job, const struct tsr_hw_job *descriptor)
{
	job->flags = descriptor->flags;
	job->program = descriptor->program;
	job->program_size = descriptor->program_size;
	job->slot_count = descriptor->slot_count;
	job->parameter_count = descriptor->parameter_count;
	job->repeat = descriptor->repeat;
	job->profile = descriptor->profile;
	job->profile_left = descriptor->profile_count;
}

/* Nothing is done, or taken of its budget. */
static void clear_record(struct tsr_hw_engine_job *record)
{
	record->charged = 0;
	record->alone = 0;
	record->cycles[0] = 0;
	record->cycles[1] = 0;
	record->blocks = 0;
}

static void occupy(struct job *job, struct queue *queue)
{
	job->tables = &tables[job - jobs];
	job->number = (uint32_t)(job - jobs);
	enter(job, JOB_LOADING);
	job->queue = queue;
	job->seq = queue->completed + 1u;
	job->repetition = 0;
	job->hold.group = 0;
	job->running = 0;
	clear_record(&job->record);
	job->settled = 0;
	job->blocks = 0;
	job->tile_cycles = 0;
	job->dma_cycles = 0;
	job->start = sys_cycles();
	queue->job = job;
}

/* What engines have to know of it, once it is loaded. */
static void fill_record(struct job *job)
{
	const struct queue *queue = job->queue;
	struct tsr_hw_engine_job *record = &job->record;

	record->asid = queue->asid;
	record->queue = queue->number;
	record->slots = port_local(job->tables->slot);
	record->slot_count = job->slot_count;
	record->parameters = port_local(job->tables->parameter);
	record->parameter_count = job->parameter_count;
	record->program_size = job->program_size;
	record->flags = (job->flags & TSR_HW_JOB_STRICT) != 0u ? TSR_HW_ENGINE_STRICT : 0u;
	record->program = job->program;
	record->streams = job->streams;
	record->progress = queue->done + offsetof(struct tsr_hw_completion_page, progress);
	record->budget = queue->budget != 0u ? queue->budget : UINT64_MAX;
}

static bool read_descriptor(struct job *job, struct tsr_hw_job *descriptor,
			    struct job_error *error)
{
	error->error = ring_read_job(job->queue->ring, job->seq, descriptor);
	if (error->error == TSR_HW_ERR_NONE)
		error->error = check_descriptor(descriptor, job->seq);
	if (error->error != TSR_HW_ERR_NONE)
		return false;
	take_descriptor(job, descriptor);
	return true;
}

static bool load_program(struct job *job, struct job_error *error)
{
	if ((job->flags & TSR_HW_JOB_SEALED) != 0u)
		return sealed_load(job, error);
	return program_load(job, error);
}

void job_begin(struct queue *queue)
{
	static struct tsr_hw_job descriptor;
	struct job *job = free_context(queue);
	struct job_error error = { .node = TSR_HW_NODE_NONE };

	occupy(job, queue);
	complete_started(queue->done, job->seq);
	trace_add(TSR_HW_TRACE_JOB_START, queue->number, job->seq, job->number);
	if (!read_descriptor(job, &descriptor, &error) ||
	    !slot_load(job, descriptor.slots, &error) ||
	    !parameter_load(job, descriptor.parameters, &error) || !load_program(job, &error))
		job_fail(job, &error);
}

static void load(struct job *job)
{
	struct job_error error = { .node = TSR_HW_NODE_NONE };

	if (!slot_check(job, &error) ||
	    (slot_checked(job) && !program_check(job, &error))) {
		job_fail(job, &error);
	} else if (slot_checked(job) && program_checked(job)) {
		sealed_checked(job);
		fill_record(job);
		enter(job, JOB_WALKING);
		walk_begin(job);
	}
}

void job_work(struct job *job)
{
	if (job->phase == JOB_LOADING)
		load(job);
	else
		walk_work(job);
}

/* Engines change it meanwhile: the high word is read again. */
static uint64_t read_counter(const __le64 *counter)
{
	const volatile uint32_t *word = (const volatile uint32_t *)counter;
	uint32_t high, low;

	do {
		high = word[1];
		low = word[0];
	} while (high != word[1]);
	return (uint64_t)high << 32 | low;
}

uint64_t job_used(const struct job *job)
{
	return job->record.charged + read_counter(&job->record.alone);
}

uint64_t job_worked(const struct job *job)
{
	const struct tsr_hw_engine_job *record = &job->record;
	uint64_t cycles = read_counter(&record->cycles[0]) + read_counter(&record->cycles[1]);
	uint64_t alone = read_counter(&record->alone);

	return cycles > alone ? cycles : alone;
}

uint64_t job_budget(const struct job *job)
{
	uint64_t used = job_used(job);

	if (job->queue->budget == 0u)
		return UINT64_MAX;
	if (job->hold.group != 0u)
		used += group_idle_cycles(job);
	return job->queue->budget > used ? job->queue->budget - used : 0u;
}

/* The context is free before the host can read of the end. */
static void publish(struct job *job, const struct job_error *error)
{
	const struct tsr_hw_engine_job *record = &job->record;
	struct tsr_hw_completion completion = {
		.seq = job->seq,
		.error = error->error,
		.node = error->node,
		.engine = error->engine,
		.address = error->address,
		.start = job->start,
		.end = sys_cycles(),
		.blocks = job->blocks + read_counter(&record->blocks),
		.tile_cycles = job->tile_cycles + read_counter(&record->cycles[0]),
		.dma_cycles = job->dma_cycles + read_counter(&record->cycles[1]),
	};

	if (walking != 1u << job->number)
		walk_settle(job);
	group_free(job);
	complete_slot(job->queue->done, &completion);
	trace_add(TSR_HW_TRACE_JOB_END, job->queue->number, job->seq, error->error);
	sealed_release(job, error->error == TSR_HW_ERR_NONE);
	enter(job, JOB_FREE);
	schedule_context_freed(job->queue);
}

void job_finish(struct job *job)
{
	const struct job_error none = { .node = TSR_HW_NODE_NONE };

	publish(job, &none);
	queue_job_done(job->queue);
}

void job_fail(struct job *job, const struct job_error *error)
{
	engine_abort(job);
	publish(job, error);
	queue_job_failed(job->queue, error->error);
}

void job_stop(struct job *job, uint32_t error)
{
	struct job_error reason = { .error = error, .node = TSR_HW_NODE_NONE };
	uint32_t instance = engine_running(job, &reason.node);

	if (instance != TSR_HW_ENGINE_MAX)
		reason.engine = instance;
	job_fail(job, &reason);
}
