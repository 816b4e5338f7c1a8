// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Faults at each stage: error, node, engine and address of the job; other queues run as before. */
#include "suite.h"

static struct graph graph;
static struct driver_queue victim, other;
static struct tsr_hw_job job, canary;

static void set_up(void)
{
	static struct graph single;

	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_diamond(&graph);
	graph_slot(&graph, GRAPH_DATA, 4096);
	graph_skip(&graph, 2, 0, 64);
	job = graph_place(&graph, victim.asid);
	graph_single(&single, TSR_HW_ENGINE_DMA);
	canary = graph_place(&single, other.asid);
}

static void submit_both(void)
{
	driver_write(&victim, &job);
	driver_ring(&victim);
	driver_submit(&other, &canary);
}

static void expect_fault(uint32_t error, uint32_t node, uint64_t address)
{
	const struct tsr_hw_completion *completion = driver_completion(&victim, 1);

	driver_expect(&victim, 1, error);
	assert_int_equal(completion->node, node);
	assert_int_equal(completion->address, address);
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
	/* Later jobs of the queue are canceled, before and after the failure is known. */
	assert_int_equal(driver_submit(&victim, &job), 2);
	driver_expect(&victim, 2, TSR_HW_ERR_CANCELED);
	assert_int_equal(driver_completion(&victim, 2)->start, 0);
	assert_int_equal(driver_started_word(&victim), 1);
}

static void run_unmapped(uint64_t address, uint32_t allowed, uint32_t error, uint32_t node,
			 uint64_t reported)
{
	set_up();
	machine_map(victim.asid, address, 0x1000, MACHINE_PAGE, allowed);
	submit_both();
	driver_run_all();
	expect_fault(error, node, reported);
}

static void header_not_mapped(void **state)
{
	(void)state;
	run_unmapped(GRAPH_PROGRAM, 0, TSR_HW_ERR_FAULT_FETCH, TSR_HW_NODE_NONE, GRAPH_PROGRAM);
}

static void program_not_for_fetching(void **state)
{
	(void)state;
	run_unmapped(GRAPH_PROGRAM, MAP_READ | MAP_WRITE, TSR_HW_ERR_FAULT_FETCH, TSR_HW_NODE_NONE,
		     GRAPH_PROGRAM);
}

static void slots_not_mapped(void **state)
{
	(void)state;
	run_unmapped(GRAPH_SLOTS, 0, TSR_HW_ERR_FAULT_READ, TSR_HW_NODE_NONE, GRAPH_SLOTS);
}

static void slots_not_readable(void **state)
{
	(void)state;
	run_unmapped(GRAPH_SLOTS, MAP_WRITE | MAP_FETCH, TSR_HW_ERR_FAULT_READ, TSR_HW_NODE_NONE,
		     GRAPH_SLOTS);
}

static void skip_word_not_mapped(void **state)
{
	(void)state;
	run_unmapped(GRAPH_DATA, 0, TSR_HW_ERR_FAULT_READ, 2, GRAPH_DATA + 64);
}

static void nodes_end_in_a_hole(void **state)
{
	(void)state;
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_chain(&graph, 200);
	job = graph_place(&graph, victim.asid);
	canary = graph_place(&graph, other.asid);
	machine_map(victim.asid, GRAPH_PROGRAM + 2 * MACHINE_PAGE, 0, MACHINE_PAGE, 0);
	submit_both();
	driver_run_all();
	expect_fault(TSR_HW_ERR_FAULT_FETCH, TSR_HW_NODE_NONE, GRAPH_PROGRAM + 2 * MACHINE_PAGE);
}

static void edges_in_a_hole(void **state)
{
	uint32_t hole;

	(void)state;
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_wide(&graph, 1000);
	job = graph_place(&graph, victim.asid);
	canary = graph_place(&graph, other.asid);
	hole = (128 + 1000 * 64 + MACHINE_PAGE) / MACHINE_PAGE * MACHINE_PAGE;
	machine_map(victim.asid, GRAPH_PROGRAM + hole, 0, MACHINE_PAGE, 0);
	submit_both();
	driver_run_all();
	expect_fault(TSR_HW_ERR_FAULT_FETCH, TSR_HW_NODE_NONE, GRAPH_PROGRAM + hole);
}

static void ring_on_a_dead_bus(void **state)
{
	(void)state;
	set_up();
	machine_break_page(victim.ring, true);
	submit_both();
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_FAULT_BUS);
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
}

static void every_engine_error_is_reported(void **state)
{
	static const uint32_t errors[] = {
		TSR_HW_ERR_FAULT_READ, TSR_HW_ERR_FAULT_WRITE, TSR_HW_ERR_FAULT_FETCH,
		TSR_HW_ERR_FAULT_BUS, TSR_HW_ERR_COMMAND, TSR_HW_ERR_SLOT, TSR_HW_ERR_BUDGET,
		TSR_HW_ERR_ENGINE, TSR_HW_ERR_UNSUPPORTED,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct machine_result result = {
			.error = errors[i], .cycles = 10, .blocks = 3, .fault = 0x123456789000,
		};

		set_up();
		driver_submit(&victim, &job);
		machine_end(1, NULL);
		machine_settle();
		assert_int_equal(machine_running(0)->node, 1);
		machine_end(0, &result);
		machine_settle();
		assert_int_equal(driver_completion(&victim, 1)->engine, 0);
		assert_int_equal(driver_completion(&victim, 1)->blocks, 4);
		driver_submit(&other, &canary);
		driver_run_all();
		expect_fault(errors[i], 1, 0x123456789000);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 2);
	}
}

static void the_job_s_other_nodes_are_aborted(void **state)
{
	const struct machine_result bad = { .error = TSR_HW_ERR_FAULT_WRITE, .fault = 0x5000 };
	uint32_t aborted;

	(void)state;
	set_up();
	driver_submit(&victim, &job);
	machine_end(1, NULL);
	machine_settle();
	assert_true(machine_busy(0) && machine_busy(1));
	aborted = machine_aborted();
	machine_end(0, &bad);
	machine_settle();
	assert_int_equal(machine_aborted(), aborted + 1);
	assert_false(machine_busy(1));
	driver_expect(&victim, 1, TSR_HW_ERR_FAULT_WRITE);
}

static void two_errors_at_once_give_one_completion(void **state)
{
	const struct machine_result bad = { .error = TSR_HW_ERR_FAULT_READ, .fault = 0x7000 };

	(void)state;
	set_up();
	driver_submit(&victim, &job);
	machine_end(1, NULL);
	machine_settle();
	machine_end(1, &bad);
	machine_end(0, &bad);
	driver_submit(&other, &canary);
	driver_run_all();
	expect_fault(TSR_HW_ERR_FAULT_READ, 1, 0x7000);
}

static void a_result_nobody_waits_for_is_dropped(void **state)
{
	(void)state;
	set_up();
	machine_glitch(0);
	machine_settle();
	driver_submit(&other, &canary);
	driver_run_all();
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
}

static void a_profile_fault_ends_the_job(void **state)
{
	(void)state;
	set_up();
	machine_map(victim.asid, GRAPH_PROFILE, 0x1000, MACHINE_PAGE, MAP_READ);
	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = GRAPH_PROFILE + 128;
	job.profile_count = 10;
	submit_both();
	driver_run_all();
	expect_fault(TSR_HW_ERR_FAULT_WRITE, 0, GRAPH_PROFILE + 128);
}

static void budget_is_given_and_kept(void **state)
{
	/* The address means nothing without an error of the engine. */
	const struct machine_result slow = { .cycles = 400, .blocks = 1, .fault = 0x1234000 };

	(void)state;
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 1000);
	graph_chain(&graph, 5);
	job = graph_place(&graph, victim.asid);
	driver_submit(&victim, &job);
	assert_int_equal(machine_running(1)->budget, 1000);
	machine_end(1, &slow);
	machine_settle();
	assert_int_equal(machine_running(1)->budget, 600);
	machine_end(1, &slow);
	machine_settle();
	assert_int_equal(machine_running(1)->budget, 200);
	machine_end(1, &slow);
	machine_settle();
	driver_expect(&victim, 1, TSR_HW_ERR_BUDGET);
	assert_int_equal(driver_completion(&victim, 1)->node, 2);
	assert_int_equal(driver_completion(&victim, 1)->address, 0);
}

static void the_budget_is_charged_the_time_alone(void **state)
{
	const struct machine_result shared = {
		.cycles = 5000, .shared = 4600, .blocks = 1,
	};

	(void)state;
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 1000);
	graph_chain(&graph, 2);
	job = graph_place(&graph, victim.asid);
	driver_submit(&victim, &job);
	machine_end(1, &shared);
	machine_settle();
	assert_int_equal(machine_running(1)->budget, 600);
	machine_end(1, &shared);
	machine_settle();
	driver_expect(&victim, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&victim, 1)->dma_cycles, 10000);
}

static void budget_covers_all_repetitions(void **state)
{
	(void)state;
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 1600);
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	job = graph_place(&graph, victim.asid);
	job.repeat = 50;
	driver_submit(&victim, &job);
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_BUDGET);
	assert_int_equal(machine_started(), 10);
}

static void the_last_cycle_of_the_budget_may_be_used(void **state)
{
	(void)state;
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 3 * 160);
	graph_chain(&graph, 3);
	job = graph_place(&graph, victim.asid);
	driver_submit(&victim, &job);
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_NONE);
}

static void each_job_has_the_whole_budget(void **state)
{
	(void)state;
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 200);
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	job = graph_place(&graph, victim.asid);
	for (uint32_t i = 1; i <= 5; i++) {
		driver_submit(&victim, &job);
		driver_run_all();
		driver_expect(&victim, i, TSR_HW_ERR_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(header_not_mapped),
		booted_test(program_not_for_fetching),
		booted_test(slots_not_mapped),
		booted_test(slots_not_readable),
		booted_test(skip_word_not_mapped),
		booted_test(nodes_end_in_a_hole),
		booted_test(edges_in_a_hole),
		booted_test(ring_on_a_dead_bus),
		booted_test(every_engine_error_is_reported),
		booted_test(the_job_s_other_nodes_are_aborted),
		booted_test(two_errors_at_once_give_one_completion),
		booted_test(a_result_nobody_waits_for_is_dropped),
		booted_test(a_profile_fault_ends_the_job),
		booted_test(budget_is_given_and_kept),
		booted_test(the_budget_is_charged_the_time_alone),
		booted_test(budget_covers_all_repetitions),
		booted_test(the_last_cycle_of_the_budget_may_be_used),
		booted_test(each_job_has_the_whole_budget),
	};

	return cmocka_run_group_tests_name("firmware faults", tests, NULL, NULL);
}
