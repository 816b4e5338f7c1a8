// SPDX-License-Identifier: MIT
/* What one guest's nodes cost the host stops neither the device's clock nor other queues. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <abi/error.h>
#include <abi/fuse.h>
#include <abi/regs.h>

#include "aspace.h"
#include "cmocka_prelude.h"
#include "device.h"
#include "driver.h"
#include "fixture.h"
#include "harness.h"
#include "program.h"

/* 2^40 elements from four bytes: more than any host computes in a day. */
#define ROWS	(1u << 20)
#define COLUMNS	(1u << 20)

static const char *const products[] = { "ulp", "edge", "pc", "adas", "server", "dc" };

/* A job of @nodes independent reductions of four bytes to @outputs elements, 1 or ROWS. */
static struct tsr_abi_job endless_job(struct fixture *f, unsigned int nodes, uint32_t outputs)
{
	struct tsr_abi_reduce reduce = {
		.head = { .op = TSR_OP_REDUCE, .size = sizeof(reduce) },
		.x = tensor_make(0, TSR_TYPE_FP32, ROWS, COLUMNS),
		.d = tensor_make(1, TSR_TYPE_FP32, outputs, 1),
		.axes = outputs == 1 ? 3 : 2,
	};
	const struct tsr_abi_slot slots[] = {
		{ .address = 0x10000000, .size = 4, .flags = TSR_SLOT_READ },
		{ .address = 0x20000000, .size = outputs * 4ul, .flags = TSR_SLOT_WRITE },
	};
	struct test_program program;

	reduce.x.stride[0] = 0;
	reduce.x.stride[1] = 0;
	aspace_alloc(&f->as, 0x10000000, TSR_PAGE_SIZE, TSR_PTE_READ);
	aspace_alloc(&f->as, 0x20000000, outputs * 4ul, TSR_PTE_READ | TSR_PTE_WRITE);
	program_begin(&program);
	for (unsigned int i = 0; i < nodes; i++)
		program_node(&program, TSR_ENGINE_TENSOR, &reduce, sizeof(reduce));
	return program_place(&program, &f->as, 0x40000000, slots, 2);
}

static void start(struct fixture *f, const struct tsr_abi_job *job)
{
	driver_post(&f->queue, job);
	driver_ring(&f->queue);
	while (!__atomic_load_n(&f->queue.done->started, __ATOMIC_ACQUIRE))
		sleep_ms(1);
}

/* Beside it other queues go on, the node's progress shows, and a reset ends it. */
static void four_bytes_stop_nothing(struct fixture *f)
{
	struct driver_queue other;
	struct tsr_abi_job job = endless_job(f, 1, 1);
	struct tsr_abi_job nop = fixture_nop(f, 1);

	assert_int_equal(driver_queue_create(&other, &f->driver, 2, 1, 1), TSR_ERR_NONE);
	start(f, &job);
	for (int i = 0; i < 3; i++) {
		uint64_t progress = __atomic_load_n(&f->queue.done->progress, __ATOMIC_ACQUIRE);

		assert_int_equal(driver_run(&other, &nop), TSR_ERR_NONE);
		while (__atomic_load_n(&f->queue.done->progress, __ATOMIC_ACQUIRE) == progress)
			sleep_ms(1);
	}
	assert_int_equal(f->queue.done->completed, 0);
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	nop = fixture_nop(f, 1);
	assert_int_equal(driver_run(&f->queue, &nop), TSR_ERR_NONE);
}

static void a_reduction_of_four_bytes_stops_neither_clock_nor_queues(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		struct fixture *f = fixture_open(products[i]);
		void *done = f;

		assert_non_null(f);
		four_bytes_stop_nothing(f);
		assert_int_equal(fixture_teardown(&done), 0);
	}
}

static unsigned int threads(void)
{
	DIR *tasks = opendir("/proc/self/task");
	unsigned int count = 0;

	assert_non_null(tasks);
	while (readdir(tasks))
		count++;
	closedir(tasks);
	return count;
}

/* A thread for each node at work; processors are shared, not multiplied by engines. */
static void threads_are_as_many_as_nodes_and_processors(void **state)
{
	unsigned int processors = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	struct fixture *f = fixture_open("dc");
	struct tsr_abi_job job;
	unsigned int before;
	void *done = f;

	(void)state;
	assert_non_null(f);
	job = fixture_nop(f, 1);
	assert_int_equal(driver_run(&f->queue, &job), TSR_ERR_NONE);
	before = threads();
	job = endless_job(f, PROGRAM_MAX_NODES, ROWS);
	driver_post(&f->queue, &job);
	driver_ring(&f->queue);
	while (threads() < before + PROGRAM_MAX_NODES)
		sleep_ms(1);
	/* All are at work once the counter of blocks has moved for each. */
	while (__atomic_load_n(&f->queue.done->progress, __ATOMIC_ACQUIRE) < 64 * 1024)
		sleep_ms(1);
	assert_in_range(threads(), before + PROGRAM_MAX_NODES,
			before + PROGRAM_MAX_NODES + processors);
	assert_true(harness_reset(f->harness));
	while (threads() > before + 2 * processors)
		sleep_ms(1);
	assert_int_equal(fixture_teardown(&done), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reduction_of_four_bytes_stops_neither_clock_nor_queues),
		cmocka_unit_test(threads_are_as_many_as_nodes_and_processors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
