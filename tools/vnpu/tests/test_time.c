// SPDX-License-Identifier: MIT
/*
 * Nodes side by side share the rate of the memory that their operands lie in (docs/hardware.md,
 * "Shared bandwidth").
 */
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

/* So many that the begin and end of all do not count at the rate of local memory; wide elements. */
#define LOCAL_ROWS	(16u * ROWS)
#define LOCAL_STEP	4u
#define LOCAL_BYTES	(LOCAL_ROWS * COLUMNS * sizeof(uint32_t))
#define RW		(TSR_HW_PTE_READ | TSR_HW_PTE_WRITE)

/* When some nodes were at work, and what they moved. */
struct span {
	uint64_t start;
	uint64_t end;
	uint64_t longest;
	uint64_t bytes;
};

static struct tsr_hw_slot slot_make(unsigned int i, uint64_t size)
{
	return (struct tsr_hw_slot){ 0x10000000 + 0x10000000ull * i, size, 0,
				     TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE, 0 };
}

/* A job of nodes that move the same bytes each. */
static struct tsr_hw_job moves_of(struct fixture *f, const struct tsr_hw_move *move,
				  const struct tsr_hw_slot *slots, unsigned int nodes)
{
	struct test_program program;

	program_begin(&program);
	for (unsigned int i = 0; i < nodes; i++)
		program_node(&program, TSR_HW_ENGINE_TENSOR, move, sizeof(*move));
	return program_place(&program, &f->as, 0x40000000, slots, 2);
}

static struct tsr_hw_job moves(struct fixture *f, unsigned int nodes)
{
	const struct tsr_hw_move move = move_make(ROWS, COLUMNS);
	struct tsr_hw_slot slots[2];

	for (unsigned int i = 0; i < 2; i++) {
		slots[i] = slot_make(i, BYTES);
		aspace_alloc(&f->as, slots[i].address, BYTES, RW);
	}
	return moves_of(f, &move, slots, nodes);
}

/* The same within local memory, and more of it. */
static struct tsr_hw_job local_moves(struct fixture *f, unsigned int nodes)
{
	struct tsr_hw_move move = move_make(LOCAL_ROWS, COLUMNS);
	struct tsr_hw_slot slots[2];

	move.x.type = move.d.type = TSR_HW_TYPE_INT32;
	move.step.block[0] = LOCAL_STEP;
	move.step.block[1] = COLUMNS;
	for (unsigned int i = 0; i < 2; i++) {
		slots[i] = slot_make(i, LOCAL_BYTES);
		aspace_map(&f->as, slots[i].address,
			   (uint64_t)i * LOCAL_BYTES | TSR_HW_PTE_APERTURE_LOCAL, LOCAL_BYTES, RW);
	}
	return moves_of(f, &move, slots, nodes);
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

/* As many nodes as @make makes, on a device of its own. */
static struct span run_on(const char *product, unsigned int nodes,
			  struct tsr_hw_job (*make)(struct fixture *f, unsigned int nodes))
{
	struct fixture *f = fixture_open(product);
	const struct tsr_hw_profile *records;
	struct tsr_hw_job job;
	struct span span;
	void *done = f;

	assert_non_null(f);
	records = harness_at(f->harness, aspace_alloc(&f->as, RECORDS_VA, TSR_HW_PAGE_SIZE,
						      TSR_HW_PTE_WRITE));
	job = make(f, nodes);
	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = RECORDS_VA;
	job.profile_count = nodes;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	span = span_of(records, nodes);
	assert_int_equal(fixture_teardown(&done), 0);
	return span;
}

static struct span run_moves(const char *product, unsigned int nodes)
{
	return run_on(product, nodes, moves);
}

/* Bytes of system memory (by the link, if the class has one) or of local memory in some cycles. */
static uint64_t most_bytes(const char *product, bool local, uint64_t cycles)
{
	const struct tsr_hw_fuses *fuses;
	char path[256], error[256];
	struct sku *sku;
	uint64_t rate, khz;

	snprintf(path, sizeof(path), "%s/%s.json", VNPU_SKUS, product);
	assert_int_equal(sku_load(path, &sku, error, sizeof(error)), 0);
	fuses = sku_fuses(sku);
	rate = fuses->link_mb_s && !local ? fuses->link_mb_s : fuses->memory_mb_s;
	khz = fuses->clock_khz;
	sku_free(sku);
	return (uint64_t)((unsigned __int128)cycles * rate * 1000 / khz);
}

/* Not more than the rate, and not much of it left unused. */
static void expect_rate(const char *product, bool local, const struct span *span)
{
	uint64_t most = most_bytes(product, local, span->end - span->start);

	assert_true(span->bytes <= most);
	assert_true(span->bytes * 100 >= most * 90);
}

static void streams_side_by_side_do_not_exceed_the_rate(void **state)
{
	static const char *const products[] = { "pc", "adas", "server", "dc" };

	(void)state;
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		struct span span = run_moves(products[i], PROGRAM_MAX_NODES);

		assert_int_equal(span.bytes, 2ull * PROGRAM_MAX_NODES * BYTES);
		expect_rate(products[i], false, &span);
	}
}

static void streams_of_local_memory_have_its_rate(void **state)
{
	static const char *const products[] = { "server", "dc" };

	(void)state;
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		struct span span = run_on(products[i], PROGRAM_MAX_NODES, local_moves);

		assert_int_equal(span.bytes, 2ull * PROGRAM_MAX_NODES * LOCAL_BYTES);
		expect_rate(products[i], true, &span);
	}
}

/* Cycles of a FILL of pages of system memory, or of local memory. */
static uint64_t fill_cycles(struct fixture *f, bool local, uint64_t perms)
{
	const struct tsr_hw_slot slot = slot_make(local, BYTES);
	const struct tsr_hw_fill fill = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) }, .size = BYTES, .width = 8,
	};
	const struct tsr_hw_completion *done;
	struct test_program program;
	struct tsr_hw_job job;

	if (local)
		aspace_map(&f->as, slot.address, TSR_HW_PTE_APERTURE_LOCAL, BYTES, perms);
	else
		aspace_alloc(&f->as, slot.address, BYTES, perms);
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_DMA, &fill, sizeof(fill));
	job = program_place(&program, &f->as, 0x40000000, &slot, 1);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	done = driver_wait(&f->queue, f->queue.seq);
	assert_non_null(done);
	return done->dma_cycles;
}

static int setup_dc(void **state)
{
	*state = fixture_open("dc");
	return *state ? 0 : -1;
}

static int setup_pc(void **state)
{
	*state = fixture_open("pc");
	return *state ? 0 : -1;
}

/* 40 bytes a cycle by the link, 512 by the port. */
static void pages_that_are_only_written_have_a_memory_too(void **state)
{
	uint64_t system = fill_cycles(*state, false, TSR_HW_PTE_WRITE);
	uint64_t local = fill_cycles(*state, true, TSR_HW_PTE_WRITE);

	assert_in_range(system, BYTES / 40, BYTES / 40 + 100);
	assert_in_range(local, BYTES / 512, BYTES / 512 + 100);
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

/* 2^14 bursts of a copy are a step, one that moves nothing has none. */
static void copies_progress_by_bursts(void **state)
{
	static const uint64_t sizes[] = { 64ull << 14, (64ull << 14) + 1, 0, 1 };
	struct fixture *f = *state;
	struct tsr_hw_fill fills[4];
	const struct tsr_hw_slot slot = slot_make(0, 4ull << 20);
	const uint64_t before = f->queue.done->progress;
	struct test_program program;
	struct tsr_hw_job job;

	aspace_alloc(&f->as, slot.address, slot.size, RW);
	for (size_t i = 0; i < 4; i++)
		fills[i] = (struct tsr_hw_fill){
			.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fills[i]) },
			.size = sizes[i], .width = 1,
		};
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_DMA, fills, sizeof(fills));
	job = program_place(&program, &f->as, 0x40000000, &slot, 1);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(f->queue.done->progress - before, 1 + 2 + 0 + 1);
	assert_int_equal(driver_wait(&f->queue, f->queue.seq)->blocks, 1 + 2 + 0 + 1);
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

static const struct tsr_hw_completion *post_limited(struct fixture *f, uint32_t queue,
						     const struct tsr_hw_job *job, uint64_t budget)
{
	struct driver_queue limited;
	uint32_t seq;

	assert_int_equal(driver_queue_create_limited(&limited, &f->driver, queue, 1, queue, budget),
			 TSR_HW_ERR_NONE);
	seq = driver_post(&limited, job);
	driver_ring(&limited);
	return driver_wait(&limited, seq);
}

/* Four nodes at once take each other's bytes; each is charged what it takes alone, to the cycle. */
static void nodes_side_by_side_are_charged_as_if_alone(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = moves(f, 1);
	const struct tsr_hw_completion *slot;
	uint64_t alone;

	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	alone = driver_wait(&f->queue, f->queue.seq)->tile_cycles;
	job = moves(f, 4);
	slot = post_limited(f, 2, &job, 4 * alone);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_NONE);
	assert_in_range(slot->tile_cycles, 4 * alone * 2, 4 * alone * 3);
	slot = post_limited(f, 3, &job, 4 * alone - 1);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_BUDGET);
}

/* Two queues that contend for memory. */
static void queues_side_by_side_are_charged_as_if_alone(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = moves(f, 2);
	struct driver_queue limited[2];
	const struct tsr_hw_completion *slot;
	uint64_t alone;
	uint32_t seq[2];

	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	alone = run_moves("pc", 1).longest;
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(driver_queue_create_limited(&limited[i], &f->driver, 2 + i, 1,
							     2 + i, 2 * alone), TSR_HW_ERR_NONE);
		seq[i] = driver_post(&limited[i], &job);
	}
	driver_ring(&limited[0]);
	driver_ring(&limited[1]);
	for (uint32_t i = 0; i < 2; i++) {
		slot = driver_wait(&limited[i], seq[i]);
		assert_non_null(slot);
		assert_int_equal(slot->error, TSR_HW_ERR_NONE);
		assert_true(slot->tile_cycles > 2 * alone);
	}
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
		cmocka_unit_test(streams_of_local_memory_have_its_rate),
		cmocka_unit_test_setup_teardown(pages_that_are_only_written_have_a_memory_too,
						setup_dc, fixture_teardown),
		cmocka_unit_test(a_stream_is_slower_beside_others_by_their_share),
		cmocka_unit_test_setup_teardown(copies_progress_by_bursts, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(a_budget_ends_a_node_at_the_end_of_a_step,
						fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(nodes_side_by_side_are_charged_as_if_alone,
						setup_pc, fixture_teardown),
		cmocka_unit_test_setup_teardown(queues_side_by_side_are_charged_as_if_alone,
						setup_pc, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_budget_ends_an_endless_node, fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
