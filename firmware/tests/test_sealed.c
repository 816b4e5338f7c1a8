// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Sealed programs: handles, what is checked once, and what is bounded each time. */
#include "suite.h"

#include "sealed.h"

static struct graph graph;
static struct driver_queue queue;
static struct tsr_hw_job job;

/* The graph as a program of the queue's address space; it has a handle. */
static void place_sealed(void)
{
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	assert_int_equal(driver_seal(queue.asid, &job), TSR_HW_ERR_NONE);
}

static struct tsr_hw_program *header(void)
{
	return (struct tsr_hw_program *)graph_program(queue.asid);
}

static struct tsr_hw_node *node_at(uint32_t number)
{
	return (struct tsr_hw_node *)(header() + 1) + number;
}

static void new_queue(void)
{
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, queue.number);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
}

static void run(uint32_t error, uint32_t node)
{
	uint32_t seq = driver_submit(&queue, &job);

	driver_run_all();
	driver_expect(&queue, seq, error);
	assert_int_equal(driver_completion(&queue, seq)->node, node);
}

static void run_well(void)
{
	run(TSR_HW_ERR_NONE, TSR_HW_NODE_NONE);
}

static uint32_t fetches;

static void count_fetches(uint32_t control, uint32_t asid, uint64_t address)
{
	(void)address;
	if (control == TSR_HW_COPY_FETCH && asid == queue.asid)
		fetches++;
}

static uint32_t fetches_of_a_run(void)
{
	fetches = 0;
	machine_on_copy(count_fetches);
	run_well();
	machine_on_copy(NULL);
	return fetches;
}

static void runs_as_often_as_its_handle_is_named(void **state)
{
	(void)state;
	graph_diamond(&graph);
	place_sealed();
	job.repeat = 3;
	for (uint32_t i = 1; i <= 5; i++) {
		run_well();
		assert_int_equal(machine_started(), i * 3 * 4);
	}
}

static void is_checked_once(void **state)
{
	struct tsr_hw_job plain;

	(void)state;
	graph_chain(&graph, 2000);
	place_sealed();
	plain = graph_place(&graph, queue.asid);
	run_well();
	node_at(1700)->tag++;
	run_well();
	driver_submit(&queue, &plain);
	driver_run_all();
	driver_expect(&queue, 3, TSR_HW_ERR_PROGRAM);
}

static void is_not_copied_again_while_its_context_keeps_it(void **state)
{
	(void)state;
	graph_chain(&graph, 100);
	place_sealed();
	assert_int_equal(fetches_of_a_run(), 7 + 1);	/* parts of nodes and of edges */
	assert_int_equal(fetches_of_a_run(), 0);
	new_queue();
	assert_int_equal(fetches_of_a_run(), 0);
}

static void is_copied_again_after_another_program(void **state)
{
	static struct graph single;
	struct tsr_hw_job sealed, other;

	(void)state;
	graph_chain(&graph, 100);
	place_sealed();
	run_well();
	sealed = job;
	graph_single(&single, TSR_HW_ENGINE_DMA);
	memcpy(graph_program(2) + 0x100000, graph_program(queue.asid), sealed.program_size);
	other = graph_place(&single, queue.asid);
	driver_submit(&queue, &other);
	driver_run_all();
	memcpy(graph_program(queue.asid), graph_program(2) + 0x100000, sealed.program_size);
	assert_int_equal(fetches_of_a_run(), 7 + 1);
	assert_int_equal(machine_started(), 100 + 1 + 100);
}

static void runs_whole_after_a_run_that_was_killed(void **state)
{
	(void)state;
	graph_chain(&graph, 100);
	place_sealed();
	run_well();
	driver_submit(&queue, &job);
	for (uint32_t i = 0; i < 40; i++) {
		for (uint32_t engine = 0; engine < 2; engine++) {
			if (machine_busy(engine))
				machine_end(engine, NULL);
		}
		machine_settle();
	}
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, queue.number);
	driver_expect(&queue, 2, TSR_HW_ERR_KILLED);
	new_queue();
	fetches = machine_started();
	run_well();
	assert_int_equal(machine_started(), fetches + 100);
}

static void two_queues_use_it_side_by_side(void **state)
{
	struct driver_queue second;

	(void)state;
	graph_diamond(&graph);
	place_sealed();
	second = driver_queue(8, TSR_HW_PRIORITY_NORMAL, 1, 0);
	assert_int_equal(second.asid, queue.asid);
	for (uint32_t i = 1; i <= 3; i++) {
		driver_write(&queue, &job);
		driver_ring(&queue);
		driver_submit(&second, &job);
		driver_run_all();
		driver_expect(&queue, i, TSR_HW_ERR_NONE);
		driver_expect(&second, i, TSR_HW_ERR_NONE);
	}
	assert_int_equal(machine_started(), 3 * 2 * 4);
}

static void a_bad_header_gets_no_handle(void **state)
{
	(void)state;
	graph_diamond(&graph);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	header()->node_count = 0;
	assert_int_equal(driver_seal(queue.asid, &job), TSR_HW_ERR_PROGRAM);
	assert_int_equal(driver_admin_completion()->blocks, 0);
	job = graph_place(&graph, queue.asid);
	header()->features = 1ull << 60;
	assert_int_equal(driver_seal(queue.asid, &job), TSR_HW_ERR_UNSUPPORTED);
	job.program = GRAPH_PROGRAM + 0x800000;
	assert_int_equal(driver_seal(queue.asid, &job), TSR_HW_ERR_FAULT_FETCH);
	assert_int_equal(driver_admin_completion()->address, GRAPH_PROGRAM + 0x800000);
}

static void bad_tables_end_every_job_that_names_it(void **state)
{
	(void)state;
	graph_diamond(&graph);
	place_sealed();
	node_at(1)->mbz0 = 1;
	run(TSR_HW_ERR_PROGRAM, 1);
	new_queue();
	run(TSR_HW_ERR_PROGRAM, 1);
	assert_int_equal(machine_started(), 0);
}

#define DEFECT(name, statement)					\
	static void name(struct tsr_hw_admin *command)		\
	{							\
		statement;					\
	}

DEFECT(s_no_asid, command->seal.asid = 0)
DEFECT(s_far_asid, command->seal.asid = 0xffff)
DEFECT(s_mbz, command->seal.mbz = 1)
DEFECT(s_rest, command->pad[16] = 1)
DEFECT(s_queue, command->queue = 1)
DEFECT(s_head, command->mbz = 1)
DEFECT(s_unaligned, command->seal.program += 8)
DEFECT(s_beyond, command->seal.program = (1ull << 48) - 64)

static void refuses_bad_arguments_of_seal(void **state)
{
	static void (*const changes[])(struct tsr_hw_admin *command) = {
		s_no_asid, s_far_asid, s_mbz, s_rest, s_queue, s_head, s_unaligned, s_beyond,
	};

	(void)state;
	graph_diamond(&graph);
	place_sealed();
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct tsr_hw_admin command = {
			.op = TSR_HW_ADMIN_SEAL,
			.seal = {
				.program = GRAPH_PROGRAM,
				.size = job.program_size,
				.asid = (uint16_t)queue.asid,
			},
		};

		changes[i](&command);
		assert_int_equal(driver_admin(&command), TSR_HW_ERR_INVALID);
	}
}

DEFECT(u_no_asid, command->unseal.asid = 0)
DEFECT(u_other_asid, command->unseal.asid++)
DEFECT(u_mbz, command->unseal.mbz[2] = 1)
DEFECT(u_rest, command->pad[47] = 1)
DEFECT(u_queue, command->queue = 1)
DEFECT(u_handle, command->unseal.handle++)

static void refuses_bad_arguments_of_unseal(void **state)
{
	static void (*const changes[])(struct tsr_hw_admin *command) = {
		u_no_asid, u_other_asid, u_mbz, u_rest, u_queue, u_handle,
	};

	(void)state;
	graph_diamond(&graph);
	place_sealed();
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct tsr_hw_admin command = {
			.op = TSR_HW_ADMIN_UNSEAL,
			.unseal = { .handle = job.program, .asid = (uint16_t)queue.asid },
		};

		changes[i](&command);
		assert_int_equal(driver_admin(&command), TSR_HW_ERR_INVALID);
	}
	run_well();
	assert_int_equal(driver_unseal(queue.asid, job.program), TSR_HW_ERR_NONE);
}

static void a_number_that_is_no_handle_ends_the_job(void **state)
{
	(void)state;
	graph_diamond(&graph);
	place_sealed();
	for (uint32_t i = 0; i < 4; i++) {
		const uint64_t wrong[] = { 0, GRAPH_PROGRAM, job.program + 1, ~0ull };
		uint64_t right = job.program;

		job.program = wrong[i];
		run(TSR_HW_ERR_PROGRAM, TSR_HW_NODE_NONE);
		job.program = right;
		new_queue();
	}
	job.program_size += 64;
	run(TSR_HW_ERR_PROGRAM, TSR_HW_NODE_NONE);
}

static void a_handle_of_another_address_space_ends_the_job(void **state)
{
	struct driver_queue other;

	(void)state;
	graph_diamond(&graph);
	place_sealed();
	other = driver_queue(2, TSR_HW_PRIORITY_NORMAL, 1, 0);
	graph_place(&graph, other.asid);
	driver_submit(&other, &job);
	driver_expect(&other, 1, TSR_HW_ERR_PROGRAM);
	run_well();
}

static void an_ended_handle_is_not_given_again(void **state)
{
	struct tsr_hw_job ended;

	(void)state;
	graph_diamond(&graph);
	place_sealed();
	ended = job;
	run_well();
	assert_int_equal(driver_unseal(queue.asid, ended.program), TSR_HW_ERR_NONE);
	assert_int_equal(driver_unseal(queue.asid, ended.program), TSR_HW_ERR_INVALID);
	job = graph_place(&graph, queue.asid);
	assert_int_equal(driver_seal(queue.asid, &job), TSR_HW_ERR_NONE);
	assert_true(job.program != ended.program);
	assert_int_equal(job.program % SEALED_COUNT, ended.program % SEALED_COUNT);
	run_well();
	job = ended;
	run(TSR_HW_ERR_PROGRAM, TSR_HW_NODE_NONE);
}

static void a_full_table_refuses_until_a_handle_ends(void **state)
{
	struct tsr_hw_job next;

	(void)state;
	graph_diamond(&graph);
	place_sealed();
	for (uint32_t i = 1; i < SEALED_COUNT; i++) {
		next = graph_place(&graph, queue.asid);
		assert_int_equal(driver_seal(queue.asid, &next), TSR_HW_ERR_NONE);
	}
	next = graph_place(&graph, 5);
	assert_int_equal(driver_seal(5, &next), TSR_HW_ERR_RESOURCES);
	run_well();
	assert_int_equal(driver_unseal(queue.asid, job.program), TSR_HW_ERR_NONE);
	assert_int_equal(driver_seal(5, &next), TSR_HW_ERR_NONE);
	assert_int_equal(driver_unseal(queue.asid, 0), TSR_HW_ERR_NONE);
	assert_int_equal(driver_unseal(5, next.program), TSR_HW_ERR_NONE);
}

static void a_job_that_runs_keeps_its_handle(void **state)
{
	(void)state;
	graph_diamond(&graph);
	place_sealed();
	driver_submit(&queue, &job);
	assert_int_equal(driver_unseal(queue.asid, job.program), TSR_HW_ERR_BUSY);
	assert_int_equal(driver_unseal(queue.asid, 0), TSR_HW_ERR_BUSY);
	assert_int_equal(driver_unseal(queue.asid + 1, 0), TSR_HW_ERR_NONE);
	driver_run_all();
	driver_expect(&queue, 1, TSR_HW_ERR_NONE);
	assert_int_equal(driver_unseal(queue.asid, job.program), TSR_HW_ERR_NONE);
	run(TSR_HW_ERR_PROGRAM, TSR_HW_NODE_NONE);
}

static void a_killed_job_gives_its_handle_back(void **state)
{
	(void)state;
	graph_diamond(&graph);
	place_sealed();
	driver_submit(&queue, &job);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, queue.number);
	assert_int_equal(driver_unseal(queue.asid, job.program), TSR_HW_ERR_NONE);
}

static void each_job_needs_the_slots_of_the_program(void **state)
{
	(void)state;
	graph_diamond(&graph);
	graph_slot(&graph, GRAPH_DATA, 64);
	graph_slot(&graph, GRAPH_DATA + 4096, 64);
	graph_skip(&graph, 2, 1, 56);
	place_sealed();
	run_well();
	job.slot_count = 1;
	run(TSR_HW_ERR_SLOT, TSR_HW_NODE_NONE);
	new_queue();
	job.slot_count = 2;
	graph_slots(queue.asid)[1].size = 56;
	run(TSR_HW_ERR_SLOT, 2);
	new_queue();
	graph_slots(queue.asid)[1].size = 64;
	graph_slots(queue.asid)[1].flags = TSR_HW_SLOT_WRITE;
	run(TSR_HW_ERR_SLOT, 2);
}

static void each_job_needs_the_parameters_of_the_program(void **state)
{
	(void)state;
	graph_clear(&graph);
	graph_slot(&graph, GRAPH_DATA, 64);
	graph_parameter(&graph, 1, 0, 0);
	place_sealed();
	job.parameters = GRAPH_DATA + 64;
	job.parameter_count = 2;
	run_well();
	job.parameter_count = 1;
	run(TSR_HW_ERR_PARAMETER, 0);
}

static void loops_run_again_from_what_the_context_kept(void **state)
{
	(void)state;
	graph_clear(&graph);
	graph_loop(&graph, 3, 2);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_edge(&graph, 1, 2);
	graph_edge(&graph, 0, 3);
	place_sealed();
	for (uint32_t i = 1; i <= 3; i++) {
		run_well();
		assert_int_equal(machine_started(), i * (3 * 2 + 1));
	}
}

static void needs_the_feature(void **state)
{
	(void)state;
	driver_start_with(1, 1, TSR_HW_FEATURES & ~TSR_HW_FEATURE_SEALED);
	graph_diamond(&graph);
	queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	job = graph_place(&graph, queue.asid);
	assert_int_equal(driver_seal(queue.asid, &job), TSR_HW_ERR_UNSUPPORTED);
	assert_int_equal(driver_unseal(queue.asid, 0), TSR_HW_ERR_UNSUPPORTED);
	job.flags = TSR_HW_JOB_SEALED;
	run(TSR_HW_ERR_UNSUPPORTED, TSR_HW_NODE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(runs_as_often_as_its_handle_is_named),
		booted_test(is_checked_once),
		booted_test(is_not_copied_again_while_its_context_keeps_it),
		booted_test(is_copied_again_after_another_program),
		booted_test(runs_whole_after_a_run_that_was_killed),
		booted_test(two_queues_use_it_side_by_side),
		booted_test(a_bad_header_gets_no_handle),
		booted_test(bad_tables_end_every_job_that_names_it),
		booted_test(refuses_bad_arguments_of_seal),
		booted_test(refuses_bad_arguments_of_unseal),
		booted_test(a_number_that_is_no_handle_ends_the_job),
		booted_test(a_handle_of_another_address_space_ends_the_job),
		booted_test(an_ended_handle_is_not_given_again),
		booted_test(a_full_table_refuses_until_a_handle_ends),
		booted_test(a_job_that_runs_keeps_its_handle),
		booted_test(a_killed_job_gives_its_handle_back),
		booted_test(each_job_needs_the_slots_of_the_program),
		booted_test(each_job_needs_the_parameters_of_the_program),
		booted_test(loops_run_again_from_what_the_context_kept),
		booted_test(needs_the_feature),
	};

	return cmocka_run_group_tests_name("firmware sealed programs", tests, NULL, NULL);
}
