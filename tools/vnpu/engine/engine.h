/* SPDX-License-Identifier: MIT */
/*
 * The engines as the management core sees them: tensor tiles, then DMA engines. When a node
 * ends is found step by step, as nodes beside it begin and end; its result is computed beside
 * that. Simulation thread only, except the wake-up.
 */
#ifndef VNPU_ENGINE_H
#define VNPU_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct counters;
struct engines;
struct inject;
struct port;
struct record;
struct replay;
struct sku;
struct sram;

/**
 * struct engines_config - what engines work with
 * @sku: kinds, numbers and rates
 * @port: host port
 * @inject: faults to make
 * @record: recorder
 * @replay: NULL, or the record that is repeated
 * @counters: counters
 * @clock: device clock
 * @sram: where slot tables are
 * @wake: called on any thread when a native result is there
 * @ctx: argument of @wake
 * @serial: nodes that count as started before
 */
struct engines_config {
	const struct sku *sku;
	struct port *port;
	struct inject *inject;
	struct record *record;
	struct replay *replay;
	struct counters *counters;
	const struct clock *clock;
	struct sram *sram;
	void (*wake)(void *ctx);
	void *ctx;
	uint64_t serial;
};

/** engines_create() - all engines of the SKU; NULL without memory or with too many */
struct engines *engines_create(const struct engines_config *config);

/** engines_destroy() - abort, wait for the native threads, free; NULL is allowed */
void engines_destroy(struct engines *engines);

/** engines_count() - instances */
unsigned int engines_count(const struct engines *engines);

/** engines_serial() - nodes started in the life of the device; from any thread */
uint64_t engines_serial(const struct engines *engines);

/** engines_load() - the core reads register @offset of @instance */
uint32_t engines_load(const struct engines *engines, unsigned int instance, uint32_t offset);

/**
 * engines_store() - the core writes a register
 *
 * Return: whether the next event of the simulation may have changed.
 */
bool engines_store(struct engines *engines, unsigned int instance, uint32_t offset,
		   uint32_t val);

/** engines_done() - bit per instance with DONE set */
uint32_t engines_done(const struct engines *engines);

/** engines_ended() - whether the end of an entered node was not read */
bool engines_ended(const struct engines *engines);

/** engines_take_end() - the core reads TSR_HW_SYS_ENDED */
uint32_t engines_take_end(struct engines *engines);

/** engines_place_trace() - the core writes TSR_HW_SYS_TRACE */
void engines_place_trace(struct engines *engines, uint32_t address);

/** engines_trace() - it reads that */
uint32_t engines_trace(const struct engines *engines);

/** engines_take_record() - it reads TSR_HW_SYS_TRACE_TAKE */
uint32_t engines_take_record(struct engines *engines);

/** engines_records_taken() - it reads TSR_HW_SYS_TRACE_TAKEN */
uint32_t engines_records_taken(const struct engines *engines);

/**
 * struct engines_event - what happens next
 * @time: when; CLOCK_NEVER: nothing
 * @is_end: the node of an engine ends, which is for engines_deliver(); else engines_pass()
 * @instance: the engine; of several at the same time the lowest
 */
struct engines_event {
	uint64_t time;
	bool is_end;
	unsigned int instance;
};

/** engines_next() - what happens next */
void engines_next(const struct engines *engines, struct engines_event *event);

/** engines_pass() - let happen what is no end, until a time */
void engines_pass(struct engines *engines, uint64_t until);

/**
 * engines_may_pass() - whether an idle core may be left waiting longer
 *
 * As long as no node at work has its result, none can end: the device clock stands, so that what
 * the host asks for meanwhile begins beside them, not behind. A node with very many steps is no
 * reason to stand: its budget may end it first.
 */
bool engines_may_pass(const struct engines *engines);

/** engines_ready() - whether the busy @instance has its native result */
bool engines_ready(struct engines *engines, unsigned int instance);

/** engines_deliver() - @instance ends: BUSY falls, DONE rises */
void engines_deliver(struct engines *engines, unsigned int instance);

/** engines_busy() - instances at work */
unsigned int engines_busy(const struct engines *engines);

/**
 * engines_reset() - power-on state; no access of them is under way afterwards
 * @engines: all engines
 * @epoch: the one that the reset began: what starts from here on belongs to it
 */
void engines_reset(struct engines *engines, unsigned int epoch);

#endif
