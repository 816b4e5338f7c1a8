/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Copying and checking a program: header, then each node with its successors, then the
 * checksum. The host does not change a program that a job uses. If it does, the walk uses
 * what it copies again: it bounds every index that it follows, engines check their streams.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>

struct job;
struct job_error;

/* Copy the header and check it; false with the reason. */
bool program_load(struct job *job, struct job_error *error);

/* Check the next nodes, at most some thirty; false with the reason. */
bool program_check(struct job *job, struct job_error *error);

/* Every node has been checked and found good, and the checksum is right. */
bool program_checked(const struct job *job);

#endif
