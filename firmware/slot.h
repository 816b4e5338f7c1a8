/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The slot table of a job. */
#ifndef SLOT_H
#define SLOT_H

#include <stdbool.h>
#include <stdint.h>

struct job;
struct job_error;

/* Copy the table from the job's memory and check it; false with the reason. */
bool slot_load(struct job *job, uint64_t address, struct job_error *error);

/* Move every slot on to the next repetition. */
void slot_advance(struct job *job);

#endif
