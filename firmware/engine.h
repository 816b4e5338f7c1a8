/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Engine instances: tensor tiles and DMA engines. */
#ifndef ENGINE_H
#define ENGINE_H

#include <stdbool.h>
#include <stdint.h>

struct job;
struct tsr_hw_node;

/**
 * struct engine_result - what a node did
 * @error: TSR_HW_ERR_*
 * @start: device cycle it began
 * @end: device cycle it ended
 * @alone: cycles that count against its budget
 * @blocks: blocks retired
 * @fault: faulting address, or offset in the stream
 */
struct engine_result {
	uint32_t error;
	uint64_t start;
	uint64_t end;
	uint64_t alone;
	uint64_t blocks;
	uint64_t fault;
};

/* Find out what there is; once. */
void engine_prepare(void);

/* Bit per engine kind there is an instance for. */
uint32_t engine_kinds(void);

/* TSR_HW_ENGINE_TENSOR or TSR_HW_ENGINE_DMA. */
uint32_t engine_kind(uint32_t instance);

/* Bytes of a tile's scratchpad that groups and rings share. */
uint32_t engine_scratchpad(void);

/* Whether a tile may run nodes of the job: no other one holds it. */
bool engine_open(uint32_t instance, const struct job *job);

/*
 * Make @resident bytes of an idle tile's scratchpad the job's, all zero. The tile is busy until
 * that is done; the job holds it until engine_free().
 */
void engine_bind(uint32_t instance, struct job *job, uint32_t resident);
void engine_free(uint32_t instance);

/* Bit per instance that can start a node. */
uint32_t engine_idle(void);

/* An idle instance on which nodes of this kind run, or TSR_HW_ENGINE_MAX. */
uint32_t engine_find_idle(uint32_t kind);

/* Start a node, whose entry is @entry, on an idle instance. */
void engine_start(uint32_t instance, struct job *job, uint32_t node,
		  const struct tsr_hw_node *entry);

/*
 * Enter a node that needs no more than its table entry into an idle instance: its end comes to
 * walk_ended() without results, which the engine adds to the job's record itself.
 */
void engine_enter(uint32_t instance, struct job *job, uint32_t node,
		  const struct tsr_hw_node *entry);

/* Take a place for one more that is entered behind, if there is one. */
bool engine_take_place(uint32_t instance);
void engine_leave_place(uint32_t instance);

/* Whether it can start a node. */
bool engine_is_idle(uint32_t instance);

/* The list in which nodes of no group wait for such an engine. */
uint32_t engine_ready_list(uint32_t instance);

/* Whether a node of the job, of no group, waits for such an engine. */
bool engine_wanted(uint32_t instance, const struct job *job);

/*
 * Enter one more, which has a place, behind the last one that was entered, whose only successor it
 * is: it begins when that one has ended, unless it was recalled.
 */
void engine_enter_behind(uint32_t instance, uint32_t node, const struct tsr_hw_node *entry);

/* Take back what was entered for the job and has not begun: ends of nodes before it lead to it. */
void engine_recall(const struct job *job);

/* Stop everything that runs for the job, leaving nothing in memory afterwards. */
void engine_abort(struct job *job);

/* Cycles that instances have worked until now for those of its nodes that have not ended. */
uint64_t engine_worked(const struct job *job);

/* The lowest instance at work for the job, or TSR_HW_ENGINE_MAX; @node is what it runs. */
uint32_t engine_running(const struct job *job, uint32_t *node);

/* Some engine is done: hand each result to its job. */
void engine_service(void);

#endif
