// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Busy cycles of engines, as completion slots tell them: by kind, of all
 * nodes, also of aborted ones.
 */
#include "suite.h"

/* Instances of the machine that suites boot. */
#define TILE 0u
#define DMA 1u

static struct graph graph;

/* @job is submitted to a new queue; nodes that wait for nothing run. */
static struct driver_queue begin(struct tsr_hw_job *job)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);

	*job = graph_place(&graph, queue.asid);
	return queue;
}

static void end(uint32_t instance, uint64_t cycles)
{
	const struct machine_result result = { .cycles = cycles, .blocks = 1 };

	machine_end(instance, &result);
	machine_settle();
}

static void each_kind_of_engine_is_counted_by_itself(void **state)
{
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	graph_diamond(&graph);
	queue = begin(&job);
	driver_submit(&queue, &job);
	end(DMA, 100);
	end(TILE, 7000);
	end(DMA, 20);
	end(DMA, 3);
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&queue, 1)->tile_cycles, 7000);
	assert_int_equal(driver_completion(&queue, 1)->dma_cycles, 123);
}

static void engines_side_by_side_are_added_up(void **state)
{
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	driver_start_with(3, 1, TSR_HW_FEATURES);
	graph_clear(&graph);
	for (uint32_t i = 0; i < 3; i++)
		graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	queue = begin(&job);
	driver_submit(&queue, &job);
	end(0, 1);
	end(1, 20);
	end(2, 300);
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&queue, 1)->tile_cycles, 321);
	assert_int_equal(driver_completion(&queue, 1)->dma_cycles, 0);
}

static void repetitions_are_added_up_and_jobs_are_not(void **state)
{
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	queue = begin(&job);
	job.repeat = 3;
	for (uint32_t seq = 1; seq <= 2; seq++) {
		driver_submit(&queue, &job);
		for (uint32_t i = 0; i < job.repeat; i++)
			end(TILE, 1000 * seq);
		driver_expect(&queue, seq, TSR_HW_ERR_NONE);
		assert_int_equal(driver_completion(&queue, seq)->tile_cycles, 3000 * seq);
	}
}

static void a_skipped_node_keeps_no_engine_busy(void **state)
{
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	graph_chain(&graph, 3);
	graph_slot(&graph, GRAPH_DATA, 4);
	graph_skip(&graph, 1, 0, 0);
	queue = begin(&job);
	graph_data(queue.asid)[0] = 1;
	driver_submit(&queue, &job);
	end(DMA, 40);
	end(DMA, 2);
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_completion(&queue, 1)->dma_cycles, 42);
}

static void a_failed_node_is_counted(void **state)
{
	const struct machine_result bad = { .error = TSR_HW_ERR_COMMAND, .cycles = 64 };
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	queue = begin(&job);
	driver_submit(&queue, &job);
	machine_end(TILE, &bad);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_COMMAND);
	assert_int_equal(driver_completion(&queue, 1)->tile_cycles, 64);
}

/* Kill a job whose node has run for @cycles and what the firmware needs to see to it. */
static uint64_t killed_after(uint64_t cycles)
{
	struct driver_queue queue;
	struct tsr_hw_job job;
	uint64_t busy;

	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	queue = begin(&job);
	driver_submit(&queue, &job);
	machine_advance(cycles);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, queue.number), TSR_HW_ERR_NONE);
	driver_expect(&queue, 1, TSR_HW_ERR_KILLED);
	assert_int_equal(driver_completion(&queue, 1)->dma_cycles, 0);
	busy = driver_completion(&queue, 1)->tile_cycles;
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, queue.number),
			 TSR_HW_ERR_NONE);
	return busy;
}

static void an_aborted_node_is_counted_up_to_its_abort(void **state)
{
	uint64_t none = killed_after(0);

	(void)state;
	assert_true(none < 1000);
	assert_int_equal(killed_after(5000000000), none + 5000000000);
}

/* Its result is there, but another node of the job failed first. */
static void a_node_that_had_ended_is_counted_to_its_end(void **state)
{
	const struct machine_result bad = { .error = TSR_HW_ERR_FAULT_READ, .cycles = 10 };
	const struct machine_result good = { .cycles = 500, .blocks = 1 };
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	graph_clear(&graph);
	graph_node(&graph, TSR_HW_ENGINE_TENSOR);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	queue = begin(&job);
	driver_submit(&queue, &job);
	machine_end(DMA, &good);
	machine_end(TILE, &bad);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(driver_completion(&queue, 1)->tile_cycles, 10);
	assert_int_equal(driver_completion(&queue, 1)->dma_cycles, 500);
}

static void a_job_that_never_started_kept_no_engine_busy(void **state)
{
	struct driver_queue queue;
	struct tsr_hw_job job;

	(void)state;
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	queue = begin(&job);
	driver_submit(&queue, &job);
	driver_submit(&queue, &job);
	machine_advance(1000);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, queue.number);
	driver_expect(&queue, 2, TSR_HW_ERR_CANCELED);
	assert_int_equal(driver_completion(&queue, 2)->tile_cycles, 0);
	assert_int_equal(driver_completion(&queue, 2)->dma_cycles, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(each_kind_of_engine_is_counted_by_itself),
		booted_test(engines_side_by_side_are_added_up),
		booted_test(repetitions_are_added_up_and_jobs_are_not),
		booted_test(a_skipped_node_keeps_no_engine_busy),
		booted_test(a_failed_node_is_counted),
		booted_test(an_aborted_node_is_counted_up_to_its_abort),
		booted_test(a_node_that_had_ended_is_counted_to_its_end),
		booted_test(a_job_that_never_started_kept_no_engine_busy),
	};

	return cmocka_run_group_tests_name("firmware engine cycles", tests, NULL, NULL);
}
