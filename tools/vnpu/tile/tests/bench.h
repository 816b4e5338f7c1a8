/* SPDX-License-Identifier: MIT */
/*
 * A test bench: memory, slots, random tensors, and one command run on the tile.
 * Elements are read and written here by address arithmetic of its own.
 */
#ifndef TEST_BENCH_H
#define TEST_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include <tsr_hw/command.h>
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>

#include "fake_memory.h"
#include "tile/sku.h"
#include "tile/tile.h"

#define BENCH_SLOTS	16

/* Steps that every command reports. */
#define BENCH_STEPS	1000

/** struct bench - all of it; @random is the generator's state, @strict the mode of all commands */
struct bench {
	struct sku *sku;
	struct fake_memory *memory;
	struct tsr_hw_slot slot[BENCH_SLOTS];
	uint32_t slots;
	uint64_t next;		/* first free address */
	uint64_t end;
	uint64_t random;
	bool strict;
	const uint64_t *parameters;
	uint32_t parameter_count;
};

/** struct outcome - what running a stream gave */
struct outcome {
	struct tile_size size;
	struct tile_result result;
	uint64_t steps;		/* that the stream reports if it ends well */
	uint64_t progress;
};

/* Layouts of bench_plain(). */
#define LAYOUT_DENSE	0u
#define LAYOUT_SHUFFLED	(1u << 0)	/* dimensions in any order of memory */
#define LAYOUT_GAPS	(1u << 1)	/* room between rows */
#define LAYOUT_REPEAT	(1u << 2)	/* some dimensions by stride 0 */
#define LAYOUT_BACKWARDS	(1u << 3)	/* some dimensions by negative strides */

void bench_open(struct bench *bench, const char *sku, size_t bytes, uint64_t seed);
void bench_close(struct bench *bench);

/** bench_reset() - drop all slots */
void bench_reset(struct bench *bench);

/** bench_report() - BENCH_STEPS for each command of a stream that was taken; returns all of them */
uint64_t bench_report(struct tile_job *job, const void *stream, uint32_t size);

/** bench_random() - 32 random bits */
uint32_t bench_random(struct bench *bench);

/** bench_below() - random number below @n */
uint32_t bench_below(struct bench *bench, uint32_t n);

/** bench_extent() - random extent, 1 to @most, and now and then 0 */
uint32_t bench_extent(struct bench *bench, uint32_t most);

/** bench_uniform() - random float in [low, high) */
float bench_uniform(struct bench *bench, float low, float high);

/** bench_any_layout() - a random combination of LAYOUT_* without LAYOUT_REPEAT */
unsigned int bench_any_layout(struct bench *bench);

/** bench_plain() - place a tensor of any type of whole bytes in a slot of its own, and fill it */
void bench_plain(struct bench *bench, struct tsr_hw_tensor *tensor, unsigned int type,
		 unsigned int rank, const uint32_t *dim, unsigned int layout, uint32_t flags);

/** bench_absent() - "no tensor" in place of bench_plain() */
void bench_absent(struct tsr_hw_tensor *tensor);

/** bench_plain_elements() - number of elements */
uint64_t bench_plain_elements(const struct tsr_hw_tensor *tensor);

/** bench_plain_address() - address of row-major element @index */
uint64_t bench_plain_address(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			     uint64_t index);

/** bench_plain_at() - address of the element at @at[] */
uint64_t bench_plain_at(const struct bench *bench, const struct tsr_hw_tensor *tensor,
			const uint64_t *at);

/** bench_size() - bytes of an element of a type */
uint32_t bench_size(unsigned int type);

/** bench_bits() - fp32 bits of a float */
uint32_t bench_bits(float value);

/** bench_float() - the reverse */
float bench_float(uint32_t bits);

/** bench_request() - a node of @size bytes at @stream, good until the thread's next one */
struct tile_request bench_request(const struct bench *bench, unsigned int kind, const void *stream,
				  uint32_t size);

/** bench_prepare() - tile_prepare() of @size bytes at @stream; the job or NULL */
struct tile_job *bench_prepare(const struct bench *bench, unsigned int kind, const void *stream,
			       uint32_t size, struct outcome *outcome);

/** bench_run() - prepare and execute one command */
void bench_run(struct bench *bench, const void *command, struct outcome *outcome);

/** bench_run_flipped() - the same with injected bit errors */
void bench_run_flipped(struct bench *bench, const void *command, struct tile_flip *flip,
		       struct outcome *outcome);

#endif
