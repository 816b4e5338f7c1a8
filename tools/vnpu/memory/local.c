// SPDX-License-Identifier: MIT
#include "local.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <tsr_hw/error.h>
#include <tsr_hw/mmu.h>

#include "smaller.h"

#define PAGE ((uint64_t)TSR_HW_PAGE_SIZE)
#define BLOCK_PAGES TSR_HW_PT_ENTRIES
#define SHARDS 64

/* What an entry says of a page; above them it is the number of a frame plus FRAME. */
enum { LOST, ZERO, FRAME };

/* Entries of the pages of 2 MiB; all LOST without one. */
struct block {
	uint32_t entry[BLOCK_PAGES];
};

/**
 * struct local - local memory
 * @size: bytes
 * @blocks: one for 2 MiB, or NULL; each under its shard's lock, like its pages' contents
 * @shard: locks of blocks, by the block's number modulo SHARDS; outside of @lock
 * @key: changes with each reset
 * @lock: protects all below
 * @frames: pages of the host, as many as there are
 * @frame_count: how many
 * @given: frames that were ever given out since the reset
 * @back: numbers of those given back since
 * @back_count: how many
 */
struct local {
	uint64_t size;
	struct block **blocks;
	pthread_mutex_t shard[SHARDS];
	uint64_t key;
	pthread_mutex_t lock;
	uint8_t *frames;
	uint32_t frame_count;
	uint32_t given;
	uint32_t *back;
	uint32_t back_count;
};

static uint64_t block_count(const struct local *local)
{
	return (local->size + TSR_HW_BLOCK_SIZE - 1) / TSR_HW_BLOCK_SIZE;
}

static void *reserve(size_t n)
{
	void *memory = mmap(NULL, n, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* A large page of the host would take 512 times what was written. */
	madvise(memory, n, MADV_NOHUGEPAGE);
	return memory;
}

struct local *local_create(uint64_t size)
{
	struct local *local = calloc(1, sizeof(*local));

	if (!local)
		return NULL;
	local->size = size;
	local->frame_count = (uint32_t)(size / PAGE);
	pthread_mutex_init(&local->lock, NULL);
	for (int i = 0; i < SHARDS; i++)
		pthread_mutex_init(&local->shard[i], NULL);
	local->blocks = calloc(block_count(local), sizeof(*local->blocks));
	local->frames = reserve(local->frame_count * PAGE);
	local->back = reserve(local->frame_count * sizeof(*local->back));
	if (!local->blocks || !local->frames || !local->back) {
		local_destroy(local);
		return NULL;
	}
	return local;
}

static void free_blocks(struct local *local)
{
	for (uint64_t i = 0; i < block_count(local); i++) {
		free(local->blocks[i]);
		local->blocks[i] = NULL;
	}
}

void local_destroy(struct local *local)
{
	if (!local)
		return;
	if (local->blocks)
		free_blocks(local);
	free(local->blocks);
	if (local->frames)
		munmap(local->frames, local->frame_count * PAGE);
	if (local->back)
		munmap(local->back, local->frame_count * sizeof(*local->back));
	for (int i = 0; i < SHARDS; i++)
		pthread_mutex_destroy(&local->shard[i]);
	pthread_mutex_destroy(&local->lock);
	free(local);
}

uint64_t local_size(const struct local *local)
{
	return local ? local->size : 0;
}

uint64_t local_resident(struct local *local)
{
	uint64_t frames;

	pthread_mutex_lock(&local->lock);
	frames = local->given - local->back_count;
	pthread_mutex_unlock(&local->lock);
	return frames * PAGE;
}

void local_reset(struct local *local)
{
	if (!local)
		return;
	free_blocks(local);
	madvise(local->frames, local->given * PAGE, MADV_DONTNEED);
	local->given = 0;
	local->back_count = 0;
	local->key++;
}

/* There is one for each page. */
static uint32_t frame_take(struct local *local)
{
	uint32_t entry;

	pthread_mutex_lock(&local->lock);
	entry = FRAME + (local->back_count ? local->back[--local->back_count] : local->given++);
	pthread_mutex_unlock(&local->lock);
	return entry;
}

static void frame_give_back(struct local *local, uint32_t entry)
{
	if (entry < FRAME)
		return;
	pthread_mutex_lock(&local->lock);
	local->back[local->back_count++] = entry - FRAME;
	pthread_mutex_unlock(&local->lock);
}

static uint8_t *frame_at(struct local *local, uint32_t entry)
{
	return local->frames + (uint64_t)(entry - FRAME) * PAGE;
}

/* The finalizer of splitmix64: each word differs from its neighbours and from other keys. */
static uint64_t lost_word(uint64_t key, uint64_t number)
{
	uint64_t x = (key << 40 ^ number) + 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static void lost_read(const struct local *local, uint64_t offset, uint8_t *buf, size_t n)
{
	for (size_t len; n; n -= len, offset += len, buf += len) {
		uint64_t word = lost_word(local->key, offset / sizeof(word));
		size_t at = offset % sizeof(word);

		len = smaller(sizeof(word) - at, n);
		memcpy(buf, (const uint8_t *)&word + at, len);
	}
}

static bool all_zero(const uint8_t *buf, size_t n)
{
	return !buf[0] && !memcmp(buf, buf + 1, n - 1);
}

/* One page: the part that lies in it. */
struct part {
	uint64_t offset;
	uint64_t block;
	unsigned int page;
	size_t n;
};

static struct part part_of(uint64_t offset, size_t n)
{
	size_t rest = PAGE - offset % PAGE;

	return (struct part){
		.offset = offset,
		.block = offset / TSR_HW_BLOCK_SIZE,
		.page = offset / PAGE % BLOCK_PAGES,
		.n = smaller(n, rest),
	};
}

static pthread_mutex_t *shard_of(struct local *local, const struct part *part)
{
	return &local->shard[part->block % SHARDS];
}

static void read_part(struct local *local, const struct part *part, uint8_t *buf)
{
	const struct block *block = local->blocks[part->block];
	uint32_t entry = block ? block->entry[part->page] : LOST;

	switch (entry) {
	case LOST:
		lost_read(local, part->offset, buf, part->n);
		break;
	case ZERO:
		memset(buf, 0, part->n);
		break;
	default:
		memcpy(buf, frame_at(local, entry) + part->offset % PAGE, part->n);
		break;
	}
}

void local_read(struct local *local, uint64_t offset, void *buf, size_t n)
{
	for (struct part part; n; n -= part.n, offset += part.n, buf = (char *)buf + part.n) {
		part = part_of(offset, n);
		pthread_mutex_lock(shard_of(local, &part));
		read_part(local, &part, buf);
		pthread_mutex_unlock(shard_of(local, &part));
	}
}

/* Give a page a frame with what it reads as now. */
static void page_materialize(struct local *local, const struct part *part, uint32_t *entry)
{
	struct part whole = part_of(part->offset - part->offset % PAGE, PAGE);
	uint32_t fresh = frame_take(local);

	if (part->n < PAGE)
		read_part(local, &whole, frame_at(local, fresh));
	*entry = fresh;
}

static int write_part(struct local *local, const struct part *part, const uint8_t *buf)
{
	struct block **block = &local->blocks[part->block];
	uint32_t *entry;

	if (!*block)
		*block = calloc(1, sizeof(**block));
	if (!*block)
		return TSR_HW_ERR_FAULT_BUS;
	entry = &(*block)->entry[part->page];
	if (part->n == PAGE && all_zero(buf, PAGE)) {
		frame_give_back(local, *entry);
		*entry = ZERO;
		return TSR_HW_ERR_NONE;
	}
	if (*entry < FRAME)
		page_materialize(local, part, entry);
	memcpy(frame_at(local, *entry) + part->offset % PAGE, buf, part->n);
	return TSR_HW_ERR_NONE;
}

int local_write(struct local *local, uint64_t offset, const void *buf, size_t n)
{
	int error = TSR_HW_ERR_NONE;

	for (struct part part; n && !error; n -= part.n, offset += part.n,
	     buf = (const char *)buf + part.n) {
		part = part_of(offset, n);
		pthread_mutex_lock(shard_of(local, &part));
		error = write_part(local, &part, buf);
		pthread_mutex_unlock(shard_of(local, &part));
	}
	return error;
}
