// SPDX-License-Identifier: MIT
/* Nodes side by side share the memory's rate (docs/hardware.md, "Shared bandwidth"). */
#include <stdio.h>

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "program.h"
#include "tile/sku.h"

#define RECORDS_VA	0x70000000

#define ROWS		256u
#define COLUMNS		1024u
#define BYTES		(ROWS * COLUMNS)

/* When some nodes were at work, and what they moved. */
struct span {
	uint64_t start;
	uint64_t end;
	uint64_t longest;
	uint64_t bytes;
};

/* A job of nodes that move the same bytes each. */
static struct tsr_hw_job moves(struct fixture *f, unsigned int nodes)
{
	const struct tsr_hw_move move = move_make(ROWS, COLUMNS);
	struct test_program program;
	struct tsr_hw_slot slots[2];

	for (unsigned int i = 0; i < 2; i++) {
		slots[i] = (struct tsr_hw_slot){ 0x10000000 + 0x10000000ull * i, BYTES, 0,
						 TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE, 0 };
		aspace_alloc(&f->as, slots[i].address, BYTES, TSR_HW_PTE_READ | TSR_HW_PTE_WRITE);
	}
	program_begin(&program);
	for (unsigned int i = 0; i < nodes; i++)
		program_node(&program, TSR_HW_ENGINE_TENSOR, &move, sizeof(move));
	return program_place(&program, &f->as, 0x40000000, slots, 2);
}

static struct span span_of(const struct tsr_hw_profile *records, unsigned int nodes)
{
	struct span span = { .start = UINT64_MAX };

	for (unsigned int i = 0; i < nodes; i++) {
		uint64_t cycles = records[i].end - records[i].start;

		span.start = records[i].start < span.start ? records[i].start : span.start;
		span.end = records[i].end > span.end ? records[i].end : span.end;
		span.longest = cycles > span.longest ? cycles : span.longest;
		span.bytes += records[i].bytes_read + records[i].bytes_written;
	}
	return span;
}

/* As many nodes, on a device of its own. */
static struct span run_moves(const char *product, unsigned int nodes)
{
	struct fixture *f = fixture_open(product);
	const struct tsr_hw_profile *records;
	struct tsr_hw_job job;
	struct span span;
	void *done = f;

	assert_non_null(f);
	records = harness_at(f->harness, aspace_alloc(&f->as, RECORDS_VA, TSR_HW_PAGE_SIZE,
						      TSR_HW_PTE_WRITE));
	job = moves(f, nodes);
	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = RECORDS_VA;
	job.profile_count = nodes;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	span = span_of(records, nodes);
	assert_int_equal(fixture_teardown(&done), 0);
	return span;
}

/* Bytes that the memory behind a class's tiles moves in some cycles: the link's, if it has one. */
static uint64_t most_bytes(const char *product, uint64_t cycles)
{
	const struct tsr_hw_fuses *fuses;
	char path[256], error[256];
	struct sku *sku;
	uint64_t rate, khz;

	snprintf(path, sizeof(path), "%s/%s.json", VNPU_SKUS, product);
	assert_int_equal(sku_load(path, &sku, error, sizeof(error)), 0);
	fuses = sku_fuses(sku);
	rate = fuses->link_mb_s ? fuses->link_mb_s : fuses->memory_mb_s;
	khz = fuses->clock_khz;
	sku_free(sku);
	return (uint64_t)((unsigned __int128)cycles * rate * 1000 / khz);
}

static void streams_side_by_side_do_not_exceed_the_rate(void **state)
{
	static const char *const products[] = { "pc", "adas", "server", "dc" };

	(void)state;
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		struct span span = run_moves(products[i], PROGRAM_MAX_NODES);

		assert_int_equal(span.bytes, 2ull * PROGRAM_MAX_NODES * BYTES);
		assert_true(span.bytes <= most_bytes(products[i], span.end - span.start));
		/* Nor is it left unused. */
		assert_true(span.bytes * 100 >=
			    most_bytes(products[i], span.end - span.start) * 90);
	}
}

static void a_stream_is_slower_beside_others_by_their_share(void **state)
{
	struct span alone = run_moves("pc", 1), both = run_moves("pc", 2);
	struct span all = run_moves("pc", 4);

	(void)state;
	/* Steps of 2,048 bytes take 32 cycles, 64 bytes a cycle; the memory has 93.2. */
	assert_in_range(both.longest * 100 / alone.longest, 130, 138);
	assert_in_range(all.longest * 100 / alone.longest, 245, 275);
}

/* Charged is the time alone: half of it ends the node at a step, not before it began. */
static void a_budget_ends_a_node_at_the_end_of_a_step(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = moves(f, 1);
	const struct tsr_hw_completion *slot;
	struct driver_queue limited;
	uint64_t whole;
	uint32_t seq;

	seq = driver_post(&f->queue, &job);
	driver_ring(&f->queue);
	slot = driver_wait(&f->queue, seq);
	assert_non_null(slot);
	whole = slot->tile_cycles;
	assert_int_equal(driver_queue_create_limited(&limited, &f->driver, 2, 1, 1, whole / 2),
			 TSR_HW_ERR_NONE);
	seq = driver_post(&limited, &job);
	driver_ring(&limited);
	slot = driver_wait(&limited, seq);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_BUDGET);
	assert_in_range(slot->tile_cycles, whole / 4, whole * 3 / 4);
}

/* It has more steps than are counted before it is computed; that ends, too. */
static void a_budget_ends_an_endless_node(void **state)
{
	struct fixture *f = *state;
	struct fixture_endless endless;
	struct tsr_hw_job job = fixture_endless(f, &endless, 1, 1);
	const struct tsr_hw_completion *slot;
	struct driver_queue limited;
	uint32_t seq;

	assert_int_equal(driver_queue_create_limited(&limited, &f->driver, 2, 1, 1, 1000000),
			 TSR_HW_ERR_NONE);
	seq = driver_post(&limited, &job);
	driver_ring(&limited);
	slot = driver_wait(&limited, seq);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_BUDGET);
	assert_in_range(slot->tile_cycles, 999000, 1001000);
	job = fixture_nop(f, 1);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_side_by_side_do_not_exceed_the_rate),
		cmocka_unit_test(a_stream_is_slower_beside_others_by_their_share),
		cmocka_unit_test_setup_teardown(a_budget_ends_a_node_at_the_end_of_a_step,
						fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_budget_ends_an_endless_node, fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
