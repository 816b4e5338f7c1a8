// SPDX-License-Identifier: MIT
/* Memory that the host does not give: each allocation fails once, and nothing else is lost. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "own_folder.h"
#include "soc/device.h"
#include "surface/surface.h"
#include "test_image.h"
#include "trace/replay.h"
#include "wrapped_allocation.h"

#define STATE "state"
#define RECORD "kept.record"

/* What is allocated while it is watched, in any order. */
#define MOST 4096

static struct {
	atomic_flag lock;	/* protects the list */
	void *live[MOST];
	unsigned int count;
	atomic_bool watched;
	atomic_long left;	/* allocations before the one that fails */
	pthread_t exempt;	/* its allocations neither fail nor count */
	bool has_exempt;
} heap;

static void lock(void)
{
	while (atomic_flag_test_and_set(&heap.lock))
		;
}

static void unlock(void)
{
	atomic_flag_clear(&heap.lock);
}

static bool fails(void)
{
	if (!atomic_load(&heap.watched) ||
	    (heap.has_exempt && pthread_equal(pthread_self(), heap.exempt)))
		return false;
	return atomic_fetch_sub(&heap.left, 1) == 0;
}

static void *add(void *memory)
{
	if (!memory || !atomic_load(&heap.watched))
		return memory;
	lock();
	if (heap.count < MOST)
		heap.live[heap.count++] = memory;
	unlock();
	return memory;
}

static void drop(void *memory)
{
	lock();
	for (unsigned int i = 0; memory && i < heap.count; i++)
		if (heap.live[i] == memory)
			heap.live[i--] = heap.live[--heap.count];
	unlock();
}

void *__wrap_malloc(size_t n)
{
	return fails() ? NULL : add(__real_malloc(n));
}

void *__wrap_calloc(size_t count, size_t n)
{
	return fails() ? NULL : add(__real_calloc(count, n));
}

void *__wrap_realloc(void *old, size_t n)
{
	void *memory = fails() ? NULL : __real_realloc(old, n);

	if (!memory)
		return NULL;
	drop(old);
	return add(memory);
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
	return fails() ? NULL : add(__real_aligned_alloc(alignment, n));
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : add(__real_strdup(text));
}

void __wrap_free(void *memory)
{
	drop(memory);
	__real_free(memory);
}

/* From here on the allocation behind so many others fails. */
static void watch(long left)
{
	heap.count = 0;
	atomic_store(&heap.left, left);
	atomic_store(&heap.watched, true);
}

/* Return: whether there was one that failed. */
static bool end_watch(void)
{
	atomic_store(&heap.watched, false);
	return atomic_load(&heap.left) < 0;
}

/* Makes something, or says why not; what was made is destroyed. Returns as what it tries. */
typedef int (*maker)(char *error, size_t size);

/* Each failure is -ENOMEM with a sentence, and leaves nothing. */
static void each_allocation_may_fail(maker make)
{
	bool failed;
	long n = 0;

	do {
		char error[512] = "";
		int ret;

		watch(n++);
		ret = make(error, sizeof(error));
		failed = end_watch();
		if (ret != (failed ? -ENOMEM : 0))
			fail_msg("allocation %ld: %d, %s", n, ret, error);
		if (failed && !strstr(error, "emory"))
			fail_msg("allocation %ld: %s", n, error);
		if (heap.count)
			fail_msg("allocation %ld: %u are left", n, heap.count);
	} while (failed);
	assert_true(n > 1);
}

static int make_device(char *error, size_t size)
{
	const uint8_t key_hash[32] = { 0 };
	const struct device_config config = {
		.surface = test_surface, .sku_path = VNPU_SKUS "/server.json", .state_path = STATE, .key_hash = key_hash,
	};
	struct device *dev;
	int ret = device_create(&config, &dev, error, size);

	if (!ret)
		device_destroy(dev);
	return ret;
}

static void a_device_is_made_as_a_whole_or_not_at_all(void **state)
{
	(void)state;
	each_allocation_may_fail(make_device);
	unlink(STATE);
}

static int make_replay(char *error, size_t size)
{
	struct device_config config = {
		.surface = test_surface, .sku_path = VNPU_SKUS "/edge.json",
	};
	struct device *dev;
	int ret = replay_open(RECORD, &config.replay, error, size);

	if (ret)
		return ret;
	ret = device_create(&config, &dev, error, size);
	if (!ret)
		device_destroy(dev);
	replay_close(config.replay);
	return ret;
}

static void record_a_job(void)
{
	struct fixture *f = fixture_open("edge");
	struct fixture_gemm gemm;
	struct tsr_hw_job job;
	void *done = f;

	assert_non_null(f);
	assert_true(harness_reset(f->harness));
	assert_true(harness_record(f->harness, RECORD));
	assert_true(fixture_boot(f));
	job = fixture_gemm(f, &gemm, 64, 64, 64);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_command(f->harness, "record stop"));
	assert_int_equal(fixture_teardown(&done), 0);
}

static void so_is_one_that_repeats_a_record(void **state)
{
	(void)state;
	record_a_job();
	each_allocation_may_fail(make_replay);
	unlink(RECORD);
}

/* A new queue, after one whose job failed. */
static void make_queue(struct fixture *f)
{
	assert_int_equal(driver_queue_destroy(&f->queue), TSR_HW_ERR_NONE);
	assert_int_equal(driver_queue_create(&f->queue, &f->driver, 1, 1, 0), TSR_HW_ERR_NONE);
}

/* What runs on the host for a job may miss any one allocation: the next job does not. */
static void each_may_fail_in_a_product(struct fixture *f, unsigned int size)
{
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, size, size, size);
	unsigned int errors = 0;
	bool failed;
	long n = 0;

	heap.exempt = pthread_self();
	heap.has_exempt = true;
	for (unsigned int i = 0; i < size * size; i++)
		gemm.a[i] = gemm.b[i] = 1.0f;
	do {
		int error;

		gemm.d[0] = 0;
		watch(n++);
		error = driver_run(&f->queue, &job);
		failed = end_watch();
		if (!error)
			assert_true(gemm.d[0] == (float)size);
		else
			assert_int_equal(error, TSR_HW_ERR_ENGINE);
		assert_true(failed || !error);
		errors += error != 0;
		if (error)
			make_queue(f);
	} while (failed);
	assert_true(errors > 3);
	heap.has_exempt = false;
}

static void a_node_without_memory_is_an_engine_error(void **state)
{
	each_may_fail_in_a_product(*state, 64);
}

/* It is large enough for a thread, which may be what there is no memory for. */
static void so_is_one_that_gets_a_thread_of_its_own(void **state)
{
	each_may_fail_in_a_product(*state, 128);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_made_as_a_whole_or_not_at_all),
		cmocka_unit_test(so_is_one_that_repeats_a_record),
		cmocka_unit_test_setup_teardown(a_node_without_memory_is_an_engine_error,
						fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(so_is_one_that_gets_a_thread_of_its_own,
						fixture_setup, fixture_teardown),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
