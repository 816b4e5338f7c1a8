/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Sealed programs: their bytes do not change, so they are checked once, by the first job
 * that names them. A host that breaks its promise harms jobs of that address space only:
 * the walk bounds every index that it follows, of these programs as of others.
 */
#ifndef SEALED_H
#define SEALED_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/queue.h>

struct job;
struct job_error;
struct tsr_hw_admin;
struct tsr_hw_completion;

/* Sealed programs at once. */
#define SEALED_COUNT TSR_HW_SEALED_MIN

/* Admin commands; each returns TSR_HW_ERR_*, and answers in @answer. */
uint32_t sealed_create(const struct tsr_hw_admin *command, struct tsr_hw_completion *answer);
uint32_t sealed_end(const struct tsr_hw_admin *command);

/* The job uses the program whose handle is its @program; false with the reason. */
bool sealed_load(struct job *job, struct job_error *error);

/* The program of a job has been checked and found good. */
void sealed_checked(const struct job *job);

/* The job has ended; @whole: every node of it. Jobs without a sealed program may say so too. */
void sealed_release(struct job *job, bool whole);

#endif
