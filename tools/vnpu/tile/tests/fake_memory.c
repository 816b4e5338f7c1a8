/* SPDX-License-Identifier: MIT */
#include "fake_memory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/error.h>

struct fake_memory {
	size_t pages;
	uint8_t *arena;
	uint8_t **page;
	uint8_t *rights;
	atomic_uint_least64_t progress;
	atomic_uint_least64_t written;
	atomic_uint polls;
	atomic_uint opened;
	atomic_uint refused;
	unsigned int abort_after;
	const struct tsr_hw_slot *slot;
	uint32_t slots;
};

#define RIGHT_READ	1
#define RIGHT_WRITE	2

struct fake_memory *fake_memory_create(size_t bytes, uint32_t seed)
{
	struct fake_memory *memory = calloc(1, sizeof(*memory));
	size_t pages = (bytes + FAKE_PAGE - 1) / FAKE_PAGE;

	memory->pages = pages;
	memory->arena = calloc(pages, FAKE_PAGE);
	memory->page = calloc(pages, sizeof(*memory->page));
	memory->rights = malloc(pages);
	memset(memory->rights, RIGHT_READ | RIGHT_WRITE, pages);
	for (size_t i = 0; i < pages; i++)
		memory->page[i] = memory->arena + i * FAKE_PAGE;
	for (size_t i = pages; i > 1; i--) {
		size_t other;
		uint8_t *swap = memory->page[i - 1];

		seed = seed * 1664525u + 1013904223u;
		other = (size_t)(((uint64_t)seed * i) >> 32);
		memory->page[i - 1] = memory->page[other];
		memory->page[other] = swap;
	}
	return memory;
}

void fake_memory_destroy(struct fake_memory *memory)
{
	free(memory->arena);
	free(memory->page);
	free(memory->rights);
	free(memory);
}

static uint8_t *place(const struct fake_memory *memory, uint64_t va)
{
	return memory->page[(va - FAKE_BASE) / FAKE_PAGE] + (va - FAKE_BASE) % FAKE_PAGE;
}

/* Bytes from an address on that lie in its page, up to @n. */
static size_t run_at(uint64_t va, size_t n)
{
	size_t left = FAKE_PAGE - (va - FAKE_BASE) % FAKE_PAGE;

	return left < n ? left : n;
}

/* Whether bytes lie in one slot, or anywhere where there are none. */
static bool is_inside(const struct fake_memory *memory, uint64_t va, size_t n)
{
	for (uint32_t i = 0; i < memory->slots; i++)
		if (va - memory->slot[i].address < memory->slot[i].size &&
		    n <= memory->slot[i].size - (va - memory->slot[i].address))
			return true;
	return !memory->slots;
}

/* Whether a page may be used so, and the bytes of it. */
static bool has_right(const struct fake_memory *memory, uint64_t va, size_t n, bool write)
{
	uint64_t page = (va - FAKE_BASE) / FAKE_PAGE;

	return va >= FAKE_BASE && page < memory->pages && is_inside(memory, va, n) &&
	       memory->rights[page] & (write ? RIGHT_WRITE : RIGHT_READ);
}

static int walk(struct fake_memory *memory, uint64_t va, size_t n, void *buffer, bool write,
		uint64_t *fault)
{
	char *at = buffer;

	while (n) {
		size_t run = run_at(va, n);

		if (!has_right(memory, va, run, write)) {
			*fault = va;
			atomic_fetch_add(&memory->refused, 1);
			return write ? TSR_HW_ERR_FAULT_WRITE : TSR_HW_ERR_FAULT_READ;
		}
		if (write)
			memcpy(place(memory, va), at, run);
		else
			memcpy(at, place(memory, va), run);
		va += run;
		at += run;
		n -= run;
	}
	return TSR_HW_ERR_NONE;
}

static int fake_read(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault)
{
	return walk(ctx, va, n, dst, false, fault);
}

static int fake_write(void *ctx, uint64_t va, size_t n, const void *src, uint64_t *fault)
{
	struct fake_memory *memory = ctx;

	atomic_fetch_add(&memory->written, n);
	return walk(ctx, va, n, (void *)src, true, fault);
}

static int fake_read_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			  void *dst, size_t dst_stride, uint64_t *fault)
{
	int error = TSR_HW_ERR_NONE;

	for (size_t i = 0; !error && i < rows; i++)
		error = walk(ctx, va + i * stride, n, (char *)dst + i * dst_stride, false, fault);
	return error;
}

static int fake_write_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
			   const void *src, size_t src_stride, uint64_t *fault)
{
	struct fake_memory *memory = ctx;
	int error = TSR_HW_ERR_NONE;

	atomic_fetch_add(&memory->written, n * rows);
	for (size_t i = 0; !error && i < rows; i++)
		error = walk(ctx, va + i * stride, n, (char *)src + i * src_stride, true, fault);
	return error;
}

static bool find(const struct fake_memory *memory, struct tile_range *range)
{
	range->parts = 0;
	for (size_t n, done = 0; done < range->n; done += n) {
		uint64_t va = range->va + done;

		n = run_at(va, range->n - done);
		if (!has_right(memory, va, n, range->write))
			return false;
		range->part[range->parts++] = (struct tile_part){ (char *)place(memory, va), n };
	}
	return true;
}

static bool fake_open(void *ctx, struct tile_window *window)
{
	struct fake_memory *memory = ctx;

	for (unsigned int i = 0; i < window->ranges; i++)
		if (!find(memory, &window->range[i]))
			return false;
	atomic_fetch_add(&memory->opened, 1);
	return true;
}

static void fake_close(void *ctx, const struct tile_window *window)
{
	struct fake_memory *memory = ctx;

	for (unsigned int i = 0; i < window->ranges; i++)
		if (window->range[i].write)
			atomic_fetch_add(&memory->written, window->range[i].n);
}

static void fake_progress(void *ctx, uint64_t blocks)
{
	struct fake_memory *memory = ctx;

	atomic_fetch_add(&memory->progress, blocks);
}

static bool fake_aborted(void *ctx)
{
	struct fake_memory *memory = ctx;

	return memory->abort_after &&
	       atomic_fetch_add(&memory->polls, 1) + 1 >= memory->abort_after;
}

struct tile_memory fake_memory_accessors(struct fake_memory *memory)
{
	return (struct tile_memory){
		.ctx = memory,
		.read = fake_read,
		.write = fake_write,
		.read_rows = fake_read_rows,
		.write_rows = fake_write_rows,
		.open = fake_open,
		.close = fake_close,
		.progress = fake_progress,
		.aborted = fake_aborted,
	};
}

void fake_memory_protect(struct fake_memory *memory, uint64_t va, bool read, bool write)
{
	memory->rights[(va - FAKE_BASE) / FAKE_PAGE] =
		(read ? RIGHT_READ : 0) | (write ? RIGHT_WRITE : 0);
}

void fake_memory_confine(struct fake_memory *memory, const struct tsr_hw_slot *slot,
			 uint32_t slots)
{
	memory->slot = slot;
	memory->slots = slots;
}

void fake_memory_peek(const struct fake_memory *memory, uint64_t va, void *to, size_t n)
{
	char *at = to;

	for (size_t run; n; n -= run, va += run, at += run) {
		run = run_at(va, n);
		memcpy(at, place(memory, va), run);
	}
}

void fake_memory_poke(struct fake_memory *memory, uint64_t va, const void *from, size_t n)
{
	const char *at = from;

	for (size_t run; n; n -= run, va += run, at += run) {
		run = run_at(va, n);
		memcpy(place(memory, va), at, run);
	}
}

uint64_t fake_memory_progress(struct fake_memory *memory)
{
	return atomic_exchange(&memory->progress, 0);
}

void fake_memory_abort_after(struct fake_memory *memory, unsigned int polls)
{
	memory->abort_after = polls;
	atomic_store(&memory->polls, 0);
}

unsigned int fake_memory_polls(const struct fake_memory *memory)
{
	return atomic_load(&memory->polls);
}

uint64_t fake_memory_written(struct fake_memory *memory)
{
	return atomic_exchange(&memory->written, 0);
}

unsigned int fake_memory_opened(struct fake_memory *memory)
{
	return atomic_exchange(&memory->opened, 0);
}

unsigned int fake_memory_refused(struct fake_memory *memory)
{
	return atomic_exchange(&memory->refused, 0);
}
