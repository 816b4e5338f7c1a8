// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Parameters: from the job's address space to the engines, once. */
#include "suite.h"

#define PARAMETERS (GRAPH_DATA + 0x1000)

static struct graph graph;

static uint64_t *parameters(uint32_t asid)
{
	return (uint64_t *)((uint8_t *)graph_data(asid) + (PARAMETERS - GRAPH_DATA));
}

/* A job of @nodes no-op nodes in a chain, whose parameters are @first and the numbers behind it. */
static struct tsr_hw_job make(uint32_t asid, uint32_t nodes, uint32_t count, uint64_t first)
{
	struct tsr_hw_job job;

	graph_chain(&graph, nodes);
	job = graph_place(&graph, asid);
	job.parameters = PARAMETERS;
	job.parameter_count = count;
	for (uint32_t i = 0; i < count; i++)
		parameters(asid)[i] = first + i;
	return job;
}

static void expect_parameters(uint32_t count, uint64_t first)
{
	const struct machine_node *node = machine_running(1);

	assert_non_null(node);
	assert_int_equal(node->parameter_count, count);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(node->parameters[i], first + i);
}

static void an_engine_gets_all_of_them(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = make(queue.asid, 1, TSR_HW_MAX_PARAMETERS, 0xfedcba9876543210);

	(void)state;
	driver_submit(&queue, &job);
	expect_parameters(TSR_HW_MAX_PARAMETERS, 0xfedcba9876543210);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void a_job_without_any_has_none_of_the_job_before(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = make(queue.asid, 1, 5, 100);

	(void)state;
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	job.parameters = 0;
	job.parameter_count = 0;
	driver_submit(&queue, &job);
	expect_parameters(0, 0);
	driver_run_all();
	driver_expect(&queue, 2, TSR_HW_ERR_NONE);
}

static void they_are_those_of_the_job_s_start(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = make(queue.asid, 2, 3, 7);

	(void)state;
	job.repeat = 2;
	driver_submit(&queue, &job);
	memset(parameters(queue.asid), 0xff, 3 * sizeof(uint64_t));
	for (uint32_t i = 0; i < 4; i++) {
		expect_parameters(3, 7);
		machine_end(1, NULL);
		machine_settle();
	}
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void jobs_side_by_side_have_their_own(void **state)
{
	struct driver_queue one = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct driver_queue two = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job first = make(one.asid, 2, 4, 1000);
	struct tsr_hw_job second = make(two.asid, 2, 4, 2000);

	(void)state;
	driver_submit(&one, &first);
	driver_submit(&two, &second);
	for (uint32_t i = 0; i < 4; i++) {
		assert_non_null(machine_running(1));
		expect_parameters(4, 1000 * machine_running(1)->queue);
		machine_end(1, NULL);
		machine_settle();
	}
	driver_expect(&one, 1, TSR_HW_ERR_NONE);
	driver_expect(&two, 1, TSR_HW_ERR_NONE);
}

static void the_first_address_that_is_not_readable_is_told(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = make(queue.asid, 1, 4, 1);

	(void)state;
	job.parameters = GRAPH_DATA + MACHINE_PAGE - 16;
	machine_map(queue.asid, GRAPH_DATA + MACHINE_PAGE, 0x1000, MACHINE_PAGE,
		    MAP_WRITE | MAP_FETCH);
	driver_submit(&queue, &job);
	driver_expect(&queue, 1, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(driver_completion(&queue, 1)->address, GRAPH_DATA + MACHINE_PAGE);
	assert_int_equal(driver_completion(&queue, 1)->node, TSR_HW_NODE_NONE);
	assert_int_equal(machine_started(), 0);
}

static void without_the_feature_they_are_refused(void **state)
{
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	driver_start_with(1, 1, TSR_HW_FEATURES & ~(uint64_t)TSR_HW_FEATURE_PARAMETERS);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = make(queue.asid, 1, 1, 1);
	driver_submit(&queue, &job);
	driver_expect(&queue, 1, TSR_HW_ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(an_engine_gets_all_of_them),
		booted_test(a_job_without_any_has_none_of_the_job_before),
		booted_test(they_are_those_of_the_job_s_start),
		booted_test(jobs_side_by_side_have_their_own),
		booted_test(the_first_address_that_is_not_readable_is_told),
		booted_test(without_the_feature_they_are_refused),
	};

	return cmocka_run_group_tests_name("firmware parameters", tests, NULL, NULL);
}
