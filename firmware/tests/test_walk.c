// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Walking graphs: each node once, after its predecessors. */
#include "suite.h"

static struct graph graph;

/* Which nodes started and ended in the run under way, checked against the graph. */
static struct {
	bool started[TSR_HW_MAX_NODES];
	bool ended[TSR_HW_MAX_NODES];
	uint32_t order[TSR_HW_MAX_NODES];
	uint32_t count;
} seen;

/* Predecessors of each node, one node's behind the other's. */
static struct {
	uint32_t first[TSR_HW_MAX_NODES + 1];
	uint32_t filled[TSR_HW_MAX_NODES];
	uint16_t from[TSR_HW_MAX_EDGES];
} before;

static void find_predecessors(void)
{
	memset(&before, 0, sizeof(before));
	for (uint32_t i = 0; i < graph.node_count; i++)
		before.first[i + 1] = before.first[i] + graph.node[i].pred_count;
	for (uint32_t i = 0; i < graph.edge_count; i++) {
		uint32_t to = graph.edge[i].to;

		before.from[before.first[to] + before.filled[to]++] = graph.edge[i].from;
	}
}

static void check_start(uint32_t instance, const struct machine_node *node)
{
	(void)instance;
	assert_true(node->node < graph.node_count);
	assert_false(seen.started[node->node]);
	for (uint32_t i = before.first[node->node]; i < before.first[node->node + 1]; i++)
		assert_true(seen.ended[before.from[i]]);
	seen.started[node->node] = true;
	seen.order[seen.count++] = node->node;
}

static void end(uint32_t instance)
{
	if (machine_running(instance)->node != TSR_HW_NODE_NONE)
		seen.ended[machine_running(instance)->node] = true;
	machine_end(instance, NULL);
	machine_settle();
}

/* End busy engines one at a time, in an order the seed decides. */
static void run_seeded(uint32_t *seed)
{
	uint32_t idle = 0;

	while (idle < 64 * MACHINE_ENGINES) {
		uint32_t instance = random_next(seed) % MACHINE_ENGINES;

		idle++;
		if (!machine_busy(instance))
			continue;
		idle = 0;
		end(instance);
	}
}

static void walk(uint32_t seed)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = graph_place(&graph, queue.asid);

	memset(&seen, 0, sizeof(seen));
	find_predecessors();
	machine_on_start(check_start);
	driver_submit(&queue, &job);
	run_seeded(&seed);
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(seen.count, graph.node_count);
	assert_int_equal(driver_completion(&queue, 1)->blocks, graph.node_count);
}

static void single_nodes_of_each_kind(void **state)
{
	(void)state;
	for (uint32_t engine = TSR_HW_ENGINE_NOP; engine <= TSR_HW_ENGINE_DMA; engine++) {
		graph_single(&graph, engine);
		walk(1);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	}
}

static void diamond(void **state)
{
	(void)state;
	graph_diamond(&graph);
	walk(2);
	assert_int_equal(seen.order[0], 0);
	assert_int_equal(seen.order[3], 3);
}

static void chain_of_1000(void **state)
{
	(void)state;
	graph_chain(&graph, 1000);
	walk(3);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(seen.order[i], i);
}

static void wide_graph_of_1000(void **state)
{
	(void)state;
	graph_wide(&graph, 1000);
	walk(4);
	assert_int_equal(seen.order[0], 0);
	assert_int_equal(seen.order[999], 999);
}

static void largest_program(void **state)
{
	(void)state;
	graph_clear(&graph);
	for (uint32_t i = 0; i < TSR_HW_MAX_NODES; i++)
		graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	for (uint32_t i = 0; i < TSR_HW_MAX_NODES; i++) {
		for (uint32_t e = 1; e <= 4 && i + e < TSR_HW_MAX_NODES; e++)
			graph_edge(&graph, i, i + e);
	}
	walk(5);
}

/* One node has all successors, another all predecessors. */
static void widest_program(void **state)
{
	(void)state;
	graph_wide(&graph, TSR_HW_MAX_NODES);
	walk(7);
	assert_int_equal(seen.order[0], 0);
	assert_int_equal(seen.order[TSR_HW_MAX_NODES - 1], TSR_HW_MAX_NODES - 1);
}

static void as_many_edges_as_there_can_be(void **state)
{
	(void)state;
	graph_clear(&graph);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	for (uint32_t i = 0; i < TSR_HW_MAX_EDGES; i++)
		graph_edge(&graph, 0, 1);
	walk(8);
}

static void the_last_of_the_slots_decides_about_a_node(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	for (uint32_t i = 0; i < TSR_HW_MAX_SLOTS; i++)
		graph_slot(&graph, GRAPH_DATA + 4 * i, 4);
	graph_skip(&graph, 0, TSR_HW_MAX_SLOTS - 1, 0);
	job = graph_place(&graph, queue.asid);
	graph_data(queue.asid)[TSR_HW_MAX_SLOTS - 1] = 1;
	driver_submit(&queue, &job);
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 0);
	graph_slots(queue.asid)[TSR_HW_MAX_SLOTS - 1].mbz = 1;
	driver_submit(&queue, &job);
	driver_expect(&queue, 2, TSR_HW_ERR_SLOT);
}

static void random_graphs_in_random_completion_order(void **state)
{
	uint32_t seed = 20260901;

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		driver_start_with(1 + i % 4, 1 + i % 2, TSR_HW_FEATURES);
		graph_random(&graph, 1 + random_next(&seed) % 60, &seed);
		walk(seed);
		driver_stop();
	}
	driver_start();
}

static void doubled_edges_count_twice(void **state)
{
	(void)state;
	graph_chain(&graph, 2);
	graph_edge(&graph, 0, 1);
	walk(6);
}

static void nodes_run_side_by_side(void **state)
{
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	driver_start_with(3, 1, TSR_HW_FEATURES);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_clear(&graph);
	for (uint32_t i = 0; i < 5; i++)
		graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
	assert_int_equal(machine_started(), 3);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void engines_get_what_the_node_says(void **state)
{
	struct driver_queue queue = driver_queue(3, TSR_HW_PRIORITY_NORMAL, 1, 5000);
	const struct machine_node *node;
	const struct tsr_hw_program *header;
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	graph_edge(&graph, 0, 1);
	graph_slot(&graph, GRAPH_DATA + 4, 4096);
	job = graph_place(&graph, queue.asid);
	header = (const struct tsr_hw_program *)graph_program(queue.asid);
	driver_submit(&queue, &job);
	machine_end(0, NULL);
	machine_settle();
	node = machine_running(0);
	assert_non_null(node);
	assert_int_equal(node->asid, queue.asid);
	assert_int_equal(node->queue, 3);
	assert_int_equal(node->node, 1);
	assert_int_equal(node->program, GRAPH_PROGRAM);
	assert_int_equal(node->stream, GRAPH_PROGRAM + header->streams + 16);
	assert_int_equal(node->stream_size, 16);
	assert_int_equal(node->budget, 4840);
	assert_int_equal(node->progress,
			 queue.done + offsetof(struct tsr_hw_completion_page, progress));
	assert_int_equal(node->slot0, GRAPH_DATA + 4);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void an_engine_is_strict_for_the_nodes_of_strict_jobs_only(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, 2);
	for (uint32_t i = 1; i <= 4; i++) {
		job = graph_place(&graph, queue.asid);
		job.flags = i % 2 != 0 ? TSR_HW_JOB_STRICT | TSR_HW_JOB_REPLAYABLE :
					 TSR_HW_JOB_REPLAYABLE;
		driver_submit(&queue, &job);
		for (uint32_t node = 0; node < 2; node++) {
			assert_non_null(machine_running(1));
			assert_int_equal(machine_running(1)->flags,
					 i % 2 != 0 ? TSR_HW_ENGINE_STRICT : 0);
			machine_end(1, NULL);
			machine_settle();
		}
		driver_expect(&queue, i, TSR_HW_ERR_NONE);
	}
}

static void without_the_feature_strict_jobs_are_refused(void **state)
{
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	driver_start_with(1, 1, TSR_HW_FEATURES & ~(uint64_t)TSR_HW_FEATURE_STRICT);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_chain(&graph, 1);
	job = graph_place(&graph, queue.asid);
	job.flags = TSR_HW_JOB_STRICT;
	driver_submit(&queue, &job);
	driver_expect(&queue, 1, TSR_HW_ERR_UNSUPPORTED);
	assert_int_equal(machine_started(), 0);
}

static void no_op_has_no_stream(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
	assert_false(machine_busy(0));
	assert_non_null(machine_running(1));
	assert_int_equal(machine_running(1)->stream_size, 0);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void repetitions_follow_each_other(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_diamond(&graph);
	graph_slot(&graph, GRAPH_DATA, 16);
	graph.slot[0].stride = 64;
	job = graph_place(&graph, queue.asid);
	job.repeat = 5;
	driver_submit(&queue, &job);
	for (uint32_t r = 0; r < 5; r++) {
		const uint32_t per_run = 4;

		assert_int_equal(machine_started(), r * per_run + 1);
		assert_int_equal(machine_running(1)->slot0, GRAPH_DATA + r * 64);
		for (uint32_t n = 0; n < per_run; n++) {
			machine_end(machine_busy(0) ? 0 : 1, NULL);
			machine_settle();
		}
	}
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&queue, 1)->blocks, 20);
}

static void most_repetitions(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	job = graph_place(&graph, queue.asid);
	job.repeat = TSR_HW_JOB_MAX_REPEAT;
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), TSR_HW_JOB_MAX_REPEAT);
}

static void skip_words_decide_at_the_start(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, 4);
	graph_slot(&graph, GRAPH_DATA, 64);
	graph_skip(&graph, 1, 0, 4);
	graph_skip(&graph, 2, 0, 8);
	job = graph_place(&graph, queue.asid);
	graph_data(queue.asid)[1] = 0;
	graph_data(queue.asid)[2] = 0;
	driver_submit(&queue, &job);
	/* Set while node 0 runs: it counts, because node 2 has not started. */
	graph_data(queue.asid)[2] = 0x80000000;
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 3);
}

static uint32_t skip_reads;

static void count_skip_reads(uint32_t control, uint32_t asid, uint64_t address)
{
	if (asid && control == TSR_HW_COPY_READ && address == GRAPH_DATA)
		skip_reads++;
}

static void a_skip_word_is_read_once(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 0, 0, 0);
	job = graph_place(&graph, queue.asid);
	skip_reads = 0;
	machine_on_copy(count_skip_reads);
	driver_submit(&queue, &job);
	driver_run_all();
	assert_int_equal(skip_reads, 1);
}

static void a_graph_of_skipped_nodes_ends(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, TSR_HW_MAX_NODES);
	graph_slot(&graph, GRAPH_DATA, 4);
	for (uint32_t i = 0; i < TSR_HW_MAX_NODES; i++)
		graph_skip(&graph, i, 0, 0);
	job = graph_place(&graph, queue.asid);
	graph_data(queue.asid)[0] = 1;
	job.repeat = 3;
	driver_submit(&queue, &job);
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(machine_started(), 0);
}

static void skipping_uses_up_the_budget(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 100000);
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 0, 0, 0);
	job = graph_place(&graph, queue.asid);
	graph_data(queue.asid)[0] = 1;
	job.repeat = TSR_HW_JOB_MAX_REPEAT;
	driver_submit(&queue, &job);
	driver_expect(&queue, 1, TSR_HW_ERR_BUDGET);
}

static void bells_are_heard_while_skipping(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_REALTIME, 255, 0);
	struct driver_queue other = driver_queue(2, TSR_HW_PRIORITY_LOW, 1, 0);
	struct tsr_hw_job job, small;
	static struct graph nop;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_NOP);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 0, 0, 0);
	job = graph_place(&graph, queue.asid);
	graph_data(queue.asid)[0] = 1;
	job.repeat = TSR_HW_JOB_MAX_REPEAT;
	graph_single(&nop, TSR_HW_ENGINE_TENSOR);
	small = graph_place(&nop, other.asid);
	driver_write(&queue, &job);
	driver_ring(&queue);
	driver_write(&other, &small);
	driver_ring(&other);
	for (uint32_t i = 0; i < 20 && !machine_busy(0); i++)
		machine_turn();
	assert_true(machine_busy(0));
	assert_int_equal(driver_completed(&queue), 0);
	driver_run_all();
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(single_nodes_of_each_kind),
		booted_test(diamond),
		booted_test(chain_of_1000),
		booted_test(wide_graph_of_1000),
		booted_test(largest_program),
		booted_test(widest_program),
		booted_test(as_many_edges_as_there_can_be),
		booted_test(the_last_of_the_slots_decides_about_a_node),
		booted_test(random_graphs_in_random_completion_order),
		booted_test(doubled_edges_count_twice),
		booted_test(nodes_run_side_by_side),
		booted_test(engines_get_what_the_node_says),
		booted_test(an_engine_is_strict_for_the_nodes_of_strict_jobs_only),
		booted_test(without_the_feature_strict_jobs_are_refused),
		booted_test(no_op_has_no_stream),
		booted_test(repetitions_follow_each_other),
		booted_test(most_repetitions),
		booted_test(skip_words_decide_at_the_start),
		booted_test(a_skip_word_is_read_once),
		booted_test(a_graph_of_skipped_nodes_ends),
		booted_test(skipping_uses_up_the_budget),
		booted_test(bells_are_heard_while_skipping),
	};

	return cmocka_run_group_tests_name("firmware graph walk", tests, NULL, NULL);
}
