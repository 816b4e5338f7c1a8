/* SPDX-License-Identifier: MIT */
/*
 * The tensor tile and the DMA engine: what runs one node's command stream.
 *
 * Two steps. tile_prepare() checks a private copy of the stream against the slot table
 * and says how much there is to do; it touches no memory of the guest, so its outcome is
 * known when the node starts. What device time it takes, tools/vnpu/time knows. tile_execute()
 * gathers operands, computes natively and scatters results through the accessors of the device; it
 * runs on a worker thread of the engine and may use as many threads of its own as it likes.
 */
#ifndef VNPU_TILE_TILE_H
#define VNPU_TILE_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/program.h>

struct sku;
struct tile_job;

/* Ranges of a window, bytes of one, and the parts that pages can make of it, at most. */
#define TILE_WINDOW_RANGES	5u
#define TILE_WINDOW_BYTES	65536u
#define TILE_WINDOW_PARTS	(TILE_WINDOW_BYTES / 4096u + 1)

/** struct tile_part - @n bytes from @at on */
struct tile_part {
	char *at;
	size_t n;
};

/**
 * struct tile_range - memory of the address space, used where it is
 * @va: its address
 * @n: bytes, 1 to TILE_WINDOW_BYTES
 * @write: whether it is written, else read
 * @parts: set by open: how many parts it has
 * @part: set by open: its bytes in order
 */
struct tile_range {
	uint64_t va;
	size_t n;
	bool write;
	unsigned int parts;
	struct tile_part part[TILE_WINDOW_PARTS];
};

/**
 * struct tile_window - ranges that are there at the same time
 * @ranges: how many
 * @range: they
 * @token: of who opens and closes it
 */
struct tile_window {
	unsigned int ranges;
	struct tile_range range[TILE_WINDOW_RANGES];
	uint64_t token;
};

/* Where TSR_HW_SLOT_SCRATCHPAD lies for the accessors: beyond all virtual addresses. */
#define TILE_RESIDENT	(1ull << 48)

/**
 * struct tile_memory - how an engine reaches the memory of its address space
 * @ctx: handed to the callbacks
 * @read: copy @n bytes at virtual address @va to @dst
 * @write: copy @n bytes at @src to @va
 * @read_rows: copy @rows rows of @n bytes, @stride bytes apart in the guest and @dst_stride
 *	apart at @dst; @stride 0 repeats the row
 * @write_rows: the reverse
 * @open: NULL, or open a window: find where its ranges are; false if they cannot be had so, for
 *	whatever reason, and then the other accessors tell why
 * @close: its end: what was written must be ordered before the stores of a release
 * @version: NULL, or a number for what @n bytes, at least 1, hold: where two calls of one process
 *	return the same one, other than 0, there were the same bytes all the time between; 0 if
 *	nothing is known
 * @progress: @steps more steps have ended; call it as they do, not at the end
 * @aborted: whether to give up; ask at least every few milliseconds of work
 *
 * All may be called from several threads at once. The accessors return TSR_HW_ERR_NONE, or
 * TSR_HW_ERR_FAULT_* with the first address that failed in *@fault; what lies before it may
 * have been copied. They split long copies into bounded windows themselves, so one call
 * may be as large as an operand; split it over threads to use more than one.
 *
 * The host waits for open windows before it takes memory back, so a window is open for some
 * ten microseconds, and its thread calls no other accessor meanwhile. The guest may change what is
 * read at any time, between two reads as well: nothing but results may depend on it.
 */
struct tile_memory {
	void *ctx;
	int (*read)(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault);
	int (*write)(void *ctx, uint64_t va, size_t n, const void *src, uint64_t *fault);
	int (*read_rows)(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			 void *dst, size_t dst_stride, uint64_t *fault);
	int (*write_rows)(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			  const void *src, size_t src_stride, uint64_t *fault);
	bool (*open)(void *ctx, struct tile_window *window);
	void (*close)(void *ctx, const struct tile_window *window);
	uint64_t (*version)(void *ctx, uint64_t va, uint64_t n);
	void (*progress)(void *ctx, uint64_t steps);
	bool (*aborted)(void *ctx);
};

/**
 * struct tile_request - one node as the engine registers describe it
 * @kind: TSR_HW_ENGINE_TENSOR or TSR_HW_ENGINE_DMA
 * @stream: private copy of the command stream, 8-byte aligned; must outlive the job
 * @stream_size: its bytes; 0 is a no-op node
 * @slots: private copy of the slot table; must outlive the job
 * @slot_count: its entries
 * @parameters: private copy of the job's parameters; needed by tile_prepare() only
 * @parameter_count: how many there are, at most TSR_HW_MAX_PARAMETERS
 * @program: virtual address that TSR_HW_SLOT_PROGRAM means
 * @program_size: bytes visible there, read-only
 * @strict: strict numeric mode: results have the same bytes on every host
 * @resident: bytes of the resident part of the tile's scratchpad, from TILE_RESIDENT on; 0: none
 * @ring: bytes of scratchpad that its loads go through; 0: all that is no reserve
 */
struct tile_request {
	unsigned int kind;
	const void *stream;
	uint32_t stream_size;
	const struct tsr_hw_slot *slots;
	uint32_t slot_count;
	const uint64_t *parameters;
	uint32_t parameter_count;
	uint64_t program;
	uint32_t program_size;
	bool strict;
	uint32_t resident;
	uint64_t ring;
};

/**
 * struct tile_size - how much a node is
 * @macs: multiply-accumulates, padding included
 * @operations: of single elements: multiply-accumulates, passes over elements, elements
 *	moved. The host's work is proportional to them, however few bytes the operands have.
 * @bytes: of operands and outputs, those of repeated elements once
 * @steps: that tile_execute() reports as progress, unless tile_report() says how many
 */
struct tile_size {
	uint64_t macs;
	uint64_t operations;
	uint64_t bytes;
	uint64_t steps;
};

/* Value of tile_flip members: flip nothing. */
#define TILE_FLIP_NONE UINT64_MAX

/**
 * struct tile_flip - bit errors to make, once
 * @weight_bit: bit of the staged second operand (GEMM b, CONV w) of the first command that
 *	has one, modulo its size, or TILE_FLIP_NONE; set to TILE_FLIP_NONE once done
 * @result_bit: the same for the output of the first command before it is scattered
 */
struct tile_flip {
	uint64_t weight_bit;
	uint64_t result_bit;
};

/**
 * struct tile_result - how a node ended
 * @error: TSR_HW_ERR_*; TSR_HW_ERR_ENGINE also when the host runs out of memory
 * @fault: faulting virtual address of TSR_HW_ERR_FAULT_*; offset of the command in the
 *	stream for other errors
 * @infinite: infinite elements among the results of its commands, movement excepted; 0
 *	after an error
 * @nan: of those that are not a number
 * @divisions: integer divisions by 0 in VECTOR programs
 */
struct tile_result {
	int error;
	uint64_t fault;
	uint64_t infinite;
	uint64_t nan;
	uint64_t divisions;
};

/*
 * What one command may ask for at most; more is TSR_HW_ERR_UNSUPPORTED. They bound the
 * host's memory and keep counts of device time inside 64 bits.
 */
#define TILE_MAX_STAGING	(1ull << 30)	/* bytes of host memory at once, all counted */
#define TILE_MAX_OPERANDS	(1ull << 30)	/* bytes of a product's operands, as fp32 */
#define TILE_MAX_ELEMENTS	(1ull << 40)	/* elements of one tensor, repeats counted */
#define TILE_MAX_WORK		(1ull << 52)	/* multiply-accumulates, window elements */

/**
 * tile_prepare() - check a node and tell its size
 * @sku: the device's fuses
 * @request: the node; copied, but not what it points to
 * @job: the prepared node, owned by the caller, NULL on error
 * @size: filled; zero on error
 * @result: why it is refused
 *
 * Time and memory are bounded by the size of the stream, not by the operands.
 *
 * Return: TSR_HW_ERR_NONE or result->error: TSR_HW_ERR_COMMAND, TSR_HW_ERR_SLOT,
 * TSR_HW_ERR_UNSUPPORTED;
 * TSR_HW_ERR_ENGINE when the host has no memory.
 */
int tile_prepare(const struct sku *sku, const struct tile_request *request,
		 struct tile_job **job, struct tile_size *size, struct tile_result *result);

/**
 * tile_report() - set what a node reports as progress
 * @job: from tile_prepare()
 * @steps: of each command of its stream
 *
 * Without it each reports some by its operations: of a node with more steps than are counted before
 * it is computed, progress shows that it is.
 */
void tile_report(struct tile_job *job, const uint64_t *steps);

/**
 * tile_execute() - run a prepared node once
 * @job: from tile_prepare()
 * @memory: accessors
 * @flip: bit errors to make, or NULL
 * @result: how it ended; of several faults of one operand the lowest in element order,
 *	so that it does not depend on the number of threads. Undefined after an abort.
 *
 * Operands are copied before the outputs they influence are written, but not all at
 * once: an output may share memory with an operand only when both have the same layout
 * and the operation is element-wise. Staging memory is kept for the next job, where it
 * is overwritten before it is read.
 */
void tile_execute(struct tile_job *job, const struct tile_memory *memory,
		  struct tile_flip *flip, struct tile_result *result);

/**
 * tile_implementation() - how this host computes, for logs and benchmarks
 *
 * Return: a static line that names oneDNN's version, the instruction set and how int8 is
 * multiplied.
 */
const char *tile_implementation(void);

/**
 * tile_free() - free a prepared node
 * @job: the job or NULL
 */
void tile_free(struct tile_job *job);

#endif
