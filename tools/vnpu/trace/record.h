/* SPDX-License-Identifier: MIT */
/* Records a run, so that it can be repeated without a guest. All hooks do nothing unless
 * a record is being made, and may be called from any thread.
 */
#ifndef VNPU_RECORD_H
#define VNPU_RECORD_H

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

/** record_destroy() - stop and free; NULL is allowed */
void record_destroy(struct record *record);

/**
 * record_start() - begin a record
 * @record: the recorder
 * @fd: a regular file open for writing, emptied; the recorder's on success
 * @header: its header
 *
 * Return: 0, -EBUSY while recording, -EINVAL for a descriptor of another kind, or the
 * negative errno of emptying it.
 */
int record_start(struct record *record, int fd, const struct record_header *header);

/** record_stop() - end the file; 0, -EINVAL when none is being made, -EIO when it is short */
int record_stop(struct record *record);

/** record_active() - whether a file is being made */
bool record_active(const struct record *record);

/** record_step() - the simulation begins step @step */
void record_step(struct record *record, uint64_t step);

void record_input(struct record *record, const struct record_input *input);
void record_copy(struct record *record, const struct port_agent *agent, enum mmu_access access,
		 const struct port_rows *rows, int error, uint64_t fault);
void record_memory(struct record *record, const struct port_agent *agent, uint64_t va,
		   bool local);
void record_node(struct record *record, const struct record_node *node);
void record_done(struct record *record, const struct record_done *done);
void record_raise(struct record *record, unsigned int vector);
void record_mmio(struct record *record, const struct record_mmio *mmio);

#endif
