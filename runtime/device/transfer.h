/* SPDX-License-Identifier: MIT */
/* Copies between the memory of a process and buffers that no CPU reaches, by jobs. */
#ifndef TSR_TRANSFER_H
#define TSR_TRANSFER_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct tsr_buffer;
struct tsr_context;

/**
 * struct tsr_transfer - what copies for a context
 * @context: its context
 * @lock: one copy at a time; protects all below
 * @code: program and slots, NULL until the first copy
 * @staging: what is copied, on its way
 */
struct tsr_transfer {
	struct tsr_context *context;
	pthread_mutex_t lock;
	struct tsr_buffer *code;
	struct tsr_buffer *staging;
};

void tsr_transfer_init(struct tsr_transfer *transfer, struct tsr_context *context);

/** tsr_transfer_destroy() - release its memory; nothing runs in the context. */
void tsr_transfer_destroy(struct tsr_transfer *transfer);

/** tsr_transfer_in() - copy @size bytes to the NPU's @address; waits. Return: 0 or an errno. */
int tsr_transfer_in(struct tsr_transfer *transfer, uint64_t address, const void *data,
		    size_t size);

/** tsr_transfer_out() - copy @size bytes from the NPU's @address; waits. Return: as above. */
int tsr_transfer_out(struct tsr_transfer *transfer, uint64_t address, void *data, size_t size);

#endif
