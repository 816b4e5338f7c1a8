/* SPDX-License-Identifier: MIT */
/*
 * The steps of a command, one after another. Steps are made when they are wanted: a command may
 * have more of them than memory could hold.
 */
#ifndef VNPU_TIME_STEPS_H
#define VNPU_TIME_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "boxes.h"
#include "class.h"
#include "command.h"
#include "product.h"
#include "step.h"

/**
 * struct head_block - where ATTENTION is
 * @batch: batch index
 * @head: head of k
 * @row: first row of the block
 * @key: first key of the block
 * @values: the second product is next
 * @begun: the first step has been made
 * @more: there is a step
 */
struct head_block {
	uint64_t batch;
	uint64_t head;
	uint64_t row;
	uint64_t key;
	bool values;
	bool begun;
	bool more;
};

/**
 * struct rest - what follows of a step whose vector part is cut
 * @vector: cycles
 * @part: cycles of a part
 * @store: stores of the last part
 * @stores: how many
 * @freed_vector: by the last part
 * @on_array: as of struct step
 * @closes: as of struct step, of the last part
 * @last: likewise
 */
struct rest {
	uint64_t vector;
	uint64_t part;
	struct store store[STEP_STORES_MAX];
	unsigned int stores;
	uint64_t freed_vector;
	bool on_array;
	bool closes;
	bool last;
};

/**
 * struct steps - a command that is being divided
 * @class: class
 * @walks: for counting
 * @command: the command; it stays where it is
 * @fixed: bytes of the ring that loads do not get
 * @working_set: bytes of the ring that it needs
 * @control: bytes of control data, held from the first to the last step
 * @begun: the first step has been made
 * @rest: of the step before
 * @product: of GEMM and CONV
 * @attention: of ATTENTION
 * @boxes: of other commands
 */
struct steps {
	const struct time_class *class;
	struct walks *walks;
	const struct command *command;
	uint64_t fixed;
	uint64_t working_set;
	uint64_t control;
	bool begun;
	struct rest rest;
	union {
		struct product product;
		struct boxes boxes;
		struct head_block attention;
	};
};

/**
 * steps_begin() - begin the steps of a command
 * @steps: the result
 * @class: class
 * @walks: for counting
 * @command: the command
 *
 * Return: 0, or -EINVAL: the error COMMAND. Whether @working_set fits is the caller's question.
 */
int steps_begin(struct steps *steps, const struct time_class *class, struct walks *walks,
		const struct command *command);

/** steps_next() - the next step; there is at least one, and none after that with @last */
void steps_next(struct steps *steps, struct step *step);

#endif
