/* SPDX-License-Identifier: MIT */
#ifndef VNPU_ENGINE_FETCH_H
#define VNPU_ENGINE_FETCH_H

#include <stdint.h>

struct engine_args;
struct job;
struct sram;

/**
 * fetch_job() - copy what a node is made of: slots, parameters, stream
 * @sram: where tables are
 * @args: as the core set them
 * @job: result; its agent is set
 * @fault: address of an error
 *
 * Return: TSR_HW_ERR_*.
 */
int fetch_job(struct sram *sram, const struct engine_args *args, struct job *job,
	      uint64_t *fault);

#endif
