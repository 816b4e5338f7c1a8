/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver's tests share: ioctls, programs, the virtual NPU's control socket. */
#ifndef TSR_KSELFTEST_H
#define TSR_KSELFTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>
#include <tessera_accel.h>

#define ARRAY_COUNT(a)		(sizeof(a) / sizeof((a)[0]))

/* Bounds that only end what hangs, on a machine of any speed and load. */
#define TSR_HANG_MS		120000
#ifdef TEST_TIMEOUT_DEFAULT
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	600	/* seconds of a test of kselftest_harness.h */
#endif

#define TSR_BIND_RWF \
	(DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_WRITE | DRM_TESSERA_BIND_FETCH)
#define TSR_BIND_RW		(DRM_TESSERA_BIND_READ | DRM_TESSERA_BIND_WRITE)

/* Where tests put things by convention. */
#define TSR_VA_PROGRAM		0x00100000ull
#define TSR_VA_SLOTS		0x00240000ull
#define TSR_VA_DATA		0x10000000ull
#define TSR_VA_UNMAPPED		0x7f0000000000ull

/** tsr_ioctl() - Return: 0 or the negative errno; restarts when interrupted */
int tsr_ioctl(int fd, unsigned long request, void *arg);

/** tsr_use_npu() - from here on this process opens and controls NPU @index; at first 0 */
void tsr_use_npu(unsigned int index);

/** tsr_pci_name() - PCI address of the NPU, bound or not; Return: false when there is none */
bool tsr_pci_name(char *name, size_t size);

/** tsr_node() - Return: number of the NPU's accel node, a new one after each bind, or -ENOENT */
int tsr_node(void);

/** tsr_open() - Return: a new file of the NPU or the negative errno */
int tsr_open(void);

/** tsr_function_reset() - reset the NPU's PCI function; Return: 0 or a negative errno */
int tsr_function_reset(void);

/**
 * struct tsr_bo - a buffer object, mapped for the CPU and perhaps for the NPU
 * @handle: GEM handle
 * @size: bytes
 * @map: CPU mapping
 */
struct tsr_bo {
	uint32_t handle;
	uint64_t size;
	void *map;
};

int tsr_bo_create(int fd, uint64_t size, uint32_t exclusive_vm, struct tsr_bo *bo);
void tsr_bo_destroy(int fd, struct tsr_bo *bo);
int tsr_bo_mmap_offset(int fd, uint32_t handle, uint64_t *offset);
void *tsr_bo_mmap(int fd, uint32_t handle, uint64_t size);

int tsr_vm_create(int fd, uint32_t *vm);
int tsr_vm_destroy(int fd, uint32_t vm);
int tsr_map(int fd, uint32_t vm, uint32_t handle, uint64_t offset, uint64_t va, uint64_t size,
	    uint32_t flags);
int tsr_unmap(int fd, uint32_t vm, uint64_t va, uint64_t size);
int tsr_bind(int fd, uint32_t vm, struct drm_tessera_vm_bind_op *ops, uint32_t count);

int tsr_queue_create(int fd, uint32_t vm, uint32_t priority, uint32_t *queue);
int tsr_queue_destroy(int fd, uint32_t queue);
int tsr_queue_state(int fd, uint32_t queue, struct drm_tessera_queue_get_state *state);

/** tsr_query() - DEV_QUERY of @type, a DRM_TESSERA_QUERY_*; Return: 0 or a negative errno */
int tsr_query(int fd, uint32_t type, void *to, uint32_t size);

/** tsr_cycles_to_ns() - device time of so many cycles, rounded up; 0 on any error */
uint64_t tsr_cycles_to_ns(int fd, uint64_t cycles);

uint32_t tsr_syncobj_create(int fd);
void tsr_syncobj_destroy(int fd, uint32_t handle);
int tsr_syncobj_wait(int fd, uint32_t handle, uint64_t point, int timeout_ms);
int tsr_syncobj_signal(int fd, uint32_t handle);

/** tsr_syncobj_status() - Return: 1 signalled, 0 not yet, or the negative errno of its fence */
int tsr_syncobj_status(int fd, uint32_t handle);

/** tsr_fence_export() - Return: the syncobj's fence as a file, which outlives @fd, or an errno */
int tsr_fence_export(int fd, uint32_t handle);

/** tsr_fence_status() - of a fence's file: 1 signalled, its negative errno, 0 not in @timeout_ms */
int tsr_fence_status(int fence, int timeout_ms);

/**
 * struct tsr_program - a program being built; freed with free()
 */
struct tsr_program {
	struct tsr_hw_program header;
	struct tsr_hw_node node[TSR_HW_MAX_NODES];
	uint16_t edge[TSR_HW_MAX_EDGES];
	struct tsr_hw_loop loop[8];
	struct tsr_hw_group group[4];
	uint8_t stream[TSR_HW_MAX_NODES * sizeof(struct tsr_hw_move)];
};

struct tsr_program *tsr_program_begin(void);

/** tsr_program_node() - add a node whose stream is @command; NULL for a no-op */
void tsr_program_node(struct tsr_program *program, uint8_t engine, const void *command,
		      uint32_t size);

/** tsr_program_edge() - @to waits for @from; all edges of a node one after the other */
void tsr_program_edge(struct tsr_program *program, uint32_t from, uint32_t to);

void tsr_program_nop(struct tsr_program *program);
void tsr_program_fill(struct tsr_program *program, uint16_t slot, uint64_t offset, uint32_t bytes,
		      uint8_t value);
void tsr_program_copy(struct tsr_program *program, uint16_t from, uint16_t to, uint32_t bytes);

/** tsr_program_loop() - @loop runs the next @body nodes that are added */
void tsr_program_loop(struct tsr_program *program, const struct tsr_hw_loop *loop, uint32_t body);

/** tsr_program_parameter() - read the 32-bit word at @offset of @slot into a parameter */
void tsr_program_parameter(struct tsr_program *program, uint32_t parameter, uint16_t slot,
			   uint64_t offset);

/** tsr_program_group() - add a residency group of one tile; Return: its number, for nodes */
uint16_t tsr_program_group(struct tsr_program *program, uint32_t resident, uint32_t ring);

/** tsr_program_end() - chain the nodes unless there are edges, write to @at; Return: bytes */
uint32_t tsr_program_end(struct tsr_program *program, uint32_t slots, void *at);

/**
 * struct tsr_context - a client with an address space, a queue and room for a program
 */
struct tsr_context {
	int fd;
	uint32_t vm;
	uint32_t queue;
	struct tsr_bo program;
	uint32_t program_size;
	uint32_t slot_count;
};

int tsr_context_open(struct tsr_context *context);
void tsr_context_close(struct tsr_context *context);
void tsr_context_load_nops(struct tsr_context *context, unsigned int nodes);
void tsr_context_load_fill(struct tsr_context *context, uint64_t va, uint32_t bytes,
			   uint8_t value);
void tsr_context_load_copy(struct tsr_context *context, uint64_t from, uint64_t to,
			   uint32_t bytes);

/**
 * tsr_context_load_group() - @bytes at @va go to those behind them through a tile's scratchpad
 *
 * By two nodes of a group that has @resident bytes of it.
 */
void tsr_context_load_group(struct tsr_context *context, uint64_t va, uint32_t bytes,
			    uint32_t resident);

/** tsr_context_load_gather() - the byte at @va + 64 + index, int32 at @va, goes to @va + 128 */
void tsr_context_load_gather(struct tsr_context *context, uint64_t va, uint32_t bytes);

/**
 * tsr_context_load_conv() - a convolution of a picture of @size x @size, all of @channels, fp32
 *
 * The picture at @x, weights of 2 x 2 taps at @w, the result at @d.
 */
void tsr_context_load_conv(struct tsr_context *context, uint32_t channels, uint32_t size,
			   uint64_t x, uint64_t w, uint64_t d);

struct drm_tessera_job tsr_context_job(const struct tsr_context *context);

/** tsr_context_seal_object() - BO_SEAL of the object with the program, which no CPU maps then */
int tsr_context_seal_object(struct tsr_context *context);

/** tsr_context_seal() - PROGRAM_SEAL of what is loaded, in a sealed object; its number in @id */
int tsr_context_seal(const struct tsr_context *context, uint32_t *id);
int tsr_context_unseal(const struct tsr_context *context, uint32_t id);

/** tsr_context_sealed_job() - tsr_context_job() that names the program by its number */
struct drm_tessera_job tsr_context_sealed_job(const struct tsr_context *context, uint32_t id);

int tsr_submit(int fd, uint32_t queue, struct drm_tessera_job *jobs, uint32_t count);
int tsr_context_submit(struct tsr_context *context, struct drm_tessera_sync *syncs,
		       uint32_t count);

/** tsr_context_run() - submit and wait; Return: 0, or the errno of submission or job */
int tsr_context_run(struct tsr_context *context);

/** tsr_fdinfo() - Return: the number behind @key in what /proc tells of @fd, or -1 */
long long tsr_fdinfo(int fd, const char *key);

/** tsr_log_open() - Return: the kernel's log from here on, or a negative errno */
int tsr_log_open(void);

/**
 * tsr_log_count() - read what is new in @log; Return: lines that have all of @part, up to a NULL
 */
unsigned int tsr_log_count(int log, const char *const *part);

/**
 * tsr_control() - send a line to the virtual NPU
 *
 * Return: true when it says ok; its answer is in @reply, at most @size bytes, NULL allowed.
 */
bool tsr_control(const char *line, char *reply, size_t size);

/** tsr_await_engine() - wait until an engine of the virtual NPU is at work */
void tsr_await_engine(void);

/** tsr_await_fault() - wait until a fault that was injected has fired */
void tsr_await_fault(void);

/** tsr_counter() - Return: a counter of the virtual NPU, or -1 */
long long tsr_counter(const char *name);

/** tsr_counter_used() - Return: by how much @run(@of), tried three times, adds at least; or -1 */
long long tsr_counter_used(const char *name, int (*run)(void *of), void *of);

#endif
