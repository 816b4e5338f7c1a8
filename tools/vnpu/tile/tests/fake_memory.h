/* SPDX-License-Identifier: MIT */
/* A job's memory for tests: pages scattered over a private arena, with faults. */
#ifndef TEST_FAKE_MEMORY_H
#define TEST_FAKE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tile/tile.h"

#define FAKE_PAGE	4096u
#define FAKE_BASE	0x7000000000ull

struct fake_memory;

/** fake_memory_create() - @bytes of zeroed memory at FAKE_BASE, pages in random order */
struct fake_memory *fake_memory_create(size_t bytes, uint32_t seed);

/** fake_memory_destroy() - free it */
void fake_memory_destroy(struct fake_memory *memory);

/** fake_memory_accessors() - what tile_execute() wants */
struct tile_memory fake_memory_accessors(struct fake_memory *memory);

/** fake_memory_protect() - take the right to read or write from the page of @va */
void fake_memory_protect(struct fake_memory *memory, uint64_t va, bool read, bool write);

/** fake_memory_confine() - take the right to what lies in none of these slots; 0: to nothing */
void fake_memory_confine(struct fake_memory *memory, const struct tsr_hw_slot *slot,
			 uint32_t slots);

/** fake_memory_peek() - read past all protection */
void fake_memory_peek(const struct fake_memory *memory, uint64_t va, void *to, size_t n);

/** fake_memory_poke() - write past all protection */
void fake_memory_poke(struct fake_memory *memory, uint64_t va, const void *from, size_t n);

/** fake_memory_progress() - blocks reported since the last call */
uint64_t fake_memory_progress(struct fake_memory *memory);

/** fake_memory_abort_after() - say "aborted" from the @polls-th question on; 0: never */
void fake_memory_abort_after(struct fake_memory *memory, unsigned int polls);

/** fake_memory_polls() - questions since fake_memory_abort_after() was called with a number */
unsigned int fake_memory_polls(const struct fake_memory *memory);

/** fake_memory_opened() - windows opened since the last call */
unsigned int fake_memory_opened(struct fake_memory *memory);

/** fake_memory_refused() - reads and writes without a right to since the last call */
unsigned int fake_memory_refused(struct fake_memory *memory);

/** fake_memory_written() - bytes written by the engine since the last call */
uint64_t fake_memory_written(struct fake_memory *memory);

#endif
