// SPDX-License-Identifier: MIT
/* What one guest's nodes cost the host stops neither the device's clock nor other queues. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "aspace.h"
#include "cmocka_prelude.h"
#include "driver.h"
#include "fixture.h"
#include "harness.h"
#include "program.h"
#include "soc/device.h"
#include "tile/tests/classes.h"


/* Beside it other queues go on, the node's progress shows, and a reset ends it. */
static void four_bytes_stop_nothing(struct fixture *f)
{
	struct driver_queue other;
	struct fixture_endless endless;
	struct tsr_hw_job job = fixture_endless(f, &endless, 1, 1);
	struct tsr_hw_job nop = fixture_nop(f, 1);

	assert_int_equal(driver_queue_create(&other, &f->driver, 2, 1, 1), TSR_HW_ERR_NONE);
	fixture_start(f, &job);
	for (int i = 0; i < 3; i++) {
		uint64_t progress = __atomic_load_n(&f->queue.done->progress, __ATOMIC_ACQUIRE);

		assert_int_equal(driver_run(&other, &nop), TSR_HW_ERR_NONE);
		while (__atomic_load_n(&f->queue.done->progress, __ATOMIC_ACQUIRE) == progress)
			sleep_ms(1);
	}
	assert_int_equal(f->queue.done->completed, 0);
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	nop = fixture_nop(f, 1);
	assert_int_equal(driver_run(&f->queue, &nop), TSR_HW_ERR_NONE);
}

static void a_reduction_of_four_bytes_stops_neither_clock_nor_queues(void **state)
{
	(void)state;
	for (size_t i = 0; i < CLASSES; i++) {
		struct fixture *f = fixture_open(classes[i]);
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
	struct fixture_endless endless;
	struct tsr_hw_job job;
	unsigned int before;
	void *done = f;

	(void)state;
	assert_non_null(f);
	job = fixture_nop(f, 1);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	before = threads();
	job = fixture_endless(f, &endless, PROGRAM_MAX_NODES, FIXTURE_ENDLESS_ROWS);
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
