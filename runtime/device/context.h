/* SPDX-License-Identifier: MIT */
/* What buffers and jobs need of their context. */
#ifndef TSR_CONTEXT_H
#define TSR_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device.h"

struct tsr_context;
struct tsr_job_pool;
struct tsr_queue;
struct tsr_transfer;

struct tsr_device *tsr_context_device(const struct tsr_context *context);
uint32_t tsr_context_vm(const struct tsr_context *context);
struct tsr_queue *tsr_context_queue(struct tsr_context *context);
struct tsr_job_pool *tsr_context_jobs(struct tsr_context *context);
struct tsr_transfer *tsr_context_transfer(struct tsr_context *context);

/** tsr_context_local() - do its models lie in local memory? */
bool tsr_context_local(const struct tsr_context *context);

/** tsr_context_map() - map BO @handle at an address of the library's choosing. */
int tsr_context_map(struct tsr_context *context, uint32_t handle, size_t size,
		    enum tsr_access access, uint64_t *address);

/** tsr_context_map_again() - the same mapping of it anew; where it fails, the one before stays. */
int tsr_context_map_again(struct tsr_context *context, uint32_t handle, size_t size,
			  enum tsr_access access, uint64_t address);

/** tsr_context_unmap() - undo tsr_context_map(). */
void tsr_context_unmap(struct tsr_context *context, uint64_t address, size_t size);

#endif
