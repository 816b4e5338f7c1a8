// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * A host that changes programs while they run. Large ones are copied again and again, so
 * what was checked may be gone: the job may end with an error or never, other jobs run.
 */
#include "suite.h"

#define CHANGES 3000u

static struct graph graph;
static struct driver_queue victim, other;
static struct tsr_hw_job job, canary;

/* None of its nodes may be entered behind the one before: the core follows each edge. */
static void chain(uint32_t nodes)
{
	graph_clear(&graph);
	for (uint32_t i = 0; i < nodes; i++)
		graph_node(&graph, i % 2 ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_NOP);
	for (uint32_t i = 1; i < nodes; i++)
		graph_edge(&graph, i - 1, i);
}

/* A chain that is longer than what the firmware keeps of a program. */
static void place_chain(uint32_t nodes)
{
	static struct graph single;

	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	chain(nodes);
	job = graph_place(&graph, victim.asid);
	graph_single(&single, TSR_HW_ENGINE_TENSOR);
	canary = graph_place(&single, other.asid);
}

static struct tsr_hw_node *node_at(uint32_t number)
{
	uint8_t *program = graph_program(victim.asid);

	return (struct tsr_hw_node *)(program + sizeof(struct tsr_hw_program)) + number;
}

static uint16_t *edge_at(uint32_t number)
{
	return (uint16_t *)node_at(graph.node_count) + number;
}

static void expect(uint32_t error, uint32_t node)
{
	driver_run_all();
	driver_expect(&victim, 1, error);
	assert_int_equal(driver_completion(&victim, 1)->node, node);
	driver_submit(&other, &canary);
	driver_run_all();
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
}

static void a_slot_that_changes_stays_one_of_the_table(void **state)
{
	(void)state;
	place_chain(2000);
	driver_submit(&victim, &job);
	node_at(1500)->flags = TSR_HW_NODE_SKIP;
	node_at(1500)->word_slot = 0xffff;
	expect(TSR_HW_ERR_SLOT, 1500);
	assert_int_equal(machine_started(), 1501);
}

static void successors_that_change_stay_in_the_table(void **state)
{
	(void)state;
	place_chain(2000);
	driver_submit(&victim, &job);
	node_at(1200)->succ_first = 0xfffffff0;
	expect(TSR_HW_ERR_PROGRAM, 1200);
}

static void an_edge_that_turns_back_ends_the_job(void **state)
{
	(void)state;
	place_chain(2000);
	driver_submit(&victim, &job);
	*edge_at(1700) = 3;
	expect(TSR_HW_ERR_PROGRAM, 1700);
}

static void an_edge_that_leads_outside_ends_the_job(void **state)
{
	(void)state;
	place_chain(2000);
	driver_submit(&victim, &job);
	*edge_at(1700) = 2000;
	expect(TSR_HW_ERR_PROGRAM, 1700);
}

static void an_edge_to_a_node_that_waits_for_nothing_ends_the_job(void **state)
{
	(void)state;
	place_chain(2000);
	graph_clear(&graph);
	for (uint32_t i = 0; i < 2000; i++)
		graph_node(&graph, i % 2 ? TSR_HW_ENGINE_NOP : TSR_HW_ENGINE_TENSOR);
	for (uint32_t i = 1; i < 1999; i++)
		graph_edge(&graph, i - 1, i);
	job = graph_place(&graph, victim.asid);
	driver_submit(&victim, &job);
	*edge_at(1700) = 1999;
	expect(TSR_HW_ERR_PROGRAM, 1700);
}

static void a_word_that_moves_stays_in_its_slot(void **state)
{
	(void)state;
	place_chain(1);
	graph_clear(&graph);
	graph_slot(&graph, GRAPH_DATA, 64);
	for (uint32_t i = 0; i < 2000; i++)
		graph_node(&graph, TSR_HW_ENGINE_NOP);
	for (uint32_t i = 1; i < 2000; i++)
		graph_edge(&graph, i - 1, i);
	graph_skip(&graph, 1500, 0, 60);
	job = graph_place(&graph, victim.asid);
	driver_submit(&victim, &job);
	node_at(1500)->word_offset = 64;
	expect(TSR_HW_ERR_SLOT, 1500);
}

static void a_part_that_is_unmapped_ends_the_job(void **state)
{
	const uint32_t page = 20 * MACHINE_PAGE;

	(void)state;
	place_chain(2000);
	driver_submit(&victim, &job);
	machine_map(victim.asid, GRAPH_PROGRAM + page, 0, MACHINE_PAGE, 0);
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_FAULT_FETCH);
	assert_int_equal(driver_completion(&victim, 1)->address, GRAPH_PROGRAM + page);
}

/* Only a change brings such a node there: checks refuse it. */
static void a_node_of_a_group_that_is_not_there_ends_the_job(void **state)
{
	(void)state;
	place_chain(2000);
	driver_submit(&victim, &job);
	node_at(1500)->engine = TSR_HW_ENGINE_TENSOR;
	node_at(1500)->group = 3;
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_PROGRAM);
	assert_int_equal(driver_completion(&victim, 1)->node, 1500);
}

/* Nothing leads on any more. */
static void a_chain_that_is_cut_ends_the_job(void **state)
{
	(void)state;
	place_chain(2000);
	driver_submit(&victim, &job);
	node_at(1500)->succ_count = 0;
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_PROGRAM);
	assert_int_equal(driver_completion(&victim, 1)->node, TSR_HW_NODE_NONE);
}

/* A body so long that it counts as none. */
static void a_body_that_wraps_ends_the_job(void **state)
{
	(void)state;
	place_chain(2000);
	driver_submit(&victim, &job);
	node_at(1500)->body_count = 0xffffffff;
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_PROGRAM);
}

/* Nodes of a chain that are entered ahead run as they were when they were checked. */
static void an_edge_between_nodes_that_are_entered_is_not_followed(void **state)
{
	(void)state;
	place_chain(1);
	graph_chain(&graph, 2000);
	job = graph_place(&graph, victim.asid);
	driver_submit(&victim, &job);
	*edge_at(1700) = 3;
	expect(TSR_HW_ERR_NONE, TSR_HW_NODE_NONE);
	assert_int_equal(machine_started(), 2001);
}

static void a_part_with_nodes_to_enter_ahead_that_is_unmapped_ends_the_job(void **state)
{
	const uint32_t page = 20 * MACHINE_PAGE;

	(void)state;
	place_chain(1);
	graph_chain(&graph, 2000);
	job = graph_place(&graph, victim.asid);
	driver_submit(&victim, &job);
	machine_map(victim.asid, GRAPH_PROGRAM + page, 0, MACHINE_PAGE, 0);
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_FAULT_FETCH);
	assert_int_equal(driver_completion(&victim, 1)->address, GRAPH_PROGRAM + page);
}

/* It was found to wait for the node before it alone. */
static void an_edge_to_a_node_of_a_chain_ends_the_job(void **state)
{
	(void)state;
	place_chain(1);
	graph_clear(&graph);
	for (uint32_t i = 0; i < 4; i++)
		graph_node(&graph, i == 0 ? TSR_HW_ENGINE_TENSOR : TSR_HW_ENGINE_NOP);
	graph_edge(&graph, 0, 1);
	graph_edge(&graph, 2, 3);
	job = graph_place(&graph, victim.asid);
	assert_int_equal(driver_seal(victim.asid, &job), TSR_HW_ERR_NONE);
	driver_submit(&victim, &job);
	driver_run_all();
	/* After a job that does not end well its context keeps nothing. */
	driver_submit(&victim, &job);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, victim.number);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, victim.number);
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	*edge_at(0) = 3;
	driver_submit(&victim, &job);
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_PROGRAM);
	assert_int_equal(driver_completion(&victim, 1)->node, 0);
}

static uint32_t seed = 0xc4a46e;

static void change(void)
{
	uint32_t size = graph.node_count * (uint32_t)sizeof(graph.node[0]) + graph.edge_count * 2;
	uint8_t *tables = (uint8_t *)node_at(0);
	uint32_t at = random_next(&seed) % size;

	if (random_next(&seed) % 2)
		tables[at] = (uint8_t)random_next(&seed);
	else
		*edge_at(random_next(&seed) % graph.edge_count) =
			(uint16_t)(random_next(&seed) % graph.node_count);
}

/* The job may wait for a node that never becomes ready: then the host kills it. */
static void run_changing(void)
{
	driver_write(&victim, &job);
	driver_ring(&victim);
	driver_submit(&other, &canary);
	for (uint32_t i = 0; i < 2 * graph.node_count * job.repeat; i++) {
		bool busy = false;

		for (uint32_t e = 0; e < 3; e++) {
			if (!machine_busy(e))
				continue;
			busy = true;
			machine_end(e, NULL);
		}
		if (!busy)
			break;
		if (random_next(&seed) % 8 == 0)
			change();
		machine_settle();
	}
	driver_expect(&other, other.submitted, TSR_HW_ERR_NONE);
}

/* Its first job has found the program good: later ones are not checked. */
static void seal(void)
{
	assert_int_equal(driver_seal(victim.asid, &job), TSR_HW_ERR_NONE);
	driver_submit(&victim, &job);
	driver_run_all();
	driver_expect(&victim, 1, TSR_HW_ERR_NONE);
}

static void random_changes_do_no_harm(void **state)
{
	uint32_t ended = 0, failed = 0, killed = 0;

	(void)state;
	driver_start_with(2, 1, TSR_HW_FEATURES);
	place_chain(1);
	for (uint32_t i = 0; i < CHANGES; i++) {
		graph_random(&graph, 2 + random_next(&seed) % 600, &seed);
		graph_edge(&graph, 0, graph.node_count - 1);
		job = graph_place(&graph, victim.asid);
		job.repeat = 1 + random_next(&seed) % 2;
		if (i % 2)
			seal();
		run_changing();
		if (driver_completed(&victim) != victim.submitted) {
			driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, victim.number);
			killed++;
		} else if (driver_completion(&victim, victim.submitted)->error != TSR_HW_ERR_NONE) {
			failed++;
		} else {
			ended++;
		}
		assert_int_equal(driver_completed(&victim), victim.submitted);
		for (uint32_t e = 0; e < 3; e++)
			assert_false(machine_busy(e));
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, victim.number);
		assert_int_equal(driver_unseal(victim.asid, 0), TSR_HW_ERR_NONE);
		victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
		driver_events()->arm = i * 8;
	}
	print_message("%u ended, %u failed, %u killed\n", ended, failed, killed);
	assert_true(ended && failed);
	assert_int_equal(killed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(a_slot_that_changes_stays_one_of_the_table),
		booted_test(a_word_that_moves_stays_in_its_slot),
		booted_test(successors_that_change_stay_in_the_table),
		booted_test(an_edge_that_turns_back_ends_the_job),
		booted_test(an_edge_that_leads_outside_ends_the_job),
		booted_test(an_edge_to_a_node_that_waits_for_nothing_ends_the_job),
		booted_test(a_part_that_is_unmapped_ends_the_job),
		booted_test(a_chain_that_is_cut_ends_the_job),
		booted_test(a_body_that_wraps_ends_the_job),
		booted_test(a_node_of_a_group_that_is_not_there_ends_the_job),
		booted_test(an_edge_between_nodes_that_are_entered_is_not_followed),
		booted_test(an_edge_to_a_node_of_a_chain_ends_the_job),
		booted_test(a_part_with_nodes_to_enter_ahead_that_is_unmapped_ends_the_job),
		booted_test(random_changes_do_no_harm),
	};

	return cmocka_run_group_tests_name("firmware changing programs", tests, NULL, NULL);
}
