// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Job queues: order, tails, sequence numbers, kill and destroy at each stage. */
#include "suite.h"

#include "queue.h"

static struct graph graph;

static struct tsr_hw_job single(uint32_t asid)
{
	graph_single(&graph, TSR_HW_ENGINE_TENSOR);
	return graph_place(&graph, asid);
}

static void jobs_of_a_queue_run_one_after_another(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	for (uint32_t i = 0; i < 64; i++)
		driver_write(&queue, &job);
	driver_ring(&queue);
	machine_settle();
	for (uint32_t i = 1; i <= 64; i++) {
		assert_int_equal(driver_completed(&queue), i - 1);
		assert_int_equal(driver_started_word(&queue), i);
		assert_int_equal(machine_started(), i);
		machine_end(0, NULL);
		machine_settle();
		driver_expect(&queue, i, TSR_HW_ERR_NONE);
	}
}

static void times_are_those_of_the_job(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);
	const struct tsr_hw_completion *completion;
	uint64_t before = machine_cycles();

	(void)state;
	driver_submit(&queue, &job);
	driver_run_all();
	completion = driver_completion(&queue, 1);
	assert_true(completion->start >= before);
	assert_true(completion->end >= completion->start + 100);
	assert_true(completion->end <= machine_cycles());
	assert_int_equal(completion->node, TSR_HW_NODE_NONE);
	assert_int_equal(completion->address, 0);
}

static void queues_run_side_by_side(void **state)
{
	struct driver_queue queue[3];
	struct tsr_hw_job job;

	(void)state;
	driver_start_with(3, 1, TSR_HW_FEATURES);
	for (uint32_t i = 0; i < 3; i++) {
		queue[i] = driver_queue(1 + i, TSR_HW_PRIORITY_NORMAL, 1, 0);
		job = single(queue[i].asid);
		driver_submit(&queue[i], &job);
	}
	assert_true(machine_busy(0) && machine_busy(1) && machine_busy(2));
	driver_run_all();
	for (uint32_t i = 0; i < 3; i++)
		driver_expect(&queue[i], 1, TSR_HW_ERR_NONE);
}

static void two_queues_of_one_address_space(void **state)
{
	struct driver_queue first = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct driver_queue second = driver_queue(8, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(first.asid), broken = job;

	(void)state;
	assert_int_equal(first.asid, second.asid);
	broken.repeat = 0;
	driver_write(&first, &broken);
	driver_ring(&first);
	driver_write(&second, &job);
	driver_ring(&second);
	machine_settle();
	driver_run_all();
	driver_expect(&first, 1, TSR_HW_ERR_DESCRIPTOR);
	driver_expect(&second, 1, TSR_HW_ERR_NONE);
}

static void a_bell_without_news_does_nothing(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	driver_ring(&queue);
	machine_settle();
	driver_submit(&queue, &job);
	driver_ring(&queue);
	machine_settle();
	driver_run_all();
	driver_ring(&queue);
	machine_settle();
	assert_int_equal(driver_completed(&queue), 1);
	assert_int_equal(machine_started(), 1);
}

static void set_tail(const struct driver_queue *queue, uint32_t tail)
{
	struct tsr_hw_ring *ring = machine_memory(queue->ring);

	ring->tail = tail;
	driver_ring(queue);
	machine_settle();
}

static void a_lying_tail_fails_the_queue(void **state)
{
	static const uint32_t lies[] = { 65, 1000, 0x80000000, 0xffffffff };

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);

		set_tail(&queue, lies[i]);
		driver_expect(&queue, 1, TSR_HW_ERR_DESCRIPTOR);
		assert_int_equal(driver_completed(&queue), 1);
		assert_int_equal(driver_started_word(&queue), 0);
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	}
	assert_int_equal(machine_started(), 0);
}

static void a_lying_tail_ends_the_running_job_and_cancels_the_known_ones(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		driver_write(&queue, &job);
	driver_ring(&queue);
	machine_settle();
	set_tail(&queue, 66);
	driver_expect(&queue, 1, TSR_HW_ERR_DESCRIPTOR);
	driver_expect(&queue, 2, TSR_HW_ERR_CANCELED);
	driver_expect(&queue, 3, TSR_HW_ERR_CANCELED);
	assert_int_equal(driver_completed(&queue), 3);
}

static void a_tail_that_moves_back_is_a_lie(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		driver_write(&queue, &job);
	driver_ring(&queue);
	machine_settle();
	set_tail(&queue, 2);
	driver_expect(&queue, 1, TSR_HW_ERR_DESCRIPTOR);
	driver_expect(&queue, 3, TSR_HW_ERR_CANCELED);
}

static void a_full_ring_is_no_lie(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	for (uint32_t i = 0; i < 64; i++)
		driver_write(&queue, &job);
	driver_ring(&queue);
	machine_settle();
	driver_run_all();
	driver_expect(&queue, 64, TSR_HW_ERR_NONE);
}

/* The state after four billion jobs, which no test can wait for. */
static void age(struct driver_queue *queue, uint32_t completed)
{
	queue_at(queue->number)->completed = completed;
	queue_at(queue->number)->tail = completed;
	queue->submitted = completed;
}

static void sequence_numbers_wrap(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	age(&queue, 0xfffffff0);
	for (uint32_t i = 0; i < 48; i++)
		driver_write(&queue, &job);
	driver_ring(&queue);
	machine_settle();
	driver_run_all();
	assert_int_equal(driver_completed(&queue), 0x20);
	for (uint32_t seq = 0xfffffff1; seq != 0x21; seq++)
		driver_expect(&queue, seq, TSR_HW_ERR_NONE);
}

static void cancellation_crosses_the_wrap(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	age(&queue, 0xfffffffd);
	for (uint32_t i = 0; i < 6; i++)
		driver_write(&queue, &job);
	driver_ring(&queue);
	machine_settle();
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1);
	driver_expect(&queue, 0xfffffffe, TSR_HW_ERR_KILLED);
	driver_expect(&queue, 3, TSR_HW_ERR_CANCELED);
	assert_int_equal(driver_completed(&queue), 3);
}

static void a_wrong_sequence_in_the_descriptor(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);
	struct tsr_hw_ring *ring = machine_memory(queue.ring);

	(void)state;
	driver_write(&queue, &job);
	ring->job[1].seq = 65;
	driver_ring(&queue);
	machine_settle();
	driver_expect(&queue, 1, TSR_HW_ERR_DESCRIPTOR);
}

static void kill_names_the_node_that_ran(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job;

	(void)state;
	graph_diamond(&graph);
	job = graph_place(&graph, queue.asid);
	driver_submit(&queue, &job);
	driver_submit(&queue, &job);
	machine_end(1, NULL);
	machine_settle();
	machine_end(1, NULL);
	machine_settle();
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1), TSR_HW_ERR_NONE);
	driver_expect(&queue, 1, TSR_HW_ERR_KILLED);
	assert_int_equal(driver_completion(&queue, 1)->node, 1);
	assert_int_equal(driver_completion(&queue, 1)->blocks, 2);
	driver_expect(&queue, 2, TSR_HW_ERR_CANCELED);
	assert_false(machine_busy(0));
}

static void status_names_the_node_that_runs(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	driver_submit(&queue, &job);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_STATUS, 1), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_completion()->node, 0);
	assert_true(machine_busy(driver_admin_completion()->engine));
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1);
}

static void status_of_a_queue_without_an_engine_names_no_node(void **state)
{
	(void)state;
	driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_STATUS, 1), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_completion()->node, TSR_HW_NODE_NONE);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_STATUS, 2), TSR_HW_ERR_INVALID);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_STATUS, 64), TSR_HW_ERR_INVALID);
}

static void status_tells_the_last_sequence_completed(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		driver_submit(&queue, &job);
	driver_run_all();
	driver_submit(&queue, &job);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_STATUS, 1), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_completion()->blocks, 3);
	assert_int_equal(driver_admin_completion()->node, 0);
	driver_run_all();
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_STATUS, 1), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_completion()->blocks, 4);
}

static void kill_of_an_idle_queue_blames_nobody(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1), TSR_HW_ERR_NONE);
	assert_int_equal(driver_completed(&queue), 0);
	driver_submit(&queue, &job);
	driver_expect(&queue, 1, TSR_HW_ERR_CANCELED);
	assert_int_equal(machine_started(), 0);
}

static void kill_reaches_jobs_that_were_never_rung(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	driver_write(&queue, &job);
	driver_write(&queue, &job);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1), TSR_HW_ERR_NONE);
	driver_expect(&queue, 1, TSR_HW_ERR_KILLED);
	driver_expect(&queue, 2, TSR_HW_ERR_CANCELED);
	assert_int_equal(driver_completion(&queue, 1)->start, 0);
	assert_int_equal(driver_started_word(&queue), 0);
}

static void kill_twice_is_harmless(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	driver_submit(&queue, &job);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1), TSR_HW_ERR_NONE);
	assert_int_equal(driver_completed(&queue), 1);
}

static void status_of_a_job_that_waits_for_an_engine_names_no_node(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct driver_queue other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid), waiting = single(other.asid);

	(void)state;
	driver_submit(&queue, &job);
	driver_submit(&other, &waiting);
	assert_int_equal(driver_started_word(&other), 1);
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_STATUS, 2), TSR_HW_ERR_NONE);
	assert_int_equal(driver_admin_completion()->node, TSR_HW_NODE_NONE);
}

/* A job stopped in every turn of its life, by @op; nothing runs or is written afterwards. */
static void stop_at_each_stage(uint32_t op)
{
	for (uint32_t turns = 0; turns < 60; turns++) {
		struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
		struct tsr_hw_completion_page page;
		struct tsr_hw_job job;
		uint32_t started, error;

		graph_chain(&graph, 300);
		job = graph_place(&graph, queue.asid);
		driver_write(&queue, &job);
		driver_write(&queue, &job);
		driver_ring(&queue);
		for (uint32_t i = 0; i < turns; i++) {
			if (machine_busy(1) && i % 2)
				machine_end(1, NULL);
			machine_turn();
		}
		assert_int_equal(driver_admin_op(op, 1), TSR_HW_ERR_NONE);
		error = driver_completion(&queue, 1)->error;
		assert_int_equal(error, TSR_HW_ERR_KILLED);
		driver_expect(&queue, 2, TSR_HW_ERR_CANCELED);
		assert_false(machine_busy(1));
		page = *(struct tsr_hw_completion_page *)machine_memory(queue.done);
		started = machine_started();
		driver_ring(&queue);
		machine_settle();
		assert_int_equal(machine_started(), started);
		assert_memory_equal(&page, machine_memory(queue.done), sizeof(page));
		if (op == TSR_HW_ADMIN_QUEUE_KILL)
			driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
	}
}

static void kill_at_each_stage(void **state)
{
	(void)state;
	stop_at_each_stage(TSR_HW_ADMIN_QUEUE_KILL);
}

static void destroy_at_each_stage(void **state)
{
	(void)state;
	stop_at_each_stage(TSR_HW_ADMIN_QUEUE_DESTROY);
}

static void destroy_while_in_line_for_a_context(void **state)
{
	struct driver_queue queue[16];
	struct tsr_hw_job job;

	(void)state;
	for (uint32_t i = 0; i < 16; i++) {
		queue[i] = driver_queue(1 + i, TSR_HW_PRIORITY_NORMAL, 1, 0);
		job = single(queue[i].asid);
		driver_write(&queue[i], &job);
		driver_ring(&queue[i]);
	}
	machine_settle();
	/* First, last and middle of the line, then all the others still get their turn. */
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 6);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 16);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 10);
	driver_run_all();
	for (uint32_t i = 0; i < 16; i++)
		driver_expect(&queue[i], 1, i == 5 || i == 15 || i == 9 ? TSR_HW_ERR_KILLED :
									 TSR_HW_ERR_NONE);
}

static void the_line_goes_on_behind_one_that_left(void **state)
{
	struct driver_queue queue[10];
	struct tsr_hw_job job;

	(void)state;
	for (uint32_t i = 0; i < 10; i++) {
		queue[i] = driver_queue(1 + i, TSR_HW_PRIORITY_NORMAL, 1, 0);
		if (i == 9)
			driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 9);
		job = single(queue[i].asid);
		driver_submit(&queue[i], &job);
	}
	driver_run_all();
	driver_expect(&queue[7], 1, TSR_HW_ERR_NONE);
	driver_expect(&queue[9], 1, TSR_HW_ERR_NONE);
}

static void kill_while_in_line_for_a_context(void **state)
{
	struct driver_queue queue[10];
	struct tsr_hw_job job;

	(void)state;
	for (uint32_t i = 0; i < 10; i++) {
		queue[i] = driver_queue(1 + i, TSR_HW_PRIORITY_NORMAL, 1, 0);
		job = single(queue[i].asid);
		driver_write(&queue[i], &job);
		driver_ring(&queue[i]);
	}
	machine_settle();
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 8);
	driver_run_all();
	driver_expect(&queue[7], 1, TSR_HW_ERR_KILLED);
	assert_int_equal(driver_completed(&queue[7]), 1);
	assert_int_equal(driver_started_word(&queue[7]), 0);
	driver_expect(&queue[9], 1, TSR_HW_ERR_NONE);
}

static void a_done_engine_of_a_killed_job_is_no_surprise(void **state)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct driver_queue other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = single(queue.asid);

	(void)state;
	driver_submit(&queue, &job);
	machine_end(0, NULL);
	/* DONE and the kill arrive in the same turn: the engine's result was first. */
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1);
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	job = single(other.asid);
	driver_submit(&other, &job);
	driver_run_all();
	driver_expect(&other, 1, TSR_HW_ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(jobs_of_a_queue_run_one_after_another),
		booted_test(times_are_those_of_the_job),
		booted_test(queues_run_side_by_side),
		booted_test(two_queues_of_one_address_space),
		booted_test(a_bell_without_news_does_nothing),
		booted_test(a_lying_tail_fails_the_queue),
		booted_test(a_lying_tail_ends_the_running_job_and_cancels_the_known_ones),
		booted_test(a_tail_that_moves_back_is_a_lie),
		booted_test(a_full_ring_is_no_lie),
		booted_test(sequence_numbers_wrap),
		booted_test(cancellation_crosses_the_wrap),
		booted_test(a_wrong_sequence_in_the_descriptor),
		booted_test(kill_names_the_node_that_ran),
		booted_test(status_names_the_node_that_runs),
		booted_test(status_of_a_queue_without_an_engine_names_no_node),
		booted_test(status_tells_the_last_sequence_completed),
		booted_test(kill_of_an_idle_queue_blames_nobody),
		booted_test(kill_reaches_jobs_that_were_never_rung),
		booted_test(kill_twice_is_harmless),
		booted_test(status_of_a_job_that_waits_for_an_engine_names_no_node),
		booted_test(kill_at_each_stage),
		booted_test(destroy_at_each_stage),
		booted_test(destroy_while_in_line_for_a_context),
		booted_test(the_line_goes_on_behind_one_that_left),
		booted_test(kill_while_in_line_for_a_context),
		booted_test(a_done_engine_of_a_killed_job_is_no_surprise),
	};

	return cmocka_run_group_tests_name("firmware job queues", tests, NULL, NULL);
}
