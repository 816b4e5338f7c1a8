// SPDX-License-Identifier: MIT
#include "engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/program.h>

#include "account.h"
#include "clock.h"
#include "core/sram.h"
#include "counters.h"
#include "engine_regs.h"
#include "entries.h"
#include "fetch.h"
#include "inject.h"
#include "job.h"
#include "measure/class.h"
#include "measure/measure.h"
#include "pace.h"
#include "resident.h"
#include "tile/sku.h"
#include "tile/tile.h"
#include "time/dma.h"
#include "time/energy.h"
#include "time/steps.h"
#include "time/walk.h"
#include "trace/record.h"
#include "trace/record_format.h"
#include "trace/replay.h"
#include "trace_ring.h"
#include "worker.h"

/* Cycles of a no-op node, and of a node that is refused before it runs. */
#define NOP_CYCLES 16u
#define REFUSE_CYCLES 64u

/* Elements of control data that a cycle pays for. */
#define CONTROL_A_CYCLE 64u

/*
 * Nodes this small are computed on the simulation thread when it comes to need them: the
 * wake-ups of another thread would cost more. What counts are operations of single elements,
 * because four bytes may stand for any number of them; and the bytes beside them, because an
 * operand may be larger than what is computed from it.
 */
#define SMALL_OPERATIONS (1u << 18)
#define SMALL_BYTES (1u << 16)
#define SMALL_STEPS (1u << 10)

/* Threads of an engine: for its node, and for aborted ones that have not noticed yet. */
#define THREADS_PER_ENGINE 2u

struct engine {
	unsigned int number;
	unsigned int kind;
	bool busy;
	bool done;
	bool binds;		/* no node is at work, but a binding */
	bool entered;		/* the node at work was entered, not started */
	bool paced;		/* the node's end is not known before it comes */
	uint64_t end;		/* modelled; CLOCK_NEVER while it is not known, and when hung */
	uint64_t serial;	/* of the node */
	uint64_t steps;		/* of it, that were charged */
	uint64_t alone;		/* cycles of it, of a DMA engine's node */
	struct tile_size size;	/* of its computation */
	bool exceeded;		/* its budget: the job's result does not matter */
	bool deferred;		/* the job is to be computed on the simulation thread */
	struct job *job;	/* NULL for a no-op, a binding, a refused or a hung node */
	struct resident *resident;	/* what is bound of the scratchpad, or NULL */
	uint32_t owner;		/* address space of that */
	struct engine_args args;
	struct engine_results results;
	struct engine_results planned;	/* become @results at @end if the job succeeds */
	struct amounts amounts;		/* of a node that was paced, once it has ended */
	bool counted;			/* it has */
	struct entries entries;
	uint32_t entry_job;	/* registers JOB and NUMBER */
	uint32_t entry_number;
};

struct engines {
	struct engines_config config;
	atomic_ullong serial;	/* nodes started in the life of the device */
	unsigned int epoch;	/* of the core that starts nodes */
	uint64_t ends;		/* of entered nodes */
	struct trace_ring trace;
	struct workers *workers;
	struct accounts *accounts;
	struct walks *walks;	/* for copies */
	struct pace *pace;
	unsigned int count;
	struct engine engine[];
};

/* The engine drops its node; no access in its name is under way afterwards. */
static void drop_job(struct engines *engines, struct engine *engine)
{
	if (engine->paced)
		pace_stop(engines->pace, engine->number);
	engine->paced = false;
	if (engine->job && !atomic_load(&engine->job->ready))
		port_close(engines->config.port, &engine->job->agent);
	job_put(engine->job);
	engine->job = NULL;
	engine->deferred = false;
}

/* There is no resident part in its scratchpad any more. */
static void give_up(struct engine *engine)
{
	resident_put(engine->resident);
	engine->resident = NULL;
}

void engines_destroy(struct engines *engines)
{
	if (!engines)
		return;
	for (unsigned int i = 0; i < engines->count; i++) {
		drop_job(engines, &engines->engine[i]);
		give_up(&engines->engine[i]);
	}
	workers_destroy(engines->workers);
	pace_destroy(engines->pace);
	walks_destroy(engines->walks);
	accounts_destroy(engines->accounts);
	free(engines);
}

/* The job stays until the end is delivered. */
static void node_ended(void *ctx, const struct pace_end *end)
{
	struct engines *engines = ctx;
	struct engine *engine = &engines->engine[end->instance];

	engine->paced = false;
	engine->end = end->time;
	engine->amounts = end->amounts;
	engine->counted = true;
	if (engine->job->account)
		engine->exceeded = account_exceeded(engine->job->account, UINT64_MAX);
}

struct engines *engines_create(const struct engines_config *config)
{
	const struct tsr_hw_fuses *fuses = sku_fuses(config->sku);
	unsigned int total = fuses->tensor_tiles + fuses->dma_engines;
	struct time_class class;
	struct engines *engines;

	if (total > TSR_HW_ENGINE_MAX)
		return NULL;
	engines = calloc(1, sizeof(*engines) + total * sizeof(engines->engine[0]));
	if (!engines)
		return NULL;
	engines->config = *config;
	atomic_init(&engines->serial, config->serial);
	engines->count = total;
	for (unsigned int i = 0; i < total; i++) {
		engines->engine[i].number = i;
		engines->engine[i].kind = i < fuses->tensor_tiles ? TSR_HW_ENGINE_TENSOR :
								    TSR_HW_ENGINE_DMA;
	}
	class = class_of(fuses);
	engines->accounts = accounts_create(&class);
	engines->walks = walks_create();
	engines->pace = pace_create(fuses, node_ended, engines);
	engines->workers = workers_create(total * THREADS_PER_ENGINE, config->wake, config->ctx);
	if (!engines->accounts || !engines->walks || !engines->pace || !engines->workers) {
		engines_destroy(engines);
		return NULL;
	}
	return engines;
}

unsigned int engines_count(const struct engines *engines)
{
	return engines->count;
}

/* A node that ends without having run. */
static void plan_refusal(struct engine *engine, int error, uint64_t fault, uint64_t cycles)
{
	struct engine_results *planned = &engine->planned;
	uint64_t start = planned->start;

	memset(planned, 0, sizeof(*planned));
	planned->error = error;
	planned->fault = fault;
	planned->start = start;
	planned->end = start + (cycles ? cycles : REFUSE_CYCLES);
}

/* A node that has nothing to do, or a binding. */
static void plan_idle(struct engine *engine, uint64_t cycles)
{
	engine->planned.end = engine->planned.start + cycles;
	engine->planned.alone = cycles;
}

static struct job *make_job(struct engines *engines, struct engine *engine)
{
	struct job *job = job_create(engines->config.port, engines->config.inject);

	if (!job)
		return NULL;
	job->agent.id = engine->number;
	job->agent.asid = engine->args.asid;
	job->agent.serial = engine->serial;
	job->agent.epoch = engines->epoch;
	job->progress = engine->args.progress;
	if (engine->args.flags & TSR_HW_ENGINE_GROUP)
		job->resident = resident_get(engine->resident);
	job->wake = engines->config.wake;
	job->ctx = engines->config.ctx;
	return job;
}

/* Bytes of scratchpad that loads go through. */
static uint64_t ring_of(const struct engines *engines, const struct engine *engine)
{
	return engine->args.ring ? engine->args.ring : sku_ring(sku_fuses(engines->config.sku));
}

/* Whether the ring fits beside what is bound. */
static bool has_room(const struct engines *engines, const struct engine *engine)
{
	uint64_t all = sku_ring(sku_fuses(engines->config.sku));

	return ring_of(engines, engine) <= all - resident_size(engine->resident);
}

static int prepare(struct engines *engines, struct engine *engine, struct job *job,
		   struct tile_request *request, uint64_t *fault)
{
	const struct engine_args *args = &engine->args;
	struct tile_result result = { 0 };
	int error;

	*request = (struct tile_request){
		.kind = engine->kind,
		.stream = job->stream,
		.stream_size = args->stream_size,
		.slots = job->slots,
		.slot_count = args->slot_count,
		.parameters = job->parameters,
		.parameter_count = args->parameter_count,
		.program = args->program,
		.program_size = args->program_size,
		.strict = args->flags & TSR_HW_ENGINE_STRICT,
		.resident = resident_size(job->resident),
		.ring = ring_of(engines, engine),
	};
	error = tile_prepare(engines->config.sku, request, &job->tile, &engine->size, &result);
	*fault = result.fault;
	return error;
}

/* Errors of time as those of a node. */
static int error_of(int error)
{
	switch (error) {
	case 0:
		return TSR_HW_ERR_NONE;
	case -EINVAL:
		return TSR_HW_ERR_COMMAND;
	case -E2BIG:
	case -EOPNOTSUPP:
		return TSR_HW_ERR_UNSUPPORTED;
	default:
		return TSR_HW_ERR_ENGINE;
	}
}

/* Of a stream whose headers are checked, where a command begins. */
static uint64_t offset_of(const struct job *job, unsigned int number)
{
	const char *at = job->stream;

	for (unsigned int i = 0; i < number; i++)
		at += ((const struct tsr_hw_command *)at)->size;
	return (uint64_t)(at - (const char *)job->stream);
}

/* The first command that time refuses. */
static uint64_t refused_at(struct engines *engines, const struct job *job, uint64_t ring)
{
	const struct time_class class = class_of(sku_fuses(engines->config.sku));
	struct steps steps;

	for (unsigned int i = 0; i < job->measured.count; i++)
		if (steps_begin(&steps, &class, engines->walks, &job->measured.commands[i]) ||
		    steps.working_set > ring)
			return offset_of(job, i);
	return 0;
}

static int pace_commands(struct engines *engines, struct engine *engine, struct job *job,
			 uint64_t *fault)
{
	const struct stream stream = { job->measured.commands, job->measured.count, NULL };
	uint64_t ring = ring_of(engines, engine);
	int error = account_create(engines->accounts, &stream, ring, engine->args.budget,
				   &job->account);

	if (!error)
		error = pace_stream(engines->pace, engine->number, ring, &stream,
				    engine->args.budget);
	engine->paced = !error;
	if (error == -EINVAL)
		*fault = refused_at(engines, job, ring);
	return error_of(error);
}

static int pace_tensor(struct engines *engines, struct engine *engine, struct job *job,
		       const struct measure_source *source, uint64_t *fault)
{
	int error = measure_stream(source, &job->measured);

	return error ? error_of(error) : pace_commands(engines, engine, job, fault);
}

/* @steps: zeros, one for each command of the stream. */
static void report_copies(struct job *job, const struct copy *copies, unsigned int count,
			  uint64_t *steps)
{
	for (unsigned int i = 0; i < count; i++)
		steps[copies[i].command] = copy_steps(&copies[i]);
	tile_report(job->tile, steps);
}

/* The flows of a DMA engine are known, and so is their time alone before any of them begins. */
static int pace_flows(struct engines *engines, struct engine *engine, const struct copy *copies,
		      unsigned int count)
{
	int error = account_copies(engines->accounts, copies, count, &engine->alone);

	if (error)
		return error_of(error);
	if (engine->alone > engine->args.budget)
		return TSR_HW_ERR_BUDGET;
	plan_idle(engine, NOP_CYCLES);
	if (!count)
		return TSR_HW_ERR_NONE;
	error = pace_copies(engines->pace, engine->number, copies, count);
	engine->paced = !error;
	return error_of(error);
}

static int pace_dma(struct engines *engines, struct engine *engine, struct job *job,
		    const struct measure_source *source)
{
	unsigned int most = source->request->stream_size / sizeof(struct tsr_hw_command);
	struct copy *copies = calloc(most + 1, sizeof(*copies));
	uint64_t *steps = calloc(most + 1, sizeof(*steps));
	int error = TSR_HW_ERR_ENGINE;
	unsigned int count;

	if (copies && steps) {
		count = measure_copies(source, engines->walks, copies, most);
		report_copies(job, copies, count, steps);
		error = pace_flows(engines, engine, copies, count);
	}
	free(steps);
	free(copies);
	return error;
}

static int make_ready(struct engines *engines, struct engine *engine, struct job *job,
		      uint64_t *fault)
{
	struct tile_request request;
	const struct measure_source source = {
		.fuses = sku_fuses(engines->config.sku),
		.energy = sku_energy(engines->config.sku),
		.request = &request,
		.read = job_read,
		.memory = job_memory,
		.ctx = job,
	};
	int error;

	if (engine->kind == TSR_HW_ENGINE_TENSOR && !has_room(engines, engine))
		return TSR_HW_ERR_RESOURCES;
	error = fetch_job(engines->config.sram, &engine->args, job, fault);
	if (!error)
		error = prepare(engines, engine, job, &request, fault);
	if (error)
		return error;
	*fault = 0;
	if (engine->kind == TSR_HW_ENGINE_TENSOR)
		return pace_tensor(engines, engine, job, &source, fault);
	return pace_dma(engines, engine, job, &source);
}

/* What was read before it was known is paid for. */
static uint64_t refusal_cycles(const struct job *job)
{
	return REFUSE_CYCLES + (job ? job->measured.elements / CONTROL_A_CYCLE : 0);
}

static void start_stream(struct engines *engines, struct engine *engine,
			 const struct record_node *node)
{
	struct job *job = make_job(engines, engine);
	uint64_t fault = 0;
	int error = job ? make_ready(engines, engine, job, &fault) : TSR_HW_ERR_ENGINE;

	if (error) {
		plan_refusal(engine, error, fault, refusal_cycles(job));
		job_put(job);
		return;
	}
	job->flip = (struct tile_flip){ node->weight_bit, node->result_bit };
	engine->job = job;
	engine->deferred = engine->size.operations <= SMALL_OPERATIONS &&
			   engine->size.bytes <= SMALL_BYTES;
}

static void start_nop(struct engines *engines, struct engine *engine)
{
	const struct port_agent agent = {
		.id = engine->number,
		.epoch = engines->epoch,
	};

	plan_idle(engine, NOP_CYCLES);
	engine->planned.blocks = 1;
	port_progress(engines->config.port, &agent, engine->args.progress, 1);
}

/* Hand the computation to a thread of its own, unless it waits for the simulation's. */
static void launch(struct engines *engines, struct engine *engine)
{
	if (!engine->job || engine->deferred || atomic_load(&engine->job->ready))
		return;
	if (workers_submit(engines->workers, engine->job)) {
		plan_refusal(engine, TSR_HW_ERR_ENGINE, 0, 0);
		drop_job(engines, engine);
	}
}

/* The faults to make in a node that starts: injected now, or when it was recorded. */
static struct record_node node_faults(struct engines *engines, const struct engine *engine)
{
	const struct engine_args *args = &engine->args;
	struct record_node node = { .serial = engine->serial };
	struct tile_flip flip = { TILE_FLIP_NONE, TILE_FLIP_NONE };

	if (engines->config.replay) {
		replay_node(engines->config.replay, &node);
		return node;
	}
	node.hang = inject_hang(engines->config.inject, args->queue, args->node);
	node.engine_error = inject_engine_error(engines->config.inject, args->node);
	if (args->stream_size)
		inject_take_flip(engines->config.inject, &flip);
	node.weight_bit = flip.weight_bit;
	node.result_bit = flip.result_bit;
	record_node(engines->config.record, &node);
	return node;
}

/* Ends nodes whose budget a step has exceeded that ended now. */
static void end_exceeded(struct engines *engines, uint64_t now)
{
	for (unsigned int i = 0; i < engines->count; i++) {
		struct engine *engine = &engines->engine[i];
		uint64_t steps;

		if (!engine->paced || !engine->job->account)
			continue;
		steps = pace_steps(engines->pace, i);
		if (steps == engine->steps)
			continue;
		engine->steps = steps;
		if (!account_exceeded(engine->job->account, steps))
			continue;
		pace_stop(engines->pace, i);
		engine->paced = false;
		engine->exceeded = true;
		engine->end = now;
	}
}

/* What has happened on the timeline until now, before something else does. */
static void catch_up(struct engines *engines)
{
	uint64_t now = clock_now(engines->config.clock);

	engines_pass(engines, now);
	pace_advance(engines->pace, now);
}

/* An injected error: the node takes its time, and nothing is computed. */
static void spoil(struct engine *engine)
{
	if (!engine->job) {
		plan_refusal(engine, TSR_HW_ERR_ENGINE, 0,
			     engine->planned.end - engine->planned.start);
		return;
	}
	engine->deferred = false;
	engine->job->result.error = TSR_HW_ERR_ENGINE;
	atomic_store(&engine->job->ready, true);
}

/* The engine is idle: it becomes busy, with an end that is not known yet. */
static void begin(struct engines *engines, struct engine *engine)
{
	catch_up(engines);
	engine->busy = true;
	engine->binds = false;
	engine->counted = false;
	engine->steps = 0;
	engine->exceeded = false;
	engine->end = CLOCK_NEVER;
	memset(&engine->planned, 0, sizeof(engine->planned));
	memset(&engine->amounts, 0, sizeof(engine->amounts));
	engine->planned.start = clock_now(engines->config.clock);
}

/* What is bound goes with its address space, and when the core says so. */
static void keep_or_give_up(struct engine *engine)
{
	if (!engine->args.resident || engine->args.asid != engine->owner)
		give_up(engine);
}

/* It takes time as storing to a scratchpad does. */
static uint64_t zeroing_cycles(const struct tsr_hw_fuses *fuses, uint64_t bytes)
{
	uint64_t width = 4ull * fuses->weight_path;

	return (bytes + width - 1) / width;
}

/* A group gets the tile: what is resident from now on is zero. */
static bool bind(struct engines *engines, unsigned int instance)
{
	struct engine *engine = &engines->engine[instance];
	const struct tsr_hw_fuses *fuses = sku_fuses(engines->config.sku);
	uint32_t size = engine->args.resident;

	if (engine->busy || engine->done || engine->kind != TSR_HW_ENGINE_TENSOR)
		return false;
	begin(engines, engine);
	engine->binds = true;
	engine->entered = false;
	give_up(engine);
	engine->owner = engine->args.asid;
	if (size > sku_ring(fuses))
		plan_refusal(engine, TSR_HW_ERR_RESOURCES, 0, 0);
	else if (size && !(engine->resident = resident_create(size)))
		plan_refusal(engine, TSR_HW_ERR_ENGINE, 0, 0);
	else
		plan_idle(engine, zeroing_cycles(fuses, size));
	engine->end = engine->planned.end;
	return true;
}

/* The engine is idle, and its arguments are set. */
static void start_node(struct engines *engines, struct engine *engine)
{
	struct record_node node;

	begin(engines, engine);
	keep_or_give_up(engine);
	engine->serial = atomic_fetch_add(&engines->serial, 1) + 1;
	node = node_faults(engines, engine);
	if (node.hang)
		return;
	if (engine->entered && !engine->args.budget)
		plan_refusal(engine, TSR_HW_ERR_BUDGET, 0, 0);
	else if (engine->args.stream_size)
		start_stream(engines, engine, &node);
	else
		start_nop(engines, engine);
	if (node.engine_error)
		spoil(engine);
	launch(engines, engine);
	if (!engine->paced)
		engine->end = engine->planned.end;
}

static bool start(struct engines *engines, unsigned int instance)
{
	struct engine *engine = &engines->engine[instance];

	if (engine->busy || engine->done)
		return false;
	engine->entered = false;
	start_node(engines, engine);
	return true;
}

/* What the nodes of an entered node's job have in common; NULL where there is no such memory. */
static struct tsr_hw_engine_job *job_of(struct engines *engines, const struct entry *entry)
{
	if (entry->job % _Alignof(struct tsr_hw_engine_job))
		return NULL;
	return sram_at(engines->config.sram, entry->job, sizeof(struct tsr_hw_engine_job));
}

static uint64_t budget_left(const struct tsr_hw_engine_job *job)
{
	uint64_t taken = job->charged + job->alone;

	if (job->budget == UINT64_MAX)
		return UINT64_MAX;
	return job->budget > taken ? job->budget - taken : 0;
}

/* The arguments that START would have found in registers. */
static void take_arguments(struct engines *engines, struct engine *engine,
			   const struct entry *entry)
{
	static const struct tsr_hw_engine_job none;
	const struct tsr_hw_engine_job *job = job_of(engines, entry);

	if (!job)
		job = &none;
	engine->args = (struct engine_args){
		.asid = job->asid,
		.stream_size = entry->node.stream_size,
		.slots = job->slots,
		.slot_count = job->slot_count,
		.parameters = job->parameters,
		.parameter_count = job->parameter_count,
		.program_size = job->program_size,
		.queue = job->queue,
		.node = entry->number,
		.flags = job->flags & TSR_HW_ENGINE_STRICT,
		.ring = entry->node.ring,
		.stream = job->streams + entry->node.stream,
		.program = job->program,
		.progress = job->progress,
		.budget = budget_left(job),
	};
}

/* An entered node begins, or ends without an error. */
static void trace(struct engines *engines, const struct engine *engine, uint16_t code,
		  uint64_t cycle, uint32_t arg)
{
	const struct tsr_hw_trace record = {
		.cycle = (uint32_t)cycle,
		.queue = (uint16_t)engine->args.queue,
		.code = code,
		.arg0 = engine->args.node,
		.arg1 = arg,
	};

	trace_ring_write(&engines->trace, engines->config.sram, &record);
}

/* An engine that is idle, and whose results were read, begins the next entered node. */
static bool start_next(struct engines *engines, struct engine *engine)
{
	const struct entry *entry;

	if (engine->busy || engine->done)
		return false;
	entry = entries_begin(&engine->entries);
	if (!entry)
		return false;
	engine->entered = true;
	take_arguments(engines, engine, entry);
	start_node(engines, engine);
	trace(engines, engine, TSR_HW_TRACE_NODE_START, engine->planned.start, engine->number);
	return true;
}

/* Where there is no place or no such memory, nothing is entered. */
static bool enter(struct engines *engines, struct engine *engine, uint32_t address)
{
	const void *node = sram_at(engines->config.sram, address, sizeof(struct tsr_hw_node));
	struct entry *entry = node ? entries_add(&engine->entries) : NULL;

	if (!entry)
		return false;
	memcpy(&entry->node, node, sizeof(entry->node));
	entry->number = engine->entry_number;
	entry->job = engine->entry_job;
	return start_next(engines, engine);
}

/* What an entered node did is added to what its job has. */
static void add_to_job(struct engines *engines, const struct engine *engine)
{
	struct tsr_hw_engine_job *job = job_of(engines, entries_running(&engine->entries));
	const struct engine_results *results = &engine->results;
	uint64_t least = TSR_HW_NODE_LEAST_CYCLES;

	if (!job)
		return;
	job->alone += results->alone > least ? results->alone : least;
	job->cycles[engine->kind != TSR_HW_ENGINE_TENSOR] += results->end - results->start;
	job->blocks += results->blocks;
}

/* After an error the engine waits for the core; else the next node begins. */
static void end_entered(struct engines *engines, struct engine *engine)
{
	engine->entered = false;
	if (engine->results.error) {
		entries_fail(&engine->entries);
		engine->done = true;
		return;
	}
	add_to_job(engines, engine);
	trace(engines, engine, TSR_HW_TRACE_NODE_END, engine->results.end, TSR_HW_ERR_NONE);
	entries_end(&engine->entries, engines->ends++);
	start_next(engines, engine);
}

static void forget(struct engines *engines, struct engine *engine)
{
	drop_job(engines, engine);
	give_up(engine);
	entries_clear(&engine->entries);
	engine->busy = false;
	engine->done = false;
	engine->entered = false;
}

static bool control(struct engines *engines, unsigned int instance, uint32_t val)
{
	struct engine *engine = &engines->engine[instance];

	switch (val) {
	case TSR_HW_ENGINE_START:
		return start(engines, instance);
	case TSR_HW_ENGINE_BIND:
		return bind(engines, instance);
	case TSR_HW_ENGINE_ABORT:
		catch_up(engines);
		if (engine->busy)
			counters_add(engines->config.counters, COUNTER_NODES_ABORTED, 1);
		forget(engines, engine);
		return true;
	case TSR_HW_ENGINE_ACK:
		engine->done = false;
		return start_next(engines, engine);
	case TSR_HW_ENGINE_RECALL:
		entries_recall(&engine->entries);
		return false;
	}
	return false;
}

bool engines_store(struct engines *engines, unsigned int instance, uint32_t offset,
		   uint32_t val)
{
	struct engine *engine = &engines->engine[instance];

	switch (offset) {
	case TSR_HW_ENGINE_CONTROL:
		return control(engines, instance, val);
	case TSR_HW_ENGINE_ENTER:
		return enter(engines, engine, val);
	case TSR_HW_ENGINE_JOB:
		engine->entry_job = val;
		return false;
	case TSR_HW_ENGINE_NUMBER:
		engine->entry_number = val;
		return false;
	}
	if (!engine->busy)
		engine_args_store(&engine->args, offset, val);
	return false;
}

static uint32_t status(const struct engine *engine)
{
	uint32_t val = 0;

	if (engine->busy)
		val |= TSR_HW_ENGINE_BUSY;
	if (engine->done)
		val |= TSR_HW_ENGINE_DONE | (uint32_t)engine->results.error << 8;
	return val;
}

uint64_t engines_serial(const struct engines *engines)
{
	return atomic_load(&engines->serial);
}

/* Results but START are there when the node has ended. */
static uint32_t result(const struct engine *engine, uint32_t offset)
{
	if (engine->done)
		return engine_results_load(&engine->results, offset);
	if (engine->busy &&
	    (offset == TSR_HW_ENGINE_START_LO || offset == TSR_HW_ENGINE_START_HI))
		return engine_results_load(&engine->planned, offset);
	return 0;
}

uint32_t engines_load(const struct engines *engines, unsigned int instance, uint32_t offset)
{
	const struct engine *engine = &engines->engine[instance];
	uint32_t val;

	switch (offset) {
	case TSR_HW_ENGINE_KIND:
		return engine->kind;
	case TSR_HW_ENGINE_STATUS:
		return status(engine);
	case TSR_HW_ENGINE_SCRATCHPAD:
		return engine->kind == TSR_HW_ENGINE_TENSOR ?
		       (uint32_t)sku_ring(sku_fuses(engines->config.sku)) : 0;
	case TSR_HW_ENGINE_JOB:
		return engine->entry_job;
	case TSR_HW_ENGINE_NUMBER:
		return engine->entry_number;
	case TSR_HW_ENGINE_ENTERED:
		return engine->entries.count;
	}
	if (engine_args_load(&engine->args, offset, &val))
		return val;
	return result(engine, offset);
}

uint32_t engines_done(const struct engines *engines)
{
	uint32_t mask = 0;

	for (unsigned int i = 0; i < engines->count; i++)
		if (engines->engine[i].done)
			mask |= 1u << i;
	return mask;
}

bool engines_ended(const struct engines *engines)
{
	for (unsigned int i = 0; i < engines->count; i++)
		if (entries_ended(&engines->engine[i].entries))
			return true;
	return false;
}

/* The engine whose end is the earliest of those that are still to be read, or NULL. */
static struct engine *first_ended(struct engines *engines)
{
	struct engine *found = NULL;
	uint64_t order = UINT64_MAX;

	for (unsigned int i = 0; i < engines->count; i++) {
		struct engine *engine = &engines->engine[i];
		const struct entry *entry = entries_ended(&engine->entries);

		if (!entry || entry->order > order)
			continue;
		found = engine;
		order = entry->order;
	}
	return found;
}

uint32_t engines_take_end(struct engines *engines)
{
	struct engine *engine = first_ended(engines);
	uint32_t node;

	if (!engine)
		return 0;
	node = entries_ended(&engine->entries)->number & TSR_HW_ENDED_NODE;
	entries_drop(&engine->entries);
	return TSR_HW_ENDED_VALID | engine->number << 16 | node;
}

void engines_place_trace(struct engines *engines, uint32_t address)
{
	trace_ring_place(&engines->trace, address);
}

uint32_t engines_trace(const struct engines *engines)
{
	return engines->trace.address;
}

uint32_t engines_take_record(struct engines *engines)
{
	return trace_ring_take(&engines->trace);
}

uint32_t engines_records_taken(const struct engines *engines)
{
	return trace_ring_taken(&engines->trace);
}

void engines_next(const struct engines *engines, struct engines_event *event)
{
	event->is_end = false;
	event->time = pace_next(engines->pace);
	for (unsigned int i = 0; i < engines->count; i++) {
		const struct engine *engine = &engines->engine[i];

		if (!engine->busy || engine->end == CLOCK_NEVER)
			continue;
		/* An end that is known comes before what else happens then. */
		if (engine->end > event->time || (engine->end == event->time && event->is_end))
			continue;
		event->is_end = true;
		event->time = engine->end;
		event->instance = i;
	}
}

void engines_pass(struct engines *engines, uint64_t until)
{
	uint64_t next;

	while ((next = pace_next(engines->pace)) <= until && next != CLOCK_NEVER) {
		pace_advance(engines->pace, next);
		end_exceeded(engines, next);
	}
}

bool engines_may_pass(const struct engines *engines)
{
	for (unsigned int i = 0; i < engines->count; i++) {
		const struct engine *engine = &engines->engine[i];

		if (!engine->busy || (!engine->job && engine->end == CLOCK_NEVER))
			continue;
		if (!engine->job || engine->deferred || atomic_load(&engine->job->ready) ||
		    atomic_load(&engine->job->endless))
			return true;
	}
	return false;
}

/* Small nodes are computed here, but for those that have too many steps. */
static void run_deferred(struct engines *engines, struct engine *engine)
{
	engine->deferred = false;
	if (engine->job->account && !account_reach(engine->job->account, SMALL_STEPS)) {
		launch(engines, engine);
		return;
	}
	job_run(engine->job);
	job_finish(engine->job);
}

bool engines_ready(struct engines *engines, unsigned int instance)
{
	struct engine *engine = &engines->engine[instance];

	if (engine->exceeded)
		return true;
	if (engine->deferred)
		run_deferred(engines, engine);
	return !engine->job || atomic_load(&engine->job->ready);
}

static void count_node(struct engines *engines, const struct engine *engine)
{
	enum counter which = COUNTER_NODES_NOP;

	if (engine->args.stream_size)
		which = engine->kind == TSR_HW_ENGINE_TENSOR ? COUNTER_NODES_TENSOR :
							    COUNTER_NODES_DMA;
	if (engine->results.error)
		which = COUNTER_NODES_FAILED;
	counters_add(engines->config.counters, which, 1);
	counters_add(engines->config.counters, COUNTER_MACS, engine->results.macs);
}

static void tell_end(struct engines *engines, const struct engine *engine)
{
	const struct record_done done = {
		.serial = engine->serial,
		.error = (uint64_t)engine->results.error,
		.fault = engine->results.fault,
		.end = engine->results.end,
	};

	if (engines->config.replay)
		replay_done(engines->config.replay, &done);
	else
		record_done(engines->config.record, &done);
}

/* Length of a count in bits. */
static uint32_t length(uint64_t count)
{
	return count ? 64u - (uint32_t)__builtin_clzll(count) : 0;
}

/* What a node did that was paced. */
static void plan_amounts(struct engines *engines, struct engine *engine)
{
	const struct energy_constants constants = class_energy(sku_energy(engines->config.sku));
	const struct amounts *amounts = &engine->amounts;
	struct engine_results *planned = &engine->planned;
	struct account *account = engine->job->account;
	uint64_t alone = account ? account_cycles(account) : engine->alone;

	planned->end = engine->end;
	planned->macs = amounts->products;
	planned->read = amounts->memory + amounts->link - amounts->written;
	planned->written = amounts->written;
	planned->blocks = amounts->steps;
	planned->energy = energy_of_node(amounts, alone, &constants, 1, 1);
	planned->alone = alone;
}

/* What only the computation tells. */
static void take_result(struct engine *engine, const struct tile_result *result)
{
	if (result->error)
		plan_refusal(engine, result->error, result->fault,
			     engine->end - engine->planned.start);
	else
		engine->planned.range = length(result->infinite) | length(result->nan) << 8;
}

void engines_deliver(struct engines *engines, unsigned int instance)
{
	struct engine *engine = &engines->engine[instance];

	if (engine->job && engine->counted)
		plan_amounts(engines, engine);
	if (engine->exceeded)
		plan_refusal(engine, TSR_HW_ERR_BUDGET, 0, engine->end - engine->planned.start);
	else if (engine->job)
		take_result(engine, &engine->job->result);
	engine->results = engine->planned;
	if (!engine->binds) {
		tell_end(engines, engine);
		count_node(engines, engine);
	}
	drop_job(engines, engine);
	engine->busy = false;
	if (engine->entered)
		end_entered(engines, engine);
	else
		engine->done = true;
}

unsigned int engines_busy(const struct engines *engines)
{
	unsigned int busy = 0;

	for (unsigned int i = 0; i < engines->count; i++)
		busy += engines->engine[i].busy;
	return busy;
}

void engines_reset(struct engines *engines, unsigned int epoch)
{
	engines->epoch = epoch;
	trace_ring_place(&engines->trace, 0);
	pace_reset(engines->pace);
	for (unsigned int i = 0; i < engines->count; i++) {
		engines->engine[i].paced = false;
		forget(engines, &engines->engine[i]);
		memset(&engines->engine[i].args, 0, sizeof(engines->engine[i].args));
		engines->engine[i].entry_job = 0;
		engines->engine[i].entry_number = 0;
	}
}
