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

/* The job has a slot with this number that may be read at @offset. */
bool slot_has(const struct job *job, uint32_t number, uint64_t offset, uint32_t size);

/*
 * Copy a word of a slot, aligned to its size, to the static object @to: by number and offset
 * as the program has them, which may have changed since it was checked, or were checked for
 * another job's slots.
 */
bool slot_read(const struct job *job, uint32_t number, uint64_t offset, void *to, uint32_t size,
	       struct job_error *error);

/* Move every slot on to the next repetition. */
void slot_advance(struct job *job);

#endif
