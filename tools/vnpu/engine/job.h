/* SPDX-License-Identifier: MIT */
/* One node on an engine: what it was given and its native computation. */
#ifndef VNPU_JOB_H
#define VNPU_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "measure/measure.h"
#include "memory/port.h"
#include "tile/tile.h"

struct account;
struct resident;

/**
 * struct job - a node, shared by its engine and the worker that computes it
 * @refs: engine and worker
 * @ready: the result is there; set last
 * @endless: it has so many steps that it is computed before they are counted
 * @wake: to be called when that is known
 * @ctx: its argument
 * @agent: in whose name it accesses memory; closed when the node is aborted
 * @port: host port
 * @inject: gets back a bit error the node had no use for
 * @tile: prepared stream
 * @stream: private copy of the stream
 * @slots: private copy of the slot table
 * @parameters: private copy of the parameters
 * @measured: its commands, as time sees them
 * @account: its time alone; NULL: nothing is charged by steps
 * @resident: resident part of the tile that it may use, or NULL
 * @progress: bus address of the progress word
 * @flip: bit errors to make
 * @result: how it ended
 * @next: in the worker's list
 */
struct job {
	atomic_uint refs;
	atomic_bool ready;
	atomic_bool endless;
	void (*wake)(void *ctx);
	void *ctx;
	struct port_agent agent;
	struct port *port;
	struct inject *inject;
	struct tile_job *tile;
	void *stream;
	struct tsr_hw_slot *slots;
	uint64_t *parameters;
	struct measured measured;
	struct account *account;
	struct resident *resident;
	uint64_t progress;
	struct tile_flip flip;
	struct tile_result result;
	struct job *next;
};

/** job_create() - an empty job with one reference; NULL without memory */
struct job *job_create(struct port *port, struct inject *inject);

/** job_get() - one more reference */
struct job *job_get(struct job *job);

/** job_put() - drop a reference; the last frees; NULL is allowed */
void job_put(struct job *job);

/** job_read() - control data, for measure_stream(); @ctx is a job */
void job_read(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst);

/** job_memory() - likewise: the memory that an address is of */
enum memory job_memory(void *ctx, uint64_t va);

/** job_run() - compute it on this thread, unless its agent is closed */
void job_run(struct job *job);

/** job_finish() - set @ready, after job_run() */
void job_finish(struct job *job);

#endif
