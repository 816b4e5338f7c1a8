/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Parameters: the words of a job that fields of its commands may name. */
#ifndef PARAMETER_H
#define PARAMETER_H

#include <stdbool.h>
#include <stdint.h>

struct job;
struct job_error;
struct tsr_hw_node;

/* Copy the job's parameters, at @address in its address space, into its tables; once. */
bool parameter_load(struct job *job, uint64_t address, struct job_error *error);

/* A PARAMETER node: its word becomes the parameter. */
bool parameter_read(struct job *job, const struct tsr_hw_node *node, struct job_error *error);

/* All parameters are again what the job brought. */
void parameter_restore(struct job *job);

#endif
