/* SPDX-License-Identifier: MIT */
/*
 * Records a run, so that it can be repeated without a guest. All hooks do nothing unless a
 * record is being made, and may be called from any thread. They are inline, and NULL is a
 * recorder that never records: a device without one links nothing of record.c.
 */
#ifndef VNPU_RECORD_H
#define VNPU_RECORD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory/mmu.h"

struct clock;
struct port_agent;
struct port_rows;
struct record;
struct record_done;
struct record_header;
struct record_input;
struct record_mmio;
struct record_node;

/** record_create() - not recording; @clock gives positions; NULL without memory */
struct record *record_create(const struct clock *clock);

/** struct record_ops - what a recorder does; see the inline functions of the same names */
struct record_ops {
	void (*destroy)(struct record *record);
	int (*start)(struct record *record, int fd, const struct record_header *header);
	int (*stop)(struct record *record);
	void (*input)(struct record *record, const struct record_input *input);
	void (*copy)(struct record *record, const struct port_agent *agent,
		     enum mmu_access access, const struct port_rows *rows, int error,
		     uint64_t fault);
	void (*memory)(struct record *record, const struct port_agent *agent, uint64_t va,
		       bool local);
	void (*node)(struct record *record, const struct record_node *node);
	void (*done)(struct record *record, const struct record_done *done);
	void (*raise)(struct record *record, unsigned int vector);
	void (*mmio)(struct record *record, const struct record_mmio *mmio);
};

/**
 * struct record - a recorder, as the parts of the device see it
 * @ops: of who made it
 * @active: a file is being made
 * @step: of the simulation
 */
struct record {
	const struct record_ops *ops;
	atomic_bool active;
	atomic_ullong step;
};

/** record_destroy() - stop and free; NULL is allowed */
static inline void record_destroy(struct record *record)
{
	if (record)
		record->ops->destroy(record);
}

/**
 * record_start() - begin a record
 * @record: the recorder
 * @fd: a regular file open for writing, emptied; the recorder's on success
 * @header: its header
 *
 * Return: 0, -EBUSY while recording, -EINVAL for a descriptor of another kind, or the
 * negative errno of emptying it.
 */
static inline int record_start(struct record *record, int fd, const struct record_header *header)
{
	return record->ops->start(record, fd, header);
}

/** record_stop() - end the file; 0, -EINVAL when none is being made, -EIO when it is short */
static inline int record_stop(struct record *record)
{
	return record->ops->stop(record);
}

/** record_active() - whether a file is being made */
static inline bool record_active(const struct record *record)
{
	return record && atomic_load_explicit(&record->active, memory_order_relaxed);
}

/** record_step() - the simulation begins step @step */
static inline void record_step(struct record *record, uint64_t step)
{
	if (record)
		atomic_store_explicit(&record->step, step, memory_order_relaxed);
}

static inline void record_input(struct record *record, const struct record_input *input)
{
	if (record_active(record))
		record->ops->input(record, input);
}

static inline void record_copy(struct record *record, const struct port_agent *agent,
			       enum mmu_access access, const struct port_rows *rows, int error,
			       uint64_t fault)
{
	if (record_active(record))
		record->ops->copy(record, agent, access, rows, error, fault);
}

static inline void record_memory(struct record *record, const struct port_agent *agent,
				 uint64_t va, bool local)
{
	if (record_active(record))
		record->ops->memory(record, agent, va, local);
}

static inline void record_node(struct record *record, const struct record_node *node)
{
	if (record_active(record))
		record->ops->node(record, node);
}

static inline void record_done(struct record *record, const struct record_done *done)
{
	if (record_active(record))
		record->ops->done(record, done);
}

static inline void record_raise(struct record *record, unsigned int vector)
{
	if (record_active(record))
		record->ops->raise(record, vector);
}

static inline void record_mmio(struct record *record, const struct record_mmio *mmio)
{
	if (record_active(record))
		record->ops->mmio(record, mmio);
}

#endif
