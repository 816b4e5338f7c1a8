/* SPDX-License-Identifier: MIT */
/*
 * The NPU through its ioctls alone, for programs that measure them. Whatever
 * fails ends the program with a message: a measurement has no second way.
 */
#ifndef BENCH_NPU_H
#define BENCH_NPU_H

#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include <tessera_accel.h>

#include "clock.h"

/**
 * struct npu - an open device with one address space and one queue
 * @fd: device file
 * @vm: address space
 * @queue: job queue
 * @max_pending: jobs the queue takes before it says -EAGAIN
 * @next_va: where the next buffer is mapped
 */
struct npu {
	int fd;
	uint32_t vm;
	uint32_t queue;
	uint32_t max_pending;
	uint64_t next_va;
};

/**
 * struct npu_buffer - memory of CPU and NPU
 * @handle: GEM handle
 * @va: address on the NPU
 * @size: bytes
 * @data: address on the CPU
 */
struct npu_buffer {
	uint32_t handle;
	uint64_t va;
	size_t size;
	void *data;
};

/** die() - print "program: message: errno" and exit with 1; errno 0 is left out */
noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** npu_open() - open @path, make an address space and a queue */
void npu_open(struct npu *npu, const char *path);

/** npu_close() - destroy queue and address space, close */
void npu_close(struct npu *npu);

/** npu_buffer() - zeroed memory, mapped for @access (DRM_TESSERA_BIND_*) and on the CPU */
void npu_buffer(struct npu *npu, struct npu_buffer *buffer, size_t size, uint32_t access);

/**
 * npu_buffer_seal() - its bytes change no more, and the NPU is told
 * @npu: NPU
 * @buffer: of npu_buffer(), mapped for @access; on the CPU it is read-only afterwards
 * @access: DRM_TESSERA_BIND_* without WRITE
 */
void npu_buffer_seal(const struct npu *npu, struct npu_buffer *buffer, uint32_t access);

/** npu_syncobj() - a new binary syncobj, signalled or not */
uint32_t npu_syncobj(const struct npu *npu, int signalled);

/** npu_syncobj_free() - destroy a syncobj */
void npu_syncobj_free(const struct npu *npu, uint32_t handle);

/** npu_wait() - block until the job that signals @handle has ended; die if it failed */
void npu_wait(const struct npu *npu, uint32_t handle);

#endif
