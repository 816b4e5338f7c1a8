/* SPDX-License-Identifier: MIT */
/*
 * Answers a device in place of the host from a record, and finds the first difference
 * between what it does and what was recorded. What the device needs of it is inline: a device
 * that never replays links nothing of replay.c.
 */
#ifndef VNPU_REPLAY_H
#define VNPU_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory/mmu.h"

struct clock;
struct port_agent;
struct port_rows;
struct record_done;
struct record_header;
struct record_input;
struct record_node;
struct replay;

/** struct replay_ops - what a replay does; see the inline functions of the same names */
struct replay_ops {
	int (*copy)(struct replay *replay, const struct port_agent *agent, enum mmu_access access,
		    const struct port_rows *rows, uint64_t *fault);
	bool (*memory)(struct replay *replay, const struct port_agent *agent, uint64_t va);
	void (*raise)(struct replay *replay, unsigned int vector);
	void (*node)(struct replay *replay, struct record_node *node);
	void (*done)(struct replay *replay, const struct record_done *done);
};

/**
 * struct replay - a replay, as the parts of the device see it
 * @ops: of who opened it
 * @header: which device was recorded
 * @clock: of the device that runs again
 */
struct replay {
	const struct replay_ops *ops;
	const struct record_header *header;
	const struct clock *clock;
};

/**
 * replay_open() - read a record
 * @path: the file
 * @out: the replay, owned by the caller
 * @error: on failure a sentence for the user
 * @error_size: bytes at @error
 *
 * Return: 0, -EINVAL for a damaged file, or a negative errno.
 */
int replay_open(const char *path, struct replay **out, char *error, size_t error_size);

/** replay_close() - free it or NULL */
void replay_close(struct replay *replay);

/** replay_step() - the simulation begins step @step */
void replay_step(struct replay *replay, uint64_t step);

/** replay_next_input() - take what was wanted in this step; false when nothing more was */
bool replay_next_input(struct replay *replay, struct record_input *input);

/** replay_ended() - nothing is left to compare */
bool replay_ended(const struct replay *replay);

/** replay_difference() - the first difference as a sentence, or NULL */
const char *replay_difference(struct replay *replay);

/** replay_stands_still() - the device waits for something that never came */
void replay_stands_still(struct replay *replay);

/** replay_compared() - entries found equal so far */
uint64_t replay_compared(const struct replay *replay);

/** replay_header() - which device was recorded */
static inline const struct record_header *replay_header(const struct replay *replay)
{
	return replay->header;
}

/** replay_set_clock() - the clock of the device that runs again */
static inline void replay_set_clock(struct replay *replay, const struct clock *clock)
{
	replay->clock = clock;
}

/* In place of the host. */

static inline int replay_copy(struct replay *replay, const struct port_agent *agent,
			      enum mmu_access access, const struct port_rows *rows,
			      uint64_t *fault)
{
	return replay->ops->copy(replay, agent, access, rows, fault);
}

static inline bool replay_memory(struct replay *replay, const struct port_agent *agent,
				 uint64_t va)
{
	return replay->ops->memory(replay, agent, va);
}

static inline void replay_raise(struct replay *replay, unsigned int vector)
{
	replay->ops->raise(replay, vector);
}

static inline void replay_node(struct replay *replay, struct record_node *node)
{
	replay->ops->node(replay, node);
}

static inline void replay_done(struct replay *replay, const struct record_done *done)
{
	replay->ops->done(replay, done);
}

#endif
