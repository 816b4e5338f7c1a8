/* SPDX-License-Identifier: MIT */
/*
 * The steps of a command, one after another. Steps are made when they are wanted: a command may
 * have more of them than memory could hold.
 */
#ifndef VNPU_TIME_STEPS_H
#define VNPU_TIME_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "class.h"
#include "command.h"
#include "product.h"
#include "step.h"

/**
 * struct steps - a command that is being divided
 * @class: class
 * @walks: for counting
 * @command: the command; it stays where it is
 * @fixed: bytes of the ring that loads do not get
 * @working_set: bytes of the ring that it needs
 * @control: bytes of control data, held from the first to the last step
 * @begun: the first step has been made
 * @product: of GEMM and CONV
 */
struct steps {
	const struct time_class *class;
	struct walks *walks;
	const struct command *command;
	uint64_t fixed;
	uint64_t working_set;
	uint64_t control;
	bool begun;
	union {
		struct product product;
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
