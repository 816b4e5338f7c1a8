/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The slot table of a job. */
#ifndef SLOT_H
#define SLOT_H

#include <stdbool.h>
#include <stdint.h>

struct job;
struct job_error;

/* Copy the table from the job's memory; false with the reason. */
bool slot_load(struct job *job, uint64_t address, struct job_error *error);

/* Check the next slots, at most some hundred; false with the reason. */
bool slot_check(struct job *job, struct job_error *error);

/* Every slot has been checked and found good. */
bool slot_checked(const struct job *job);

/* Move every slot on to the next repetition. */
void slot_advance(struct job *job);

#endif
