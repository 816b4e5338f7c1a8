/* SPDX-License-Identifier: MIT */
/* A booted device with one address space and one queue. */
#ifndef VNPU_TESTS_FIXTURE_H
#define VNPU_TESTS_FIXTURE_H

#include "aspace.h"
#include "driver.h"
#include "harness.h"

/**
 * struct fixture - what most tests begin with
 * @harness: the device
 * @driver: its driver
 * @as: address space 1
 * @queue: queue 1 of it, doorbell index 0
 */
struct fixture {
	struct harness *harness;
	struct driver driver;
	struct aspace as;
	struct driver_queue queue;
};

/**
 * struct fixture_gemm - operands of an fp32 GEMM
 * @a: first operand
 * @b: second operand
 * @d: result
 * @a_va: where the engine sees them
 */
struct fixture_gemm {
	float *a;
	float *b;
	float *d;
	uint64_t a_va;
	uint64_t b_va;
	uint64_t d_va;
};

/** fixture_setup() - cmocka setup with this build's firmware */
int fixture_setup(void **state);

/** fixture_open() - the same for a product: a name in contract/skus; NULL on failure */
struct fixture *fixture_open(const char *product);

/** fixture_open_with() - the same with the harness as wanted; memory and key are the fixture's */
struct fixture *fixture_open_with(const struct harness_options *wanted);

/** fixture_open_process() - the same with the device in a process of its own */
struct fixture *fixture_open_process(const char *product);

/** fixture_teardown() - cmocka teardown; fails when the DMA sanitizer found something */
int fixture_teardown(void **state);

/** fixture_boot() - boot and make the queue again after a reset; false on failure */
bool fixture_boot(struct fixture *f);

/** fixture_gemm() - a job of one fp32 GEMM node and its operands */
struct tsr_hw_job fixture_gemm(struct fixture *f, struct fixture_gemm *gemm, unsigned int m,
				unsigned int n, unsigned int k);

/* 2^40 elements from four bytes: more than any host computes in a day. */
#define FIXTURE_ENDLESS_ROWS	(1u << 20)
#define FIXTURE_ENDLESS_COLUMNS	(1u << 20)

/**
 * struct fixture_endless - operands of endless nodes
 * @x: the element that they add, 1
 * @d: their results
 */
struct fixture_endless {
	float *x;
	float *d;
};

/**
 * fixture_endless() - a job that does not end
 * @f: the fixture
 * @endless: where its operands are
 * @nodes: independent nodes
 * @results: sums of each node: FIXTURE_ENDLESS_ROWS, a few of them written every some
 *	milliseconds from the first on; or 1
 */
struct tsr_hw_job fixture_endless(struct fixture *f, struct fixture_endless *endless,
				   unsigned int nodes, unsigned int results);

/** fixture_start() - submit a job and wait until it has started; its sequence number */
uint32_t fixture_start(struct fixture *f, const struct tsr_hw_job *job);

/** fixture_nop() - a job of @nodes no-op nodes in a row */
struct tsr_hw_job fixture_nop(struct fixture *f, unsigned int nodes);

#endif
