/* SPDX-License-Identifier: MIT */
/* A client with data that programs work on, and jobs it waits for. */
#ifndef FAULTS_CLIENT_H
#define FAULTS_CLIENT_H

#include <stdint.h>

#include "kselftest/tsr_kselftest.h"

#define CLIENT_DATA_SIZE	0x20000u

/** Seconds; that only ends what hangs, on a machine of any speed and load. */
#define PATIENCE		300.0

/**
 * struct client - device file, address space, queue, program and data
 * @c: all but the data
 * @data: mapped for reading and writing at TSR_VA_DATA
 * @done: syncobj of the job that client_submit() started last
 */
struct client {
	struct tsr_context c;
	struct tsr_bo data;
	uint32_t done;
};

/** client_open() - Return: 0 or a negative errno */
int client_open(struct client *client);

/** client_close() - release everything; jobs that run are killed */
void client_close(struct client *client);

/** client_slot() - entry @i of the slot table: @size bytes at @va, TSR_HW_SLOT_* in @flags */
void client_slot(struct client *client, unsigned int i, uint64_t va, uint64_t size,
		 uint32_t flags);

/** client_load() - end @program, which is freed, and put it where jobs run it */
void client_load(struct client *client, struct tsr_program *program, uint32_t slots);

/** client_load_copies() - a program of nodes that each copy one half of the data to the other */
void client_load_copies(struct client *client, unsigned int copies);

/** client_load_copy() - a program that copies one half of the data to the other */
void client_load_copy(struct client *client);

/** client_submit() - start a job of what is loaded; Return: 0 or a negative errno */
int client_submit(struct client *client);

/** client_submit_job() - the same for a job the caller has changed */
int client_submit_job(struct client *client, struct drm_tessera_job *job);

/** client_submit_long() - a job that repeats what is loaded for seconds at least */
int client_submit_long(struct client *client, uint32_t flags);

/**
 * client_start_endless() - a job that is being done when this returns, and does not end
 * @client: with no program to keep: this loads one that copies one half of the data
 * @flags: DRM_TESSERA_JOB_*
 *
 * Its second node hangs until the device is reset or the job is killed; no other client may
 * run a program of more than one node meanwhile. Once interrupted, the program is as any.
 *
 * Return: 0 or a negative errno.
 */
int client_start_endless(struct client *client, uint32_t flags);

/**
 * client_wait() - wait for the job started last
 *
 * Return: 0 it succeeded, -ETIMEDOUT it has not ended in @seconds, or its error.
 */
int client_wait(struct client *client, double seconds);

/** client_again() - a new queue in place of one that failed; Return: 0 or a negative errno */
int client_again(struct client *client);

/** client_state() - QUEUE_GET_STATE; Return: 0 or a negative errno */
int client_state(struct client *client, struct drm_tessera_queue_get_state *state);

/** job_timeout() - seconds after which a job without progress is killed */
double job_timeout(void);

#endif
