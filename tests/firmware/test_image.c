// SPDX-License-Identifier: MIT
/* The signed image on the virtual NPU: real core, copy engine, MMU and engines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tsr_hw/core.h>
#include <tsr_hw/error.h>
#include <tsr_hw/program.h>
#include <tsr_hw/registers.h>
#include <tsr_hw/trace.h>

#include "cmocka_prelude.h"
#include "harness.h"
#include "host.h"

/* Limits, somewhat above what was measured; a regression shows before it hurts. */
#define NULL_JOB_LIMIT 4450u
#define NODE_LIMIT 725u
#define SEALED_NULL_JOB_LIMIT 2910u
#define SEALED_NODE_LIMIT 60u
#define CHAIN_CYCLES_LIMIT 123u

static int setup(void **state)
{
	*state = host_boot(NULL);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	host_close(*state);
	return 0;
}

static void admin_queue_answers(void **state)
{
	assert_int_equal(host_admin_op(*state, TSR_HW_ADMIN_NOP, 0), TSR_HW_ERR_NONE);
	assert_int_equal(host_admin_op(*state, 99, 0), TSR_HW_ERR_UNSUPPORTED);
}

static void null_job_completes(void **state)
{
	void *memory = host_space(*state, 1);
	struct tsr_hw_completion completion;
	struct tsr_hw_job job = host_graph(memory, 1, false);

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	completion = host_wait(*state, 1, host_submit(*state, 1, &job));
	assert_int_equal(completion.error, TSR_HW_ERR_NONE);
	assert_true(completion.end > completion.start);
	assert_int_equal(completion.blocks, 1);
	assert_int_equal(host_page(*state, 1)->progress, 1);
	assert_int_equal(host_page(*state, 1)->started, 1);
}

static void a_copy_moves_bytes(void **state)
{
	uint8_t *memory = host_space(*state, 1);
	struct tsr_hw_job job = host_copy_program(memory, HOST_VA + 0x10000, HOST_VA + 0x20000,
						   10000);

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	for (uint32_t i = 0; i < 10000; i++)
		memory[0x10000 + i] = (uint8_t)(i * 7);
	assert_int_equal(host_wait(*state, 1, host_submit(*state, 1, &job)).error, TSR_HW_ERR_NONE);
	assert_memory_equal(memory + 0x10000, memory + 0x20000, 10000);
	assert_int_equal(memory[0x20000 + 10000], 0);
}

static void a_thousand_nodes_in_a_chain(void **state)
{
	void *memory = host_space(*state, 1);
	struct tsr_hw_completion completion;
	struct tsr_hw_job job = host_graph(memory, 1000, true);

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	completion = host_wait(*state, 1, host_submit(*state, 1, &job));
	assert_int_equal(completion.error, TSR_HW_ERR_NONE);
	assert_int_equal(completion.blocks, 1000);
	assert_int_equal(harness_counter(host_harness(*state), "nodes_nop"), 1000);
}

static void device_cycles_are_the_same_every_time(void **state)
{
	uint64_t cycles[2];

	for (uint32_t i = 0; i < 2; i++) {
		struct host *host = i ? host_boot(NULL) : *state;
		void *memory = host_space(host, 1);
		struct tsr_hw_job job = host_graph(memory, 300, true);
		struct tsr_hw_completion completion;

		host_queue(host, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
		completion = host_wait(host, 1, host_submit(host, 1, &job));
		cycles[i] = completion.end - completion.start;
		if (i)
			host_close(host);
	}
	assert_int_equal(cycles[0], cycles[1]);
}

static void faults_name_node_and_address(void **state)
{
	uint8_t *memory = host_space(*state, 1);
	struct tsr_hw_completion completion;
	struct tsr_hw_job job = host_copy_program(memory, HOST_VA + 0x10000,
						   HOST_VA + 0x1ff000, 8192);

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	completion = host_wait(*state, 1, host_submit(*state, 1, &job));
	assert_int_equal(completion.error, TSR_HW_ERR_FAULT_WRITE);
	assert_int_equal(completion.node, 0);
	assert_int_equal(completion.address, HOST_VA + 0x200000);
	completion = host_wait(*state, 1, host_submit(*state, 1, &job));
	assert_int_equal(completion.error, TSR_HW_ERR_CANCELED);
}

static void an_unmapped_program_is_a_fetch_fault(void **state)
{
	struct tsr_hw_completion completion;
	struct tsr_hw_job job = {
		.program = HOST_VA + 0x200000, .program_size = 4096, .repeat = 1,
	};

	host_space(*state, 1);
	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	completion = host_wait(*state, 1, host_submit(*state, 1, &job));
	assert_int_equal(completion.error, TSR_HW_ERR_FAULT_FETCH);
	assert_int_equal(completion.node, TSR_HW_NODE_NONE);
	assert_int_equal(completion.address, HOST_VA + 0x200000);
}

static void a_held_job_can_be_killed(void **state)
{
	void *memory = host_space(*state, 1);
	void *other = host_space(*state, 2);
	struct tsr_hw_completion completion;
	struct tsr_hw_job job = host_graph(memory, 20, true);
	struct tsr_hw_job canary = host_graph(other, 5, true);
	uint32_t seq, canary_seq;

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	host_queue(*state, 2, 2, TSR_HW_PRIORITY_NORMAL, 0);
	assert_true(harness_command(host_harness(*state), "hold"));
	seq = host_submit(*state, 1, &job);
	host_submit(*state, 1, &job);
	host_settle(*state);
	assert_int_equal(host_page(*state, 1)->started, seq);
	canary_seq = host_submit(*state, 2, &canary);
	assert_int_equal(host_admin_op(*state, TSR_HW_ADMIN_QUEUE_KILL, 1), TSR_HW_ERR_NONE);
	completion = host_wait(*state, 1, seq);
	assert_int_equal(completion.error, TSR_HW_ERR_KILLED);
	assert_int_equal(completion.node, 0);
	assert_int_equal(host_wait(*state, 1, seq + 1).error, TSR_HW_ERR_CANCELED);
	assert_true(harness_command(host_harness(*state), "release"));
	assert_int_equal(host_wait(*state, 2, canary_seq).error, TSR_HW_ERR_NONE);
	assert_int_equal(host_admin_op(*state, TSR_HW_ADMIN_QUEUE_DESTROY, 1), TSR_HW_ERR_NONE);
}

static void a_hung_node_is_killed_and_named(void **state)
{
	void *memory = host_space(*state, 1);
	struct tsr_hw_completion completion;
	struct tsr_hw_job job = host_graph(memory, 20, true);
	uint32_t seq;

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	assert_true(harness_command(host_harness(*state), "inject hang node=7"));
	seq = host_submit(*state, 1, &job);
	host_settle(*state);
	assert_int_equal(host_page(*state, 1)->progress, 7);
	assert_int_equal(host_admin_op(*state, TSR_HW_ADMIN_QUEUE_KILL, 1), TSR_HW_ERR_NONE);
	completion = host_wait(*state, 1, seq);
	assert_int_equal(completion.error, TSR_HW_ERR_KILLED);
	assert_int_equal(completion.node, 7);
	assert_int_equal(completion.blocks, 7);
}

/* Those behind it are in its engine already; the next queue's node runs there. */
static void nodes_behind_one_that_fails_do_not_run(void **state)
{
	void *memory = host_space(*state, 1), *other = host_space(*state, 2);
	struct tsr_hw_completion completion;
	struct tsr_hw_job job = host_graph(memory, 20, true), canary = host_graph(other, 5, true);

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	host_queue(*state, 2, 2, TSR_HW_PRIORITY_NORMAL, 0);
	assert_true(harness_command(host_harness(*state), "inject engine-error node=7"));
	completion = host_wait(*state, 1, host_submit(*state, 1, &job));
	assert_int_equal(completion.error, TSR_HW_ERR_ENGINE);
	assert_int_equal(completion.node, 7);
	assert_int_equal(completion.blocks, 7);
	assert_int_equal(harness_counter(host_harness(*state), "nodes_nop"), 7);
	assert_int_equal(host_wait(*state, 2, host_submit(*state, 2, &canary)).error,
			 TSR_HW_ERR_NONE);
	assert_int_equal(harness_counter(host_harness(*state), "nodes_nop"), 12);
}

static void an_idle_device_executes_nothing(void **state)
{
	uint64_t before;

	host_admin_op(*state, TSR_HW_ADMIN_NOP, 0);
	host_settle(*state);
	before = host_instructions(*state);
	sleep_ms(100);
	assert_int_equal(host_instructions(*state), before);
}

static void trace_is_readable(void **state)
{
	struct tsr_hw_admin command = { .op = TSR_HW_ADMIN_TRACE };
	uint64_t at = harness_alloc(host_harness(*state), 65536);
	const struct tsr_hw_trace *record = harness_at(host_harness(*state), at);

	command.trace.address = at;
	command.trace.size = 65536;
	assert_int_equal(host_admin(*state, &command), TSR_HW_ERR_NONE);
	assert_int_equal(record[0].code, TSR_HW_TRACE_READY);
}

/* More nodes than the trace has records: it has the newest, of engines and core in turn. */
static void a_trace_that_is_full_has_the_newest_records(void **state)
{
	struct tsr_hw_admin command = { .op = TSR_HW_ADMIN_TRACE };
	struct tsr_hw_job job = host_graph(host_space(*state, 1), 1000, true);
	uint64_t at = harness_alloc(host_harness(*state), 65536);
	const struct tsr_hw_trace *record = harness_at(host_harness(*state), at);
	const struct tsr_hw_trace *last = &record[TSR_HW_TRACE_RECORDS - 1];

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	host_wait(*state, 1, host_submit(*state, 1, &job));
	host_settle(*state);
	command.trace.address = at;
	command.trace.size = 65536;
	assert_int_equal(host_admin(*state, &command), TSR_HW_ERR_NONE);
	assert_int_equal(last->code, TSR_HW_TRACE_JOB_END);
	for (uint32_t i = 1; i < TSR_HW_TRACE_RECORDS; i++) {
		const struct tsr_hw_trace *node = last - i;

		assert_int_equal(node->code, i % 2 ? TSR_HW_TRACE_NODE_END :
						     TSR_HW_TRACE_NODE_START);
		assert_int_equal(node->arg0, 1000 - (i + 1) / 2);
		assert_int_equal(node->queue, 1);
		assert_true(i == 1 || node->cycle <= node[1].cycle);
	}
}

/* Instructions from doorbell to sleep, the least of several. */
static uint64_t instructions_of(struct host *host, const struct tsr_hw_job *job)
{
	uint64_t least = UINT64_MAX;

	for (uint32_t i = 0; i < 5; i++) {
		uint64_t before = host_instructions(host), used;

		host_wait(host, 1, host_submit(host, 1, job));
		host_settle(host);
		used = host_instructions(host) - before;
		if (used < least)
			least = used;
	}
	return least;
}

static void jobs_cost_few_instructions(void **state)
{
	void *memory = host_space(*state, 1);
	struct tsr_hw_job job;
	uint64_t null_job, thousand, unchecked, repeated;

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	job = host_graph(memory, 1, false);
	null_job = instructions_of(*state, &job);
	job = host_graph(memory, 1000, true);
	thousand = instructions_of(*state, &job);
	job.repeat = 2;
	repeated = instructions_of(*state, &job) - thousand;
	unchecked = thousand - repeated;
	print_message("# metric firmware_insns_null_job %llu instructions <= %u\n",
		      (unsigned long long)null_job, NULL_JOB_LIMIT);
	print_message("# metric firmware_insns_per_node %llu instructions <= %u\n",
		      (unsigned long long)thousand / 1000, NODE_LIMIT);
	print_message("# of these: checking %llu, walking %llu a node\n",
		      (unsigned long long)unchecked / 1000, (unsigned long long)repeated / 1000);
	assert_true(null_job <= NULL_JOB_LIMIT);
	assert_true(thousand / 1000 <= NODE_LIMIT);
}

static void sealed_jobs_cost_fewer(void **state)
{
	void *memory = host_space(*state, 1);
	struct tsr_hw_job job;
	uint64_t null_job, thousand;

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	job = host_graph(memory, 1, false);
	host_seal(*state, 1, &job);
	null_job = instructions_of(*state, &job);
	assert_int_equal(host_unseal(*state, 1, job.program), TSR_HW_ERR_NONE);
	job = host_graph(memory, 1000, true);
	host_seal(*state, 1, &job);
	thousand = instructions_of(*state, &job);
	assert_int_equal(host_unseal(*state, 1, job.program), TSR_HW_ERR_NONE);
	job = host_graph(memory, 1000, false);
	host_seal(*state, 1, &job);
	print_message("# a node without edges: %llu\n",
		      (unsigned long long)instructions_of(*state, &job) / 1000);
	print_message("# metric firmware_insns_sealed_null_job %llu instructions <= %u\n",
		      (unsigned long long)null_job, SEALED_NULL_JOB_LIMIT);
	print_message("# metric firmware_insns_per_sealed_node %llu instructions <= %u\n",
		      (unsigned long long)thousand / 1000, SEALED_NODE_LIMIT);
	assert_true(null_job <= SEALED_NULL_JOB_LIMIT);
	assert_true(thousand / 1000 <= SEALED_NODE_LIMIT);
}

/* From one node's end to the next one's, in device time. */
static void a_chain_takes_few_cycles(void **state)
{
	void *memory = host_space(*state, 1);
	struct tsr_hw_completion completion;
	struct tsr_hw_job job = host_graph(memory, 1000, true);
	uint64_t cycles;

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	host_seal(*state, 1, &job);
	host_wait(*state, 1, host_submit(*state, 1, &job));
	completion = host_wait(*state, 1, host_submit(*state, 1, &job));
	assert_int_equal(completion.error, TSR_HW_ERR_NONE);
	cycles = (completion.end - completion.start) / 1000;
	print_message("# metric dispatch_chain_cycles %llu cycles <= %u\n",
		      (unsigned long long)cycles, CHAIN_CYCLES_LIMIT);
	assert_true(cycles <= CHAIN_CYCLES_LIMIT);
}

/* No-ops end before the core has come back from the one before. */
static void others_come_beside_a_long_chain(void **state)
{
	void *memory = host_space(*state, 1), *other = host_space(*state, 2);
	struct tsr_hw_job job = host_graph(memory, 1000, true), quick = host_graph(other, 5, true);
	struct tsr_hw_completion chain, between;
	uint32_t seq;

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_LOW, 0);
	host_queue(*state, 2, 2, TSR_HW_PRIORITY_REALTIME, 0);
	host_seal(*state, 1, &job);
	job.repeat = 600;
	seq = host_submit(*state, 1, &job);
	while (host_page(*state, 1)->progress < 1000)
		sleep_ms(1);
	between = host_wait(*state, 2, host_submit(*state, 2, &quick));
	chain = host_wait(*state, 1, seq);
	assert_int_equal(chain.error, TSR_HW_ERR_NONE);
	assert_true(between.end < chain.end);
}

static void a_reset_ends_all_handles(void **state)
{
	struct host_image *image = host_read_image("TESSERA_FIRMWARE");
	void *memory = host_space(*state, 1);
	struct tsr_hw_job job = host_graph(memory, 20, true);

	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	host_seal(*state, 1, &job);
	assert_int_equal(host_wait(*state, 1, host_submit(*state, 1, &job)).error, TSR_HW_ERR_NONE);
	harness_write32(host_harness(*state), TSR_HW_REG_CONTROL, TSR_HW_CONTROL_RESET);
	while (harness_state(host_harness(*state)) != TSR_HW_STATE_RESET)
		sleep_ms(1);
	assert_int_equal(host_start(*state, image->bytes, image->size), TSR_HW_STATE_READY);
	free(image);
	host_space(*state, 1);
	host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 0);
	assert_int_equal(host_unseal(*state, 1, job.program), TSR_HW_ERR_INVALID);
	assert_int_equal(host_wait(*state, 1, host_submit(*state, 1, &job)).error,
			 TSR_HW_ERR_PROGRAM);
}

/* The host keeps its own mapping, and changes any byte of what it has promised not to. */
static void a_sealed_program_that_changes_harms_no_other_job(void **state)
{
	uint8_t *memory = host_space(*state, 1);
	void *other = host_space(*state, 2);
	struct tsr_hw_job job, canary = host_graph(other, 5, true);
	uint32_t seed = 1, bad = 0;

	host_queue(*state, 2, 2, TSR_HW_PRIORITY_NORMAL, 0);
	for (uint32_t i = 0; i < 60; i++) {
		job = host_graph(memory, 300, true);
		host_seal(*state, 1, &job);
		host_queue(*state, 1, 1, TSR_HW_PRIORITY_NORMAL, 1u << 22);
		assert_int_equal(host_wait(*state, 1, host_submit(*state, 1, &job)).error,
				 TSR_HW_ERR_NONE);
		for (uint32_t j = 0; j < 16; j++) {
			seed = seed * 1664525u + 1013904223u;
			memory[(seed >> 8) % job.program_size] = (uint8_t)(seed >> 4);
		}
		host_submit(*state, 1, &job);
		host_settle(*state);
		assert_int_equal(host_wait(*state, 2, host_submit(*state, 2, &canary)).error,
				 TSR_HW_ERR_NONE);
		host_admin_op(*state, TSR_HW_ADMIN_QUEUE_KILL, 1);
		bad += host_wait(*state, 1, 2).error != TSR_HW_ERR_NONE;
		assert_int_equal(host_admin_op(*state, TSR_HW_ADMIN_QUEUE_DESTROY, 1),
				 TSR_HW_ERR_NONE);
		assert_int_equal(host_unseal(*state, 1, 0), TSR_HW_ERR_NONE);
	}
	assert_true(bad > 0);
}

#define device_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		device_test(admin_queue_answers),
		device_test(null_job_completes),
		device_test(a_copy_moves_bytes),
		device_test(a_thousand_nodes_in_a_chain),
		device_test(device_cycles_are_the_same_every_time),
		device_test(faults_name_node_and_address),
		device_test(an_unmapped_program_is_a_fetch_fault),
		device_test(a_held_job_can_be_killed),
		device_test(a_hung_node_is_killed_and_named),
		device_test(nodes_behind_one_that_fails_do_not_run),
		device_test(an_idle_device_executes_nothing),
		device_test(trace_is_readable),
		device_test(a_trace_that_is_full_has_the_newest_records),
		device_test(jobs_cost_few_instructions),
		device_test(sealed_jobs_cost_fewer),
		device_test(a_chain_takes_few_cycles),
		device_test(others_come_beside_a_long_chain),
		device_test(a_reset_ends_all_handles),
		device_test(a_sealed_program_that_changes_harms_no_other_job),
	};

	return cmocka_run_group_tests_name("firmware image on the virtual NPU", tests, NULL, NULL);
}
