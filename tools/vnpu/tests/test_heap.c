// SPDX-License-Identifier: MIT
/*
 * What the device allocates ends where it should: in front of a page that cannot be touched. What
 * it has given back cannot be touched either. Under the sanitizers they look after both.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "inv.h"
#include "own_folder.h"
#include "program.h"
#include "wrapped_allocation.h"

#define PAGE 4096u
#define ARENA (16ull << 30)
#define RECORD "kept.record"

/* In a page in front of what is allocated. */
struct head {
	size_t size;
};

static char *arena;
static atomic_size_t used;

static size_t whole_pages(size_t n)
{
	return (n + PAGE - 1) / PAGE * PAGE;
}

static struct head *head_of(void *memory)
{
	return (struct head *)((uintptr_t)memory / PAGE * PAGE - PAGE);
}

static bool is_of_arena(const void *memory)
{
	return arena && (const char *)memory >= arena && (const char *)memory < arena + ARENA;
}

/* The end is at that of a page, so that what has a size that it divides is aligned. */
static void *get(size_t n, int fill)
{
	const size_t size = n ? n : 1, pages = whole_pages(size);
	char *at = arena + atomic_fetch_add(&used, pages + 2 * PAGE);

	if (atomic_load(&used) > ARENA ||
	    mprotect(at, pages + PAGE, PROT_READ | PROT_WRITE))
		abort();
	((struct head *)at)->size = size;
	at += PAGE + pages - size;
	return memset(at, fill, size);
}

void *__wrap_malloc(size_t n)
{
	return arena ? get(n, 0xa5) : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
	return arena ? get(count * n, 0) : __real_calloc(count, n);
}

void *__wrap_realloc(void *old, size_t n)
{
	void *memory;

	if (!arena || (old && !is_of_arena(old)))
		return __real_realloc(old, n);
	memory = get(n, 0xa5);
	if (old)
		memcpy(memory, old, head_of(old)->size < n ? head_of(old)->size : n);
	__wrap_free(old);
	return memory;
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
	return arena && n % alignment == 0 ? get(n, 0xa5) : __real_aligned_alloc(alignment, n);
}

char *__wrap_strdup(const char *text)
{
	return arena ? memcpy(get(strlen(text) + 1, 0), text, strlen(text) + 1) :
		       __real_strdup(text);
}

void __wrap_free(void *memory)
{
	struct head *head;
	size_t pages;

	if (!is_of_arena(memory)) {
		__real_free(memory);
		return;
	}
	head = head_of(memory);
	pages = whole_pages(head->size) + PAGE;
	madvise(head, pages, MADV_DONTNEED);
	if (mprotect(head, pages, PROT_NONE))
		abort();
}

static struct tsr_hw_job moves(struct fixture *f, unsigned int nodes)
{
	const struct tsr_hw_move move = move_make(16, 64);
	const struct tsr_hw_slot slots[] = {
		{ .address = 0x50000000, .size = 1024, .flags = TSR_HW_SLOT_READ },
		{ .address = 0x60000000, .size = 1024, .flags = TSR_HW_SLOT_WRITE },
	};
	struct test_program program;

	aspace_alloc(&f->as, slots[0].address, slots[0].size, TSR_HW_PTE_READ);
	aspace_alloc(&f->as, slots[1].address, slots[1].size, TSR_HW_PTE_WRITE);
	program_begin(&program);
	for (unsigned int i = 0; i < nodes; i++)
		program_node(&program, TSR_HW_ENGINE_TENSOR, &move, sizeof(move));
	return program_place(&program, &f->as, 0x70000000, slots, 2);
}

static void run_jobs(struct fixture *f)
{
	struct fixture_gemm gemm;
	struct tsr_hw_job jobs[] = {
		fixture_gemm(f, &gemm, 128, 128, 128),
		moves(f, PROGRAM_MAX_NODES),
		fixture_nop(f, 3),
	};

	for (unsigned int i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++)
		assert_int_equal(driver_run(&f->queue, &jobs[i]), TSR_HW_ERR_NONE);
}

/* In a device of its own, from power-on to its end. */
static void live(const char *product)
{
	struct fixture *f = fixture_open(product);
	struct fixture_endless endless;
	struct tsr_hw_job job;
	void *done = f;

	assert_non_null(f);
	run_jobs(f);
	assert_true(harness_command(f->harness, "status"));
	assert_true(harness_command(f->harness, "counters"));
	assert_true(harness_command(f->harness, "fuses"));
	assert_true(harness_command(f->harness, "help"));
	job = fixture_endless(f, &endless, 2, 1);
	fixture_start(f, &job);
	assert_true(harness_reset(f->harness));
	assert_true(harness_record(f->harness, RECORD));
	assert_true(fixture_boot(f));
	run_jobs(f);
	assert_true(harness_command(f->harness, "record stop"));
	assert_true(harness_reconnect(f->harness));
	assert_true(fixture_boot(f));
	run_jobs(f);
	assert_int_equal(fixture_teardown(&done), 0);
	unlink(RECORD);
}

static void a_device_of_one_tile_stays_in_what_it_allocates(void **state)
{
	(void)state;
	live("edge");
}

static void so_does_one_of_many_tiles_with_local_memory(void **state)
{
	(void)state;
	live("server");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_of_one_tile_stays_in_what_it_allocates),
		cmocka_unit_test(so_does_one_of_many_tiles_with_local_memory),
	};

#ifndef __SANITIZE_ADDRESS__
	arena = mmap(NULL, ARENA, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena == MAP_FAILED)
		return 1;
#endif
	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
