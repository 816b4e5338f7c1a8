// SPDX-License-Identifier: MIT
#include "engine.h"

#include <stdlib.h>
#include <string.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/program.h>

#include "clock.h"
#include "core/sram.h"
#include "counters.h"
#include "engine_regs.h"
#include "inject.h"
#include "job.h"
#include "tile/sku.h"
#include "tile/tile.h"
#include "trace/record.h"
#include "trace/record_format.h"
#include "trace/replay.h"
#include "worker.h"

/* Cycles of a no-op node, and of a node that is refused before it runs. */
#define NOP_CYCLES 16u
#define REFUSE_CYCLES 64u

/*
 * Nodes this small are computed on the simulation thread when it comes to need them: the
 * wake-ups of another thread would cost more. What counts are the operations of the cycle
 * model, because four bytes may stand for any number of elements; and the bytes beside
 * them, because an operand may be larger than what is computed from it.
 */
#define SMALL_OPERATIONS (1u << 18)
#define SMALL_BYTES (1u << 16)

/* Threads of an engine: for its node, and for aborted ones that have not noticed yet. */
#define THREADS_PER_ENGINE 2u

struct engine {
	unsigned int kind;
	bool busy;
	bool done;
	uint64_t end;		/* modelled; CLOCK_NEVER when hung */
	uint64_t serial;	/* of the node */
	bool deferred;		/* the job is to be computed on the simulation thread */
	struct job *job;	/* NULL for a no-op, a refused or a hung node */
	struct engine_args args;
	struct engine_results results;
	struct engine_results planned;	/* become @results at @end if the job succeeds */
};

struct engines {
	struct engines_config config;
	atomic_ullong serial;	/* nodes started in the life of the device */
	unsigned int epoch;	/* of the core that starts nodes */
	struct workers *workers;
	unsigned int count;
	struct engine engine[];
};

struct engines *engines_create(const struct engines_config *config)
{
	const struct tsr_hw_fuses *fuses = sku_fuses(config->sku);
	unsigned int total = fuses->tensor_tiles + fuses->dma_engines;
	struct engines *engines;

	if (total > TSR_HW_ENGINE_MAX)
		return NULL;
	engines = calloc(1, sizeof(*engines) + total * sizeof(engines->engine[0]));
	if (!engines)
		return NULL;
	engines->config = *config;
	atomic_init(&engines->serial, config->serial);
	engines->count = total;
	for (unsigned int i = 0; i < total; i++)
		engines->engine[i].kind = i < fuses->tensor_tiles ? TSR_HW_ENGINE_TENSOR :
								    TSR_HW_ENGINE_DMA;
	engines->workers = workers_create(total * THREADS_PER_ENGINE, config->wake, config->ctx);
	if (!engines->workers) {
		free(engines);
		return NULL;
	}
	return engines;
}

/* The engine drops its node; no access in its name is under way afterwards. */
static void drop_job(struct engines *engines, struct engine *engine)
{
	if (engine->job && !atomic_load(&engine->job->ready))
		port_close(engines->config.port, &engine->job->agent);
	job_put(engine->job);
	engine->job = NULL;
	engine->deferred = false;
}

void engines_destroy(struct engines *engines)
{
	if (!engines)
		return;
	for (unsigned int i = 0; i < engines->count; i++)
		drop_job(engines, &engines->engine[i]);
	workers_destroy(engines->workers);
	free(engines);
}

unsigned int engines_count(const struct engines *engines)
{
	return engines->count;
}

/* A cost that was more than the model can say never ends. */
static uint64_t end_of(uint64_t start, uint64_t cycles)
{
	return cycles > CLOCK_NEVER - start ? CLOCK_NEVER : start + cycles;
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
	planned->end = end_of(start, cycles ? cycles : REFUSE_CYCLES);
}

/* Copy @size bytes of the core's memory; @outside is the error where some are not there. */
static int copy_table(struct engines *engines, uint32_t address, size_t size, int outside,
		      void **table)
{
	const void *from = sram_at(engines->config.sram, address, size);

	if (!from && size)
		return outside;
	*table = malloc(size + 1);
	if (!*table)
		return TSR_HW_ERR_ENGINE;
	if (size)
		memcpy(*table, from, size);
	return TSR_HW_ERR_NONE;
}

static int copy_slots(struct engines *engines, struct engine *engine, struct job *job)
{
	const struct engine_args *args = &engine->args;
	void *table = NULL;
	int error;

	if (args->slot_count > TSR_HW_MAX_SLOTS)
		return TSR_HW_ERR_SLOT;
	error = copy_table(engines, args->slots, args->slot_count * sizeof(struct tsr_hw_slot),
			   TSR_HW_ERR_SLOT, &table);
	job->slots = table;
	return error;
}

static int copy_parameters(struct engines *engines, struct engine *engine, struct job *job)
{
	const struct engine_args *args = &engine->args;
	void *table = NULL;
	int error;

	if (args->parameter_count > TSR_HW_MAX_PARAMETERS)
		return TSR_HW_ERR_PARAMETER;
	error = copy_table(engines, args->parameters, args->parameter_count * sizeof(uint64_t),
			   TSR_HW_ERR_PARAMETER, &table);
	job->parameters = table;
	return error;
}

static int fetch_stream(struct engines *engines, struct engine *engine, struct job *job,
			uint64_t *fault)
{
	const struct engine_args *args = &engine->args;
	int error;

	*fault = 0;
	if (args->stream_size > TSR_HW_MAX_STREAM || args->stream_size % 8)
		return TSR_HW_ERR_COMMAND;
	job->stream = malloc(args->stream_size);
	if (!job->stream)
		return TSR_HW_ERR_ENGINE;
	error = port_copy_bytes(engines->config.port, &job->agent, MMU_FETCH, args->stream,
				job->stream, args->stream_size, fault);
	/* Closed means that a reset is about to end all this. */
	return error == PORT_CLOSED ? TSR_HW_ERR_FAULT_BUS : error;
}

static int prepare(struct engines *engines, struct engine *engine, struct job *job,
		   struct tile_cost *cost, uint64_t *fault)
{
	const struct engine_args *args = &engine->args;
	struct tile_result result = { 0 };
	struct tile_request request = {
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
	};
	int error;

	error = tile_prepare(engines->config.sku, &request, &job->tile, cost, &result);
	*fault = result.fault;
	if (!error && cost->cycles > args->budget) {
		*fault = 0;
		cost->cycles = 0;
		return TSR_HW_ERR_BUDGET;
	}
	return error;
}

static struct job *make_job(struct engines *engines, struct engine *engine,
			    unsigned int instance)
{
	struct job *job = job_create(engines->config.port, engines->config.inject);

	if (!job)
		return NULL;
	job->agent.id = instance;
	job->agent.asid = engine->args.asid;
	job->agent.serial = engine->serial;
	job->agent.epoch = engines->epoch;
	job->progress = engine->args.progress;
	return job;
}

static void plan_cost(struct engine *engine, const struct tile_cost *cost)
{
	struct engine_results *planned = &engine->planned;

	planned->end = end_of(planned->start, cost->cycles);
	planned->macs = cost->macs;
	planned->read = cost->bytes_read;
	planned->written = cost->bytes_written;
	planned->blocks = cost->blocks;
	planned->energy = cost->energy;
}

/* Address space 0 is the host's memory as it is: no engine may ever use it. */
static bool asid_valid(uint32_t asid)
{
	return asid != 0;
}

static void start_stream(struct engines *engines, struct engine *engine, unsigned int instance,
			 const struct record_node *node)
{
	struct job *job = make_job(engines, engine, instance);
	struct tile_cost cost = { 0 };
	uint64_t fault = 0;
	int error = TSR_HW_ERR_ENGINE;

	if (job && !asid_valid(engine->args.asid)) {
		error = TSR_HW_ERR_FAULT_FETCH;
		fault = engine->args.stream;
	} else if (job) {
		error = copy_slots(engines, engine, job);
		if (!error)
			error = copy_parameters(engines, engine, job);
		if (!error)
			error = fetch_stream(engines, engine, job, &fault);
		if (!error)
			error = prepare(engines, engine, job, &cost, &fault);
	}
	if (error) {
		plan_refusal(engine, error, fault, cost.cycles);
		job_put(job);
		return;
	}
	plan_cost(engine, &cost);
	job->flip = (struct tile_flip){ node->weight_bit, node->result_bit };
	engine->job = job;
	engine->deferred = cost.operations <= SMALL_OPERATIONS &&
			   cost.bytes_read + cost.bytes_written <= SMALL_BYTES;
}

static void start_nop(struct engines *engines, struct engine *engine, unsigned int instance)
{
	const struct port_agent agent = {
		.id = instance,
		.epoch = engines->epoch,
	};

	engine->planned.end = engine->planned.start + NOP_CYCLES;
	engine->planned.blocks = 1;
	port_progress(engines->config.port, &agent, engine->args.progress, 1);
}

/* Hand the computation to a thread of its own, unless it waits for the simulation's. */
static void launch(struct engines *engines, struct engine *engine)
{
	if (!engine->job || engine->deferred)
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

static bool start(struct engines *engines, unsigned int instance)
{
	struct engine *engine = &engines->engine[instance];
	struct record_node node;

	if (engine->busy || engine->done)
		return false;
	engine->busy = true;
	engine->serial = atomic_fetch_add(&engines->serial, 1) + 1;
	node = node_faults(engines, engine);
	memset(&engine->planned, 0, sizeof(engine->planned));
	engine->planned.start = clock_now(engines->config.clock);
	if (node.hang) {
		engine->end = CLOCK_NEVER;
		return true;
	}
	if (engine->args.stream_size)
		start_stream(engines, engine, instance, &node);
	else
		start_nop(engines, engine, instance);
	if (node.engine_error) {
		drop_job(engines, engine);
		plan_refusal(engine, TSR_HW_ERR_ENGINE, 0,
			     engine->planned.end - engine->planned.start);
	}
	launch(engines, engine);
	engine->end = engine->planned.end;
	return true;
}

static void forget(struct engines *engines, struct engine *engine)
{
	drop_job(engines, engine);
	engine->busy = false;
	engine->done = false;
	memset(&engine->results, 0, sizeof(engine->results));
}

static bool control(struct engines *engines, unsigned int instance, uint32_t val)
{
	struct engine *engine = &engines->engine[instance];

	switch (val) {
	case TSR_HW_ENGINE_START:
		return start(engines, instance);
	case TSR_HW_ENGINE_ABORT:
		if (engine->busy)
			counters_add(engines->config.counters, COUNTER_NODES_ABORTED, 1);
		forget(engines, engine);
		return true;
	case TSR_HW_ENGINE_ACK:
		engine->done = false;
		return false;
	}
	return false;
}

bool engines_store(struct engines *engines, unsigned int instance, uint32_t offset,
		   uint32_t val)
{
	struct engine *engine = &engines->engine[instance];

	if (offset == TSR_HW_ENGINE_CONTROL)
		return control(engines, instance, val);
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

uint32_t engines_load(const struct engines *engines, unsigned int instance, uint32_t offset)
{
	const struct engine *engine = &engines->engine[instance];
	uint32_t val;

	switch (offset) {
	case TSR_HW_ENGINE_KIND:
		return engine->kind;
	case TSR_HW_ENGINE_STATUS:
		return status(engine);
	}
	if (engine_args_load(&engine->args, offset, &val))
		return val;
	return engine->done ? engine_results_load(&engine->results, offset) : 0;
}

uint32_t engines_done(const struct engines *engines)
{
	uint32_t mask = 0;

	for (unsigned int i = 0; i < engines->count; i++)
		if (engines->engine[i].done)
			mask |= 1u << i;
	return mask;
}

unsigned int engines_next(const struct engines *engines, uint64_t *end)
{
	unsigned int next = 0;

	*end = CLOCK_NEVER;
	for (unsigned int i = 0; i < engines->count; i++) {
		if (engines->engine[i].busy && engines->engine[i].end < *end) {
			*end = engines->engine[i].end;
			next = i;
		}
	}
	return next;
}

bool engines_ready(struct engines *engines, unsigned int instance)
{
	struct engine *engine = &engines->engine[instance];

	if (!engine->job)
		return true;
	if (engine->deferred) {
		engine->deferred = false;
		job_run(engine->job);
	}
	return atomic_load(&engine->job->ready);
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

	if (engine->job)
		take_result(engine, &engine->job->result);
	engine->results = engine->planned;
	tell_end(engines, engine);
	drop_job(engines, engine);
	engine->busy = false;
	engine->done = true;
	count_node(engines, engine);
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
	for (unsigned int i = 0; i < engines->count; i++) {
		forget(engines, &engines->engine[i]);
		memset(&engines->engine[i].args, 0, sizeof(engines->engine[i].args));
	}
}
