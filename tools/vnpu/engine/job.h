/* SPDX-License-Identifier: MIT */
/* One node on an engine: what it was given and its native computation. */
#ifndef VNPU_JOB_H
#define VNPU_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory/port.h"
#include "tile/tile.h"

/**
 * struct job - a node, shared by its engine and the worker that computes it
 * @refs: engine and worker
 * @ready: the result is there; set last
 * @agent: in whose name it accesses memory; closed when the node is aborted
 * @port: host port
 * @inject: gets back a bit error the node had no use for
 * @tile: prepared stream
 * @stream: private copy of the stream
 * @slots: private copy of the slot table
 * @parameters: private copy of the parameters
 * @progress: bus address of the progress word
 * @flip: bit errors to make
 * @result: how it ended
 * @next: in the worker's list
 */
struct job {
	atomic_uint refs;
	atomic_bool ready;
	struct port_agent agent;
	struct port *port;
	struct inject *inject;
	struct tile_job *tile;
	void *stream;
	struct tsr_hw_slot *slots;
	uint64_t *parameters;
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

/** job_run() - compute it on this thread, unless its agent is closed, and set @ready */
void job_run(struct job *job);

#endif
