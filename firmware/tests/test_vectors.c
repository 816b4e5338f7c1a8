// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* The firmware's verdict on the golden vectors. */
#include <stdlib.h>

#include "suite.h"

#include "errors.h"
#include "queue.h"
#include "vectors.h"

static const char *folder(void)
{
	return getenv("TESSERA_VECTORS");
}

/* Maps everything a job can name, so that only the checks decide. */
static struct tsr_hw_job place(const struct vector_case *vector, uint32_t asid)
{
	static struct graph empty;
	size_t program_size, slots_size;
	const uint8_t *program = vector_bytes(vector, "program", &program_size);
	const uint8_t *slots = vector_bytes(vector, "slots", &slots_size);
	struct tsr_hw_job job;

	graph_single(&empty, TSR_HW_ENGINE_NOP);
	job = graph_place(&empty, asid);
	memcpy(graph_program(asid), program, program_size);
	if (slots)
		memcpy(graph_slots(asid), slots, slots_size);
	job.program_size = (uint32_t)program_size;
	job.slots = slots ? GRAPH_SLOTS : 0;
	job.slot_count = (uint32_t)vector_number(vector, "slots", 0);
	job.repeat = (uint32_t)vector_number(vector, "repeat", 1);
	return job;
}

static void judge(const struct vector_case *vector, const struct tsr_hw_completion *completion)
{
	uint32_t error = error_named(vector_text(vector, "verdict"));
	uint32_t node = (uint32_t)vector_number(vector, "node", TSR_HW_NODE_NONE);

	if (completion->error != error || completion->node != node)
		fail_msg("%s: error %u node %u, not error %u node %u", vector->name,
			 completion->error, completion->node, error, node);
}

/* Nodes in the order they started. */
static uint32_t order[TSR_HW_MAX_NODES * 4];
static uint32_t ran;

static void record(uint32_t instance, const struct machine_node *node)
{
	(void)instance;
	if (ran < TSR_HW_MAX_NODES * 4)
		order[ran] = node->node;
	ran++;
}

static void expect_runs(const struct vector_case *vector, uint32_t repeat)
{
	const char *runs = vector_text(vector, "runs");
	uint32_t count = 0;
	char *next;

	assert_non_null(runs);
	while (*runs) {
		assert_int_equal(order[count], strtoul(runs, &next, 10));
		count++;
		runs = next + strspn(next, " ");
	}
	assert_int_equal(ran, count * repeat);
}

static void try_program(const struct vector_case *vector)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_job job = place(vector, queue.asid);

	ran = 0;
	machine_on_start(record);
	driver_submit(&queue, &job);
	driver_run_all();
	assert_int_equal(driver_completed(&queue), 1);
	judge(vector, driver_completion(&queue, 1));
	if (driver_completion(&queue, 1)->error == TSR_HW_ERR_NONE)
		expect_runs(vector, job.repeat);
	else
		assert_int_equal(ran, 0);
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
}

static void programs_get_their_verdict(void **state)
{
	(void)state;
	assert_int_equal(vectors_run(folder(), "programs.txt", try_program), 137);
}

/* A good descriptor goes on to memory that is not mapped here, so it faults. */
static void try_job(const struct vector_case *vector)
{
	struct driver_queue queue = driver_queue(1, TSR_HW_PRIORITY_NORMAL, 1, 0);
	struct tsr_hw_ring *ring = machine_memory(queue.ring);
	uint32_t seq = (uint32_t)vector_number(vector, "seq", 0);
	uint32_t error = error_named(vector_text(vector, "verdict"));
	size_t size;
	const uint8_t *bytes = vector_bytes(vector, "job", &size);

	assert_int_equal(size, sizeof(ring->job[0]));
	queue_at(1)->completed = seq - 1;
	queue_at(1)->tail = seq - 1;
	memcpy(&ring->job[seq % TSR_HW_RING_ENTRIES], bytes, size);
	ring->tail = seq;
	driver_ring(&queue);
	machine_settle();
	assert_int_equal(driver_completed(&queue), seq);
	if (error == TSR_HW_ERR_NONE)
		assert_in_range(driver_completion(&queue, seq)->error, TSR_HW_ERR_FAULT_READ,
				TSR_HW_ERR_FAULT_BUS);
	else
		judge(vector, driver_completion(&queue, seq));
	driver_admin_op(TSR_HW_ADMIN_QUEUE_DESTROY, 1);
}

static void descriptors_get_their_verdict(void **state)
{
	(void)state;
	assert_int_equal(vectors_run(folder(), "jobs.txt", try_job), 36);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		booted_test(programs_get_their_verdict),
		booted_test(descriptors_get_their_verdict),
	};

	return cmocka_run_group_tests_name("firmware golden vectors", tests, NULL, NULL);
}
