/* SPDX-License-Identifier: MIT */
#include "endless.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "smaller.h"

/* Bytes of a long run that count as one element. */
#define RUN	16u

static void count(struct endless *endless, uint64_t rows, uint64_t n)
{
	uint64_t elements = rows * (n / RUN + 1);
	uint64_t since = atomic_fetch_add(&endless->since, elements) + elements;
	uint64_t most = atomic_load(&endless->most);

	atomic_fetch_add(&endless->moved, elements);
	if (atomic_load(&endless->given_up))
		atomic_fetch_add(&endless->late, elements);
	while (since > most && !atomic_compare_exchange_weak(&endless->most, &most, since))
		;
}

static uint64_t word_at(const struct endless_contents *contents, uint64_t va)
{
	uint64_t hash = (va / sizeof(uint64_t)) * 0x9e3779b97f4a7c15ull;

	return contents->word + ((hash ^ hash >> 29) & contents->spread);
}

void endless_fill(const struct endless_contents *contents, uint64_t va, size_t n, void *dst)
{
	if (!contents->word && !contents->spread) {
		memset(dst, 0, n);
		return;
	}
	for (size_t at = 0; at < n;) {
		const uint64_t word = word_at(contents, va + at);
		const size_t skip = (va + at) % sizeof(word);
		const size_t part = smaller(sizeof(word) - skip, n - at);

		memcpy((char *)dst + at, (const char *)&word + skip, part);
		at += part;
	}
}

static int read_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n, void *dst,
		     size_t dst_stride, uint64_t *fault)
{
	const struct endless *endless = ctx;

	(void)fault;
	count(ctx, rows, n);
	for (size_t i = 0; i < rows; i++)
		endless_fill(&endless->contents, va + i * stride, n, (char *)dst + i * dst_stride);
	return TSR_HW_ERR_NONE;
}

static int write_rows(void *ctx, uint64_t va, uint64_t stride, size_t rows, size_t n,
		      const void *src, size_t src_stride, uint64_t *fault)
{
	(void)va;
	(void)stride;
	(void)src;
	(void)src_stride;
	(void)fault;
	count(ctx, rows, n);
	return TSR_HW_ERR_NONE;
}

static int read_one(void *ctx, uint64_t va, size_t n, void *dst, uint64_t *fault)
{
	return read_rows(ctx, va, 0, 1, n, dst, n, fault);
}

static int write_one(void *ctx, uint64_t va, size_t n, const void *src, uint64_t *fault)
{
	return write_rows(ctx, va, 0, 1, n, src, n, fault);
}

static void progress(void *ctx, uint64_t blocks)
{
	struct endless *endless = ctx;

	atomic_fetch_add(&endless->progress, blocks);
}

static bool aborted(void *ctx)
{
	struct endless *endless = ctx;
	uint64_t polls = atomic_fetch_add(&endless->polls, 1) + 1;

	atomic_store(&endless->since, 0);
	if (polls >= endless->give_up_polls ||
	    atomic_load(&endless->moved) >= endless->give_up_moved)
		atomic_store(&endless->given_up, true);
	return atomic_load(&endless->given_up);
}

struct tile_memory endless_accessors(struct endless *endless)
{
	return (struct tile_memory){
		.ctx = endless,
		.read = read_one,
		.write = write_one,
		.read_rows = read_rows,
		.write_rows = write_rows,
		.progress = progress,
		.aborted = aborted,
	};
}
