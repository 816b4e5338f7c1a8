// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Residency groups: which tile runs what while a job holds one. */
#include "suite.h"

#include "job.h"

#define TILES 3u
#define RESIDENT 0x4000u

static struct graph graph;
static struct driver_queue queue;
static struct tsr_hw_job job;

/* Bindings and starts in order: of a binding the bytes, of a node its number. */
static struct {
	uint32_t count;
	bool binds[64];
	uint32_t what[64];
	uint32_t instance[64];
	uint32_t queue[64];
} seen;

static void see(bool binds, uint32_t instance, const struct machine_node *node)
{
	assert_true(seen.count < 64);
	seen.binds[seen.count] = binds;
	seen.what[seen.count] = binds ? node->resident : node->node;
	seen.instance[seen.count] = instance;
	seen.queue[seen.count] = node->queue;
	seen.count++;
}

static void see_bind(uint32_t instance, const struct machine_node *binding)
{
	see(true, instance, binding);
}

static void see_start(uint32_t instance, const struct machine_node *node)
{
	uint32_t group = graph.node[node->node].group;

	assert_int_equal(node->flags, group ? TSR_HW_ENGINE_GROUP : 0);
	if (graph.node[node->node].engine == TSR_HW_ENGINE_TENSOR)
		assert_int_equal(node->ring, GRAPH_RING);
	see(false, instance, node);
}

static void watch(void)
{
	memset(&seen, 0, sizeof(seen));
	machine_on_start(see_start);
	machine_on_bind(see_bind);
}

static void boot(uint32_t tiles)
{
	driver_start_with(tiles, 1, TSR_HW_FEATURES);
	watch();
}

static void place(uint32_t number, uint64_t budget)
{
	queue = driver_queue(number, TSR_HW_PRIORITY_NORMAL, 1, budget);
	job = graph_place(&graph, queue.asid);
}

static void submit(void)
{
	place(1, 0);
	driver_submit(&queue, &job);
}

static uint32_t run(void)
{
	submit();
	driver_run_all();
	assert_int_equal(driver_completed(&queue), 1);
	return driver_completion(&queue, 1)->error;
}

/* A group whose second node waits for a copy behind the first. */
static void make_held(uint32_t resident)
{
	uint32_t group;

	graph_clear(&graph);
	group = graph_group(&graph, resident);
	graph_node_of(&graph, group);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_node_of(&graph, group);
	graph_edge(&graph, 0, 1);
	graph_edge(&graph, 1, 2);
}

static void a_group_is_bound_before_its_first_node(void **state)
{
	(void)state;
	boot(1);
	make_held(RESIDENT);
	submit();
	assert_int_equal(seen.count, 1);
	assert_true(seen.binds[0]);
	assert_int_equal(seen.what[0], RESIDENT);
	assert_int_equal(machine_running(0)->asid, queue.asid);
	machine_end(0, NULL);
	machine_settle();
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.what[1], 0);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&queue, 1)->blocks, 3);
}

static void all_nodes_of_a_group_run_on_its_tile(void **state)
{
	uint32_t group;

	(void)state;
	boot(TILES);
	graph_clear(&graph);
	group = graph_group(&graph, 64);
	for (uint32_t i = 0; i < 5; i++)
		graph_node_of(&graph, group);
	graph_node_of(&graph, 0);
	submit();
	assert_true(machine_busy(0) && machine_busy(1));
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(seen.count, 7);
	for (uint32_t i = 0; i < seen.count; i++)
		assert_int_equal(seen.instance[i], seen.what[i] == 5 && !seen.binds[i]);
}

static void a_tile_that_is_held_waits_for_its_job(void **state)
{
	struct driver_queue other;
	struct tsr_hw_job beside;

	(void)state;
	boot(1);
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	other = driver_queue(2, TSR_HW_PRIORITY_REALTIME, 1, 0);
	beside = graph_place(&graph, other.asid);
	make_held(RESIDENT);
	submit();
	machine_end(0, NULL);
	machine_settle();
	machine_end(0, NULL);
	machine_settle();
	driver_submit(&other, &beside);
	assert_false(machine_busy(0));
	machine_end(1, NULL);
	machine_settle();
	assert_int_equal(machine_running(0)->node, 2);
	machine_on_start(NULL);
	machine_end(0, NULL);
	machine_settle();
	assert_int_equal(machine_running(0)->queue, other.number);
	driver_run_all();
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
}

static void a_node_of_no_group_runs_beside_the_job_s_own(void **state)
{
	uint32_t group;

	(void)state;
	boot(1);
	graph_clear(&graph);
	group = graph_group(&graph, RESIDENT);
	graph_node_of(&graph, group);
	graph_node_of(&graph, 0);
	graph_node_of(&graph, group);
	graph_edge(&graph, 0, 1);
	graph_edge(&graph, 1, 2);
	assert_int_equal(run(), TSR_HW_ERR_NONE);
	assert_int_equal(seen.count, 4);
}

static void groups_are_bound_in_order(void **state)
{
	uint32_t first, second;

	(void)state;
	boot(TILES);
	graph_clear(&graph);
	first = graph_group(&graph, 64);
	second = graph_group(&graph, 128);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_node_of(&graph, first);
	graph_node_of(&graph, second);
	graph_edge(&graph, 0, 1);
	submit();
	/* The second waits for nothing but the first. */
	assert_int_equal(seen.count, 1);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(seen.count, 5);
	assert_int_equal(seen.what[1], 64);
	assert_int_equal(seen.what[3], 128);
}

static void a_binding_has_no_record(void **state)
{
	(void)state;
	boot(1);
	make_held(RESIDENT);
	place(1, 0);
	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = GRAPH_PROFILE;
	job.profile_count = 4;
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(graph_profile(queue.asid)[i].node, i);
	assert_int_equal(graph_profile(queue.asid)[3].end, 0);
}

static void each_turn_and_repetition_binds_anew(void **state)
{
	uint32_t group;

	(void)state;
	boot(1);
	graph_clear(&graph);
	graph_loop(&graph, 3, 2);
	group = graph_group(&graph, RESIDENT);
	graph_node_of(&graph, group);
	graph_node_of(&graph, group);
	place(1, 0);
	job.repeat = 2;
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(seen.count, 2 * 3 * 3);
	for (uint32_t i = 0; i < seen.count; i++)
		assert_int_equal(seen.binds[i], i % 3 == 0);
}

static void a_skipped_node_counts_as_one_of_its_group(void **state)
{
	(void)state;
	boot(1);
	make_held(RESIDENT);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 2, 0, 0);
	place(1, 0);
	graph_data(queue.asid)[0] = 1;
	driver_submit(&queue, &job);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	machine_on_start(NULL);
	place(2, 0);
	driver_submit(&queue, &job);
	assert_true(machine_busy(0));
	driver_run_all();
}

/* Whoever comes afterwards gets the tile. */
static void expect_free(void)
{
	machine_on_start(NULL);
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	place(2, 0);
	driver_submit(&queue, &job);
	assert_true(machine_busy(0));
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void a_job_that_fails_frees_its_tile(void **state)
{
	static const struct machine_result bad = { .error = TSR_HW_ERR_COMMAND, .cycles = 64 };

	(void)state;
	boot(1);
	make_held(RESIDENT);
	submit();
	machine_end(0, NULL);
	machine_settle();
	machine_end(0, &bad);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_COMMAND);
	expect_free();
}

static void a_job_that_is_killed_frees_its_tile(void **state)
{
	(void)state;
	boot(1);
	make_held(RESIDENT);
	submit();
	machine_end(0, NULL);
	machine_settle();
	machine_end(0, NULL);
	machine_settle();
	assert_false(machine_busy(0));
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1);
	driver_expect(&queue, 1, TSR_HW_ERR_KILLED);
	expect_free();
}

static void a_binding_that_fails_ends_the_job(void **state)
{
	static const struct machine_result bad = { .error = TSR_HW_ERR_ENGINE };

	(void)state;
	boot(1);
	make_held(RESIDENT);
	submit();
	machine_end(0, &bad);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_ENGINE);
	assert_int_equal(driver_completion(&queue, 1)->node, TSR_HW_NODE_NONE);
	expect_free();
}

/* The tile idles while 10,000 cycles of a copy pass; whether that is the job's shows its budget. */
static uint32_t run_slowly(uint64_t budget)
{
	static const struct machine_result slow = { .cycles = 10000, .blocks = 1 };

	place(1, budget);
	driver_submit(&queue, &job);
	for (uint32_t i = 0; i < 8; i++) {
		for (uint32_t instance = 0; instance < 2; instance++) {
			if (machine_busy(instance))
				machine_end(instance, instance ? &slow : NULL);
			machine_settle();
		}
	}
	assert_int_equal(driver_completed(&queue), 1);
	return driver_completion(&queue, 1)->error;
}

static void what_holds_a_tile_uses_budget(void **state)
{
	(void)state;
	boot(1);
	make_held(RESIDENT);
	assert_int_equal(run_slowly(16000), TSR_HW_ERR_BUDGET);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	assert_int_equal(run_slowly(26000), TSR_HW_ERR_NONE);
}

/* Between two nodes of the group come turns without an engine: their time is the job's. */
static void a_loop_beside_a_held_tile_ends_with_the_budget(void **state)
{
	uint32_t group;

	(void)state;
	boot(1);
	machine_on_start(NULL);
	graph_clear(&graph);
	group = graph_group(&graph, 64);
	graph_node_of(&graph, group);
	graph_loop(&graph, 1000, 1);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_node_of(&graph, group);
	graph_edge(&graph, 0, 1);
	graph_edge(&graph, 1, 3);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 3, 0, 0);
	place(1, 400000);
	graph_data(queue.asid)[0] = 1;
	driver_submit(&queue, &job);
	for (uint32_t i = 0; i < 5000 && driver_completed(&queue) == 0; i++) {
		for (uint32_t instance = 0; instance < 2; instance++) {
			if (machine_busy(instance))
				machine_end(instance, &(struct machine_result){ .cycles = 200 });
			machine_advance(300);
			machine_settle();
		}
	}
	driver_expect(&queue, 1, TSR_HW_ERR_BUDGET);
	expect_free();
}

/* The group ends while a node of none is on its tile, with so many successors told before. */
static void what_is_resident_goes_with_the_group(void **state)
{
	uint32_t group;

	(void)state;
	boot(1);
	machine_on_start(NULL);
	graph_clear(&graph);
	group = graph_group(&graph, RESIDENT);
	graph_node_of(&graph, group);
	for (uint32_t i = 0; i < 300; i++) {
		graph_node_of(&graph, 0);
		graph_edge(&graph, 0, 1 + i);
	}
	submit();
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	expect_free();
}

/* A node of the first group waits for one of the second. */
static void a_job_whose_groups_wait_for_each_other_ends(void **state)
{
	uint32_t first;

	(void)state;
	boot(1);
	graph_clear(&graph);
	first = graph_group(&graph, 64);
	graph_node_of(&graph, first);
	graph_node_of(&graph, graph_group(&graph, 64));
	graph_node_of(&graph, first);
	graph_edge(&graph, 1, 2);
	assert_int_equal(run(), TSR_HW_ERR_PROGRAM);
	assert_int_equal(driver_completion(&queue, 1)->node, TSR_HW_NODE_NONE);
	expect_free();
}

/* ---- programs that are refused -------------------------------------------------------- */

struct defect {
	void (*change)(void);
	uint32_t error;
};

#define DEFECT(name, change) static void name(void) { change; }

DEFECT(none, (void)0)
DEFECT(no_rows, graph.group[0].grid[0] = 0)
DEFECT(no_columns, graph.group[0].grid[1] = 0)
DEFECT(rows, graph.group[0].grid[0] = 2)
DEFECT(columns, graph.group[0].grid[1] = 2)
DEFECT(no_ring, graph.group[0].ring = 0)
DEFECT(ring_unaligned, graph.group[0].ring = 32)
DEFECT(resident_unaligned, graph.group[0].resident = 32)
DEFECT(group_mbz, graph.group[0].mbz = 1)
DEFECT(all_of_it, graph.group[0].resident = MACHINE_SCRATCHPAD - GRAPH_RING)
DEFECT(too_large, graph.group[0].resident = MACHINE_SCRATCHPAD - GRAPH_RING + 64)
DEFECT(far_too_large, graph.group[0].resident = 0u - 64)
DEFECT(ring_too_large, graph.group[0].ring = MACHINE_SCRATCHPAD + 64)
DEFECT(no_such_group, graph.node[2].group = 2)
DEFECT(of_a_copy, graph.node[1].group = 1)
DEFECT(ring_of_a_copy, graph.node[1].ring = 64)
DEFECT(ring_of_a_member, graph.node[2].ring = 64)
DEFECT(node_beside, graph_node_of(&graph, 0))
DEFECT(node_unaligned, graph.node[graph_node_of(&graph, 0)].ring = 32)
DEFECT(node_fits, graph.node[graph_node_of(&graph, 0)].ring = MACHINE_SCRATCHPAD - RESIDENT)
DEFECT(node_does_not_fit,
       graph.node[graph_node_of(&graph, 0)].ring = MACHINE_SCRATCHPAD - RESIDENT + 64)
DEFECT(node_takes_all, graph.node[graph_node_of(&graph, 0)].ring = 0)
DEFECT(unused, graph_group(&graph, 64))
DEFECT(out_of_order, graph_group(&graph, 64); graph.node[0].group = 2)

static void inside_of_a_loop(void)
{
	graph_loop(&graph, 2, 1);
	graph_node_of(&graph, 1);
}

static void refuses_groups_that_no_tile_could_hold(void **state)
{
	static const struct defect defects[] = {
		{ none, TSR_HW_ERR_NONE },
		{ no_rows, TSR_HW_ERR_PROGRAM },
		{ no_columns, TSR_HW_ERR_PROGRAM },
		{ rows, TSR_HW_ERR_UNSUPPORTED },
		{ columns, TSR_HW_ERR_UNSUPPORTED },
		{ no_ring, TSR_HW_ERR_PROGRAM },
		{ ring_unaligned, TSR_HW_ERR_PROGRAM },
		{ resident_unaligned, TSR_HW_ERR_PROGRAM },
		{ group_mbz, TSR_HW_ERR_PROGRAM },
		{ all_of_it, TSR_HW_ERR_NONE },
		{ too_large, TSR_HW_ERR_RESOURCES },
		{ far_too_large, TSR_HW_ERR_RESOURCES },
		{ ring_too_large, TSR_HW_ERR_RESOURCES },
		{ no_such_group, TSR_HW_ERR_PROGRAM },
		{ of_a_copy, TSR_HW_ERR_PROGRAM },
		{ ring_of_a_copy, TSR_HW_ERR_PROGRAM },
		{ ring_of_a_member, TSR_HW_ERR_PROGRAM },
		{ node_beside, TSR_HW_ERR_NONE },
		{ node_unaligned, TSR_HW_ERR_PROGRAM },
		{ node_fits, TSR_HW_ERR_NONE },
		{ node_does_not_fit, TSR_HW_ERR_RESOURCES },
		{ node_takes_all, TSR_HW_ERR_RESOURCES },
		{ unused, TSR_HW_ERR_NONE },
		{ out_of_order, TSR_HW_ERR_PROGRAM },
		{ inside_of_a_loop, TSR_HW_ERR_PROGRAM },
	};

	(void)state;
	boot(1);
	machine_on_start(NULL);
	machine_on_bind(NULL);
	for (size_t i = 0; i < sizeof(defects) / sizeof(defects[0]); i++) {
		uint32_t error;

		make_held(RESIDENT);
		defects[i].change();
		error = run();
		if (error != defects[i].error)
			fail_msg("defect %zu: error %u, not %u", i, error, defects[i].error);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	}
}

static void refuses_a_table_outside_of_the_program(void **state)
{
	struct tsr_hw_program *header;

	(void)state;
	make_held(RESIDENT);
	for (uint32_t i = 0; i < 3; i++) {
		place(1, 0);
		header = (struct tsr_hw_program *)graph_program(queue.asid);
		if (i == 0)
			header->groups = header->size - 8;
		else if (i == 1)
			header->groups += 4;
		else
			header->group_count = TSR_HW_MAX_GROUPS + 1;
		driver_submit(&queue, &job);
		driver_expect(&queue, 1, TSR_HW_ERR_PROGRAM);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	}
}

static void the_checksum_covers_groups(void **state)
{
	struct tsr_hw_program *header;

	(void)state;
	make_held(RESIDENT);
	place(1, 0);
	header = (struct tsr_hw_program *)graph_program(queue.asid);
	((struct tsr_hw_group *)(graph_program(queue.asid) + header->groups))->resident = 64;
	driver_submit(&queue, &job);
	driver_expect(&queue, 1, TSR_HW_ERR_PROGRAM);
}

static void groups_are_for_hosts_that_asked_for_them(void **state)
{
	(void)state;
	driver_start_with(1, 1, TSR_HW_FEATURES & ~TSR_HW_FEATURE_GROUPS);
	make_held(RESIDENT);
	assert_int_equal(run(), TSR_HW_ERR_UNSUPPORTED);
}

/* The second job of a context has its tables and counts, a job in another one counts anew. */
static void sealed_programs_have_groups_too(void **state)
{
	(void)state;
	boot(1);
	make_held(RESIDENT);
	place(1, 0);
	assert_int_equal(driver_seal(queue.asid, &job), TSR_HW_ERR_NONE);
	for (uint32_t i = 1; i <= 3; i++) {
		if (i == 3)
			job.repeat = 2;
		driver_submit(&queue, &job);
		driver_run_all();
		driver_expect(&queue, i, TSR_HW_ERR_NONE);
	}
	assert_int_equal(seen.count, 4 * 4);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	driver_unseal(queue.asid, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(a_group_is_bound_before_its_first_node),
		booted_test(all_nodes_of_a_group_run_on_its_tile),
		booted_test(a_tile_that_is_held_waits_for_its_job),
		booted_test(a_node_of_no_group_runs_beside_the_job_s_own),
		booted_test(groups_are_bound_in_order),
		booted_test(a_binding_has_no_record),
		booted_test(each_turn_and_repetition_binds_anew),
		booted_test(a_skipped_node_counts_as_one_of_its_group),
		booted_test(a_job_that_fails_frees_its_tile),
		booted_test(a_job_that_is_killed_frees_its_tile),
		booted_test(a_binding_that_fails_ends_the_job),
		booted_test(what_holds_a_tile_uses_budget),
		booted_test(a_loop_beside_a_held_tile_ends_with_the_budget),
		booted_test(what_is_resident_goes_with_the_group),
		booted_test(a_job_whose_groups_wait_for_each_other_ends),
		booted_test(refuses_groups_that_no_tile_could_hold),
		booted_test(refuses_a_table_outside_of_the_program),
		booted_test(the_checksum_covers_groups),
		booted_test(groups_are_for_hosts_that_asked_for_them),
		booted_test(sealed_programs_have_groups_too),
	};

	return cmocka_run_group_tests_name("firmware residency groups", tests, NULL, NULL);
}
