// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Who comes next: classes, their floor, weights, job contexts. */
#include "suite.h"

#include "job.h"
#include "queue.h"

static struct graph graph;

/* Started nodes by queue number. */
static uint32_t starts[64];

static void count_start(uint32_t instance, const struct machine_node *node)
{
	(void)instance;
	starts[node->queue]++;
}

/* A job of @nodes independent tensor nodes, run @repeat times. */
static struct tsr_hw_job load(uint32_t asid, uint32_t nodes, uint32_t repeat)
{
	struct tsr_hw_job job;

	graph_clear(&graph);
	for (uint32_t i = 0; i < nodes; i++)
		graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	job = graph_place(&graph, asid);
	job.repeat = repeat;
	return job;
}

static struct driver_queue busy_queue_of(uint64_t client, uint32_t number, uint32_t priority,
					 uint32_t weight)
{
	struct driver_queue queue = driver_queue_of(client, number, priority, weight, 0);
	struct tsr_hw_job job = load(queue.asid, 64, 1000);

	driver_submit(&queue, &job);
	return queue;
}

/* Of a client of its own. */
static struct driver_queue busy_queue(uint32_t number, uint32_t priority, uint32_t weight)
{
	return busy_queue_of(100u + number, number, priority, weight);
}

static void run_nodes(uint32_t count, uint64_t cycles)
{
	const struct machine_result result = { .cycles = cycles, .blocks = 1 };

	memset(starts, 0, sizeof(starts));
	machine_on_start(count_start);
	for (uint32_t i = 0; i < count; i++) {
		machine_end(0, &result);
		machine_settle();
	}
}

static void the_higher_class_goes_first(void **state)
{
	static const uint32_t pairs[][2] = {
		{ TSR_HW_PRIORITY_REALTIME, TSR_HW_PRIORITY_HIGH },
		{ TSR_HW_PRIORITY_REALTIME, TSR_HW_PRIORITY_NORMAL },
		{ TSR_HW_PRIORITY_HIGH, TSR_HW_PRIORITY_NORMAL },
		{ TSR_HW_PRIORITY_HIGH, TSR_HW_PRIORITY_LOW },
		{ TSR_HW_PRIORITY_NORMAL, TSR_HW_PRIORITY_LOW },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		busy_queue(1, pairs[i][1], 1);
		busy_queue(2, pairs[i][0], 1);
		run_nodes(1000, 100);
		assert_true(starts[2] >= 940);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 2);
	}
}

static void high_has_no_floor_under_realtime(void **state)
{
	(void)state;
	busy_queue(1, TSR_HW_PRIORITY_HIGH, 1);
	busy_queue(2, TSR_HW_PRIORITY_REALTIME, 1);
	run_nodes(1000, 100);
	assert_int_equal(starts[1], 0);
}

static void normal_and_low_get_their_floor(void **state)
{
	(void)state;
	busy_queue(1, TSR_HW_PRIORITY_LOW, 1);
	busy_queue(2, TSR_HW_PRIORITY_NORMAL, 1);
	busy_queue(3, TSR_HW_PRIORITY_REALTIME, 1);
	run_nodes(2000, 100);
	assert_true(starts[1] >= 100);
	assert_true(starts[2] >= 100);
	assert_true(starts[3] >= 1700);
}

static void the_floor_is_kept_in_every_window(void **state)
{
	(void)state;
	busy_queue(1, TSR_HW_PRIORITY_LOW, 1);
	busy_queue(2, TSR_HW_PRIORITY_REALTIME, 1);
	run_nodes(20, 100);
	for (uint32_t i = 0; i < 50; i++) {
		run_nodes(20, 100);
		assert_true(starts[1] >= 1);
	}
}

static void equal_weights_share_equally(void **state)
{
	(void)state;
	busy_queue(1, TSR_HW_PRIORITY_NORMAL, 5);
	busy_queue(2, TSR_HW_PRIORITY_NORMAL, 5);
	busy_queue(3, TSR_HW_PRIORITY_NORMAL, 5);
	run_nodes(3000, 1000);
	for (uint32_t i = 1; i <= 3; i++)
		assert_in_range(starts[i], 950, 1050);
}

static void weights_divide_engine_time(void **state)
{
	(void)state;
	busy_queue(1, TSR_HW_PRIORITY_NORMAL, 1);
	busy_queue(2, TSR_HW_PRIORITY_NORMAL, 3);
	run_nodes(4000, 5000);
	assert_in_range(starts[1], 950, 1050);
	assert_in_range(starts[2], 2950, 3050);
}

static void more_queues_make_no_larger_share(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= 3; i++)
		busy_queue_of(1, i, TSR_HW_PRIORITY_NORMAL, 5);
	busy_queue_of(2, 4, TSR_HW_PRIORITY_NORMAL, 5);
	run_nodes(4000, 5000);
	assert_in_range(starts[4], 1950, 2050);
	assert_in_range(starts[1] + starts[2] + starts[3], 1950, 2050);
}

/* Short jobs, one node each: the share holds across the contexts that change hands. */
static void many_queues_against_one_get_half_of_the_engine_time(void **state)
{
	struct driver_queue queue[13];

	(void)state;
	for (uint32_t i = 0; i < 13; i++) {
		struct tsr_hw_job job;

		queue[i] = driver_queue_of(i == 12u ? 2 : 1, 1 + i, TSR_HW_PRIORITY_NORMAL, 64, 0);
		job = load(queue[i].asid, 1, 1);
		for (uint32_t n = 0; n < 60; n++)
			driver_write(&queue[i], &job);
		driver_ring(&queue[i]);
	}
	machine_settle();
	run_nodes(100, 5000);
	assert_in_range(driver_completed(&queue[12]), 47, 52);
}

static void a_share_is_the_clients_in_each_class(void **state)
{
	(void)state;
	busy_queue_of(1, 1, TSR_HW_PRIORITY_NORMAL, 5);
	busy_queue_of(1, 2, TSR_HW_PRIORITY_LOW, 5);
	busy_queue_of(2, 3, TSR_HW_PRIORITY_NORMAL, 5);
	run_nodes(2000, 5000);
	assert_in_range(starts[1], 900, 1000);
	assert_in_range(starts[3], 900, 1000);
}

static void the_weight_is_that_of_the_newest_queue(void **state)
{
	(void)state;
	busy_queue_of(1, 1, TSR_HW_PRIORITY_NORMAL, 1);
	busy_queue_of(2, 2, TSR_HW_PRIORITY_NORMAL, 1);
	driver_queue_of(2, 3, TSR_HW_PRIORITY_NORMAL, 3, 0);
	run_nodes(4000, 5000);
	assert_in_range(starts[1], 950, 1050);
	assert_in_range(starts[2], 2950, 3050);
}

/* The one with nodes ten times as long starts a tenth as many. */
static void time_counts_not_nodes(void **state)
{
	const struct machine_result slow = { .cycles = 50000, .blocks = 1 };
	const struct machine_result quick = { .cycles = 5000, .blocks = 1 };

	(void)state;
	busy_queue(1, TSR_HW_PRIORITY_NORMAL, 1);
	busy_queue(2, TSR_HW_PRIORITY_NORMAL, 1);
	memset(starts, 0, sizeof(starts));
	machine_on_start(count_start);
	for (uint32_t i = 0; i < 4400; i++) {
		machine_end(0, machine_running(0)->queue == 1 ? &slow : &quick);
		machine_settle();
	}
	assert_in_range(starts[1], 370, 430);
	assert_in_range(starts[2], 3900, 4100);
}

static void a_long_node_does_not_upset_the_books(void **state)
{
	const struct machine_result endless = { .cycles = 1ull << 60, .blocks = 1 };

	(void)state;
	busy_queue(1, TSR_HW_PRIORITY_NORMAL, 1);
	machine_end(0, &endless);
	machine_settle();
	busy_queue(2, TSR_HW_PRIORITY_NORMAL, 255);
	run_nodes(1000, 5000);
	assert_in_range(starts[1], 1, 10);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 2);
	run_nodes(100, 100);
	assert_int_equal(starts[1], 100);
}

static void low_jobs_leave_a_context_for_every_class(void **state)
{
	struct driver_queue urgent;
	struct tsr_hw_job job;

	(void)state;
	for (uint32_t i = 1; i <= 12; i++)
		busy_queue(i, TSR_HW_PRIORITY_LOW, 1);
	for (uint32_t class = TSR_HW_PRIORITY_REALTIME; class < TSR_HW_PRIORITY_LOW; class++) {
		urgent = driver_queue(13 + class, class, 1, 0);
		job = load(urgent.asid, 1, 1);
		driver_submit(&urgent, &job);
		assert_int_equal(driver_started_word(&urgent), 1);
	}
}

static void urgent_jobs_leave_a_context_for_every_class(void **state)
{
	struct driver_queue low;
	struct tsr_hw_job job;

	(void)state;
	for (uint32_t i = 1; i <= 12; i++)
		busy_queue(i, TSR_HW_PRIORITY_REALTIME, 1);
	low = driver_queue(13, TSR_HW_PRIORITY_LOW, 1, 0);
	job = load(low.asid, 1, 1);
	driver_submit(&low, &job);
	run_nodes(60, 100);
	driver_expect(&low, 1, TSR_HW_ERR_NONE);
}

static void an_urgent_job_waits_for_one_node_at_most(void **state)
{
	struct driver_queue urgent;
	struct tsr_hw_job job;

	(void)state;
	for (uint32_t i = 1; i <= 6; i++)
		busy_queue(i, TSR_HW_PRIORITY_LOW, 255);
	urgent = driver_queue(10, TSR_HW_PRIORITY_REALTIME, 1, 0);
	job = load(urgent.asid, 1, 1);
	for (uint32_t i = 1; i <= 50; i++) {
		driver_submit(&urgent, &job);
		run_nodes(2, 100);
		/* Or two, in the one decision of twenty that is LOW's. */
		if (driver_completed(&urgent) != i)
			run_nodes(1, 100);
		driver_expect(&urgent, i, TSR_HW_ERR_NONE);
	}
}

/* Each client's jobs leave contexts, the second's to a third as well. */
static void busy_clients_leave_a_context_to_others(void **state)
{
	struct driver_queue late;
	struct tsr_hw_job job;

	(void)state;
	for (uint32_t i = 1; i <= 12; i++)
		busy_queue_of(1 + (i > 6u), i, TSR_HW_PRIORITY_NORMAL, 1);
	late = driver_queue_of(3, 13, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = load(late.asid, 1, 1);
	driver_submit(&late, &job);
	assert_int_equal(driver_started_word(&late), 1);
}

/* A context that becomes free goes to who uses none, not to who waited longest. */
static void the_client_with_fewest_contexts_is_next(void **state)
{
	struct driver_queue queue[8];

	(void)state;
	for (uint32_t i = 0; i < 8; i++)
		queue[i] = busy_queue_of(i < 7u ? 1 + i % 5u : 6, 1 + i, TSR_HW_PRIORITY_NORMAL, 1);
	assert_int_equal(driver_started_word(&queue[5]), 0);
	assert_int_equal(driver_started_word(&queue[7]), 0);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 3);
	assert_int_equal(driver_started_word(&queue[5]), 0);
	assert_int_equal(driver_started_word(&queue[7]), 1);
}

static void more_queues_than_contexts_all_get_done(void **state)
{
	struct driver_queue queue[20];
	struct tsr_hw_job job;

	(void)state;
	for (uint32_t i = 0; i < 20; i++) {
		queue[i] = driver_queue(1 + i, i % TSR_HW_PRIORITY_COUNT, 1 + i, 0);
		job = load(queue[i].asid, 8, 2);
		for (uint32_t n = 0; n < 10; n++)
			driver_write(&queue[i], &job);
		driver_ring(&queue[i]);
	}
	machine_settle();
	driver_run_all();
	for (uint32_t i = 0; i < 20; i++) {
		assert_int_equal(driver_completed(&queue[i]), 10);
		driver_expect(&queue[i], 10, TSR_HW_ERR_NONE);
	}
	assert_int_equal(machine_started(), 20 * 10 * 8 * 2);
}

static void checking_a_large_program_does_not_hold_up_others(void **state)
{
	struct driver_queue large = driver_queue(1, TSR_HW_PRIORITY_REALTIME, 1, 0);
	struct driver_queue small = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job, little;

	(void)state;
	little = load(small.asid, 2, 1);
	driver_submit(&small, &little);
	graph_chain(&graph, TSR_HW_MAX_NODES);
	job = graph_place(&graph, large.asid);
	driver_write(&large, &job);
	driver_ring(&large);
	machine_turn();
	assert_int_equal(queue_at(large.number)->job->phase, JOB_LOADING);
	machine_end(0, NULL);
	machine_turn();
	assert_true(machine_busy(0));
	assert_int_equal(machine_running(0)->queue, 2);
	assert_int_equal(queue_at(large.number)->job->phase, JOB_LOADING);
	driver_run_all();
	driver_expect(&large, 1, TSR_HW_ERR_NONE);
	driver_expect(&small, 1, TSR_HW_ERR_NONE);
}

/* All nodes but two become ready at once, in each of the runs. */
static void walking_a_wide_program_does_not_hold_up_others(void **state)
{
	struct driver_queue wide = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct driver_queue small = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job, little;

	(void)state;
	graph_wide(&graph, TSR_HW_MAX_NODES);
	job = graph_place(&graph, wide.asid);
	driver_submit(&wide, &job);
	assert_int_equal(machine_running(1)->node, 0);
	little = load(small.asid, 1, 1);
	machine_end(1, NULL);
	driver_write(&small, &little);
	driver_ring(&small);
	for (uint32_t i = 0; i < 4; i++)
		machine_turn();
	assert_true(job_working() & 1u << queue_at(wide.number)->job->number);
	assert_int_equal(machine_running(0)->queue, 2);
	driver_run_all();
	driver_expect(&wide, 1, TSR_HW_ERR_NONE);
	driver_expect(&small, 1, TSR_HW_ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(the_higher_class_goes_first),
		booted_test(high_has_no_floor_under_realtime),
		booted_test(normal_and_low_get_their_floor),
		booted_test(the_floor_is_kept_in_every_window),
		booted_test(equal_weights_share_equally),
		booted_test(weights_divide_engine_time),
		booted_test(more_queues_make_no_larger_share),
		booted_test(many_queues_against_one_get_half_of_the_engine_time),
		booted_test(a_share_is_the_clients_in_each_class),
		booted_test(the_weight_is_that_of_the_newest_queue),
		booted_test(time_counts_not_nodes),
		booted_test(a_long_node_does_not_upset_the_books),
		booted_test(low_jobs_leave_a_context_for_every_class),
		booted_test(urgent_jobs_leave_a_context_for_every_class),
		booted_test(an_urgent_job_waits_for_one_node_at_most),
		booted_test(busy_clients_leave_a_context_to_others),
		booted_test(the_client_with_fewest_contexts_is_next),
		booted_test(more_queues_than_contexts_all_get_done),
		booted_test(checking_a_large_program_does_not_hold_up_others),
		booted_test(walking_a_wide_program_does_not_hold_up_others),
	};

	return cmocka_run_group_tests_name("firmware scheduling", tests, NULL, NULL);
}
