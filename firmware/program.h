/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Copying and checking a program: header, then each node with its successors, then the
 * checksum. The host does not change a program that a job uses. If it does, the walk uses
 * what it copies again: it bounds every index that it follows, engines check their streams.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/program.h>

struct job;
struct job_error;

/**
 * struct program_header - a header that was copied and checked
 * @copy: the header, its checksum zero as the checksum wants it
 * @checksum: what it claims
 */
struct program_header {
	struct tsr_hw_program copy;
	uint32_t checksum;
};

/* Copy the header of a program of @size bytes to a static object and check it. */
bool program_read(struct program_header *header, uint32_t asid, uint64_t address, uint32_t size,
		  struct job_error *error);

/* What is known of a program that a job is to run. */
enum program_state {
	PROGRAM_NEW,		/* its header only */
	PROGRAM_CHECKED,	/* its tables are good */
	PROGRAM_KEPT,		/* so, and the job's context is ready for another run of it */
};

/* The job runs the program with this header, if it has slots for it: its check begins. */
bool program_adopt(struct job *job, const struct program_header *header,
		   enum program_state state, struct job_error *error);

/* Both, for the program that the job names; false with the reason. */
bool program_load(struct job *job, struct job_error *error);

/* Check the next nodes, a bounded number; false with the reason. */
bool program_check(struct job *job, struct job_error *error);

/* Every node has been checked and found good, and the checksum is right. */
bool program_checked(const struct job *job);

#endif
