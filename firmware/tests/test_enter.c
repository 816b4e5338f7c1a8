// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Nodes that are entered: which ones, where, and what the core does with their ends. */
#include "suite.h"

static struct graph graph;
static struct driver_queue queue;
static struct tsr_hw_job job;

static void submit(uint64_t budget)
{
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, budget);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
}

static void expect_entered(uint32_t instance, bool entered)
{
	assert_non_null(machine_running(instance));
	assert_int_equal(machine_running(instance)->entered, entered);
}

static void a_node_that_needs_no_more_is_entered(void **state)
{
	(void)state;
	graph_chain(&graph, 2);
	submit(0);
	expect_entered(1, true);
	machine_end(1, NULL);
	machine_settle();
	expect_entered(1, true);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

/* The core reads the results of each. */
static void with_a_profile_nodes_are_started(void **state)
{
	(void)state;
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_chain(&graph, 1);
	job = graph_place(&graph, queue.asid);
	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = GRAPH_PROFILE;
	job.profile_count = 1;
	driver_submit(&queue, &job);
	expect_entered(1, false);
	driver_run_all();
	assert_int_equal(graph_profile(queue.asid)[0].energy, 4000);
}

static void beside_groups_nodes_are_started(void **state)
{
	(void)state;
	graph_clear(&graph);
	graph_node_of(&graph, graph_group(&graph, 64));
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	submit(0);
	expect_entered(1, false);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

/* Its word is read when it could start, and not before. */
static void a_node_with_a_word_is_started(void **state)
{
	(void)state;
	graph_chain(&graph, 2);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 1, 0, 0);
	submit(0);
	expect_entered(1, true);
	machine_end(1, NULL);
	machine_settle();
	expect_entered(1, false);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void what_both_kinds_did_is_reported_together(void **state)
{
	const struct machine_result result = { .cycles = 300, .blocks = 4 };

	(void)state;
	graph_clear(&graph);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 2, 0, 0);
	submit(0);
	machine_end(0, &result);
	machine_end(1, &result);
	machine_settle();
	machine_end(1, &result);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&queue, 1)->blocks, 12);
	assert_int_equal(driver_completion(&queue, 1)->tile_cycles, 300);
	assert_int_equal(driver_completion(&queue, 1)->dma_cycles, 600);
}

/* The next job of the context begins with nothing. */
static void what_a_job_did_is_not_the_next_ones(void **state)
{
	(void)state;
	graph_chain(&graph, 3);
	submit(0);
	driver_run_all();
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 2, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&queue, 2)->blocks, 3);
	assert_int_equal(driver_completion(&queue, 2)->dma_cycles, 300);
}

/* Each of two nodes has what is left when it begins; what both take counts. */
static void nodes_side_by_side_use_one_budget(void **state)
{
	const struct machine_result result = { .cycles = 900, .blocks = 1 };

	(void)state;
	graph_clear(&graph);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	submit(1000);
	assert_int_equal(machine_running(0)->budget, 1000);
	assert_int_equal(machine_running(1)->budget, 1000);
	machine_end(0, &result);
	machine_end(1, &result);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_BUDGET);
}

/* A node that fails names itself, as a started one does. */
static void the_error_of_an_entered_node_ends_the_job(void **state)
{
	const struct machine_result fault = {
		.error = TSR_HW_ERR_FAULT_READ, .cycles = 70, .fault = 0x77000,
	};

	(void)state;
	graph_chain(&graph, 3);
	submit(0);
	machine_end(1, NULL);
	machine_settle();
	machine_end(1, &fault);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(driver_completion(&queue, 1)->node, 1);
	assert_int_equal(driver_completion(&queue, 1)->engine, 1);
	assert_int_equal(driver_completion(&queue, 1)->address, 0x77000);
	assert_int_equal(driver_completion(&queue, 1)->dma_cycles, 170);
}

/* Its time until then counts; what had ended before is in the record. */
static void a_kill_aborts_an_entered_node(void **state)
{
	(void)state;
	graph_chain(&graph, 3);
	submit(0);
	machine_end(1, NULL);
	machine_settle();
	machine_advance(5000);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, queue.number);
	driver_expect(&queue, 1, TSR_HW_ERR_KILLED);
	assert_int_equal(driver_completion(&queue, 1)->node, 1);
	assert_in_range(driver_completion(&queue, 1)->dma_cycles, 5100, 7000);
	assert_int_equal(machine_aborted(), 1);
}

static void end_at_once(uint32_t instance, const struct machine_node *node)
{
	(void)node;
	machine_end(instance, NULL);
}

/* However quickly nodes end, bells are looked at in between. */
static void a_turn_has_few_ends(void **state)
{
	uint32_t before;

	(void)state;
	graph_chain(&graph, 1000);
	submit(0);
	machine_on_start(end_at_once);
	machine_end(1, NULL);
	for (uint32_t turn = 0; turn < 3; turn++) {
		before = machine_started();
		machine_turn();
		assert_in_range(machine_started() - before, 1, 65);
	}
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

/* With another job there is a choice to make, and nodes wait for it; they are entered then. */
static void nodes_of_two_jobs_are_entered_in_turn(void **state)
{
	struct driver_queue other;
	struct tsr_hw_job second;

	(void)state;
	graph_wide(&graph, 3);
	submit(0);
	other = driver_queue(2, TSR_HW_PRIORITY_HIGH, 1, 0);
	second = graph_place(&graph, other.asid);
	driver_submit(&other, &second);
	assert_int_equal(machine_running(1)->queue, queue.number);
	machine_end(1, NULL);
	machine_settle();
	expect_entered(1, true);
	assert_int_equal(machine_running(1)->queue, other.number);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
}

/* What the only job took was not another one's: it owes nothing when one comes. */
static void time_alone_is_no_debt(void **state)
{
	const struct machine_result day = { .cycles = 1ull << 30, .blocks = 1 };
	struct driver_queue other;
	struct tsr_hw_job second;
	uint32_t own = 0;

	(void)state;
	graph_wide(&graph, 40);
	submit(0);
	for (uint32_t i = 0; i < 10; i++) {
		machine_end(1, &day);
		machine_settle();
	}
	other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	second = graph_place(&graph, other.asid);
	driver_submit(&other, &second);
	for (uint32_t i = 0; i < 20; i++) {
		own += machine_running(1)->queue == queue.number;
		machine_end(1, NULL);
		machine_settle();
	}
	assert_in_range(own, 8, 12);
}

/* Nodes without edges, of which all start at once where there are engines. */
static void flat(uint32_t nodes)
{
	graph_clear(&graph);
	for (uint32_t i = 0; i < nodes; i++)
		graph_node(&graph, TSR_HW_ENGINE_NOP);
}

/* The node runs on when another job comes: what it took until then is no debt either. */
static void time_alone_is_no_debt_while_it_runs(void **state)
{
	const struct machine_result day = { .cycles = 1ull << 30, .blocks = 1 };
	struct driver_queue other;
	struct tsr_hw_job second;
	uint32_t own = 0;

	(void)state;
	flat(40);
	submit(0);
	machine_advance(1ull << 30);
	other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	second = graph_place(&graph, other.asid);
	driver_submit(&other, &second);
	machine_end(1, &day);
	machine_settle();
	for (uint32_t i = 0; i < 20; i++) {
		own += machine_running(1)->queue == queue.number;
		machine_end(1, NULL);
		machine_settle();
	}
	assert_in_range(own, 8, 12);
}

/* A job fails while results of its engines are looked at, and another one's nodes begin there. */
static void stale_results_end_no_other_node(void **state)
{
	const struct machine_result fault = { .error = TSR_HW_ERR_FAULT_READ, .cycles = 70 };
	struct driver_queue other;
	struct tsr_hw_job second;

	(void)state;
	driver_stop();
	driver_start_with(1, 4, TSR_HW_FEATURES);
	flat(3);
	submit(0);
	machine_end(2, NULL);
	machine_settle();
	graph_clear(&graph);
	for (uint32_t i = 0; i < 5; i++)
		graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 0, 0, 0);
	for (uint32_t i = 1; i < 4; i++) {
		graph_edge(&graph, 0, i);
		graph_edge(&graph, i, 4);
	}
	other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	second = graph_place(&graph, other.asid);
	driver_submit(&other, &second);
	machine_end(1, &fault);
	machine_end(2, NULL);
	machine_end(3, &fault);
	machine_turn();
	for (uint32_t i = 1; i < 4; i++)
		assert_non_null(machine_running(i));
	driver_run_all();
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
}

static void what_the_core_does_waits_for_no_engine(void **state)
{
	(void)state;
	graph_clear(&graph);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_slot(&graph, GRAPH_DATA, 8);
	graph_parameter(&graph, 0, 0, 0);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_edge(&graph, 1, 2);
	graph_edge(&graph, 2, 3);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	job.parameter_count = 1;
	job.parameters = GRAPH_DATA + 64;
	driver_submit(&queue, &job);
	assert_non_null(machine_running(0));
	machine_end(1, NULL);
	machine_settle();
	assert_non_null(machine_running(1));
	assert_int_equal(machine_running(1)->node, 3);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

/* Of nodes that wait for an engine those come first that waited longer. */
static void a_new_node_overtakes_none_that_waits(void **state)
{
	(void)state;
	flat(4);
	graph_edge(&graph, 0, 3);
	submit(0);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(machine_running(1)->node, i);
		machine_end(1, NULL);
		machine_settle();
	}
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

/* A node whose end was not read when the job failed took what its job's record says. */
static void an_end_that_was_not_read_counts_once(void **state)
{
	const struct machine_result fault = { .error = TSR_HW_ERR_FAULT_READ, .cycles = 70 };

	(void)state;
	flat(70);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	submit(0);
	machine_advance(100000);
	machine_end(1, NULL);
	machine_on_start(end_at_once);
	machine_end(0, &fault);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_FAULT_READ);
	assert_in_range(driver_completion(&queue, 1)->dma_cycles, 100, 7000);
}

static void a_chain_is_entered_ahead(void **state)
{
	(void)state;
	graph_chain(&graph, 10);
	submit(0);
	assert_int_equal(machine_entered(1), TSR_HW_ENGINE_PLACES);
	machine_end(1, NULL);
	assert_int_equal(machine_running(1)->node, 1);
	machine_settle();
	assert_int_equal(machine_entered(1), TSR_HW_ENGINE_PLACES);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&queue, 1)->blocks, 10);
	assert_int_equal(machine_started(), 10);
}

static void each_run_of_a_chain_is_entered_ahead(void **state)
{
	(void)state;
	graph_chain(&graph, 3);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	job.repeat = 3;
	driver_submit(&queue, &job);
	for (uint32_t run = 0; run < 3; run++) {
		assert_int_equal(machine_entered(1), 3);
		for (uint32_t i = 0; i < 3; i++) {
			assert_int_equal(machine_running(1)->node, i);
			machine_end(1, NULL);
		}
		machine_settle();
	}
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 9);
}

static void expect_one_entered(void)
{
	submit(0);
	assert_int_equal(machine_entered(1), 1);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void a_node_of_another_kind_is_not_entered_behind(void **state)
{
	(void)state;
	graph_clear(&graph);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	graph_edge(&graph, 0, 1);
	expect_one_entered();
}

static void a_node_that_waits_for_two_is_not_entered_behind(void **state)
{
	(void)state;
	flat(3);
	graph_edge(&graph, 0, 2);
	graph_edge(&graph, 1, 2);
	submit(0);
	machine_end(1, NULL);
	machine_settle();
	assert_int_equal(machine_entered(1), 1);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void a_node_with_a_word_is_not_entered_behind(void **state)
{
	(void)state;
	graph_chain(&graph, 2);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 1, 0, 0);
	expect_one_entered();
}

static void behind_a_node_of_several_successors_none_is_entered(void **state)
{
	(void)state;
	flat(3);
	graph_edge(&graph, 0, 1);
	graph_edge(&graph, 0, 2);
	expect_one_entered();
}

static void a_job_that_does_parameters_enters_none_ahead(void **state)
{
	(void)state;
	graph_chain(&graph, 2);
	graph_slot(&graph, GRAPH_DATA, 8);
	graph_parameter(&graph, 0, 0, 0);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	job.parameter_count = 1;
	job.parameters = GRAPH_DATA + 64;
	driver_submit(&queue, &job);
	assert_int_equal(machine_entered(1), 1);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

/* A chain keeps no engine from a node of its job that is ready. */
static void none_is_entered_ahead_of_a_node_that_waits(void **state)
{
	static const uint32_t order[] = { 0, 4, 1, 2, 3 };

	(void)state;
	flat(5);
	for (uint32_t i = 1; i < 4; i++)
		graph_edge(&graph, i - 1, i);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 0, 0, 0);
	submit(0);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(machine_running(1)->node, order[i]);
		machine_end(1, NULL);
		machine_settle();
	}
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void what_is_entered_behind_a_failed_node_does_not_run(void **state)
{
	const struct machine_result fault = { .error = TSR_HW_ERR_FAULT_READ, .cycles = 70 };

	(void)state;
	graph_chain(&graph, 5);
	submit(0);
	machine_end(1, NULL);
	machine_end(1, &fault);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(driver_completion(&queue, 1)->node, 1);
	assert_int_equal(driver_completion(&queue, 1)->dma_cycles, 170);
	assert_int_equal(machine_started(), 2);
	assert_int_equal(machine_entered(1), 0);
}

/* The engine ends the node whose budget is spent before it begins, and none behind it. */
static void a_budget_ends_a_chain_that_is_entered(void **state)
{
	(void)state;
	graph_chain(&graph, 5);
	submit(2 * TSR_HW_NODE_LEAST_CYCLES);
	machine_end(1, NULL);
	machine_end(1, NULL);
	assert_false(machine_busy(1));
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_BUDGET);
	assert_int_equal(driver_completion(&queue, 1)->node, 2);
	assert_int_equal(machine_started(), 2);
}

static void a_kill_takes_what_is_entered_ahead(void **state)
{
	(void)state;
	graph_chain(&graph, 5);
	submit(0);
	machine_end(1, NULL);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, queue.number);
	driver_expect(&queue, 1, TSR_HW_ERR_KILLED);
	assert_int_equal(driver_completion(&queue, 1)->node, 1);
	assert_false(machine_busy(1));
	assert_int_equal(machine_entered(1), 0);
}

static struct driver_queue late;
static struct tsr_hw_job short_job;

static void place_late(void)
{
	static struct graph single;

	late = driver_queue(2, TSR_HW_PRIORITY_REALTIME, 1, 0);
	graph_single(&single, TSR_HW_ENGINE_NOP);
	short_job = graph_place(&single, late.asid);
}

/* It comes next however long the chain is, whose rest runs behind it. */
static void another_job_takes_back_what_is_entered_ahead(void **state)
{
	(void)state;
	graph_chain(&graph, 10);
	submit(0);
	place_late();
	driver_submit(&late, &short_job);
	assert_int_equal(machine_entered(1), 1);
	machine_end(1, NULL);
	machine_settle();
	assert_int_equal(machine_running(1)->queue, late.number);
	assert_int_equal(machine_entered(1), 1);
	machine_end(1, NULL);
	machine_settle();
	assert_int_equal(machine_running(1)->node, 1);
	assert_int_equal(machine_entered(1), TSR_HW_ENGINE_PLACES);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	driver_expect(&late, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 11);
	assert_int_equal(driver_completion(&queue, 1)->blocks, 10);
}

static const struct machine_result *in_between;

/* While the core copies what the other job brings, nodes of the first one end. */
static void end_two(uint32_t control, uint32_t asid, uint64_t address)
{
	(void)control;
	(void)address;
	if (asid != late.asid)
		return;
	machine_on_copy(NULL);
	machine_end(1, NULL);
	machine_end(1, in_between);
}

static void submit_late(const struct machine_result *second)
{
	graph_chain(&graph, 10);
	submit(0);
	place_late();
	in_between = second;
	driver_write(&late, &short_job);
	driver_ring(&late);
	machine_on_copy(end_two);
	machine_settle();
	machine_on_copy(NULL);
}

static void ends_that_were_not_read_are_not_taken_back(void **state)
{
	(void)state;
	submit_late(NULL);
	assert_int_equal(machine_running(1)->node, 2);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	driver_expect(&late, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 11);
	assert_int_equal(driver_completion(&queue, 1)->blocks, 10);
}

static void an_error_before_another_job_comes_ends_the_first(void **state)
{
	const struct machine_result fault = { .error = TSR_HW_ERR_FAULT_READ, .cycles = 70 };

	(void)state;
	submit_late(&fault);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(driver_completion(&queue, 1)->node, 1);
	driver_expect(&late, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 3);
}

/* A failed node whose predecessors' ends were left for the next turn ends the job in this one. */
static uint32_t nodes_left;

static void end_at_once_but_last(uint32_t instance, const struct machine_node *node)
{
	static const struct machine_result fault = { .error = TSR_HW_ERR_FAULT_READ };

	(void)node;
	machine_end(instance, --nodes_left == 0u ? &fault : NULL);
}

static void ends_left_for_the_next_turn_end_no_other_node(void **state)
{
	(void)state;
	graph_chain(&graph, 200);
	submit(0);
	place_late();
	nodes_left = 66;
	machine_on_start(end_at_once_but_last);
	machine_end(1, NULL);
	machine_turn();
	machine_on_start(NULL);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(driver_completion(&queue, 1)->node, 66);
	assert_int_equal(machine_entered(1), 0);
	driver_submit(&late, &short_job);
	assert_int_equal(machine_running(1)->queue, late.number);
	driver_run_all();
	driver_expect(&late, 1, TSR_HW_ERR_NONE);
}

/* Its nodes are not checked again, but those that may be entered ahead are found. */
static void a_sealed_chain_is_entered_ahead_in_every_context(void **state)
{
	(void)state;
	graph_chain(&graph, 5);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	assert_int_equal(driver_seal(queue.asid, &job), TSR_HW_ERR_NONE);
	driver_submit(&queue, &job);
	assert_int_equal(machine_entered(1), TSR_HW_ENGINE_PLACES);
	driver_run_all();
	driver_submit(&queue, &job);
	assert_int_equal(machine_entered(1), TSR_HW_ENGINE_PLACES);
	/* After a job that does not end well its context keeps nothing. */
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, queue.number);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, queue.number);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	driver_submit(&queue, &job);
	assert_int_equal(machine_entered(1), TSR_HW_ENGINE_PLACES);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

/* Before the core looks for other work: none of another job could have begun there. */
static void nodes_that_wait_are_entered_where_one_ends(void **state)
{
	uint32_t before;

	(void)state;
	flat(200);
	submit(0);
	machine_on_start(end_at_once);
	before = machine_started();
	machine_end(1, NULL);
	machine_turn();
	assert_in_range(machine_started() - before, 64, 65);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 200);
}

/* So many that the count is that of a mark: there are no marks then. */
static void a_node_may_wait_for_very_many(void **state)
{
	(void)state;
	flat(130);
	for (uint32_t i = 0; i < 0x8000; i++)
		graph_edge(&graph, i / 256, 129);
	graph_edge(&graph, 127, 128);
	submit(0);
	assert_int_equal(machine_entered(1), 1);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 130);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(a_node_that_needs_no_more_is_entered),
		booted_test(with_a_profile_nodes_are_started),
		booted_test(beside_groups_nodes_are_started),
		booted_test(a_node_with_a_word_is_started),
		booted_test(what_both_kinds_did_is_reported_together),
		booted_test(what_a_job_did_is_not_the_next_ones),
		booted_test(nodes_side_by_side_use_one_budget),
		booted_test(the_error_of_an_entered_node_ends_the_job),
		booted_test(a_kill_aborts_an_entered_node),
		booted_test(a_turn_has_few_ends),
		booted_test(nodes_of_two_jobs_are_entered_in_turn),
		booted_test(time_alone_is_no_debt),
		booted_test(time_alone_is_no_debt_while_it_runs),
		booted_test(stale_results_end_no_other_node),
		booted_test(what_the_core_does_waits_for_no_engine),
		booted_test(a_new_node_overtakes_none_that_waits),
		booted_test(an_end_that_was_not_read_counts_once),
		booted_test(a_chain_is_entered_ahead),
		booted_test(each_run_of_a_chain_is_entered_ahead),
		booted_test(a_node_of_another_kind_is_not_entered_behind),
		booted_test(a_node_that_waits_for_two_is_not_entered_behind),
		booted_test(a_node_with_a_word_is_not_entered_behind),
		booted_test(behind_a_node_of_several_successors_none_is_entered),
		booted_test(a_job_that_does_parameters_enters_none_ahead),
		booted_test(none_is_entered_ahead_of_a_node_that_waits),
		booted_test(what_is_entered_behind_a_failed_node_does_not_run),
		booted_test(a_budget_ends_a_chain_that_is_entered),
		booted_test(a_kill_takes_what_is_entered_ahead),
		booted_test(another_job_takes_back_what_is_entered_ahead),
		booted_test(ends_that_were_not_read_are_not_taken_back),
		booted_test(an_error_before_another_job_comes_ends_the_first),
		booted_test(ends_left_for_the_next_turn_end_no_other_node),
		booted_test(a_sealed_chain_is_entered_ahead_in_every_context),
		booted_test(nodes_that_wait_are_entered_where_one_ends),
		booted_test(a_node_may_wait_for_very_many),
	};

	return cmocka_run_group_tests_name("firmware entered nodes", tests, NULL, NULL);
}
