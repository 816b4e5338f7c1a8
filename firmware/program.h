/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Copying and checking a program. Only what was copied first is used. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>

struct job;
struct job_error;

/* Copy header, nodes and successors, check the header; false with the reason. */
bool program_load(struct job *job, struct job_error *error);

/* Check the next nodes, at most some thirty; false with the reason. */
bool program_check(struct job *job, struct job_error *error);

/* Every node has been checked and found good, and the checksum is right. */
bool program_checked(const struct job *job);

#endif
