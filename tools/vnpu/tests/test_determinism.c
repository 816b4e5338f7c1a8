// SPDX-License-Identifier: MIT
/* Device time belongs to the job: not to the host, its load or its threads. */
#include <pthread.h>
#include <stdatomic.h>

#include <tsr_hw/error.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "program.h"
#include "random.h"

#define RUNS 20

struct times {
	uint64_t start;
	uint64_t end;
	uint64_t blocks;
};

static struct times run(struct fixture *f, const struct tsr_hw_job *job)
{
	const struct tsr_hw_completion *slot;
	uint32_t seq = driver_post(&f->queue, job);

	driver_ring(&f->queue);
	slot = driver_wait(&f->queue, seq);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_NONE);
	return (struct times){ slot->start, slot->end, slot->blocks };
}

/* A diamond of copies, GEMMs and no-ops, so that tile and DMA engine overlap. */
static struct tsr_hw_job mixed_job(struct fixture *f)
{
	static const struct { __u16 from; __u16 to; } edges[] = {
		{ 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 4 }, { 2, 4 }, { 3, 5 }, { 4, 5 },
	};
	struct tsr_hw_gemm gemm = gemm_make(96, 80, 72);
	struct tsr_hw_copy copy = copy_make(30000);
	struct test_program program;
	struct tsr_hw_slot slots[3];

	for (unsigned int i = 0; i < 3; i++) {
		uint64_t va = 0x10000000 + 0x1000000ull * i;

		aspace_alloc(&f->as, va, 65536, TSR_HW_PTE_READ | TSR_HW_PTE_WRITE);
		slots[i] = (struct tsr_hw_slot){ va, 65536, 0,
						  TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE, 0 };
	}
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_NOP, NULL, 0);
	program_node(&program, TSR_HW_ENGINE_TENSOR, &gemm, sizeof(gemm));
	program_node(&program, TSR_HW_ENGINE_DMA, &copy, sizeof(copy));
	program_node(&program, TSR_HW_ENGINE_DMA, &copy, sizeof(copy));
	program_node(&program, TSR_HW_ENGINE_TENSOR, &gemm, sizeof(gemm));
	program_node(&program, TSR_HW_ENGINE_NOP, NULL, 0);
	for (unsigned int i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		struct tsr_hw_node *node = &program.nodes[edges[i].from];

		if (!node->succ_count)
			node->succ_first = program.edge_count;
		node->succ_count++;
		program.edges[program.edge_count++] = edges[i].to;
		program.nodes[edges[i].to].pred_count++;
	}
	return program_place(&program, &f->as, 0x40000000, slots, 3);
}

static void *burn(void *arg)
{
	atomic_bool *stop = arg;

	while (!atomic_load(stop))
		;
	return NULL;
}

/* Cycles of each of RUNS jobs after a reset; pauses between them if @random. */
static void measure(struct fixture *f, uint64_t *cycles, uint64_t *random)
{
	struct tsr_hw_job job;

	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	job = mixed_job(f);
	for (int i = 0; i < RUNS; i++) {
		struct times times = run(f, &job);

		cycles[i] = times.end - times.start;
		if (random)
			sleep_ms(random_next(random) % 5);
	}
}

static void jobs_take_the_same_cycles_whatever_the_host_does(void **state)
{
	struct fixture *f = *state;
	uint64_t quiet[RUNS];
	uint64_t loaded[RUNS];
	atomic_bool stop = false;
	uint64_t random = 1;
	pthread_t load;

	measure(f, quiet, NULL);
	assert_int_equal(pthread_create(&load, NULL, burn, &stop), 0);
	measure(f, loaded, &random);
	atomic_store(&stop, true);
	pthread_join(load, NULL);
	assert_memory_equal(quiet, loaded, sizeof(quiet));
}

static void the_device_clock_is_the_same_after_every_reset(void **state)
{
	struct fixture *f = *state;
	struct times first = { 0 };

	for (int i = 0; i < 5; i++) {
		struct tsr_hw_job job;
		struct times times;

		assert_true(harness_reset(f->harness));
		assert_true(fixture_boot(f));
		job = mixed_job(f);
		times = run(f, &job);
		if (i == 0)
			first = times;
		assert_memory_equal(&times, &first, sizeof(times));
	}
}

static void an_idle_device_executes_nothing(void **state)
{
	struct fixture *f = *state;
	uint64_t instructions;
	uint64_t cycles;

	assert_true(harness_settle(f->harness));
	instructions = harness_counter(f->harness, "firmware_instructions");
	cycles = harness_counter(f->harness, "device_cycles");
	sleep_ms(50);
	assert_int_equal(harness_counter(f->harness, "firmware_instructions"), instructions);
	assert_int_equal(harness_counter(f->harness, "device_cycles"), cycles);
}

#define TIME_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TIME_TEST(jobs_take_the_same_cycles_whatever_the_host_does),
		TIME_TEST(the_device_clock_is_the_same_after_every_reset),
		TIME_TEST(an_idle_device_executes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
