/* SPDX-License-Identifier: MIT */
/* A DMA engine: copies one after another. */
#ifndef VNPU_TIME_DMA_H
#define VNPU_TIME_DMA_H

#include <stdbool.h>
#include <stdint.h>

#include "amounts.h"
#include "class.h"
#include "network.h"
#include "operand.h"

/**
 * struct copy - what a DMA engine moves at a time
 * @from: memory that is read
 * @fills: nothing is read
 * @to: memory that is written
 * @source: what is read
 * @destination: what is written
 * @command: which of the stream's it is; for the caller
 */
struct copy {
	enum memory from;
	bool fills;
	enum memory to;
	struct walk source;
	struct walk destination;
	unsigned int command;
};

/** copy_steps() - steps that a copy counts as */
uint64_t copy_steps(const struct copy *copy);

/**
 * struct transfer - a copy in the queue of an engine
 * @next: the one behind it
 * @flow: its bytes
 * @begin: when its flow begins; NEVER: it waits for the one before
 * @begun: it does
 * @amounts: bytes by memory
 * @cookie: the caller's
 */
struct transfer {
	struct transfer *next;
	struct flow flow;
	uint64_t begin;
	bool begun;
	struct amounts amounts;
	void *cookie;
};

/**
 * struct dma - an engine
 * @head: the copy that runs
 * @tail: the last one of its queue
 */
struct dma {
	struct transfer *head;
	struct transfer *tail;
};

/** dma_queue() - put a copy behind those that the engine has; 0 or -ENOMEM */
int dma_queue(struct dma *dma, const struct time_class *class, const struct copy *copy,
	      void *cookie);

/**
 * dma_run() - what begins and ends at @now
 * @dma: engine
 * @network: flows
 * @now: time that the network has reached
 * @ended: set to a copy that has ended, which the caller frees, else NULL
 *
 * Return: whether something was done.
 */
bool dma_run(struct dma *dma, struct network *network, uint64_t now, struct transfer **ended);

/** dma_drop() - drop all copies; what moves of the one that runs is not counted */
void dma_drop(struct dma *dma, struct network *network);

/** dma_next() - when its next flow begins; NEVER: none waits */
uint64_t dma_next(const struct dma *dma);

#endif
