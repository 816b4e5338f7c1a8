/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Residency groups. A job holds one at a time: it is bound to a tile when the first of its nodes
 * is to start there, and holds it until the last of them has ended. Meanwhile only this job's
 * nodes run on the tile: those of the group, and those of no group, whose rings fit beside it.
 *
 * Groups have numbers in the order of their first nodes, all nodes of one are in one scope, and
 * the groups of a scope are bound in order. So none is bound that waits for one behind it.
 */
#ifndef GROUP_H
#define GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/program.h>

struct job;
struct job_error;

/* No node of any group has been counted. */
void group_clear(struct job *job);

/**
 * group_count() - count a node of the program towards its group
 * @job: its job, whose level is that of the node's scope
 * @node: entry of the node
 *
 * Return: false if no group of this number could have it.
 */
bool group_count(struct job *job, const struct tsr_hw_node *node);

/* Copy the group table's entry and check it; NULL with the reason. Valid until the next call. */
const struct tsr_hw_group *group_fetch(const struct job *job, uint32_t index,
				       struct job_error *error);

/* Whether the resident part and the ring, 0 for all there is, fit into a tile's scratchpad. */
bool group_fits(uint32_t resident, uint32_t ring);

/* Whether a group, no other being held, may be bound now. */
bool group_is_next(struct job *job, uint32_t number);

/* Bind a group that may be to an idle instance; false with the reason. */
bool group_bind(struct job *job, uint32_t instance, struct job_error *error);

/* Whether the instance is the tile of this group, and the job holds it. */
bool group_has(const struct job *job, uint32_t number, uint32_t instance);

/* Whether the group that the job holds, if it does, is one of this level's scope. */
bool group_is_of(const struct job *job, uint32_t level);

/* A node of a group has ended, or was skipped; false if the job does not hold that group. */
bool group_node_ended(struct job *job, uint32_t number);

/* For how long the tile has been idle that the job holds; it is not charged yet. */
uint64_t group_idle_cycles(const struct job *job);

/* The tile was idle until now, while the job held it: that counts as its own. */
void group_charge(struct job *job, uint32_t instance);

/* From now on the tile is idle, if the job holds it. */
void group_idle(struct job *job, uint32_t instance);

/* The job holds no group any more. */
void group_free(struct job *job);

#endif
