// SPDX-License-Identifier: MIT
/* Jobs on the real firmware, through the real protocol. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>

#include "aspace.h"
#include "boot/fuses.h"
#include "cmocka_prelude.h"
#include "driver.h"
#include "fixture.h"
#include "harness.h"
#include "program.h"
#include "tile/tests/classes.h"

static void a_null_graph_completes(void **state)
{
	struct fixture *f = *state;
	struct test_program program;
	struct tsr_hw_job job;

	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_NOP, NULL, 0);
	job = program_place(&program, &f->as, 0x100000, NULL, 0);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(f->queue.done->progress, 1);
}

#define COPIED 100000u

static struct tsr_hw_job copy_job(struct fixture *f, uint8_t **from, uint8_t **to)
{
	struct tsr_hw_copy copy = copy_make(COPIED);
	const struct tsr_hw_slot slots[] = {
		{ .address = 0x1000000, .size = COPIED, .flags = TSR_HW_SLOT_READ },
		{ .address = 0x2000000, .size = COPIED, .flags = TSR_HW_SLOT_WRITE },
	};
	struct test_program program;

	*from = harness_at(f->harness, aspace_alloc(&f->as, 0x1000000, COPIED, TSR_HW_PTE_READ));
	*to = harness_at(f->harness, aspace_alloc(&f->as, 0x2000000, COPIED, TSR_HW_PTE_WRITE));
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_DMA, &copy, sizeof(copy));
	return program_place(&program, &f->as, 0x100000, slots, 2);
}

static void a_copy_node_moves_bytes(void **state)
{
	struct fixture *f = *state;
	uint8_t *from;
	uint8_t *to;
	struct tsr_hw_job job = copy_job(f, &from, &to);

	for (unsigned int i = 0; i < COPIED; i++)
		from[i] = (uint8_t)(i * 7 >> 3);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_memory_equal(from, to, COPIED);
}

/* Nothing is mapped where the slots say. */
static void a_node_without_elements_completes(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_copy copy = copy_make(0);
	const struct tsr_hw_slot slots[] = {
		{ .address = 0x1000000, .size = 64, .flags = TSR_HW_SLOT_READ },
		{ .address = 0x2000000, .size = 64, .flags = TSR_HW_SLOT_WRITE },
	};
	struct test_program program;
	struct tsr_hw_job job;

	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_DMA, &copy, sizeof(copy));
	job = program_place(&program, &f->as, 0x100000, slots, 2);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(f->queue.done->progress, 0);
}

/* More rows and more bytes than the port moves at a time; the gaps between them stay. */
#define ROWS	5000u
#define BYTES	100u
#define FROM_STRIDE	128u
#define TO_STRIDE	112u

static struct tsr_hw_job rows_job(struct fixture *f, uint8_t **from, uint8_t **to)
{
	struct tsr_hw_move move = move_make(ROWS, BYTES);
	const struct tsr_hw_slot slots[] = {
		{ .address = 0x1000000, .size = ROWS * FROM_STRIDE, .flags = TSR_HW_SLOT_READ },
		{ .address = 0x2000000, .size = ROWS * TO_STRIDE, .flags = TSR_HW_SLOT_WRITE },
	};
	struct test_program program;

	move.x.stride[0] = FROM_STRIDE;
	move.d.stride[0] = TO_STRIDE;
	*from = harness_at(f->harness, aspace_alloc(&f->as, slots[0].address, slots[0].size,
						    TSR_HW_PTE_READ));
	*to = harness_at(f->harness, aspace_alloc(&f->as, slots[1].address, slots[1].size,
						  TSR_HW_PTE_WRITE));
	for (uint32_t i = 0; i < ROWS * FROM_STRIDE; i++)
		(*from)[i] = (uint8_t)(i * 7 + i / 251 + 1);
	memset(*to, 0x5a, ROWS * TO_STRIDE);
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_TENSOR, &move, sizeof(move));
	return program_place(&program, &f->as, 0x100000, slots, 2);
}

static void rows_with_gaps_are_moved_and_nothing_else(void **state)
{
	struct fixture *f = *state;
	uint8_t *from;
	uint8_t *to;
	struct tsr_hw_job job = rows_job(f, &from, &to);

	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	for (uint32_t row = 0; row < ROWS; row++) {
		assert_memory_equal(from + row * FROM_STRIDE, to + row * TO_STRIDE, BYTES);
		for (uint32_t i = BYTES; i < TO_STRIDE; i++)
			assert_int_equal(to[row * TO_STRIDE + i], 0x5a);
	}
}

static void an_unmapped_row_is_reported_with_its_address(void **state)
{
	struct fixture *f = *state;
	const uint64_t hole = 0x1000000 + 150 * TSR_HW_PAGE_SIZE;
	const struct tsr_hw_completion *slot;
	uint8_t *from;
	uint8_t *to;
	struct tsr_hw_job job = rows_job(f, &from, &to);

	aspace_unmap(&f->as, hole, TSR_HW_PAGE_SIZE);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_FAULT_READ);
	slot = driver_wait(&f->queue, 1);
	assert_non_null(slot);
	assert_int_equal(slot->address, hole);
}

static void fill(float *values, size_t count, unsigned int seed)
{
	for (size_t i = 0; i < count; i++) {
		seed = seed * 1664525u + 1013904223u;
		values[i] = (float)(int)(seed >> 24) / 64.0f - 2.0f;
	}
}

static void check_gemm(const float *a, const float *b, const float *d, unsigned int m,
		       unsigned int n, unsigned int k)
{
	for (unsigned int i = 0; i < m; i += 7) {
		for (unsigned int j = 0; j < n; j += 5) {
			double sum = 0;

			for (unsigned int l = 0; l < k; l++)
				sum += (double)a[i * k + l] * b[l * n + j];
			assert_float_equal((float)sum, d[i * n + j], 1e-3);
		}
	}
}

static void a_gemm_node_multiplies(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job;
	struct fixture_gemm gemm;

	job = fixture_gemm(f, &gemm, 128, 96, 64);
	fill(gemm.a, 128 * 64, 1);
	fill(gemm.b, 64 * 96, 2);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	check_gemm(gemm.a, gemm.b, gemm.d, 128, 96, 64);
	assert_int_equal(harness_counter(f->harness, "macs"), 128 * 96 * 64);
}

/* Sums of products in one order, by whatever the host computes them, and again in default mode. */
static void a_strict_job_adds_in_ascending_order(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 128, 96, 64);

	fill(gemm.a, 128 * 64, 1);
	fill(gemm.b, 64 * 96, 2);
	for (size_t i = 0; i < 128 * 64; i++)
		gemm.a[i] *= 0x1.000002p0f;
	job.flags = TSR_HW_JOB_STRICT;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	for (unsigned int i = 0; i < 128; i++) {
		for (unsigned int j = 0; j < 96; j++) {
			float sum = 0;

			for (unsigned int l = 0; l < 64; l++)
				sum = fmaf(gemm.a[i * 64 + l], gemm.b[l * 96 + j], sum);
			assert_memory_equal(&sum, &gemm.d[i * 96 + j], sizeof(sum));
		}
	}
	job.flags = 0;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	check_gemm(gemm.a, gemm.b, gemm.d, 128, 96, 64);
}

/* A row of infinities and two of NaN, told by the record as lengths of 96 and 192. */
static void a_record_tells_of_results_that_are_no_numbers(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 128, 96, 64);
	const struct tsr_hw_profile *record;

	record = harness_at(f->harness, aspace_alloc(&f->as, 0x70000000, 4096, TSR_HW_PTE_WRITE));
	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = 0x70000000;
	job.profile_count = 1;
	for (size_t i = 0; i < 128 * 64; i++)
		gemm.a[i] = 1;
	for (size_t i = 0; i < 64 * 96; i++)
		gemm.b[i] = 1;
	gemm.a[3 * 64] = INFINITY;
	gemm.a[5 * 64] = NAN;
	gemm.a[127 * 64 + 63] = NAN;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(record->engine, TSR_HW_ENGINE_TENSOR | 7u << 16 | 8u << 24);
	gemm.a[3 * 64] = 1;
	gemm.a[5 * 64] = 1;
	gemm.a[127 * 64 + 63] = 1;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(record->engine, TSR_HW_ENGINE_TENSOR);
}

/* Run @job, of one node, with a record at 0x70000000; its completion slot. */
static const struct tsr_hw_completion *run_one_node(struct fixture *f, struct tsr_hw_job job)
{
	uint32_t seq;

	job.flags = TSR_HW_JOB_PROFILE;
	job.profile = 0x70000000;
	job.profile_count = 1;
	seq = driver_post(&f->queue, &job);
	driver_ring(&f->queue);
	return driver_wait(&f->queue, seq);
}

static void a_slot_tells_busy_cycles_as_the_records_do(void **state)
{
	struct fixture *f = *state;
	const struct tsr_hw_profile *record;
	const struct tsr_hw_completion *slot;
	struct fixture_gemm gemm;

	record = harness_at(f->harness, aspace_alloc(&f->as, 0x70000000, 4096, TSR_HW_PTE_WRITE));
	slot = run_one_node(f, fixture_gemm(f, &gemm, 128, 96, 64));
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_NONE);
	assert_true(slot->tile_cycles > 0);
	assert_int_equal(slot->tile_cycles, record->end - record->start);
	assert_int_equal(slot->dma_cycles, 0);
	slot = run_one_node(f, fixture_nop(f, 1));
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_NONE);
	assert_int_equal(slot->tile_cycles, 0);
	assert_true(slot->dma_cycles > 0);
	assert_int_equal(slot->dma_cycles, record->end - record->start);
}

/* Class edge, contract/skus: 40,000 fJ a byte of memory and 60,000 fJ a cycle, without a link. */
static void the_energy_of_a_copy_is_that_of_its_bytes_and_cycles(void **state)
{
	struct fixture *f = *state;
	const struct tsr_hw_profile *record;
	const struct tsr_hw_completion *slot;
	uint8_t *from;
	uint8_t *to;

	record = harness_at(f->harness, aspace_alloc(&f->as, 0x70000000, 4096, TSR_HW_PTE_WRITE));
	slot = run_one_node(f, copy_job(f, &from, &to));
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_NONE);
	assert_true(record->bytes_read >= COPIED && record->bytes_written >= COPIED);
	assert_int_equal(record->energy, (record->bytes_read + record->bytes_written) * 40 +
					 (record->end - record->start) * 60);
}

static void a_fill_takes_place_and_size_from_parameters(void **state)
{
	struct fixture *f = *state;
	const struct tsr_hw_fill fill = {
		.head = { .op = TSR_HW_OP_FILL, .size = sizeof(fill) },
		.dst = { .offset = TSR_HW_PARAMETER_64 + 1 },
		.size = TSR_HW_PARAMETER_64 + 0,
		.value = 0x5a,
		.width = 1,
	};
	const struct tsr_hw_slot slot = {
		.address = 0x2000000, .size = 4096, .flags = TSR_HW_SLOT_WRITE,
	};
	struct test_program program;
	struct tsr_hw_job job;
	uint64_t *parameters;
	uint8_t *to;

	parameters = harness_at(f->harness, aspace_alloc(&f->as, 0x1000000, 4096,
							 TSR_HW_PTE_READ));
	to = harness_at(f->harness, aspace_alloc(&f->as, 0x2000000, 4096, TSR_HW_PTE_WRITE));
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_DMA, &fill, sizeof(fill));
	job = program_place(&program, &f->as, 0x100000, &slot, 1);
	job.parameters = 0x1000000;
	job.parameter_count = 2;
	for (unsigned int i = 1; i < 5; i++) {
		memset(to, 0, 4096);
		parameters[0] = 100 * i;
		parameters[1] = 1000 - i;
		assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
		for (unsigned int at = 0; at < 4096; at++)
			assert_int_equal(to[at], at >= 1000 - i && at < 1000 + 99 * i ? 0x5a : 0);
	}
	job.parameter_count = 1;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_PARAMETER);
}

static void an_unmapped_operand_is_reported_with_its_address(void **state)
{
	struct fixture *f = *state;
	const struct tsr_hw_completion *slot;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 128, 96, 64);
	uint32_t seq;

	aspace_unmap(&f->as, gemm.b_va + TSR_HW_PAGE_SIZE, TSR_HW_PAGE_SIZE);
	seq = driver_post(&f->queue, &job);
	driver_ring(&f->queue);
	slot = driver_wait(&f->queue, seq);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_FAULT_READ);
	assert_int_equal(slot->address, gemm.b_va + TSR_HW_PAGE_SIZE);
	assert_int_equal(slot->node, 0);
}

/* As many independent nodes as a product has engines, and some more. */
static void every_product_runs_nodes_side_by_side(void **state)
{

	(void)state;
	for (size_t i = 0; i < CLASSES; i++) {
		struct fixture *f = fixture_open(classes[i]);
		struct test_program program;
		struct fixture_gemm gemm;
		struct tsr_hw_gemm command = gemm_make(64, 64, 64);
		struct tsr_hw_slot slots[3];
		struct tsr_hw_job job;
		void *done = f;

		assert_non_null(f);
		fixture_gemm(f, &gemm, 64, 64, 64);
		for (unsigned int s = 0; s < 3; s++)
			slots[s] = (struct tsr_hw_slot){
				(uint64_t[]){ gemm.a_va, gemm.b_va, gemm.d_va }[s], 64 * 64 * 4,
				0, s < 2 ? TSR_HW_SLOT_READ : TSR_HW_SLOT_WRITE, 0 };
		fill(gemm.a, 64 * 64, 3);
		fill(gemm.b, 64 * 64, 4);
		program_begin(&program);
		for (int n = 0; n < PROGRAM_MAX_NODES; n++)
			program_node(&program, TSR_HW_ENGINE_TENSOR, &command, sizeof(command));
		job = program_place(&program, &f->as, 0x60000000, slots, 3);
		assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
		check_gemm(gemm.a, gemm.b, gemm.d, 64, 64, 64);
		assert_int_equal(harness_counter(f->harness, "nodes_tensor"), PROGRAM_MAX_NODES);
		assert_int_equal(fixture_teardown(&done), 0);
	}
}

static void one_vector_is_enough(void **state)
{
	struct harness_options options = { .single_vector = true };
	uint8_t hash[FUSES_KEY_HASH_BYTES];
	char error[256];
	struct fixture f = { 0 };
	struct tsr_hw_job job;

	(void)state;
	assert_int_equal(fuses_read_key_hash(VNPU_KEY_HASH, hash, error, sizeof(error)), 0);
	options.key_hash = hash;
	f.harness = harness_open(&options);
	assert_non_null(f.harness);
	assert_int_equal(harness_read32(f.harness, TSR_HW_REG_VECTORS), 1);
	assert_true(fixture_boot(&f));
	f.driver.events->arm = 1;
	assert_true(harness_settle(f.harness));
	while (harness_take_irq(f.harness, 0))
		;
	job = fixture_nop(&f, 1);
	assert_int_equal(driver_run(&f.queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_wait_irq(f.harness, 0));
	harness_close(f.harness);
}

static void many_jobs_in_a_row(void **state)
{
	struct fixture *f = *state;
	struct test_program program;
	struct tsr_hw_job job;
	struct timespec start;
	struct timespec end;

	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_NOP, NULL, 0);
	job = program_place(&program, &f->as, 0x100000, NULL, 0);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < 1000; i++) {
		uint32_t seq = driver_post(&f->queue, &job);

		driver_ring(&f->queue);
		while (__atomic_load_n(&f->queue.done->completed, __ATOMIC_ACQUIRE) != seq)
			;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	print_message("%.1f us per job\n",
		      ((double)(end.tv_sec - start.tv_sec) * 1e9 +
		       (double)(end.tv_nsec - start.tv_nsec)) / 1e6);
	assert_int_equal(harness_counter(f->harness, "nodes_nop"), 1000);
}

#define JOB_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JOB_TEST(a_null_graph_completes),
		JOB_TEST(a_copy_node_moves_bytes),
		JOB_TEST(a_node_without_elements_completes),
		JOB_TEST(rows_with_gaps_are_moved_and_nothing_else),
		JOB_TEST(an_unmapped_row_is_reported_with_its_address),
		JOB_TEST(a_gemm_node_multiplies),
		JOB_TEST(a_strict_job_adds_in_ascending_order),
		JOB_TEST(a_record_tells_of_results_that_are_no_numbers),
		JOB_TEST(a_slot_tells_busy_cycles_as_the_records_do),
		JOB_TEST(the_energy_of_a_copy_is_that_of_its_bytes_and_cycles),
		JOB_TEST(a_fill_takes_place_and_size_from_parameters),
		JOB_TEST(an_unmapped_operand_is_reported_with_its_address),
		cmocka_unit_test(every_product_runs_nodes_side_by_side),
		cmocka_unit_test(one_vector_is_enough),
		JOB_TEST(many_jobs_in_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
