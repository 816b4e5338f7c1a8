/* SPDX-License-Identifier: MIT */
/*
 * What an engine of the virtual NPU computes: command streams of the tensor
 * tile and of the DMA engine.
 *
 * Three steps, each usable alone: parse a private copy of a stream into
 * validated commands, ask what they cost in the cycle model, execute them.
 * No step reads the stream twice and none trusts a number in it.
 */
#ifndef VNPU_TILE_H
#define VNPU_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <abi/command.h>
#include <abi/error.h>
#include <abi/program.h>

struct sku;
struct tile;
struct tile_stream;

/** tile_execute() was stopped by tile_run.aborted(); never a TSR_ERR_* code. */
#define TILE_ABORTED		(-1)
/** The host has no memory for the work; never a TSR_ERR_* code. */
#define TILE_NO_MEMORY		(-2)

/* Bytes touched in one copy window at most, so that an invalidation never waits long. */
#define TILE_WINDOW_BYTES	(256u * 1024)

/* Bytes one command may keep in staging buffers; more is TSR_ERR_UNSUPPORTED. */
#define TILE_STAGING_BYTES	(1ull << 30)

/**
 * struct tile_source - what a stream is parsed from
 * @engine: TSR_ENGINE_TENSOR or TSR_ENGINE_DMA
 * @stream: private copy of the stream; nobody else writes it
 * @size: bytes there, at most TSR_MAX_STREAM; 0 is the no-op node
 * @slots: private copy of the slot table, repetitions already added
 * @slot_count: entries of @slots
 * @program: address that TSR_SLOT_PROGRAM stands for
 * @program_size: bytes there
 */
struct tile_source {
	uint32_t engine;
	const void *stream;
	size_t size;
	const struct tsr_abi_slot *slots;
	uint32_t slot_count;
	uint64_t program;
	uint64_t program_size;
};

/**
 * struct tile_cost - cycle and energy model of a command or a stream
 * @cycles: device cycles
 * @blocks: blocks retired
 * @macs: multiply-accumulates retired
 * @bytes_read: distinct bytes of all inputs
 * @bytes_written: bytes of all outputs
 * @energy_fj: femtojoules; saturates
 */
struct tile_cost {
	uint64_t cycles;
	uint64_t blocks;
	uint64_t macs;
	uint64_t bytes_read;
	uint64_t bytes_written;
	uint64_t energy_fj;
};

enum tile_access {
	TILE_READ,
	TILE_WRITE,
};

/**
 * struct tile_memory - the job's address space as the engine sees it
 * @context: handed to every callback
 * @open: begin a copy window (read lock of the invalidation rule)
 * @close: end it; pointers from @map are dead after this
 * @map: translate @va inside a window. Returns a host pointer and reduces @size
 *       (at least 1 on entry) to the bytes that follow there without a gap; NULL on
 *       a fault, with *@error a TSR_ERR_FAULT_* code. At least up to the end of
 *       the 4 KiB page is given when that many were asked for.
 *
 * Called by several threads at once. A thread holds at most one window, touches
 * at most TILE_WINDOW_BYTES in it, waits for nothing inside and never nests.
 */
struct tile_memory {
	void *context;
	void (*open)(void *context);
	void (*close)(void *context);
	void *(*map)(void *context, uint64_t va, size_t *size, enum tile_access access,
		     uint32_t *error);
};

/**
 * struct tile_flips - injected bit errors, for tests of what sees them
 * @weights: flip bit @weight_bit of the weights (B, W) of every GEMM and CONV
 * @results: flip bit @result_bit of the output of every tensor tile command
 * @weight_bit: bit number in the operand as stored, elements in row-major order;
 *              taken modulo the operand's bits
 * @result_bit: the same of the output
 */
struct tile_flips {
	bool weights;
	bool results;
	uint64_t weight_bit;
	uint64_t result_bit;
};

/**
 * struct tile_run - surroundings of one execution
 * @memory: the job's memory
 * @context: handed to @progress and @aborted
 * @progress: @blocks more blocks are done and in memory; all calls together add up to
 *            tile_cost.blocks. From the calling thread only. May be NULL.
 * @aborted: polled between chunks, from the calling thread only. May be NULL.
 * @flips: injected bit errors, or NULL
 */
struct tile_run {
	struct tile_memory memory;
	void *context;
	void (*progress)(void *context, uint64_t blocks);
	bool (*aborted)(void *context);
	const struct tile_flips *flips;
};

/**
 * tile_create() - one engine instance's computing part
 * @sku: rates and model constants; must outlive the tile
 *
 * A tile owns its staging buffers and is used by one thread at a time; different
 * tiles run at the same time. The first call proves or refuses oneDNN's int8
 * arithmetic on this host, which takes some milliseconds.
 *
 * Return: the tile, or NULL without memory.
 */
struct tile *tile_create(const struct sku *sku);

/**
 * tile_destroy() - free a tile and its staging buffers
 * @tile: may be NULL
 */
void tile_destroy(struct tile *tile);

/**
 * tile_scrub() - zero the tile's memory
 * @tile: idle
 *
 * Hardware does this on reset, abort and change of address space.
 */
void tile_scrub(struct tile *tile);

/**
 * tile_parse() - validate a stream
 * @tile: whose limits and types hold
 * @source: the stream and what its slots mean; not referenced after return
 * @stream: result, to be freed with tile_stream_free()
 * @offset: on error, byte offset of the offending command
 *
 * Touches no guest memory.
 *
 * Return: TSR_ERR_NONE, TSR_ERR_COMMAND, TSR_ERR_SLOT, TSR_ERR_UNSUPPORTED, or
 * TILE_NO_MEMORY.
 */
int tile_parse(const struct tile *tile, const struct tile_source *source,
	       struct tile_stream **stream, uint64_t *offset);

/**
 * tile_stream_free() - free a parsed stream
 * @stream: may be NULL
 */
void tile_stream_free(struct tile_stream *stream);

/**
 * tile_stream_length() - number of commands
 * @stream: parsed stream
 *
 * Return: the number; 0 for the no-op node.
 */
size_t tile_stream_length(const struct tile_stream *stream);

/**
 * tile_cost() - what the whole stream costs
 * @tile: whose model holds
 * @stream: parsed stream
 * @cost: result
 *
 * Depends on fuses, constants and the commands only, never on the host.
 */
void tile_cost(const struct tile *tile, const struct tile_stream *stream,
	       struct tile_cost *cost);

/**
 * tile_command_cost() - what one command of the stream costs
 * @tile: whose model holds
 * @stream: parsed stream
 * @index: below tile_stream_length()
 * @cost: result
 */
void tile_command_cost(const struct tile *tile, const struct tile_stream *stream,
		       size_t index, struct tile_cost *cost);

/**
 * tile_energy_pj() - femtojoules to the picojoules registers and records carry
 * @energy_fj: tile_cost.energy_fj
 *
 * Return: picojoules, rounded up.
 */
uint64_t tile_energy_pj(uint64_t energy_fj);

/**
 * tile_execute() - compute a stream
 * @tile: idle; tile_parse() was called with it
 * @stream: parsed stream
 * @run: memory, progress, abort
 * @address: on TSR_ERR_FAULT_*, the faulting address
 *
 * Commands run in order. Operands are copied to private buffers in short windows,
 * so a stream that changes its own operands sees what was there when the copy was
 * made. After an error the outputs hold a mixture of old and new.
 *
 * Return: TSR_ERR_NONE, TSR_ERR_FAULT_*, TILE_ABORTED or TILE_NO_MEMORY.
 */
int tile_execute(struct tile *tile, const struct tile_stream *stream,
		 const struct tile_run *run, uint64_t *address);

/**
 * tile_implementation() - how this host computes, for benchmarks
 *
 * Return: a static line naming oneDNN's version and instruction set and the int8 path.
 */
const char *tile_implementation(void);

#endif
