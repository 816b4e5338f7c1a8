/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"
#include "time/network.h"

#define ONE	((uint64_t)1 << 32)
#define MEMORY	((uint64_t)1 << RESOURCE_MEMORY)
#define LINK	((uint64_t)1 << RESOURCE_LINK)
#define FLOWS	6

/* A network of whole bytes a cycle. */
static struct network made(uint64_t memory, uint64_t link)
{
	return (struct network){ .capacity = { memory * ONE, link * ONE } };
}

static void begin(struct network *network, struct flow *flow, uint64_t size, uint64_t issue,
		  uint32_t port)
{
	flow_set(flow, size, MEMORY, issue, port);
	network_begin(network, flow);
}

/* Advances to the end of the next flow. */
static uint64_t to_next(struct network *network)
{
	uint64_t time = network_next(network);

	network_advance(network, time);
	network_settle(network);
	return time;
}

static void capacity_has_32_fractional_bits(void **state)
{
	/* 34,133 MB/s at 1 GHz are 34.133 bytes a cycle. */
	(void)state;
	assert_int_equal(network_capacity(34133, 1000000), 34133 * ONE / 1000);
}

static void equal_flows_share_evenly(void **state)
{
	struct network network = made(10, 0);
	struct flow a, b;

	(void)state;
	begin(&network, &a, 1000, 0, 0);
	begin(&network, &b, 1000, 0, 0);
	network_settle(&network);
	assert_int_equal(a.rate, 5 * ONE);
	assert_int_equal(b.rate, 5 * ONE);
}

static void what_a_port_leaves_goes_to_the_others(void **state)
{
	struct network network = made(12, 0);
	struct flow a, b, c;

	(void)state;
	begin(&network, &a, 1000, 0, 2);
	begin(&network, &b, 1000, 0, 0);
	begin(&network, &c, 1000, 0, 0);
	network_settle(&network);
	assert_int_equal(a.rate, 2 * ONE);
	assert_int_equal(b.rate, 5 * ONE);
	assert_int_equal(c.rate, 5 * ONE);
}

static void the_narrower_of_port_and_issue_is_the_cap(void **state)
{
	struct flow flow;

	/* 640 bytes whose walk issues for 80 cycles: 8 bytes a cycle; for 81, 7.9, rounded up. */
	(void)state;
	flow_set(&flow, 640, MEMORY, 80, 16);
	assert_int_equal(flow.cap, 8 * ONE);
	flow_set(&flow, 640, MEMORY, 80, 4);
	assert_int_equal(flow.cap, 4 * ONE);
	flow_set(&flow, 640, MEMORY, 81, 0);
	assert_int_equal(flow.cap, 640 * ONE / 81 + 1);
	flow_set(&flow, 640, MEMORY, 0, 0);
	assert_int_equal(flow.cap, UNLIMITED);
}

static void a_copy_within_a_memory_counts_twice(void **state)
{
	struct network network = made(12, 0);
	struct flow a, b;

	/* level + 2 level = 12. */
	(void)state;
	begin(&network, &a, 1000, 0, 0);
	begin(&network, &b, 1000, 0, 0);
	b.weight = 2;
	network_settle(&network);
	assert_int_equal(a.rate, 4 * ONE);
	assert_int_equal(b.rate, 4 * ONE);
}

static void two_resources_give_the_rate_of_the_narrower_one(void **state)
{
	struct network network = made(10, 3);
	struct flow both, one;

	(void)state;
	flow_set(&both, 1000, MEMORY | LINK, 0, 0);
	network_begin(&network, &both);
	begin(&network, &one, 1000, 0, 0);
	network_settle(&network);
	assert_int_equal(both.rate, 3 * ONE);
	assert_int_equal(one.rate, 7 * ONE);
}

static void a_part_of_a_cycle_is_a_cycle(void **state)
{
	struct network network = made(10, 0);
	struct flow flow;

	(void)state;
	begin(&network, &flow, 95, 0, 0);
	network_settle(&network);
	assert_int_equal(to_next(&network), 10);
	assert_false(flow.moving);
	assert_int_equal(network_next(&network), NEVER);
	assert_int_equal(network.moved[RESOURCE_MEMORY], 95);
}

static void the_rest_is_faster_when_a_flow_has_ended(void **state)
{
	struct network network = made(10, 0);
	struct flow flow[3];

	/*
	 * Thirds of 10 move 30 bytes in 10 cycles: 3.33 a cycle are a little less. Of 60 bytes
	 * 26.7 are left, at 5 a cycle: 6 cycles, end 16. Of 100 then 36.7 are left, at 10: 4.
	 */
	(void)state;
	begin(&network, &flow[0], 30, 0, 0);
	begin(&network, &flow[1], 60, 0, 0);
	begin(&network, &flow[2], 100, 0, 0);
	network_settle(&network);
	assert_int_equal(to_next(&network), 10);
	assert_int_equal(to_next(&network), 16);
	assert_int_equal(to_next(&network), 20);
}

static void a_flow_that_begins_slows_the_others(void **state)
{
	struct network network = made(10, 0);
	struct flow a, b;

	/* 50 of 100 bytes in 5 cycles; then 5 a cycle each: both have 50 left, until 15. */
	(void)state;
	begin(&network, &a, 100, 0, 0);
	network_settle(&network);
	network_advance(&network, 5);
	begin(&network, &b, 60, 0, 0);
	network_settle(&network);
	assert_int_equal(to_next(&network), 15);
	assert_false(a.moving);
	assert_int_equal(to_next(&network), 16);
}

static void a_removed_flow_leaves_its_share(void **state)
{
	struct network network = made(10, 0);
	struct flow a, b;

	/* 25 bytes of a in 5 cycles at 5; 75 at 10 take 8 cycles. */
	(void)state;
	begin(&network, &a, 100, 0, 0);
	begin(&network, &b, 100, 0, 0);
	network_settle(&network);
	network_advance(&network, 5);
	network_remove(&network, &b);
	network_settle(&network);
	assert_int_equal(to_next(&network), 13);
	assert_int_equal(network.moved[RESOURCE_MEMORY], 100);
}

static void another_capacity_holds_from_then_on(void **state)
{
	struct network network = made(10, 0);
	struct flow flow;

	/* 40 of 100 bytes in 4 cycles; 60 at 20 take 3. */
	(void)state;
	begin(&network, &flow, 100, 0, 0);
	network_settle(&network);
	network_advance(&network, 4);
	network_resize(&network, RESOURCE_MEMORY, 20 * ONE);
	network_settle(&network);
	assert_int_equal(to_next(&network), 7);
}

static void no_resource_is_exceeded(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct network network = { .capacity = { 0 } };
		unsigned __int128 used[3] = { 0 };
		struct flow flow[FLOWS];

		for (int r = 0; r < 3; r++)
			network.capacity[r] = (1 + random_next(&random) % 1000) * ONE / 7;
		for (int f = 0; f < FLOWS; f++) {
			flow_set(&flow[f], 1 + random_next(&random) % 10000,
				 1 + random_next(&random) % 7, random_next(&random) % 500,
				 random_next(&random) % 2 * 64);
			flow[f].weight = 1 + random_next(&random) % 2;
			network_begin(&network, &flow[f]);
		}
		network_settle(&network);
		for (int f = 0; f < FLOWS; f++)
			for (int r = 0; r < 3; r++)
				used[r] += flow[f].uses >> r & 1 ?
					(unsigned __int128)flow[f].rate * flow[f].weight : 0;
		for (int r = 0; r < 3; r++)
			assert_true(used[r] <= network.capacity[r]);
	}
}

/* Max-min: who is not at its cap uses a resource that is full, and none there has more. */
static void no_flow_can_rise_unless_a_slower_one_falls(void **state)
{
	uint64_t random = 2;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct network network = made(1 + random_next(&random) % 100, 0);
		struct flow flow[FLOWS];
		uint64_t used = 0, most = 0;

		for (int f = 0; f < FLOWS; f++)
			begin(&network, &flow[f], 1 + random_next(&random) % 10000,
			      random_next(&random) % 500, 0);
		network_settle(&network);
		for (int f = 0; f < FLOWS; f++) {
			used += flow[f].rate;
			most = flow[f].rate > most ? flow[f].rate : most;
		}
		for (int f = 0; f < FLOWS; f++)
			if (flow[f].rate != flow[f].cap) {
				assert_true(network.capacity[0] - used < FLOWS);
				assert_int_equal(flow[f].rate, most);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capacity_has_32_fractional_bits),
		cmocka_unit_test(equal_flows_share_evenly),
		cmocka_unit_test(what_a_port_leaves_goes_to_the_others),
		cmocka_unit_test(the_narrower_of_port_and_issue_is_the_cap),
		cmocka_unit_test(a_copy_within_a_memory_counts_twice),
		cmocka_unit_test(two_resources_give_the_rate_of_the_narrower_one),
		cmocka_unit_test(a_part_of_a_cycle_is_a_cycle),
		cmocka_unit_test(the_rest_is_faster_when_a_flow_has_ended),
		cmocka_unit_test(a_flow_that_begins_slows_the_others),
		cmocka_unit_test(a_removed_flow_leaves_its_share),
		cmocka_unit_test(another_capacity_holds_from_then_on),
		cmocka_unit_test(no_resource_is_exceeded),
		cmocka_unit_test(no_flow_can_rise_unless_a_slower_one_falls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
