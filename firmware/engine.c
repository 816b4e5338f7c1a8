// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "engine.h"

#include <stddef.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/queue.h>

#include "group.h"
#include "job.h"
#include "queue.h"
#include "ready.h"
#include "reg.h"
#include "trace.h"
#include "walk.h"

/*
 * Ends in one go: a node that is entered may have ended when the next end is read, so there is no
 * last one. What is left keeps the event pending.
 */
#define ENDS_PER_TURN 64u

/*
 * @job is NULL while the instance is idle. @holder is the job whose group has the tile, or NULL.
 * @entered is the job whose record the instance knows. @places are nodes that were entered, whose
 * ends were not read: @last and those before it, of which each is the only successor of the one
 * before. Nodes of no group wait for it in the list @list; @registers are its first one.
 */
static struct {
	uint32_t kind;
	struct job *job;
	const struct job *holder;
	const struct job *entered;
	uint32_t places;
	uint32_t last;
	uint32_t list;
	uint32_t registers;
} engines[TSR_HW_ENGINE_MAX];

static uint32_t engine_count;
static uint32_t kinds;
static uint32_t idle;

/* The instance whose entered node ended last. */
static uint32_t ended_last;

/* Bit per instance, by the kinds of nodes that run there. */
static uint32_t runs[TSR_HW_ENGINE_KINDS];
static uint32_t scratchpad;

static void adopt(uint32_t instance, uint32_t kind)
{
	engines[instance].kind = kind;
	if (kind != TSR_HW_ENGINE_TENSOR && kind != TSR_HW_ENGINE_DMA)
		return;
	engines[instance].list = kind == TSR_HW_ENGINE_TENSOR ? READY_ANY_TENSOR : READY_ANY_DMA;
	kinds |= 1u << kind;
	runs[kind] |= 1u << instance;
	if (kind == TSR_HW_ENGINE_DMA)
		runs[TSR_HW_ENGINE_NOP] |= 1u << instance;
	idle |= 1u << instance;
	if (kind == TSR_HW_ENGINE_TENSOR)
		scratchpad = engine_read(instance, TSR_HW_ENGINE_SCRATCHPAD);
}

void engine_prepare(void)
{
	engine_count = sys_read(TSR_HW_SYS_ENGINES);
	if (engine_count > TSR_HW_ENGINE_MAX)
		engine_count = TSR_HW_ENGINE_MAX;
	/* These the core does itself. */
	kinds = 1u << TSR_HW_ENGINE_PARAMETER | 1u << TSR_HW_ENGINE_LOOP;
	idle = 0;
	scratchpad = 0;
	for (uint32_t i = 0; i < TSR_HW_ENGINE_KINDS; i++)
		runs[i] = 0;
	for (uint32_t i = 0; i < engine_count; i++) {
		engines[i].job = NULL;
		engines[i].holder = NULL;
		engines[i].entered = NULL;
		engines[i].places = 0;
		engines[i].registers = TSR_HW_ENGINE_BASE(i);
		adopt(i, engine_read(i, TSR_HW_ENGINE_KIND));
	}
	/* A no-op passes through a DMA engine. */
	if ((kinds & (1u << TSR_HW_ENGINE_DMA)) != 0u)
		kinds |= 1u << TSR_HW_ENGINE_NOP;
}

uint32_t engine_kinds(void)
{
	return kinds;
}

uint32_t engine_kind(uint32_t instance)
{
	return engines[instance].kind;
}

uint32_t engine_scratchpad(void)
{
	return scratchpad;
}

bool engine_open(uint32_t instance, const struct job *job)
{
	return engines[instance].holder == NULL || engines[instance].holder == job;
}

uint32_t engine_idle(void)
{
	return idle;
}

/* The one that ended last, if it is: it is the answer for most chains, and found at once. */
uint32_t engine_find_idle(uint32_t kind)
{
	uint32_t found = idle & runs[kind];

	if ((found & (1u << ended_last)) != 0u)
		return ended_last;
	return found != 0u ? (uint32_t)__builtin_ctz(found) : TSR_HW_ENGINE_MAX;
}

static uint32_t flags_of(const struct job *job, const struct tsr_hw_node *entry)
{
	return ((job->flags & TSR_HW_JOB_STRICT) != 0u ? TSR_HW_ENGINE_STRICT : 0u) |
	       (entry->group != 0u ? TSR_HW_ENGINE_GROUP : 0u);
}

/* What is resident beside the node, or with it; without a hold what there was is given up. */
static uint32_t resident_of(uint32_t instance, const struct job *job)
{
	return engines[instance].holder == job ? job->hold.resident : 0u;
}

static void set_arguments(uint32_t instance, const struct job *job, uint32_t node,
			  const struct tsr_hw_node *entry)
{
	uint64_t progress = job->queue->done + offsetof(struct tsr_hw_completion_page, progress);

	engine_write(instance, TSR_HW_ENGINE_ASID, job->queue->asid);
	engine_write64(instance, TSR_HW_ENGINE_STREAM_LO, job->streams + entry->stream);
	engine_write(instance, TSR_HW_ENGINE_STREAM_SIZE, entry->stream_size);
	engine_write(instance, TSR_HW_ENGINE_SLOTS, port_local(job->tables->slot));
	engine_write(instance, TSR_HW_ENGINE_SLOT_COUNT, job->slot_count);
	engine_write(instance, TSR_HW_ENGINE_PARAMETERS, port_local(job->tables->parameter));
	engine_write(instance, TSR_HW_ENGINE_PARAMETER_COUNT, job->parameter_count);
	engine_write64(instance, TSR_HW_ENGINE_PROGRAM_LO, job->program);
	engine_write(instance, TSR_HW_ENGINE_PROGRAM_SIZE, job->program_size);
	engine_write64(instance, TSR_HW_ENGINE_PROGRESS_LO, progress);
	engine_write64(instance, TSR_HW_ENGINE_BUDGET_LO, job_budget(job));
	engine_write(instance, TSR_HW_ENGINE_QUEUE, job->queue->number);
	engine_write(instance, TSR_HW_ENGINE_NODE, node);
	engine_write(instance, TSR_HW_ENGINE_FLAGS, flags_of(job, entry));
	engine_write(instance, TSR_HW_ENGINE_RING,
		     entry->group != 0u ? job->hold.ring : entry->ring);
	engine_write(instance, TSR_HW_ENGINE_RESIDENT, resident_of(instance, job));
}

static void occupy(uint32_t instance, struct job *job)
{
	engines[instance].job = job;
	idle &= ~(1u << instance);
	job->running |= 1u << instance;
}

/* Its arguments are set. */
static void begin(uint32_t instance, struct job *job, uint32_t command)
{
	if (job->hold.group != 0u)
		group_charge(job, instance);
	occupy(instance, job);
	engine_write(instance, TSR_HW_ENGINE_CONTROL, command);
}

void engine_start(uint32_t instance, struct job *job, uint32_t node,
		  const struct tsr_hw_node *entry)
{
	set_arguments(instance, job, node, entry);
	trace_add(TSR_HW_TRACE_NODE_START, job->queue->number, node, instance);
	/* The engine reads slot table and parameters from SRAM. */
	port_barrier();
	begin(instance, job, TSR_HW_ENGINE_START);
}

bool engine_take_place(uint32_t instance)
{
	if (engines[instance].places == TSR_HW_ENGINE_PLACES)
		return false;
	engines[instance].places++;
	return true;
}

void engine_leave_place(uint32_t instance)
{
	engines[instance].places--;
}

bool engine_is_idle(uint32_t instance)
{
	return (idle & 1u << instance) != 0u;
}

uint32_t engine_ready_list(uint32_t instance)
{
	return engines[instance].list;
}

bool engine_wanted(uint32_t instance, const struct job *job)
{
	return !ready_empty(job, engines[instance].list);
}

void engine_enter_behind(uint32_t instance, uint32_t node, const struct tsr_hw_node *entry)
{
	uint32_t registers = engines[instance].registers;

	engines[instance].last = node;
	port_write(registers + TSR_HW_ENGINE_NUMBER, node);
	/* The engine reads node, record, slot table and parameters from SRAM. */
	port_barrier();
	port_write(registers + TSR_HW_ENGINE_ENTER, port_local(entry));
}

void engine_enter(uint32_t instance, struct job *job, uint32_t node,
		  const struct tsr_hw_node *entry)
{
	occupy(instance, job);
	if (engines[instance].entered != job) {
		engines[instance].entered = job;
		engine_write(instance, TSR_HW_ENGINE_JOB, port_local(&job->record));
	}
	engines[instance].places = 1;
	engine_enter_behind(instance, node, entry);
}

/*
 * What had not begun waits again: the end of the node before it is still to be read. After an error
 * the job is over soon, and what is entered goes with it.
 */
static void recall(uint32_t instance)
{
	uint32_t left;

	engine_write(instance, TSR_HW_ENGINE_CONTROL, TSR_HW_ENGINE_RECALL);
	left = engine_read(instance, TSR_HW_ENGINE_ENTERED);
	if ((engine_read(instance, TSR_HW_ENGINE_STATUS) & TSR_HW_ENGINE_DONE) != 0u)
		return;
	engines[instance].last -= engines[instance].places - left;
	engines[instance].places = left;
}

void engine_recall(const struct job *job)
{
	for (uint32_t i = 0; i < engine_count; i++) {
		if (engines[i].job == job && engines[i].places > 1u)
			recall(i);
	}
}

void engine_bind(uint32_t instance, struct job *job, uint32_t resident)
{
	engines[instance].holder = job;
	engine_write(instance, TSR_HW_ENGINE_ASID, job->queue->asid);
	engine_write(instance, TSR_HW_ENGINE_RESIDENT, resident);
	engine_write(instance, TSR_HW_ENGINE_QUEUE, job->queue->number);
	engine_write(instance, TSR_HW_ENGINE_NODE, TSR_HW_NODE_NONE);
	begin(instance, job, TSR_HW_ENGINE_BIND);
}

void engine_free(uint32_t instance)
{
	engines[instance].holder = NULL;
}

/* It works for the job no more. */
static void vacate(uint32_t instance, struct job *job)
{
	job->running &= ~(1u << instance);
	engines[instance].job = NULL;
	engines[instance].places = 0;
	idle |= 1u << instance;
}

static void release(uint32_t instance)
{
	struct job *job = engines[instance].job;

	vacate(instance, job);
	if (job->hold.group != 0u)
		group_idle(job, instance);
}

/*
 * How long an instance has worked for its node. ABORT clears what it says of one that has ended;
 * what an entered one took that has ended is in its job's record.
 */
static uint64_t worked(uint32_t instance)
{
	uint32_t status = engine_read(instance, TSR_HW_ENGINE_STATUS);
	uint64_t start = engine_read64(instance, TSR_HW_ENGINE_START_LO);

	if ((status & TSR_HW_ENGINE_DONE) != 0u)
		return engine_read64(instance, TSR_HW_ENGINE_END_LO) - start;
	return (status & TSR_HW_ENGINE_BUSY) != 0u ? sys_cycles() - start : 0u;
}

void engine_abort(struct job *job)
{
	for (uint32_t i = 0; i < engine_count && job->running != 0u; i++) {
		if (engines[i].job != job)
			continue;
		/* The job ends here: nothing of it is left for a budget to stop. */
		walk_charge(job, i, worked(i), 0);
		engine_write(i, TSR_HW_ENGINE_CONTROL, TSR_HW_ENGINE_ABORT);
		release(i);
	}
}

uint64_t engine_worked(const struct job *job)
{
	uint64_t cycles = 0;

	for (uint32_t i = 0; i < engine_count; i++) {
		if (engines[i].job == job)
			cycles += worked(i);
	}
	return cycles;
}

uint32_t engine_running(const struct job *job, uint32_t *node)
{
	for (uint32_t i = 0; i < engine_count; i++) {
		if (engines[i].job == job) {
			*node = engine_read(i, TSR_HW_ENGINE_NODE);
			return i;
		}
	}
	return TSR_HW_ENGINE_MAX;
}

static void read_result(uint32_t instance, struct engine_result *result)
{
	uint32_t status = engine_read(instance, TSR_HW_ENGINE_STATUS);

	result->error = (status & TSR_HW_ENGINE_ERROR) >> 8;
	result->start = engine_read64(instance, TSR_HW_ENGINE_START_LO);
	result->end = engine_read64(instance, TSR_HW_ENGINE_END_LO);
	result->alone = engine_read64(instance, TSR_HW_ENGINE_ALONE_LO);
	result->blocks = engine_read64(instance, TSR_HW_ENGINE_BLOCKS_LO);
	result->fault = 0;
	if (result->error != 0u)
		result->fault = engine_read64(instance, TSR_HW_ENGINE_FAULT_LO);
}

/*
 * The node's record is read from the instance before DONE is acknowledged. What is entered behind
 * one that failed does not begin.
 */
static void finish(uint32_t instance)
{
	struct job *job = engines[instance].job;
	uint32_t node = engine_read(instance, TSR_HW_ENGINE_NODE);
	struct engine_result result;
	struct job_error error;

	read_result(instance, &result);
	walk_account(job, node, instance, &result, &error);
	engine_write(instance, TSR_HW_ENGINE_CONTROL,
		     engines[instance].places > 1u ? TSR_HW_ENGINE_ABORT : TSR_HW_ENGINE_ACK);
	release(instance);
	if (node != TSR_HW_NODE_NONE)
		walk_retire(job, node, &error);
	else if (error.error != TSR_HW_ERR_NONE)
		job_fail(job, &error);
}

/*
 * A failing job may have aborted others that were done as well. Whatever else says DONE
 * must not keep the core from sleeping.
 */
static void discard(uint32_t instance)
{
	if ((engine_read(instance, TSR_HW_ENGINE_STATUS) & TSR_HW_ENGINE_DONE) != 0u)
		engine_write(instance, TSR_HW_ENGINE_CONTROL, TSR_HW_ENGINE_ACK);
}

/*
 * The end of an entered node, which is of a job that holds no group. Behind all but the last one
 * its successor has begun.
 */
static void finish_entered(uint32_t end)
{
	uint32_t instance = (end & TSR_HW_ENDED_ENGINE) >> 16;
	struct job *job = engines[instance].job;
	uint32_t node = end & TSR_HW_ENDED_NODE;

	if (job == NULL)
		return;
	if (node != engines[instance].last) {
		walk_passed(job, instance, engines[instance].last);
		return;
	}
	ended_last = instance;
	vacate(instance, job);
	walk_ended(job, instance, node);
}

static void finish_started(uint32_t done)
{
	for (uint32_t i = 0; i < engine_count; i++) {
		if ((done & (1u << i)) == 0u)
			continue;
		/* The end of another may have ended a job here, and another one's node runs. */
		done &= sys_read(TSR_HW_SYS_ENGINE_DONE);
		if ((done & (1u << i)) == 0u)
			continue;
		if (engines[i].job != NULL)
			finish(i);
		else
			discard(i);
	}
}

void engine_service(void)
{
	uint32_t done;

	for (uint32_t i = 0; i < ENDS_PER_TURN; i++) {
		uint32_t end = sys_read(TSR_HW_SYS_ENDED);

		if (end == 0u)
			break;
		finish_entered(end);
	}
	done = sys_read(TSR_HW_SYS_ENGINE_DONE);
	if (done != 0u)
		finish_started(done);
}
