// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/fuses.h"
#include "harness.h"
#include "program.h"

#define MEMORY (128u << 20)

bool fixture_boot(struct fixture *f)
{
	harness_free_all(f->harness);
	if (!driver_boot(&f->driver, f->harness))
		return false;
	aspace_make(&f->as, f->harness, 1);
	return driver_queue_create(&f->queue, &f->driver, 1, 1, 0) == 0;
}

struct fixture *fixture_open_with(const struct harness_options *wanted)
{
	struct harness_options options = *wanted;
	uint8_t hash[FUSES_KEY_HASH_BYTES];
	struct fixture *f = calloc(1, sizeof(*f));
	char error[256];

	if (!f || fuses_read_key_hash(VNPU_KEY_HASH, hash, error, sizeof(error))) {
		free(f);
		return NULL;
	}
	options.memory = MEMORY;
	options.key_hash = hash;
	f->harness = harness_open(&options);
	if (f->harness && fixture_boot(f))
		return f;
	harness_close(f->harness);
	free(f);
	return NULL;
}

static struct fixture *open_product(const char *product, bool process)
{
	char path[512];

	snprintf(path, sizeof(path), VNPU_SKUS "/%s.json", product);
	return fixture_open_with(&(struct harness_options){ .sku = path, .process = process });
}

struct fixture *fixture_open(const char *product)
{
	return open_product(product, false);
}

struct fixture *fixture_open_process(const char *product)
{
	return open_product(product, true);
}

int fixture_setup(void **state)
{
	*state = fixture_open("edge");
	return *state ? 0 : -1;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;
	bool clean = harness_counter(f->harness, "sanitizer_violations") == 0;

	harness_close(f->harness);
	free(f);
	return clean ? 0 : -1;
}

struct tsr_hw_job fixture_gemm(struct fixture *f, struct fixture_gemm *gemm, unsigned int m,
				unsigned int n, unsigned int k)
{
	const size_t a_size = (size_t)m * k * sizeof(float);
	const size_t b_size = (size_t)k * n * sizeof(float);
	const size_t d_size = (size_t)m * n * sizeof(float);
	struct tsr_hw_gemm command = gemm_make(m, n, k);
	struct test_program program;
	struct tsr_hw_slot slots[3];

	gemm->a_va = 0x10000000;
	gemm->b_va = 0x20000000;
	gemm->d_va = 0x30000000;
	gemm->a = harness_at(f->harness, aspace_alloc(&f->as, gemm->a_va, a_size,
						      TSR_HW_PTE_READ));
	gemm->b = harness_at(f->harness, aspace_alloc(&f->as, gemm->b_va, b_size,
						      TSR_HW_PTE_READ));
	gemm->d = harness_at(f->harness, aspace_alloc(&f->as, gemm->d_va, d_size,
						      TSR_HW_PTE_READ | TSR_HW_PTE_WRITE));
	slots[0] = (struct tsr_hw_slot){ gemm->a_va, a_size, 0, TSR_HW_SLOT_READ, 0 };
	slots[1] = (struct tsr_hw_slot){ gemm->b_va, b_size, 0, TSR_HW_SLOT_READ, 0 };
	slots[2] = (struct tsr_hw_slot){ gemm->d_va, d_size, 0, TSR_HW_SLOT_WRITE, 0 };
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_TENSOR, &command, sizeof(command));
	return program_place(&program, &f->as, 0x40000000, slots, 3);
}

struct tsr_hw_job fixture_endless(struct fixture *f, struct fixture_endless *endless,
				   unsigned int nodes, unsigned int results)
{
	const size_t d_size = results * sizeof(float);
	struct tsr_hw_reduce reduce = {
		.head = { .op = TSR_HW_OP_REDUCE, .size = sizeof(reduce) },
		.x = matrix_make(0, FIXTURE_ENDLESS_ROWS, FIXTURE_ENDLESS_COLUMNS),
		.d = matrix_make(1, results, 1),
		.axes = results == 1 ? 3 : 2,
		.step.block = { 1, 4096 },
	};
	const struct tsr_hw_slot slots[] = {
		{ .address = 0x10000000, .size = sizeof(float), .flags = TSR_HW_SLOT_READ },
		{ .address = 0x20000000, .size = d_size, .flags = TSR_HW_SLOT_WRITE },
	};
	struct test_program program;

	reduce.x.stride[0] = 0;
	reduce.x.stride[1] = 0;
	endless->x = harness_at(f->harness, aspace_alloc(&f->as, slots[0].address, TSR_HW_PAGE_SIZE,
							 TSR_HW_PTE_READ));
	endless->d = harness_at(f->harness, aspace_alloc(&f->as, slots[1].address, d_size,
							 TSR_HW_PTE_READ | TSR_HW_PTE_WRITE));
	*endless->x = 1.0f;
	program_begin(&program);
	for (unsigned int i = 0; i < nodes; i++)
		program_node(&program, TSR_HW_ENGINE_TENSOR, &reduce, sizeof(reduce));
	return program_place(&program, &f->as, 0x40000000, slots, 2);
}

uint32_t fixture_start(struct fixture *f, const struct tsr_hw_job *job)
{
	uint32_t seq = driver_post(&f->queue, job);

	driver_ring(&f->queue);
	while (__atomic_load_n(&f->queue.done->started, __ATOMIC_ACQUIRE) != seq)
		sleep_ms(1);
	return seq;
}

struct tsr_hw_job fixture_nop(struct fixture *f, unsigned int nodes)
{
	struct test_program program;

	program_begin(&program);
	for (unsigned int i = 0; i < nodes; i++)
		program_node(&program, TSR_HW_ENGINE_NOP, NULL, 0);
	program_chain(&program);
	return program_place(&program, &f->as, 0x50000000, NULL, 0);
}
