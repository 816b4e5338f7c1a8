/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Scopes of a walk: the program, and inside of it the bodies of loops that run. At a time
 * one loop of a scope runs; the nodes of the scope beside it go on.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "job.h"

/* The innermost scope whose loop runs that has the node. */
static inline uint32_t loop_level(const struct job *job, uint32_t node)
{
	uint32_t level = job->level;

	while (level != 0u && node - job->scope[level].first >= job->scope[level].size)
		level--;
	return level;
}

/* The scope of a level, before its first turn. */
static inline void loop_place(struct job *job, uint32_t level, uint32_t first, uint32_t size)
{
	struct scope *scope = &job->scope[level];

	scope->first = first;
	scope->size = size;
	scope->found = first;
	scope->done = 0;
	scope->group = 0;
}

/* Copy the loop table's entry and check it; NULL with the reason. Valid until the next call. */
const struct tsr_hw_loop *loop_fetch(const struct job *job, uint32_t index,
				     struct job_error *error);

/**
 * loop_enter() - a LOOP node starts
 * @job: its job
 * @node: its number; it is in the scope of the level in force
 * @entry: its entry
 * @error: the reason, when it cannot
 *
 * Return: whether all is well. The level is one higher then, but not for a loop of no turns.
 */
bool loop_enter(struct job *job, uint32_t node, const struct tsr_hw_node *entry,
		struct job_error *error);

/* A turn of the loop whose scope has this level ends: false when it was the last one. */
bool loop_next_turn(struct job *job, uint32_t level);

#endif
