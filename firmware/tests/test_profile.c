// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Per-node records. */
#include "suite.h"

static struct graph graph;

static struct tsr_hw_job profiled(uint32_t asid, uint32_t records)
{
	struct tsr_hw_job job = graph_place(&graph, asid);

	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = GRAPH_PROFILE;
	job.profile_count = records;
	memset(graph_profile(asid), 0xee, 64 * sizeof(struct tsr_hw_profile));
	return job;
}

static bool untouched(const struct tsr_hw_profile *record)
{
	return record->node == 0xeeeeeeee && record->energy == 0xeeeeeeeeeeeeeeee;
}

static void one_record_a_node_in_completion_order(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	const struct tsr_hw_profile *record = graph_profile(queue.asid);
	struct tsr_hw_job job;

	(void)state;
	graph_diamond(&graph);
	job = profiled(queue.asid, 64);
	driver_submit(&queue, &job);
	machine_end(1, NULL);
	machine_settle();
	machine_end(0, NULL);
	machine_settle();
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(record[0].node, 0);
	assert_int_equal(record[1].node, 1);
	assert_int_equal(record[2].node, 2);
	assert_int_equal(record[3].node, 3);
	assert_int_equal(record[0].engine, TSR_HW_ENGINE_DMA | 1 << 8);
	assert_int_equal(record[1].engine, TSR_HW_ENGINE_TENSOR);
	assert_true(untouched(&record[4]));
}

static void a_record_says_what_the_engine_said(void **state)
{
	const struct machine_result result = { .cycles = 777, .blocks = 1, .range = 0x1203 };
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	const struct tsr_hw_profile *record = graph_profile(queue.asid);
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	job = profiled(queue.asid, 1);
	driver_submit(&queue, &job);
	machine_end(0, &result);
	machine_settle();
	assert_int_equal(record->end - record->start, 777);
	assert_int_equal(record->tag, 0xabc000);
	assert_int_equal(record->engine, TSR_HW_ENGINE_TENSOR | 0x12030000u);
	assert_int_equal(record->repetition, 0);
	assert_int_equal(record->macs, 1000);
	assert_int_equal(record->bytes_read, 2000);
	assert_int_equal(record->bytes_written, 3000);
	assert_int_equal(record->energy, 4000);
}

static void repetitions_are_told_apart(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	const struct tsr_hw_profile *record = graph_profile(queue.asid);
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, 2);
	job = profiled(queue.asid, 64);
	job.repeat = 3;
	driver_submit(&queue, &job);
	driver_run_all();
	for (uint32_t i = 0; i < 6; i++) {
		assert_int_equal(record[i].repetition, i / 2);
		assert_int_equal(record[i].node, i % 2);
	}
}

static void records_beyond_the_space_are_dropped(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	const struct tsr_hw_profile *record = graph_profile(queue.asid);
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, 10);
	job = profiled(queue.asid, 4);
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(record[3].node, 3);
	assert_true(untouched(&record[4]));
}

static void skipped_nodes_leave_no_record(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	const struct tsr_hw_profile *record = graph_profile(queue.asid);
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, 3);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 1, 0, 0);
	job = profiled(queue.asid, 10);
	graph_data(queue.asid)[0] = 1;
	driver_submit(&queue, &job);
	driver_run_all();
	assert_int_equal(record[0].node, 0);
	assert_int_equal(record[1].node, 2);
	assert_true(untouched(&record[2]));
}

static void no_space_is_no_error(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, 3);
	job = profiled(queue.asid, 0);
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_true(untouched(graph_profile(queue.asid)));
}

static void without_the_flag_nothing_is_written(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, 3);
	profiled(queue.asid, 0);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_true(untouched(graph_profile(queue.asid)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(one_record_a_node_in_completion_order),
		booted_test(a_record_says_what_the_engine_said),
		booted_test(repetitions_are_told_apart),
		booted_test(records_beyond_the_space_are_dropped),
		booted_test(skipped_nodes_leave_no_record),
		booted_test(no_space_is_no_error),
		booted_test(without_the_flag_nothing_is_written),
	};

	return cmocka_run_group_tests_name("firmware profile records", tests, NULL, NULL);
}
