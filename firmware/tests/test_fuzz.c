// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Mutated programs, slot tables and descriptors. Under the sanitizers a write outside an
 * object of the firmware's, or an endless loop, ends the test; after each mutation the
 * queue must have given exactly one verdict, and another queue's job must run.
 *
 * usage: test-firmware-fuzz [MUTATIONS [SEED]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "suite.h"

#include <tsr_hw/command.h>

#include "queue.h"
#include "reference_crc.h"

static uint32_t mutations = 1000000;
static uint32_t seed = 0x7e55e2a;

static struct graph graph;
static struct driver_queue victim, canary;
static struct tsr_hw_job good, canary_job;

#define PROGRAM_COPY 4096u

static uint8_t pristine[PROGRAM_COPY];
static struct tsr_hw_slot pristine_slots[3];
static uint32_t pristine_data[GRAPH_DATA_SIZE / 4];

static uint32_t verdicts[TSR_HW_ERR_PARAMETER + 1];

/* Every feature in one small program. */
static void make_program(void)
{
	uint32_t shape = 77;

	graph_random(&graph, 8, &shape);
	graph_loop(&graph, TSR_HW_PARAMETER_32 + 1, 3);
	graph_node(&graph, TSR_HW_ENGINE_DMA);
	graph_parameter(&graph, 0, 0, 64);
	graph_node(&graph, TSR_HW_ENGINE_NOP);
	graph_edge(&graph, 0, 8);
	graph_edge(&graph, 9, 10);
	graph_edge(&graph, 10, 11);
	graph.loop[0].step[0] = (struct tsr_hw_loop_step){ .parameter = 0, .amount = 5 };
	for (uint32_t i = 0; i < 3; i++)
		graph_slot(&graph, GRAPH_DATA + i * 4096, 4096);
	graph_skip(&graph, 3, 0, 16);
	graph_skip(&graph, 7, 2, 0);
	graph.slot[1].stride = 256;
	good = graph_place(&graph, victim.asid);
	good.repeat = 2;
	good.flags = TSR_HW_JOB_PROFILE;
	good.profile = GRAPH_PROFILE;
	good.profile_count = 16;
	good.parameters = GRAPH_DATA + 128;
	good.parameter_count = 2;
	graph_data(victim.asid)[34] = 2;
	memcpy(pristine, graph_program(victim.asid), good.program_size);
	memcpy(pristine_slots, graph.slot, sizeof(pristine_slots));
	memcpy(pristine_data, graph_data(victim.asid), sizeof(pristine_data));
}

static uint32_t interesting(void)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 4, 7, 8, 63, 64, 65, 127, 128, 255, 1023, 1024, 1025, 4095, 4096,
		4097, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
		0xfffffff8, 0xffffffff,
	};

	return values[random_next(&seed) % (sizeof(values) / sizeof(values[0]))];
}

static void mutate(uint8_t *bytes, uint32_t size)
{
	uint32_t at = random_next(&seed) % size;
	uint32_t value = interesting();
	uint32_t width = 1u << random_next(&seed) % 3;

	switch (random_next(&seed) % 4) {
	case 0:
		bytes[at] ^= (uint8_t)(1u << random_next(&seed) % 8);
		break;
	case 1:
		bytes[at] = (uint8_t)random_next(&seed);
		break;
	case 2:
		at &= ~(width - 1);
		memcpy(bytes + at, &value, at + width <= size ? width : 1);
		break;
	default:
		memcpy(bytes + at, bytes + random_next(&seed) % size, 1);
		break;
	}
}

/* Wrong offsets may point anywhere in the copy: only then is the checksum left wrong. */
static void mend_checksum(uint8_t *program)
{
	const struct tsr_hw_program *header = (const struct tsr_hw_program *)program;

	if (header->node_count <= 24 && header->edge_count <= 256 &&
	    header->nodes <= 1024 && header->edges <= 2048 && header->loop_count <= 8 &&
	    header->loops <= 2048 && header->group_count <= 8 && header->groups <= 2048)
		graph_checksum(program);
}

/* Of the data, too: a profile that was sent there would replace the counts of all later loops. */
static struct tsr_hw_job mutated_job(void)
{
	uint8_t *program = graph_program(victim.asid);
	struct tsr_hw_job job = good;

	memcpy(program, pristine, good.program_size);
	memcpy(graph_slots(victim.asid), pristine_slots, sizeof(pristine_slots));
	memcpy(graph_data(victim.asid), pristine_data, sizeof(pristine_data));
	for (uint32_t i = random_next(&seed) % 4; i < 4; i++) {
		switch (random_next(&seed) % 8) {
		case 0:
			mutate((uint8_t *)&job, sizeof(job));
			break;
		case 1:
			mutate((uint8_t *)graph_slots(victim.asid), sizeof(pristine_slots));
			break;
		default:
			mutate(program, 128 + 12 * 64 + 64 + sizeof(graph.loop[0]) +
			       graph.group_count * sizeof(graph.group[0]));
		}
	}
	if (random_next(&seed) % 8)
		mend_checksum(program);
	/* A legal count of repetitions, but not one that takes the test hours. */
	if (job.repeat > 3 && job.repeat <= TSR_HW_JOB_MAX_REPEAT)
		job.repeat = 3;
	return job;
}

static void end_engines(void)
{
	for (uint32_t i = 0; i < 3; i++) {
		if (machine_busy(i)) {
			struct machine_result result = { .cycles = 50, .blocks = 1 };

			if (random_next(&seed) % 64 == 0) {
				result.error = 1 + random_next(&seed) % 12;
				result.fault = random_next(&seed);
			}
			if (machine_running(i)->queue == canary.number)
				result.error = 0;
			machine_end(i, &result);
		}
	}
	machine_settle();
}

static bool any_busy(void)
{
	return machine_busy(0) || machine_busy(1) || machine_busy(2);
}

static void run_both(const struct tsr_hw_job *job)
{
	uint32_t rounds = 0;

	driver_write(&victim, job);
	driver_ring(&victim);
	driver_submit(&canary, &canary_job);
	while (any_busy()) {
		end_engines();
		assert_true(rounds++ < 20000);
	}
}

static void judge(void)
{
	const struct tsr_hw_completion *completion = driver_completion(&victim, victim.submitted);

	assert_int_equal(driver_completed(&victim), victim.submitted);
	assert_int_equal(completion->seq, victim.submitted);
	assert_true(completion->error <= TSR_HW_ERR_PARAMETER);
	verdicts[completion->error]++;
	driver_expect(&canary, canary.submitted, TSR_HW_ERR_NONE);
	if (completion->error != TSR_HW_ERR_NONE) {
		driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, victim.number);
		victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 1u << 20);
	}
}

/* One in so many is sealed, and changes again if its first run went well. */
#define SEALED_ONE_IN 16u

/* Return: runs after the first. */
static uint32_t run_sealed(struct tsr_hw_job *job)
{
	uint32_t asid = victim.asid, again = 0;

	if (driver_seal(asid, job) == TSR_HW_ERR_NONE) {
		run_both(job);
		again = driver_completion(&victim, victim.submitted)->error == TSR_HW_ERR_NONE;
		judge();
	}
	for (uint32_t i = 0; i < 3 && again; i++)
		mutate(graph_program(asid), 128 + 12 * 64 + 64 + sizeof(graph.loop[0]));
	if (again) {
		run_both(job);
		/* It may wait for a node that no other leads to any more. */
		if (driver_completed(&victim) != victim.submitted)
			driver_admin_op(TSR_HW_ADMIN_QUEUE_KILL, victim.number);
		judge();
	}
	assert_int_equal(driver_unseal(asid, 0), TSR_HW_ERR_NONE);
	return again;
}

static void mutated_programs_do_no_harm(void **state)
{
	static struct graph single;
	uint32_t again = 0;

	(void)state;
	driver_start_with(2, 1, TSR_HW_FEATURES);
	victim = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 1u << 20);
	canary = driver_queue(2, TSR_HW_PRIORITY_LOW, 1, 0);
	make_program();
	graph_single(&single, TSR_HW_ENGINE_DMA);
	canary_job = graph_place(&single, canary.asid);
	for (uint32_t i = 0; i < mutations; i++) {
		struct tsr_hw_job job = mutated_job();

		if (i % SEALED_ONE_IN == 0) {
			again += run_sealed(&job);
		} else {
			run_both(&job);
			judge();
		}
		driver_events()->arm = 3 * i;
	}
	print_message("verdicts by error code:");
	for (uint32_t i = 0; i <= TSR_HW_ERR_PARAMETER; i++)
		print_message(" %u:%u", i, verdicts[i]);
	print_message("\n");
	print_message("%u sealed programs ran, and ran again changed\n", again);
	/* The mutations reached both sides of the checks. */
	if (mutations >= 100000) {
		assert_true(again > 0);
		assert_true(verdicts[TSR_HW_ERR_NONE] > mutations / 100);
		assert_true(verdicts[TSR_HW_ERR_PROGRAM] > mutations / 100);
		assert_true(verdicts[TSR_HW_ERR_SLOT] && verdicts[TSR_HW_ERR_DESCRIPTOR]);
		assert_true(verdicts[TSR_HW_ERR_FAULT_FETCH] && verdicts[TSR_HW_ERR_FAULT_READ]);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		booted_test(mutated_programs_do_no_harm),
	};

	if (argc > 1)
		mutations = (uint32_t)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		seed = (uint32_t)strtoul(argv[2], NULL, 0) | 1;
	return cmocka_run_group_tests_name("firmware fuzz", tests, NULL, NULL);
}
