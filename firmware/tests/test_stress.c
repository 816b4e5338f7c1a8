// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Random operations of a host and random ends of engines, against what the manual says
 * must be true of every queue at every moment.
 *
 * usage: test-firmware-stress [OPERATIONS [SEED]]
 */
#include <stdlib.h>

#include "suite.h"

#define QUEUES 20u
#define ENGINES 4u

static uint32_t operations = 300000;
static uint32_t seed = 0x5eed5;

/* What the host knows of a queue. */
static struct {
	struct driver_queue queue;
	bool exists;
	bool failed;		/* a completion told so */
	bool killed;
	uint32_t seen;		/* completions looked at */
} host[QUEUES];

static struct graph graph;
static struct tsr_hw_job job[MACHINE_SPACES];

static uint32_t pick(uint32_t limit)
{
	return random_next(&seed) % limit;
}

/* One program for each address space. */
static void make_programs(void)
{
	for (uint32_t asid = 1; asid < MACHINE_SPACES; asid++) {
		graph_random(&graph, 1 + pick(20), &seed);
		graph_slot(&graph, GRAPH_DATA, 64);
		graph_skip(&graph, graph.node_count / 2, 0, 4);
		job[asid] = graph_place(&graph, asid);
		graph_data(asid)[1] = asid % 2;
	}
}

static void check_engines(void)
{
	for (uint32_t i = 0; i < ENGINES; i++) {
		const struct machine_node *node = machine_running(i);

		if (!node)
			continue;
		assert_in_range(node->queue, 1, QUEUES);
		assert_true(host[node->queue - 1].exists);
		assert_false(host[node->queue - 1].failed);
		assert_int_equal(node->asid, host[node->queue - 1].queue.asid);
	}
}

/* Completions come in order; after the first failure there are only cancellations. */
static void look_at(uint32_t i)
{
	uint32_t completed = driver_completed(&host[i].queue);

	assert_true(completed - host[i].seen <= host[i].queue.submitted - host[i].seen);
	while (host[i].seen != completed) {
		const struct tsr_hw_completion *completion;

		host[i].seen++;
		completion = driver_completion(&host[i].queue, host[i].seen);
		assert_int_equal(completion->seq, host[i].seen);
		assert_true((completion->error == TSR_HW_ERR_CANCELED) == host[i].failed);
		assert_true(completion->error != TSR_HW_ERR_KILLED || host[i].killed);
		assert_true(completion->end >= completion->start);
		host[i].failed |= completion->error != TSR_HW_ERR_NONE;
	}
	/* A kill that found no job. */
	host[i].failed |= host[i].killed;
}

static void look(void)
{
	for (uint32_t i = 0; i < QUEUES; i++) {
		if (host[i].exists)
			look_at(i);
	}
	check_engines();
	driver_events()->arm = random_next(&seed);
}

static void create(uint32_t i)
{
	uint64_t budget = pick(4) ? 0 : 500 + pick(3000);

	memset(&host[i], 0, sizeof(host[i]));
	host[i].queue = driver_queue(1 + i, pick(TSR_HW_PRIORITY_COUNT), 1 + pick(255), budget);
	host[i].exists = true;
}

static void destroy(uint32_t i)
{
	host[i].killed = true;
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1 + i), TSR_HW_ERR_NONE);
	look_at(i);
	assert_int_equal(host[i].seen, host[i].queue.submitted);
	host[i].exists = false;
}

static void kill(uint32_t i)
{
	host[i].killed = true;
	assert_int_equal(driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, 1 + i), TSR_HW_ERR_NONE);
	look_at(i);
	assert_int_equal(host[i].seen, host[i].queue.submitted);
}

static void submit(uint32_t i)
{
	struct tsr_hw_job next = job[host[i].queue.asid];

	if (host[i].queue.submitted - host[i].seen >= TSR_HW_RING_ENTRIES)
		return;
	next.repeat = 1 + pick(3);
	if (!pick(3)) {
		next.flags = TSR_HW_JOB_PROFILE;
		next.profile = GRAPH_PROFILE;
		next.profile_count = pick(40);
	}
	if (!pick(40))
		next.program += 64 * (1 + pick(1000));
	driver_write(&host[i].queue, &next);
	driver_ring(&host[i].queue);
}

static void end_engine(uint32_t instance)
{
	struct machine_result result = { .cycles = pick(300), .blocks = pick(5) };

	if (!machine_busy(instance))
		return;
	if (!pick(60))
		result.error = 1 + pick(TSR_HW_ERR_BUDGET);
	machine_end(instance, &result);
}

static void operate_on_queue(uint32_t i)
{
	uint32_t what = pick(100);

	if (!host[i].exists)
		create(i);
	else if (what < 1)
		destroy(i);
	else if (what < 2)
		kill(i);
	else if (host[i].failed && what < 20)
		destroy(i);
	else
		submit(i);
}

static void operate(void)
{
	switch (pick(8)) {
	case 0:
	case 1:
		operate_on_queue(pick(QUEUES));
		break;
	case 2:
		machine_ring(pick(64), pick(32));
		break;
	case 3:
		machine_turn();
		break;
	default:
		end_engine(pick(ENGINES));
		if (pick(2))
			machine_settle();
	}
}

/* With nothing running and no bell or result to come, no job may be left over. */
static void nothing_is_forgotten(void)
{
	machine_settle();
	driver_run_all();
	look();
	for (uint32_t i = 0; i < QUEUES; i++) {
		if (host[i].exists)
			assert_int_equal(host[i].seen, host[i].queue.submitted);
	}
}

static void every_promise_holds_under_random_operations(void **state)
{
	(void)state;
	driver_start_with(3, 1, TSR_HW_FEATURES);
	make_programs();
	memset(host, 0, sizeof(host));
	for (uint32_t i = 0; i < operations; i++) {
		operate();
		look();
		if (i % 1000 == 0)
			nothing_is_forgotten();
	}
	nothing_is_forgotten();
	print_message("%u operations, %u nodes started, %u aborted\n", operations,
		      machine_started(), machine_aborted());
	assert_true(machine_started() > operations / 10);
	assert_true(machine_aborted() > operations / 10000);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		booted_test(every_promise_holds_under_random_operations),
	};

	if (argc > 1)
		operations = (uint32_t)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		seed = (uint32_t)strtoul(argv[2], NULL, 0) | 1;
	return cmocka_run_group_tests_name("firmware stress", tests, NULL, NULL);
}
