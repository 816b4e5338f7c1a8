// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Nodes that the core does itself: LOOP and PARAMETER, and SKIP inside of loops. */
#include "suite.h"

#include <tsr_hw/command.h>

#include "job.h"

#define RUNS_MAX 100000u
#define P32(number) (TSR_HW_PARAMETER_32 + (number))

static struct graph graph;
static struct driver_queue queue;
static struct tsr_hw_job job;

/* What has started: nodes in order, and what parameter 0 was. */
static struct {
	uint32_t count;
	uint32_t node[RUNS_MAX];
	uint64_t parameter[RUNS_MAX];
} runs;

static void see(uint32_t instance, const struct machine_node *node)
{
	(void)instance;
	assert_true(runs.count < RUNS_MAX);
	runs.node[runs.count] = node->node;
	runs.parameter[runs.count] = node->parameter_count ? node->parameters[0] : 0;
	runs.count++;
}

/* Place the graph, with @count parameters at the end of the data, and run it. */
static uint32_t run_with(uint64_t budget, const uint64_t *parameter, uint32_t count)
{
	uint32_t error;

	runs.count = 0;
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, budget);
	job = graph_place(&graph, queue.asid);
	if (count) {
		job.parameters = GRAPH_DATA + 0x8000;
		job.parameter_count = count;
		memcpy((uint8_t *)graph_data(queue.asid) + 0x8000, parameter, 8 * count);
	}
	machine_on_start(see);
	driver_submit(&queue, &job);
	driver_run_all();
	assert_int_equal(driver_completed(&queue), 1);
	error = driver_completion(&queue, 1)->error;
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	return error;
}

static uint32_t run(void)
{
	return run_with(0, NULL, 0);
}

static void expect_order(const uint32_t *node, uint32_t count)
{
	assert_int_equal(runs.count, count);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(runs.node[i], node[i]);
}

#define EXPECT_ORDER(...) \
	expect_order((const uint32_t[]){ __VA_ARGS__ }, \
		     sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* One node before a loop of two, one behind it, in a chain. */
static void make_loop(uint32_t count)
{
	graph_clear(&graph);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_loop(&graph, count, 2);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_edge(&graph, 0, 1);
	graph_edge(&graph, 2, 3);
	graph_edge(&graph, 1, 4);
}

static void a_body_runs_as_often_as_its_loop_says(void **state)
{
	(void)state;
	make_loop(3);
	assert_int_equal(run(), TSR_HW_ERR_NONE);
	EXPECT_ORDER(0, 2, 3, 2, 3, 2, 3, 4);
	make_loop(1);
	assert_int_equal(run(), TSR_HW_ERR_NONE);
	EXPECT_ORDER(0, 2, 3, 4);
	make_loop(0);
	assert_int_equal(run(), TSR_HW_ERR_NONE);
	EXPECT_ORDER(0, 4);
}

static void a_turn_begins_when_the_one_before_has_ended(void **state)
{
	(void)state;
	driver_start_with(3, 1, TSR_HW_FEATURES);
	graph_clear(&graph);
	graph_loop(&graph, 2, 2);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
	assert_int_equal(machine_started(), 2);
	machine_end(1, NULL);
	machine_settle();
	assert_int_equal(machine_started(), 2);
	machine_end(0, NULL);
	machine_settle();
	assert_int_equal(machine_started(), 4);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
}

static void loops_run_inside_of_each_other(void **state)
{
	(void)state;
	graph_clear(&graph);
	graph_loop(&graph, 2, 4);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_loop(&graph, 3, 1);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_edge(&graph, 1, 2);
	graph_edge(&graph, 2, 4);
	assert_int_equal(run(), TSR_HW_ERR_NONE);
	EXPECT_ORDER(1, 3, 3, 3, 4, 1, 3, 3, 3, 4);
}

static void nest(uint32_t depth)
{
	graph_clear(&graph);
	for (uint32_t i = 0; i < depth; i++)
		graph_loop(&graph, 2, depth - i);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
}

static void four_loops_nest_and_no_more(void **state)
{
	(void)state;
	nest(4);
	assert_int_equal(run(), TSR_HW_ERR_NONE);
	assert_int_equal(runs.count, 16);
	nest(5);
	assert_int_equal(run(), TSR_HW_ERR_PROGRAM);
	assert_int_equal(runs.count, 0);
}

/* The second one is ready before the first one's body has anything to do for the core. */
static void loops_beside_each_other_run_one_after_another(void **state)
{
	(void)state;
	graph_clear(&graph);
	graph_slot(&graph, GRAPH_DATA, 64);
	graph_loop(&graph, 2, 2);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_parameter(&graph, 0, 0, 0);
	graph_edge(&graph, 1, 2);
	graph_loop(&graph, 2, 1);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	assert_int_equal(run_with(0, (const uint64_t[]){ 7 }, 1), TSR_HW_ERR_NONE);
	EXPECT_ORDER(1, 1, 4, 4);
}

static void a_count_and_steps_are_parameters(void **state)
{
	(void)state;
	make_loop(P32(1));
	graph.loop[0].step[0] = (struct tsr_hw_loop_step){ .parameter = 0, .amount = 10 };
	graph.loop[0].step[3] = (struct tsr_hw_loop_step){ .parameter = 0, .amount = -3ull };
	assert_int_equal(run_with(0, (const uint64_t[]){ 100, 3 }, 2), TSR_HW_ERR_NONE);
	EXPECT_ORDER(0, 2, 3, 2, 3, 2, 3, 4);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(runs.parameter[1 + 2 * i], 100 + 7 * i);
	assert_int_equal(runs.parameter[7], 121);
}

static void a_repetition_begins_with_the_jobs_parameters(void **state)
{
	(void)state;
	make_loop(2);
	graph.loop[0].step[0] = (struct tsr_hw_loop_step){ .parameter = 0, .amount = 1 };
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	job.repeat = 3;
	job.parameters = GRAPH_DATA;
	job.parameter_count = 1;
	graph_data(queue.asid)[0] = 50;
	runs.count = 0;
	machine_on_start(see);
	driver_submit(&queue, &job);
	/* They were read when the job started. */
	graph_data(queue.asid)[0] = 0;
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(runs.count, 18);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(runs.parameter[6 * i], 50);
		assert_int_equal(runs.parameter[6 * i + 3], 51);
		assert_int_equal(runs.parameter[6 * i + 5], 52);
	}
}

static void expect_word(uint32_t offset, bool wide, uint64_t value)
{
	graph_clear(&graph);
	graph_slot(&graph, GRAPH_DATA, 64);
	graph_parameter(&graph, 0, 0, offset);
	if (wide)
		graph.node[0].flags = TSR_HW_NODE_WIDE;
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_edge(&graph, 0, 1);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_data(queue.asid)[4] = 0x89abcdef;
	graph_data(queue.asid)[5] = 0x01234567;
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	assert_int_equal(run_with(0, (const uint64_t[]){ 7 }, 1), TSR_HW_ERR_NONE);
	EXPECT_ORDER(1);
	assert_true(runs.parameter[0] == value);
}

static void a_word_becomes_a_parameter(void **state)
{
	(void)state;
	expect_word(16, false, 0xffffffff89abcdef);
	expect_word(20, false, 0x01234567);
	expect_word(16, true, 0x0123456789abcdef);
}

/* The last node of the body counts down; a word that is not zero skips another. */
static void a_skip_word_is_read_in_each_turn(void **state)
{
	(void)state;
	make_loop(4);
	graph_slot(&graph, GRAPH_DATA, 64);
	graph_skip(&graph, 2, 0, 8);
	runs.count = 0;
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	graph_data(queue.asid)[2] = 0;
	machine_on_start(see);
	driver_submit(&queue, &job);
	while (machine_busy(0) || machine_busy(1)) {
		graph_data(queue.asid)[2] = runs.count % 3 == 1;
		machine_end(machine_busy(0) ? 0 : 1, NULL);
		machine_settle();
	}
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	EXPECT_ORDER(0, 3, 2, 3, 3, 2, 3, 4);
}

static void a_loop_that_is_skipped_leaves_its_body_out(void **state)
{
	(void)state;
	make_loop(4);
	graph_slot(&graph, GRAPH_DATA, 64);
	graph_skip(&graph, 1, 0, 60);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_data(queue.asid)[15] = 1;
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	assert_int_equal(run(), TSR_HW_ERR_NONE);
	EXPECT_ORDER(0, 4);
}

/* Its engine's node is skipped always, so it would turn 2^31 - 1 times. */
static void make_idle_loop(void)
{
	graph_clear(&graph);
	graph_slot(&graph, GRAPH_DATA, 64);
	graph_loop(&graph, 0x7fffffff, 1);
	graph_loop(&graph, 0, 1);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph.node[0].body_count = 2;
}

static void turns_of_nothing_use_up_the_budget(void **state)
{
	(void)state;
	make_idle_loop();
	assert_int_equal(run_with(1000000, NULL, 0), TSR_HW_ERR_BUDGET);
	/* A node and a turn of 160 cycles each. */
	assert_in_range(driver_completion(&queue, 1)->blocks, 6240, 6260);
}

static void turns_of_nothing_leave_time_for_others_and_make_progress(void **state)
{
	struct driver_queue other = driver_queue(2, TSR_HW_PRIORITY_LOW, 1, 0);
	static struct graph single;
	struct tsr_hw_completion_page *page;
	struct tsr_hw_job small;

	(void)state;
	make_idle_loop();
	queue = driver_queue(1, TSR_HW_PRIORITY_REALTIME, 255, 0);
	job = graph_place(&graph, queue.asid);
	page = machine_memory(queue.done);
	driver_write(&queue, &job);
	driver_ring(&queue);
	machine_turn();
	graph_single(&single, TSR_HW_ENGINE_TENSOR);
	small = graph_place(&single, other.asid);
	driver_write(&other, &small);
	driver_ring(&other);
	for (uint32_t i = 0; i < 40 && !machine_busy(0); i++) {
		uint64_t before = page->progress;

		machine_turn();
		assert_in_range(page->progress - before, 0, 128);
	}
	assert_true(machine_busy(0));
	assert_true(page->progress > 64);
	machine_end(0, NULL);
	machine_turn();
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
	job_stop(job_at(0), TSR_HW_ERR_KILLED);
	driver_expect(&queue, 1, TSR_HW_ERR_KILLED);
}

struct defect {
	void (*change)(void);
	uint32_t error;
};

#define DEFECT(name, statement) static void name(void) { statement; }

DEFECT(none, (void)0)
DEFECT(into_the_body, graph_edge(&graph, 0, 3))
DEFECT(out_of_the_body, graph_edge(&graph, 3, 4))
DEFECT(from_the_loop_into_its_body, graph_edge(&graph, 1, 2))
DEFECT(empty_body, graph.node[1].body_count = 0)
DEFECT(body_beyond, graph.node[1].body_count = 4)
DEFECT(body_wraps, graph.node[1].body_count = 0xffffffff)
DEFECT(no_such_loop, graph.node[1].index = 1)
DEFECT(loop_in_a_group, graph.node[1].group = 1)
DEFECT(wide_loop, graph.node[1].flags = TSR_HW_NODE_WIDE)
DEFECT(count_names_none, graph.loop[0].count = P32(256))
DEFECT(count_names_missing, graph.loop[0].count = P32(1))
DEFECT(count_too_large, graph.loop[0].count = P32(0))
DEFECT(loop_mbz, graph.loop[0].mbz = 1)
DEFECT(step_mbz, graph.loop[0].step[3].mbz = 1)
DEFECT(step_of_nothing, graph.loop[0].step[2].parameter = 1)
DEFECT(step_missing, graph.loop[0].step[1] = ((struct tsr_hw_loop_step){ 1, 0, 1 }))
DEFECT(step_none, graph.loop[0].step[1] = ((struct tsr_hw_loop_step){ 256, 0, 1 }))
DEFECT(parameter_none, graph.node[graph_parameter(&graph, 256, 0, 0)].tag = 0)
DEFECT(parameter_missing, graph.node[graph_parameter(&graph, 1, 0, 0)].tag = 0)
DEFECT(parameter_skips, graph_skip(&graph, graph_parameter(&graph, 0, 0, 0), 0, 0))
DEFECT(parameter_unaligned, graph.node[graph_parameter(&graph, 0, 0, 2)].tag = 0)
DEFECT(parameter_wide_unaligned,
       graph.node[graph_parameter(&graph, 0, 0, 4)].flags = TSR_HW_NODE_WIDE)
DEFECT(parameter_beyond, graph.node[graph_parameter(&graph, 0, 0, 64)].tag = 0)
DEFECT(parameter_wide_beyond,
       graph.node[graph_parameter(&graph, 0, 1, 0)].flags = TSR_HW_NODE_WIDE)
DEFECT(parameter_no_slot, graph.node[graph_parameter(&graph, 0, 2, 0)].tag = 0)
DEFECT(parameter_good, graph.node[graph_parameter(&graph, 0, 1, 0)].tag = 0)

static void refuses_what_does_not_nest_or_names_nothing(void **state)
{
	static const struct defect defects[] = {
		{ none, TSR_HW_ERR_NONE },
		{ into_the_body, TSR_HW_ERR_PROGRAM },
		{ out_of_the_body, TSR_HW_ERR_PROGRAM },
		{ from_the_loop_into_its_body, TSR_HW_ERR_PROGRAM },
		{ empty_body, TSR_HW_ERR_PROGRAM },
		{ body_beyond, TSR_HW_ERR_PROGRAM },
		{ body_wraps, TSR_HW_ERR_PROGRAM },
		{ no_such_loop, TSR_HW_ERR_PROGRAM },
		{ loop_in_a_group, TSR_HW_ERR_PROGRAM },
		{ wide_loop, TSR_HW_ERR_PROGRAM },
		{ count_names_none, TSR_HW_ERR_PROGRAM },
		{ count_names_missing, TSR_HW_ERR_PARAMETER },
		{ count_too_large, TSR_HW_ERR_PARAMETER },
		{ loop_mbz, TSR_HW_ERR_PROGRAM },
		{ step_mbz, TSR_HW_ERR_PROGRAM },
		{ step_of_nothing, TSR_HW_ERR_PROGRAM },
		{ step_missing, TSR_HW_ERR_PARAMETER },
		{ step_none, TSR_HW_ERR_PROGRAM },
		{ parameter_none, TSR_HW_ERR_PROGRAM },
		{ parameter_missing, TSR_HW_ERR_PARAMETER },
		{ parameter_skips, TSR_HW_ERR_PROGRAM },
		{ parameter_unaligned, TSR_HW_ERR_PROGRAM },
		{ parameter_wide_unaligned, TSR_HW_ERR_PROGRAM },
		{ parameter_beyond, TSR_HW_ERR_SLOT },
		{ parameter_wide_beyond, TSR_HW_ERR_SLOT },
		{ parameter_no_slot, TSR_HW_ERR_SLOT },
		{ parameter_good, TSR_HW_ERR_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(defects) / sizeof(defects[0]); i++) {
		uint32_t error;

		make_loop(3);
		graph_slot(&graph, GRAPH_DATA, 64);
		graph_slot(&graph, GRAPH_DATA, 4);
		defects[i].change();
		error = run_with(0, (const uint64_t[]){ 0x80000000 }, 1);
		if (error != defects[i].error)
			fail_msg("defect %zu: error %u, not %u", i, error, defects[i].error);
	}
}

/* ---- random nests against a plain count --------------------------------------------- */

static uint32_t seed = 0x100b5;
static uint32_t wanted[TSR_HW_MAX_NODES];	/* how often each node runs */

/* Add nodes of one scope, each with edges from earlier ones of it. */
static void add_scope(uint32_t depth, uint32_t times)
{
	uint32_t own[8], nodes = 1 + random_next(&seed) % 5;

	for (uint32_t i = 0; i < nodes; i++) {
		bool is_loop = depth < TSR_HW_MAX_LOOP_DEPTH && random_next(&seed) % 3 == 0;
		uint32_t turns = random_next(&seed) % 4;

		own[i] = is_loop ? graph_loop(&graph, turns, 0) :
				   graph_node(&graph, random_next(&seed) % 3);
		wanted[own[i]] = is_loop ? 0 : times;
		for (uint32_t e = random_next(&seed) % 3; i && e; e--)
			graph_edge(&graph, own[random_next(&seed) % i], own[i]);
		if (!is_loop)
			continue;
		add_scope(depth + 1, times * turns);
		graph.node[own[i]].body_count = graph.node_count - own[i] - 1;
	}
}

static void random_nests_run_each_node_as_often_as_it_should(void **state)
{
	static uint32_t ran[TSR_HW_MAX_NODES];

	(void)state;
	driver_start_with(2, 1, TSR_HW_FEATURES);
	for (uint32_t i = 0; i < 400; i++) {
		do {
			graph_clear(&graph);
			add_scope(0, 1);
		} while (graph.loop_count == 0 || graph.loop_count > GRAPH_LOOPS / 2);
		assert_int_equal(run(), TSR_HW_ERR_NONE);
		memset(ran, 0, sizeof(ran));
		for (uint32_t r = 0; r < runs.count; r++)
			ran[runs.node[r]]++;
		for (uint32_t n = 0; n < graph.node_count; n++)
			assert_int_equal(ran[n], wanted[n]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(a_body_runs_as_often_as_its_loop_says),
		booted_test(a_turn_begins_when_the_one_before_has_ended),
		booted_test(loops_run_inside_of_each_other),
		booted_test(four_loops_nest_and_no_more),
		booted_test(loops_beside_each_other_run_one_after_another),
		booted_test(a_count_and_steps_are_parameters),
		booted_test(a_repetition_begins_with_the_jobs_parameters),
		booted_test(a_word_becomes_a_parameter),
		booted_test(a_skip_word_is_read_in_each_turn),
		booted_test(a_loop_that_is_skipped_leaves_its_body_out),
		booted_test(turns_of_nothing_use_up_the_budget),
		booted_test(turns_of_nothing_leave_time_for_others_and_make_progress),
		booted_test(refuses_what_does_not_nest_or_names_nothing),
		booted_test(random_nests_run_each_node_as_often_as_it_should),
	};

	return cmocka_run_group_tests_name("firmware loops", tests, NULL, NULL);
}
