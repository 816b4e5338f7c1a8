/* SPDX-License-Identifier: MIT */
/* Which processors threads of a team go to. The kernel's answers are this file's. */
#include "suite.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "tile/parallel.h"
#include "tile/spread.h"
#include "tile/tile.h"

#define CALLS	8

int __wrap_sched_getcpu(void);
int __wrap_sched_getaffinity(pid_t thread, size_t n, cpu_set_t *set);
int __wrap_sched_setaffinity(pid_t thread, size_t n, const cpu_set_t *set);

/* A thread runs on the first processor it may run on, once it cannot stay where it is. */
static struct {
	int processor;
	atomic_uint asked;	/* where a thread runs */
	cpu_set_t cpuset;
	cpu_set_t may;		/* of these */
	bool refuses;
	unsigned int calls;
	cpu_set_t set[CALLS];	/* by each of them */
} kernel;

int __wrap_sched_getcpu(void)
{
	atomic_fetch_add(&kernel.asked, 1);
	return kernel.processor;
}

int __wrap_sched_getaffinity(pid_t thread, size_t n, cpu_set_t *set)
{
	assert_int_equal(thread, 0);
	assert_int_equal(n, sizeof(*set));
	*set = kernel.may;
	return kernel.refuses ? -1 : 0;
}

int __wrap_sched_setaffinity(pid_t thread, size_t n, const cpu_set_t *set)
{
	assert_int_equal(thread, 0);
	assert_int_equal(n, sizeof(*set));
	assert_true(kernel.calls < CALLS);
	assert_true(CPU_COUNT(set) > 0);
	kernel.set[kernel.calls++] = *set;
	if (kernel.refuses)
		return -1;
	CPU_AND(&kernel.may, set, &kernel.cpuset);
	for (int i = 0; !CPU_ISSET(kernel.processor, &kernel.may); i++)
		if (CPU_ISSET(i, &kernel.may))
			kernel.processor = i;
	return 0;
}

static int setup(void **state)
{
	static struct spread spread;

	memset(&spread, 0, sizeof(spread));
	memset(&kernel, 0, sizeof(kernel));
	*state = &spread;
	return 0;
}

static void may_run_on(int first, int last)
{
	CPU_ZERO(&kernel.may);
	for (int i = first; i <= last; i++)
		CPU_SET(i, &kernel.may);
	kernel.cpuset = kernel.may;
}

static void start_on(struct spread *spread, int processor)
{
	kernel.processor = processor;
	spread_thread(spread);
}

static void the_first_thread_stays(void **state)
{
	may_run_on(0, 3);
	start_on(*state, 2);
	assert_int_equal(kernel.processor, 2);
	assert_int_equal(kernel.calls, 0);
}

static void threads_on_different_processors_stay(void **state)
{
	may_run_on(0, 1023);
	start_on(*state, 2);
	start_on(*state, 3);
	start_on(*state, 64 + 2);
	start_on(*state, 1023);
	assert_int_equal(kernel.calls, 0);
}

static void a_second_thread_goes_to_another_processor(void **state)
{
	may_run_on(1, 3);
	start_on(*state, 1);
	start_on(*state, 1);
	assert_int_equal(kernel.processor, 2);
	start_on(*state, 1);
	assert_int_equal(kernel.processor, 3);
}

/* The kernel is told of no restriction where there is none: then a thread follows its cpuset. */
static void a_thread_without_restriction_has_none_afterwards(void **state)
{
	may_run_on(1, 70);
	start_on(*state, 70);
	start_on(*state, 70);
	assert_int_equal(kernel.calls, 2);
	assert_false(CPU_ISSET(70, &kernel.set[0]));
	assert_int_equal(CPU_COUNT(&kernel.set[0]), 69);
	assert_int_equal(CPU_COUNT(&kernel.set[1]), SPREAD_PROCESSORS);
	assert_true(CPU_EQUAL(&kernel.may, &kernel.cpuset));
}

static void a_restricted_thread_is_restricted_afterwards(void **state)
{
	cpu_set_t before;

	may_run_on(1, 70);
	before = kernel.may;
	CPU_SET(80, &kernel.cpuset);
	start_on(*state, 70);
	start_on(*state, 70);
	assert_int_equal(kernel.calls, 3);
	assert_true(CPU_EQUAL(&kernel.set[2], &before));
	assert_true(CPU_EQUAL(&kernel.may, &before));
}

static void no_thread_goes_where_it_must_not_run(void **state)
{
	may_run_on(5, 5);
	start_on(*state, 5);
	start_on(*state, 5);
	assert_int_equal(kernel.processor, 5);
	assert_int_equal(kernel.calls, 0);
}

static void a_thread_stays_when_the_kernel_refuses(void **state)
{
	may_run_on(0, 3);
	kernel.refuses = true;
	start_on(*state, 1);
	start_on(*state, 1);
	assert_int_equal(kernel.processor, 1);
	assert_int_equal(kernel.calls, 0);
}

static void an_unknown_processor_is_nothing_to_leave(void **state)
{
	may_run_on(0, 3);
	start_on(*state, -1);
	start_on(*state, -1);
	start_on(*state, SPREAD_PROCESSORS);
	start_on(*state, SPREAD_PROCESSORS);
	assert_int_equal(kernel.calls, 0);
}

static bool go_on(void *context)
{
	(void)context;
	return false;
}

static int do_nothing(void *context, uint64_t first, uint64_t n, uint64_t *fault)
{
	(void)context, (void)first, (void)n, (void)fault;
	return 0;
}

static void threads_of_a_team_are_spread(void **state)
{
	const struct tile_memory memory = { .aborted = go_on };
	uint64_t fault;

	(void)state;
	kernel.processor = -1;
	parallel_use(3);
	assert_int_equal(parallel_ranges(&memory, 1, 1, do_nothing, NULL, &fault), 0);
	assert_int_equal(kernel.asked, 0);
	assert_int_equal(parallel_ranges(&memory, 9, 1, do_nothing, NULL, &fault), 0);
	assert_int_equal(kernel.asked, 3);
}

#define SPREAD_TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SPREAD_TEST(the_first_thread_stays),
		SPREAD_TEST(threads_on_different_processors_stay),
		SPREAD_TEST(a_second_thread_goes_to_another_processor),
		SPREAD_TEST(a_thread_without_restriction_has_none_afterwards),
		SPREAD_TEST(a_restricted_thread_is_restricted_afterwards),
		SPREAD_TEST(no_thread_goes_where_it_must_not_run),
		SPREAD_TEST(a_thread_stays_when_the_kernel_refuses),
		SPREAD_TEST(an_unknown_processor_is_nothing_to_leave),
		SPREAD_TEST(threads_of_a_team_are_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
